"""The clock takes the timers that are due, exactly once, with any number of workers.

Nothing is kept in memory. The next due time is a column of the row (`next_at`); a worker locks rows
that are due and skips those that another worker has locked. After a stop it catches up.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import DISTRICT, NOW, TENANT, bound
from tenants.places.everywhere import everywhere
from tenants.procedure import Facts, Procedure, Timer, columns
from tenants.server import Server
from tenants.sweeps import NO_DATABASE, Sweep
from tenants.taking import derive, take
from tenants.transaction import Row, Tx

log = logging.getLogger("linli.clock")

AT_ONCE = 100
_COMMUNITIES_AT_ONCE = 1000
# Takes a timer of a locked row that needs more than its move; returns the row as it is now.
Work = Callable[[Tx, Facts], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, eq=False)
class Timed:
    """It is a procedure with timers, and what the clock needs besides.

    `facts` is the table in which the district sees which communities have rows that are due, and
    `works` are the timers that need more than their move.
    """

    procedure: Procedure
    facts: sa.Table
    works: Mapping[Timer, Work] = field(default_factory=dict)

    def clock(self, server: Server) -> "Clock":
        """Return the sweep that takes these timers."""
        return Clock(server.database, server.clock_seconds, timed=self)

    async def advance(self, tx: Tx, row: Facts) -> None:
        """Take every timer of a locked row that is due, in order; each is recorded once."""
        now = columns(row)
        while (steps := self.procedure.ahead(now)) and steps[0][0] <= tx.now:
            timer = steps[0][1]
            work = self.works.get(timer)
            now = await (take(tx, timer, now) if work is None else work(tx, now))
        if now["next_at"] is not None and now["next_at"] <= tx.now:
            # the row was written under other rules, by which something was due
            await derive(tx, self.procedure, now)

    @cached_property
    def communities(self) -> sa.Executable:
        """Select the communities of a district where something is due."""
        return (
            sa.select(self.facts.c.community_id)
            .distinct()
            .where(self.facts.c.district_id == DISTRICT, self.facts.c.next_at <= NOW)
            .limit(_COMMUNITIES_AT_ONCE)
        )

    @cached_property
    def due(self) -> sa.Executable:
        """Select the rows that are due, without those passed over; the longest due comes first."""
        table = self.procedure.table
        passed = sa.bindparam("v_passed", type_=sa.ARRAY(table.c.id.type))
        return (
            self._due.where(table.c.id != sa.all_(passed))
            .order_by(table.c.next_at)
            .limit(sa.bindparam("v_most", type_=sa.Integer()))
            .with_for_update(skip_locked=True, key_share=True)
        )

    @cached_property
    def one_due(self) -> sa.Executable:
        """Select one row, if it is due."""
        table = self.procedure.table
        is_it = table.c.id == bound(table.c.id)
        return self._due.where(is_it).with_for_update(skip_locked=True, key_share=True)

    @property
    def _due(self) -> sa.Select[Any]:
        table = self.procedure.table
        return sa.select(table).where(table.c.community_id == TENANT, table.c.next_at <= NOW)


@dataclass(frozen=True)
class Clock(Sweep):
    """Take what is due of one procedure."""

    what = "the clock"
    first = 1

    seconds: float = 5
    timed: Timed = field(kw_only=True)

    async def due(self) -> list[int]:
        """Return the communities where something is due."""
        return await everywhere(self.database, self.timed.communities)

    async def community(self, number: int) -> int:
        """Take what is due in one community, many rows at a time; pass over rows that fail.

        Return the number of rows.
        """
        moved = 0
        passed: list[UUID] = []
        while True:
            given_up = len(passed)
            try:
                found = await self._advance(number, passed)
            except NO_DATABASE:
                raise
            except Exception:
                log.exception("community %d: rows due were not moved together", number)
                found = await self._one_by_one(number, passed)
            moved += found
            if not found and len(passed) == given_up:
                return moved

    async def _advance(self, number: int, passed: list[UUID]) -> int:
        async with self.inside(number) as tx:
            due = await self._due(tx, passed)
            for row in due:
                await self.timed.advance(tx, row)
        return len(due)

    async def _one_by_one(self, number: int, passed: list[UUID]) -> int:
        """Take as many rows, each in a transaction of its own, so that one failure blocks no other.

        A row that fails is added to `passed`.
        """
        async with self.inside(number) as tx:
            due = [row["id"] for row in await self._due(tx, passed)]
        moved = 0
        for row_id in due:
            try:
                async with self.inside(number) as tx:
                    for row in await tx.rows(self.timed.one_due, v_id=row_id):
                        await self.timed.advance(tx, row)
                        moved += 1
            except NO_DATABASE:
                raise
            except Exception:
                log.exception("%s %s was due and was not moved", self.timed.procedure.noun, row_id)
                passed.append(row_id)
        return moved

    async def _due(self, tx: Tx, passed: list[UUID]) -> list[Row]:
        return await tx.rows(self.timed.due, v_most=AT_ONCE, v_passed=passed)
