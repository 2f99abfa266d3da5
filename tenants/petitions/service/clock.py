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
from tenants.db import Database
from tenants.errors import Busy
from tenants.petitions.clocks import ahead
from tenants.petitions.service.ending import ask_back, close_unheard
from tenants.petitions.service.handling import rise
from tenants.petitions.service.moving import Petition, move, reckon
from tenants.petitions.tables import EventAction, EventActor, petition_facts, petitions
from tenants.places.everywhere import DISTRICTS, ENTER
from tenants.rounds import again
from tenants.transaction import Client, Tx
from tenants.viewer import system

log = logging.getLogger("linli.clock")

AT_ONCE = 100
_COMMUNITIES_AT_ONCE = 1000
_NO_DATABASE = (Busy, OSError)


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
            moved += await self._sweep_community(number)
        return moved

    async def _sweep_community(self, number: int) -> int:
        """Move what is due in one community, many at a time; what cannot be moved is passed over."""
        moved = 0
        passed: list[UUID] = []
        while True:
            given_up = len(passed)
            try:
                found = await self._advance(number, passed)
            except _NO_DATABASE:
                raise  # the next round will do
            except Exception:
                log.exception("community %d: petitions due were not moved together", number)
                found = await self._one_by_one(number, passed)
            moved += found
            if not found and len(passed) == given_up:
                return moved

    async def _due(self) -> list[int]:
        """Give the communities where something is due."""
        async with self.database.command(system(0)) as tx:
            numbers: list[int] = []
            for district in await tx.rows(DISTRICTS):
                await tx.row(ENTER, **district)
                numbers += [row["community_id"] for row in await tx.rows(_COMMUNITIES, **district)]
        return numbers

    async def _advance(self, number: int, passed: list[UUID]) -> int:
        async with self._inside(number) as tx:
            due = await tx.rows(_DUE, v_most=AT_ONCE, v_passed=passed)
            for petition in due:
                await advance(tx, petition)
        return len(due)

    async def _one_by_one(self, number: int, passed: list[UUID]) -> int:
        """Move as many, each in a transaction of its own: what is wrong with one keeps no other back.

        One that fails is added to `passed`.
        """
        async with self._inside(number) as tx:
            due = [row["id"] for row in await tx.rows(_DUE, v_most=AT_ONCE, v_passed=passed)]
        moved = 0
        for petition_id in due:
            try:
                async with self._inside(number) as tx:
                    for petition in await tx.rows(_ONE_DUE, v_id=petition_id):
                        await advance(tx, petition)
                        moved += 1
            except _NO_DATABASE:
                raise
            except Exception:
                log.exception("petition %s was due and was not moved", petition_id)
                passed.append(petition_id)
        return moved

    def _inside(self, number: int) -> AbstractAsyncContextManager[Tx]:
        actor = system(0)
        client = Client(actor.client_id, "")
        return self.database.act(actor, client, self.database.clock(), number)


async def advance(tx: Tx, petition: Petition) -> None:
    """Take every step that is due of a locked petition, in order; each is written down once."""
    now: dict[str, Any] = dict(petition)
    while (steps := ahead(now)) and steps[0][0] <= tx.now:
        now = await _take(tx, now, steps[0][1])
    if now["next_at"] is not None and now["next_at"] <= tx.now:
        # nothing was due after all: by other rules than those that it was written under
        await reckon(tx, now)


async def _take(tx: Tx, petition: Petition, step: EventAction) -> dict[str, Any]:
    if step is EventAction.ESCALATED:
        return await rise(tx, petition, None, EventActor.SYSTEM)
    if step is EventAction.ASKED_BACK:
        return await ask_back(tx, petition)
    if step is EventAction.CLOSED:
        return await close_unheard(tx, petition)
    is_ack = step is EventAction.ACK_OVERDUE
    late: dict[str, Any] = {"ack_overdue" if is_ack else "resolve_overdue": True}
    return await move(tx, petition, step, actor=EventActor.SYSTEM, **late)


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
