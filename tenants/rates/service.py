"""This worker counts a finished month, once, in every community.

Any number of workers may run it. One statement counts a month on one snapshot of the tables, and
inserting the total is the claim: a second worker waits for the first one's commit, and then inserts
nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from tenants.places.everywhere import everywhere
from tenants.rates.counting import COUNT, KNOWN, LACKED, LACKING, NO_NESTED_LOOPS, OWN, PLACE
from tenants.rates.suppression import published
from tenants.rates.tables import COUNTED, TOTAL, community_rates
from tenants.server import Server
from tenants.sweeps import Sweep
from tenants.transaction import Tx
from tenants.workdays import SHANGHAI

# A transaction that began before midnight may commit after it.
_SETTLED = timedelta(hours=1)


def month_of(moment: datetime) -> str:
    """Return the month of a moment, in Shanghai."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m")


def begin_of(month: str) -> datetime:
    """Return the first moment of a month."""
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=SHANGHAI)


def after(month: str) -> str:
    """Return the month after this one."""
    return month_of(begin_of(month) + timedelta(days=31))


def months(first: str, until: str) -> Iterator[str]:
    """Yield the months from `first` up to, but not including, `until`."""
    while first < until:
        yield first
        first = after(first)


@dataclass(frozen=True)
class Snapshots(Sweep):
    """Count each finished month that was not counted.

    A month that was counted before the communities had a count of their own gets theirs.
    """

    what = "the rates"
    first = 60

    @classmethod
    def of(cls, server: Server) -> Self:
        """Return the sweep of a server."""
        return cls(server.database, server.rates_seconds)

    def _now(self) -> str:
        """Return the first month that is not over, or not settled."""
        return month_of(self.database.clock() - _SETTLED)

    async def due(self) -> list[int]:
        """Return the communities that had petitions and lack the last month that is over."""
        end = begin_of(self._now())
        last = month_of(end - timedelta(days=1))
        return await everywhere(self.database, LACKING, v_month=last, v_end=end)

    async def community(self, number: int) -> int:
        """Count the months of one community that had a petition, each in its own transaction.

        What a community lacks of a month that those above have is counted from the letters as they
        are by now. Return how many months were counted.
        """
        async with self.inside(number) as tx:
            known = await tx.row(KNOWN)
            lacking = [row["month"] for row in await tx.rows(LACKED)]
        made = 0
        for month in lacking:
            async with self.inside(number) as tx:
                await tx.row(NO_NESTED_LOOPS)
                made += await _tell(tx, month)
        if known is None or known["first"] is None:
            return made
        first = after(known["counted"]) if known["counted"] else month_of(known["first"])
        for month in months(first, self._now()):
            async with self.inside(number) as tx:
                await tx.row(NO_NESTED_LOOPS)
                made += await _count(tx, month)
        return made


async def _count(tx: Tx, month: str) -> int:
    """Count a month for those above and for the community; return 0 if it was counted before."""
    row = await tx.row(COUNT, v_seed=tx.new_id(), **_of(month))
    if row is None or not row["made"]:
        return 0
    return await _tell(tx, month)


async def _tell(tx: Tx, month: str) -> int:
    """Count a month for the community itself; return 0 if it was counted before."""
    place = await tx.row(PLACE)
    assert place is not None  # noqa: S101 # a community is never deleted
    own = await tx.rows(OWN, **_of(month))
    counted = {row["category_id"]: {name: row[name] for name in COUNTED} for row in own}
    of_total, of_categories = published(counted.pop(None), counted)
    for category, counts in {UUID(TOTAL): of_total, **of_categories}.items():
        is_new = await tx.insert_new(
            community_rates,
            id=tx.new_id(),
            district_id=place["district_id"],
            street_id=place["street_id"],
            month=month,
            category_id=category,
            is_total=category == UUID(TOTAL),
            made_at=tx.now,
            **counts,
        )
        if not is_new:
            return 0  # the total is the claim: another worker has counted it
    return 1


def _of(month: str) -> dict[str, Any]:
    return {"v_month": month, "v_begin": begin_of(month), "v_end": begin_of(after(month))}
