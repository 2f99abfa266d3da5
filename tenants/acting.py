"""An officer acts on rows of the communities below: authorised above, the change is made inside."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import sqlalchemy as sa

from tenants.errors import Code, Refused
from tenants.policy import Rule
from tenants.statements import Lock
from tenants.transaction import Row, Tx

# The communities that an officer may act in at once: each keeps a connection until all commit.
MOST_COMMUNITIES = 4


@asynccontextmanager
async def acting(
    tx: Tx, table: sa.Table, id: UUID | None, *path: str, permit: Rule, lock: Lock = Lock.CHANGE
) -> AsyncGenerator[tuple[Tx, Row]]:
    """Find a row and act in its community; yield the transaction there, and the row.

    A member acts in this very transaction, and so does an officer on what lies above the
    communities. On what lies in one, an officer is authorised in their own view first, and
    then acts inside (Tx.act_in), where the row is locked and the rule is checked again. With
    Lock.NONE the row is yielded as it was read: the caller locks what it changes. Raises what
    Tx.find raises.
    """
    if tx.tenant or "community_id" not in table.c:
        yield tx, await tx.find(table, id, *path, permit=permit, lock=lock)
        return
    row = await tx.find(table, id, *path, permit=permit, lock=Lock.NONE)
    async with tx.act_in(row["community_id"]) as inside:
        if lock is not Lock.NONE:
            row = await inside.find(table, id, *path, permit=permit, lock=lock)
        yield inside, row


@asynccontextmanager
async def acting_on_each(
    tx: Tx, table: sa.Table, ids: Sequence[UUID | None], field: str, *, permit: Rule
) -> AsyncGenerator[list[tuple[Tx, Row]]]:
    """Find several rows and act on all of them or on none; yield what `acting` yields for each.

    All rows are authorised and locked before the first is yielded, in the order of their ids, so
    that two callers lock them in the same order. Raises what Tx.find raises, with the field and the
    position in it, and TOO_LONG if an officer names rows of more than MOST_COMMUNITIES.
    """
    ordered = sorted(
        ((str(place), each) for place, each in enumerate(ids)), key=lambda one: str(one[1])
    )
    if tx.tenant:
        yield [
            (tx, await tx.find(table, each, field, place, permit=permit)) for place, each in ordered
        ]
        return
    seen = [
        await tx.find(table, each, field, place, permit=permit, lock=Lock.NONE)
        for place, each in ordered
    ]
    places = {row["community_id"] for row in seen}
    if len(places) > MOST_COMMUNITIES:
        raise Refused(
            Code.TOO_LONG,
            f"一次至多 {MOST_COMMUNITIES} 个社区。Of {MOST_COMMUNITIES} communities at most.",
            field,
        )
    async with tx.act_in_each(places) as opened:
        insides = [opened[row["community_id"]] for row in seen]
        yield [
            (inside, await inside.find(table, each, field, place, permit=permit))
            for inside, (place, each) in zip(insides, ordered, strict=True)
        ]
