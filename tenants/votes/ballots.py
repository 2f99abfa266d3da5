"""Ballots as they are counted: marks on options, and what the voter weighs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What voters are counted in. Two units of one vote are never added to each other."""

    PERSONS = "PERSONS"
    HOUSEHOLDS = "HOUSEHOLDS"
    REPRESENTATIVES = "REPRESENTATIVES"
    MEMBERS = "MEMBERS"  # of a committee
    HEADS = "HEADS"  # owners, one for each owner or group of co-owners
    AREA = "AREA"  # of exclusive parts, in 0.01 m²


class Method(StrEnum):
    """How a ballot is marked."""

    PROPOSAL = "PROPOSAL"  # two options, for and against; no mark is an abstention
    SINGLE = "SINGLE"  # one of the options
    MULTIPLE = "MULTIPLE"  # some of the options
    CANDIDATES = "CANDIDATES"  # for or against each candidate
    RANKED = "RANKED"  # an order of preference


CHOSEN, AGAINST = 1, 2  # a mark on an option; AGAINST is a mark on candidates only


@dataclass(frozen=True)
class Ballot:
    """One voter's marks, an integer for each option (0: none), and the voter's weight in each unit.

    For RANKED the marks are 1 for the first preference, 2 for the second and so on.
    """

    marks: tuple[int, ...]
    weights: Mapping[Unit, int]


@dataclass(frozen=True)
class Paper:
    """What a method accepts: `options` of them, of which `least` to `most` are marked, or none."""

    method: Method
    options: int
    least: int = 1
    most: int = 1

    def is_valid(self, marks: tuple[int, ...]) -> bool:
        """Return whether the marks are allowed; a blank ballot is an abstention and is."""
        if len(marks) != self.options or min(marks, default=0) < 0:
            return False
        used = [mark for mark in marks if mark]
        if not used:
            return True
        if self.method is Method.CANDIDATES:
            return max(used) <= AGAINST and used.count(CHOSEN) <= self.most
        if not self.least <= len(used) <= self.most:
            return False
        if self.method is Method.RANKED:
            return sorted(used) == list(range(1, len(used) + 1))
        return set(used) == {CHOSEN}
