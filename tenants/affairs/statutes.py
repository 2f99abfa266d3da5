"""Statutes say what a community owes by law, as dated data (statutes.toml), and in which periods."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from tenants.words import Words, word
from tenants.workdays import SHANGHAI

# How long an item is posted at least (城市法34、村法35), and within how many days a question about it
# is answered (上海市实施村民委员会组织法办法第24条; elsewhere and for complaints a house rule).
POSTED_DAYS = 15
ANSWER_DAYS = 15
# Within how many days an item is posted that the street ordered after a complaint; a house rule.
ORDERED_DAYS = 7


class About(Words):
    """法定义务要求做这些事之一。An obligation asks for one of these."""

    OPEN_AFFAIRS = word("公开一个事项", "An item of open affairs is to be posted")
    MEETING = word("召开一次会议", "A meeting is to be held")
    APPRAISAL = word("进行民主评议", "The members of the committee are to be appraised")
    PACT_REVIEW = word("复核公约", "A pact is to be reviewed")


class Every(Words):
    """法定义务按这样的期间履行。An obligation is owed once in such a period."""

    MONTH = word("每月", "It is owed once a month")
    QUARTER = word("每季度", "It is owed once a quarter")
    HALF_YEAR = word("每半年", "It is owed once in half a year")
    YEAR = word("每年", "It is owed once a year")

    @property
    def months(self) -> int:
        """Return how many months the period has."""
        return {"MONTH": 1, "QUARTER": 3, "HALF_YEAR": 6, "YEAR": 12}[self.value]


@dataclass(frozen=True)
class Period:
    """A period lasts from its first day to the first day after it."""

    begins: date
    ends: date

    @property
    def due_at(self) -> datetime:
        """Return the end of the period: 24:00 of its last day in Shanghai."""
        return datetime.combine(self.ends, time(), SHANGHAI)


@dataclass(frozen=True)
class Statute:
    """A statute is one thing that communities of a kind owe from a day on, until its last day if it has one.

    It is owed once in each period `every`, and `days` after an event that makes it due; either may
    be None. `bodies` are those of whose meetings one is owed. `house_rules` names the fields that no
    law gives.
    """

    code: str
    kind: str
    begins: date
    until: date | None
    about: About
    name: str
    source: str
    every: Every | None
    days: int | None
    bodies: frozenset[str]
    house_rules: frozenset[str]

    def is_in_force(self, day: date) -> bool:
        """Return whether it holds on a day."""
        return self.begins <= day and (self.until is None or day <= self.until)


@cache
def statutes() -> tuple[Statute, ...]:
    """Return everything that is owed by law, past statutes included."""
    text = (Path(__file__).parent / "statutes.toml").read_text()
    return tuple(_statute(row) for row in tomllib.loads(text)["statute"])


def in_force(kind: str, day: date) -> Iterator[Statute]:
    """Yield what communities of a kind owe on a day."""
    return (each for each in statutes() if each.kind == kind and each.is_in_force(day))


def statute_of(kind: str, code: str, day: date) -> Statute | None:
    """Return the statute of a code that holds for a kind on a day; None if there is none."""
    return next((each for each in in_force(kind, day) if each.code == code), None)


def has_meetings(body: str) -> bool:
    """Return whether meetings of this body are owed: of residents, villagers or representatives."""
    return any(body in each.bodies for each in statutes())


def period_of(every: Every, day: date) -> Period:
    """Return the period of the calendar year in which a day lies."""
    first = (day.month - 1) // every.months * every.months
    begins = date(day.year, first + 1, 1)
    return Period(begins, _months_after(begins, every.months))


def periods(every: Every, since: date, day: date) -> Iterator[Period]:
    """Yield the periods from the one of `since` to the one of `day`, in order."""
    period, last = period_of(every, since), period_of(every, day)
    while period.begins <= last.begins:
        yield period
        period = period_of(every, period.ends)


def _months_after(day: date, months: int) -> date:
    ahead = day.month - 1 + months
    return date(day.year + ahead // 12, ahead % 12 + 1, 1)


def _statute(row: dict[str, Any]) -> Statute:
    every = row.get("every")
    return Statute(
        code=row["code"],
        kind=row["kind"],
        begins=row["from"],
        until=row.get("until"),
        about=About(row["about"]),
        name=row["name"],
        source=row["source"],
        every=None if every is None else Every(every),
        days=row.get("days"),
        bodies=frozenset(row.get("bodies", ())),
        house_rules=frozenset(row.get("house_rules", ())),
    )
