"""The clock: moves what is due, exactly once, however many workers look and whenever they start.

Nothing lives in memory. When a petition must be looked at next stands in its row; a worker locks
rows that are due and skips those another has locked, so that a stop is followed by catching up.
"""

import logging
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import DISTRICT, NOW, TENANT
from tenants.db import Client, Database, Row, Tx
from tenants.errors import Busy
from tenants.petitions.clocks import can_rise, next_look, rises_at
from tenants.petitions.service.ending import ask_back, close_unheard
from tenants.petitions.service.handling import rise
from tenants.petitions.service.moving import Petition, move
from tenants.petitions.tables import WAITING, EventAction, EventActor, petition_facts, petitions
from tenants.places.everywhere import DISTRICTS, ENTER
from tenants.rounds import again
from tenants.viewer import system

log = logging.getLogger("linli.clock")

AT_ONCE = 100
_COMMUNITIES_AT_ONCE = 1000


@dataclass(frozen=True)
class Clock:
    """Moves what is due in every community, looking every `seconds`; any number of workers may."""

    database: Database
    seconds: float = 5

    def kept(self) -> AbstractAsyncContextManager[None]:
        """Look again and again for the length of the block."""
        return again(self.sweep, seconds=self.seconds, first=1, what="the petitions' clock")

    async def sweep(self) -> int:
        """Move all that is due now; gives how many petitions were moved."""
        moved = 0
        for number in await self._due():
            try:
                while found := await self._advance(number, AT_ONCE):
                    moved += found
            except (Busy, OSError):
                raise  # no database: the next round will do
            except Exception:
                log.exception("community %d: petitions due were not moved together", number)
                moved += await self._one_by_one(number)
        return moved

    async def _due(self) -> list[int]:
        """Give the communities where something is due."""
        async with self.database.command(system(0)) as tx:
            numbers: list[int] = []
            for district in await tx.rows(DISTRICTS):
                await tx.row(ENTER, **district)
                numbers += [row["community_id"] for row in await tx.rows(_COMMUNITIES, **district)]
        return numbers

    async def _advance(self, number: int, most: int, *, passed: list[UUID] | None = None) -> int:
        actor = system(0)
        client = Client(actor.client_id, "")
        async with self.database.act(actor, client, self.database.clock(), number) as tx:
            due = await tx.rows(_DUE, v_most=most, v_passed=passed or [])
            for petition in due:
                await advance(tx, petition)
        return len(due)

    async def _one_by_one(self, number: int) -> int:
        """Move them each in a transaction of its own: what is wrong with one keeps no other back."""
        moved = 0
        passed: list[UUID] = []
        while petition_id := await self._next(number, passed):
            passed.append(petition_id)
            try:
                moved += await self._move_one(number, petition_id)
            except (Busy, OSError):
                raise
            except Exception:
                log.exception("petition %s was due and was not moved", petition_id)
        return moved

    async def _next(self, number: int, passed: list[UUID]) -> UUID | None:
        actor = system(0)
        client = Client(actor.client_id, "")
        async with self.database.act(actor, client, self.database.clock(), number) as tx:
            row = await tx.row(_DUE, v_most=1, v_passed=passed)
        return row["id"] if row is not None else None

    async def _move_one(self, number: int, petition_id: UUID) -> int:
        actor = system(0)
        client = Client(actor.client_id, "")
        async with self.database.act(actor, client, self.database.clock(), number) as tx:
            due: list[Row] = await tx.rows(_ONE_DUE, v_id=petition_id)
            for petition in due:
                await advance(tx, petition)
        return len(due)


async def advance(tx: Tx, petition: Petition) -> None:
    """Take every step that is due of a locked petition; each is written down once."""
    now: dict[str, Any] = dict(petition)
    while (at := next_look(now)) is not None and at <= tx.now:
        now = await _step(tx, now)


async def _step(tx: Tx, petition: dict[str, Any]) -> dict[str, Any]:
    state = petition["state"]
    if state in WAITING and not petition["ack_overdue"] and petition["ack_due_at"] <= tx.now:
        return await move(
            tx, petition, EventAction.ACK_OVERDUE, actor=EventActor.SYSTEM, ack_overdue=True
        )
    if (
        state in WAITING
        and petition["ack_overdue"]
        and can_rise(petition)
        and rises_at(petition) <= tx.now
    ):
        return await rise(tx, petition, None, EventActor.SYSTEM)
    if state == "ANSWERED":
        return await ask_back(tx, petition)
    if state == "CALLBACK":
        return await close_unheard(tx, petition)
    return await move(
        tx, petition, EventAction.RESOLVE_OVERDUE, actor=EventActor.SYSTEM, resolve_overdue=True
    )


_COMMUNITIES = (
    sa.select(petition_facts.c.community_id)
    .distinct()
    .where(petition_facts.c.district_id == DISTRICT, petition_facts.c.next_at <= NOW)
    .limit(_COMMUNITIES_AT_ONCE)
)
_IS_DUE = (petitions.c.community_id == TENANT) & (petitions.c.next_at <= NOW)
_DUE = (
    sa.select(petitions)
    .where(
        _IS_DUE,
        petitions.c.id != sa.all_(sa.bindparam("v_passed", type_=sa.ARRAY(petitions.c.id.type))),
    )
    .order_by(petitions.c.next_at)
    .limit(sa.bindparam("v_most", type_=sa.Integer()))
    .with_for_update(skip_locked=True, key_share=True)
)
_ONE_DUE = (
    sa.select(petitions)
    .where(_IS_DUE, petitions.c.id == sa.bindparam("v_id", type_=petitions.c.id.type))
    .with_for_update(skip_locked=True, key_share=True)
)
