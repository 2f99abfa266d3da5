"""Search the costliest documents that the limits admit: `python -m tests.api.search_costliest URL`.

Hill climbing over valid documents: fields are added, doubled, dropped and moved into fragments, and
whatever costs more CPU (see measure.py) is kept. The URL is linli_app's, of a migrated database.
The worst findings go into `tests/api/costliest/` by hand, and stay there as regression tests.
"""

import argparse
import copy
import itertools
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

from api.schema.schema import contract
from tests.api.measure import Measured, Meter, meter

SCHEMA = contract().schema
POST = "pst_AAAAAAAAAAAAAAAAAAAAAA"


@dataclass(eq=False)
class Part:
    """It is a field of a generated document, or an inline fragment if `name` is empty."""

    name: str
    parent: str  # the type that it is selected on, or the fragment's type condition
    alias: str = ""
    arguments: dict[str, str] = field(default_factory=dict)
    directive: str = ""
    children: list["Part"] = field(default_factory=list)

    @property
    def type(self) -> Any:
        """Return the type that its children are selected on."""
        if not self.name:
            return SCHEMA.type_map[self.parent]
        parent: Any = SCHEMA.type_map[self.parent]
        return get_named_type(parent.fields[self.name].type)

    def all(self) -> list["Part"]:
        """Return this part and all parts below it."""
        return [self, *itertools.chain.from_iterable(child.all() for child in self.children)]

    def text(self) -> str:
        """Print the part as GraphQL."""
        head = f"{self.alias}:{self.name}" if self.alias else self.name
        if not self.name:
            head = f"...on {self.parent}"
        if self.arguments:
            head += "(" + ",".join(f"{n}:{v}" for n, v in self.arguments.items()) + ")"
        inner = "{" + " ".join(c.text() for c in self.children) + "}" if self.children else ""
        return f"{head}{self.directive}{inner}"


class Breeder:
    """Makes documents and changes them at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def document(self, root: str) -> Part:
        """Return a small document to start from."""
        made = Part("", root)
        for _ in range(3):
            self.grow(made)
        return made

    def grow(self, parent: Part) -> Part | None:
        """Add a field, or an inline fragment on an abstract type, and what it must select."""
        type_: Any = parent.type
        if is_abstract_type(type_) and self.random.random() < 0.9:
            kind = self.random.choice(SCHEMA.get_possible_types(type_))
            child = Part("", kind.name)
        else:
            names = list(getattr(type_, "fields", {}))
            if not names:
                return None
            name = self.random.choice(names)
            field: Any = getattr(type_, "fields", {})[name]
            child = Part(name, type_.name, arguments=self._arguments(field))
        self._make_room(parent, child)
        parent.children.append(child)
        if is_composite_type(child.type):
            for _ in range(self.random.randint(1, 4)):
                self.grow(child)
            if not child.children:
                child.children.append(Part("__typename", child.type.name))
        return child

    def _make_room(self, parent: Part, child: Part) -> None:
        """Set an alias if the parent has the field already, in most cases."""
        taken = any(c.name == child.name for c in parent.children)
        if child.name and (taken and self.random.random() < 0.8):
            child.alias = f"a{self.random.randrange(10**6)}"

    def _arguments(self, definition: GraphQLField) -> dict[str, str]:
        written: dict[str, str] = {}
        for name, argument in definition.args.items():
            required = is_non_null_type(argument.type)
            if required or name == "first" or self.random.random() < 0.5:
                value = self._value(name, argument.type)
                if value is not None:
                    written[name] = value
        return written

    def _value(self, name: str, type_: Any) -> str | None:
        named = get_named_type(type_)
        if isinstance(named, GraphQLInputObjectType):
            pairs = (
                f"{n}:{self._value(n, f.type) or 'null'}"
                for n, f in named.fields.items()
                if is_non_null_type(f.type)
            )
            return "{" + ",".join(pairs) + "}"
        if isinstance(named, GraphQLEnumType):
            return self.random.choice(list(named.values))
        if named.name == "ID":
            return f'["{POST}"]' if "[" in str(type_) else f'"{POST}"'
        if is_list_type(type_):
            return "[]"
        known = {"first": "0", "after": None, "slug": '"forum"', "expectedVersion": "1"}
        return known.get(name, '"邻里邻里"')

    def mutate(self, document: Part) -> Part:
        """Return a changed copy."""
        made = copy.deepcopy(document)
        for _ in range(self.random.choice((1, 1, 2, 4, 8))):
            parts = made.all()
            parents = [p for p in parts if is_composite_type(p.type)]
            chosen = self.random.choice(parents)
            what = self.random.random()
            if what < 0.45:
                self.grow(chosen)
            elif what < 0.70 and chosen.children:
                self._double(chosen)
            elif what < 0.85 and len(chosen.children) > 1:
                chosen.children.remove(self.random.choice(chosen.children))
            elif what < 0.93 and chosen.children:
                self._wrap(chosen)
            elif chosen.children:
                child = self.random.choice(chosen.children)
                child.directive = "" if child.directive else "@include(if:true)"
        return made

    def _double(self, parent: Part) -> None:
        """Repeat a part beside itself: under an alias, or under its own key."""
        child = copy.deepcopy(self.random.choice(parent.children))
        if child.name and self.random.random() < 0.7:
            child.alias = f"a{self.random.randrange(10**6)}"
        parent.children.append(child)

    def _wrap(self, parent: Part) -> None:
        taken = parent.children[:]
        parent.children = [Part("", parent.type.name, children=taken)]


@dataclass
class Found:
    """It is a document and its measured cost."""

    document: Part
    text: str
    measured: Measured


class Search:
    """Hill climbing from many starts; keeps the most expensive documents."""

    def __init__(self, meter: Meter, connection: asyncpg.Connection, seed: int) -> None:
        self._meter = meter
        self._connection = connection
        self._breeder = Breeder(seed)
        self.worst: list[Found] = []

    async def run(self, seconds: float) -> None:
        """Search for this many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            root = "Mutation" if self._breeder.random.random() < 0.15 else "Query"
            await self._climb(root, min(end, time.monotonic() + seconds / 6))

    async def _climb(self, root: str, end: float) -> None:
        best = await self._measure(self._breeder.document(root), root)
        while time.monotonic() < end:
            made = await self._measure(self._breeder.mutate(best.document), root)
            if made.measured.total > best.measured.total:
                again = await self._measure(made.document, root, rounds=3)
                if again.measured.total > best.measured.total:
                    best = again
                    _say(f"{root} {_told(best)}")
        self.worst.append(best)

    async def _measure(self, document: Part, root: str, rounds: int = 1) -> Found:
        inner = " ".join(child.text() for child in document.children)
        text = f"{'mutation' if root == 'Mutation' else 'query'}{{{inner}}}"
        return Found(document, text, await self._meter.measure(text, rounds=rounds))


def _told(found: Found) -> str:
    cost = found.measured
    return (
        f"{cost.total:.1f} ms = {cost.here:.1f} here + {cost.planning:.1f} planning,"
        f" {len(found.text)} characters, {cost.code or 'admitted'}"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def _main(url: str, seconds: float, seed: int, out: Path) -> None:
    made, connection = await meter(url)
    search = Search(made, connection, seed)
    await search.run(seconds)
    out.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 # a script: no other task waits
    for found in sorted(search.worst, key=lambda f: -f.measured.total):
        name = f"{found.measured.total:05.1f}-{seed}-{len(found.text)}.graphql"
        (out / name).write_text(found.text + "\n")
        _say(f"{name}: {_told(found)}")
    await connection.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/costliest"))
    given = parser.parse_args()
    uvloop.run(_main(given.url, given.seconds, given.seed, given.out))
