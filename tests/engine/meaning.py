"""Provide meaningful random values: ids, cursors, slugs and words that exist, and a few that do not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import GraphQLEnumType, get_named_type

from tests.engine.world import World

# cumulative shares: ids that exist, ids of another community; the rest is nonsense
_EXISTING, _FOREIGN = 0.90, 0.95
_SIZES = (None, 0, 1, 2, 2, 3, 20, 50)
_NONSENSE = (
    "",
    "pst_",
    "x" * 26,
    "pst_" + "A" * 22,
    "pst_" + "é" * 22,
    "停水",
    "mod_!!!!!!!!!!!!!!!!!!!!!!",
)
_PREFIX_OF = {
    "streetId": ["str_"],
    "categoryId": ["cat_"],
    "Query.post": ["pst_"],
    "Query.petition": ["pet_"],
}


class Word(str):
    """It is a value of an enum, printed without quotes."""

    __slots__ = ()


@dataclass
class Meaning:
    """Draws values for one world; `cursors` come from earlier answers, by connection."""

    world: World
    cursors: dict[str, list[str]] = field(default_factory=dict)
    sizes: tuple[int | None, ...] = _SIZES

    def draw(
        self, random: Random, coordinate: str, name: str, type_: Any, kinds: Sequence[str] = ()
    ) -> tuple[Any, bool]:
        """Draw an argument's value, and whether the engine must accept it.

        `kinds` are the prefixes of useful ids.
        """
        named = get_named_type(type_)
        if name == "first":
            return random.choice(self.sizes), True
        if named.name == "Cursor":
            return self._cursor(random, coordinate)
        if name == "ids":
            size = random.choice((0, 1, 1, 2, 2, 3, 3, 5))
            return [self._id(random, kinds) for _ in range(size)], True
        if named.name == "ID":
            kinds = _PREFIX_OF.get(name) or _PREFIX_OF.get(coordinate) or kinds
            return self._id(random, kinds), True
        if isinstance(named, GraphQLEnumType):
            return Word(random.choice(sorted(named.values))), True
        if named.name == "Boolean":
            return random.random() < 0.5, True
        return self._text(random, name)

    def _id(self, random: Random, kinds: Sequence[str]) -> str:
        """Draw an id: mostly one that exists, of one of these kinds."""
        prefixes = kinds if kinds and random.random() < 0.9 else sorted(self.world.ids)
        share = random.random()
        prefix = random.choice(prefixes)
        foreign = self.world.foreign_ids.get(prefix)
        if share < _EXISTING:
            return random.choice(self.world.ids[prefix])
        if share < _FOREIGN and foreign:
            return random.choice(foreign)
        return random.choice(_NONSENSE)

    def _cursor(self, random: Random, coordinate: str) -> tuple[Any, bool]:
        share = random.random()
        if share < 0.1 or not self.cursors.get(coordinate):
            return None, True
        if share < 0.97:
            return random.choice(self.cursors[coordinate]), True
        if share < 0.985:
            return random.choice(_NONSENSE), False
        return random.choice(self.cursors[random.choice(sorted(self.cursors))]), False

    def _text(self, random: Random, name: str) -> tuple[Any, bool]:
        if name == "slug":
            nonsense = random.random() < 0.1
            return random.choice(_NONSENSE if nonsense else self.world.slugs), True
        if name == "month":
            month = random.choice(("2025-12", "2026-01", "2026-01", "2026-02", "2026-13", ""))
            return month, month not in ("2026-13", "")
        if name == "query":
            return random.choice(self.world.words), True
        return random.choice(("村", "社区", "第", "%", "")), True
