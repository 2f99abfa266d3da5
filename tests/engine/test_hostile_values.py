"""No value of any scalar, in any argument or input field, causes more than a refusal."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from graphql import get_named_type, is_enum_type

from api.engine.errors import ErrorCode, RequestError
from api.engine.executor import Engine
from api.engine.preparing import Request
from api.schema.schema import contract
from tenants.boards.service.check import NoCheck
from tenants.db import Database
from tenants.viewer import Viewer
from tests.engine.test_scopes import ids_of, people, shortest
from tests.engine.world import World
from tests.inputs import PREFIXES, places, plain
from tests.paths import SCHEMA, Path, query

LONG = "字" * 20_000
VALUES: dict[str, tuple[Any, ...]] = {
    "String": ("", " ", "\u202e\u200b", "\x1f\x7f\u2028", "%_\\'\"$1 --", "9" * 400, LONG, "\U0010ffff"),
    "ID": ("", "x", "pst_", "mem_" + "A" * 22, "mem_" + "_" * 22, "mem_" + "é" * 22, LONG, 7),
    "Int": (-1, 0, 2**31 - 1, -(2**31)),
    "Boolean": (True, False),
    "DateTime": ("1000-01-01T00:00:00Z", "9000-12-31T23:59:59.999999999-23:59", "2024-02-29T12:00:00+08:00", "x"),
    "Date": ("1000-01-01", "9000-12-31", "2024-02-30", "x"),
    "Month": ("0000-01", "9999-12", "x"),
    "Cursor": ("", "x", "0" * 199, LONG),
}  # fmt: skip
# Who asks: the first of them that has the scope.
ASKERS = ("secretary", "district", "resident", "guest", "supervisor")


class Undone(Exception):
    """Raised to roll a successful change back."""


class Undoing:
    """It is a database that rolls every change back after it has succeeded."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    @asynccontextmanager
    async def write(self, *arguments: Any, **named: Any) -> AsyncGenerator[Any]:
        """Open a transaction that is always rolled back."""
        async with self._database.write(*arguments, **named) as tx:
            yield tx
            raise Undone


class Phones:
    """It is a WeChat client that knows no phone number."""

    async def phone_number(self, _code: str) -> str | None:
        """Return no number."""
        return None


@pytest.fixture(scope="session")
def engine(database: Database) -> Engine:
    """Give an engine that changes nothing permanently."""
    undoing: Any = Undoing(database)
    services = {
        "text_check": NoCheck(), "wechat": Phones(), "database": database, "scrutineers": (),
    }  # fmt: skip
    return Engine(contract(), undoing, services)


async def fault_of(engine: Engine, viewer: Viewer, text: str, given: Any) -> str | None:
    """Return the fault if it was more than a refusal, None for a refusal, "" for success."""
    try:
        await engine.run(engine.prepare(Request(text, None, given), viewer), "tests")
    except RequestError as error:
        return str(error) if error.code == ErrorCode.INTERNAL else None
    except Undone:
        return ""
    except Exception as error:  # noqa: BLE001 # any error is a finding of this test
        return repr(error)
    return None


async def test_no_value_in_a_mutations_input_is_a_bug(engine: Engine, world: World) -> None:
    ids, everyone, faults = ids_of(world), people(world), list[str]()

    def meaning(name: str, scalar: str) -> Any:
        return ids.get(PREFIXES.get(name, ""), "x") if scalar == "ID" else plain(name, scalar)

    asked = done = 0
    for place in places():
        scope = contract().spec("Mutation", place.verb).requires
        viewer = next(everyone[name] for name in ASKERS if scope in everyone[name].scopes)
        for value in VALUES[place.scalar]:
            found = await fault_of(engine, viewer, place.text(), place.given(value, meaning))
            asked += 1
            done += found == ""
            if found:
                faults.append(f"{place} = {value!r:.60}: {found}")
    assert faults == []
    assert asked > 1500
    assert done > 30, "which went through"


def reads() -> list[tuple[Path, str, Any]]:
    """Return the shortest path to every field with an argument, the argument, its type."""
    found: dict[tuple[str, str, str], tuple[Path, str, Any]] = {}
    for path in (path for paths in shortest("Query").values() for path in paths):
        name, field = path[-1]
        type_: Any = SCHEMA.type_map[name]
        arguments = {} if field.startswith("...") else type_.fields[field].args
        for argument, definition in arguments.items():
            if not is_enum_type(get_named_type(definition.type)):
                found.setdefault((name, field, argument), (path, argument, definition.type))
    return list(found.values())


async def test_no_value_in_a_querys_argument_is_a_bug(engine: Engine, world: World) -> None:
    ids, faults, asked = ids_of(world), list[str](), 0
    everyone = people(world)
    for path, argument, kind in reads():
        body = query(path, "__typename", ids, **{argument: "$given"})
        text = f"query ($given: {kind}) {body}"
        assert "$given)" in text.replace(",", ")"), text
        for value in VALUES[get_named_type(kind).name]:
            given = {"given": [value] if "[" in str(kind) else value}
            for who in ("secretary", "district"):
                found = await fault_of(engine, everyone[who], text, given)
                asked += 1
                if found:
                    faults.append(f"{path} {argument} = {value!r:.60}: {found}")
    assert faults == []
    assert asked > 500
