"""Ballots are counted as marks on options, and what the voter weighs."""

from collections.abc import Mapping
from dataclasses import dataclass

from tenants.words import Words, word


class Unit(Words):
    """各单位分开计票，从不相加。Each unit is counted by itself; units are never added to each other."""

    PERSONS = word("人数", "Persons are counted")
    HOUSEHOLDS = word("户数", "Households are counted")
    REPRESENTATIVES = word("代表数", "Representatives are counted")
    MEMBERS = word(
        "组成人员数", "Members of a committee or of a representatives' meeting are counted"
    )
    HEADS = word("业主人数", "Owners are counted, one for each owner or group of co-owners")
    AREA = word("专有部分面积", "The area of exclusive parts is counted, in 0.01 m²")


class Method(Words):
    """它规定选票怎样填写。It says how a ballot is marked."""

    PROPOSAL = word(
        "同意或反对，不选为弃权", "It is marked for or against, and no mark is an abstention"
    )
    SINGLE = word("选一项", "One of the options is marked")
    MULTIPLE = word("选若干项", "Some of the options are marked")
    CANDIDATES = word("对每位候选人同意或反对", "Each candidate is marked for or against")
    RANKED = word("按喜好排序", "The options are put in an order of preference")


CHOSEN, AGAINST = 1, 2  # a mark on an option; AGAINST is a mark on candidates only


@dataclass(frozen=True)
class Ballot:
    """It holds one voter's marks, an integer for each option (0: none), and their weight in each unit.

    For RANKED the marks are 1 for the first preference, 2 for the second and so on.
    """

    marks: tuple[int, ...]
    weights: Mapping[Unit, int]


@dataclass(frozen=True)
class Paper:
    """It is what a method accepts: `options`, of which `least` to `most` are marked, or none."""

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
