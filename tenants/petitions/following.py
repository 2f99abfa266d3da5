"""A move of a petition makes copies for the officers above, and numbers of the feed."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.audit.tables import audit_heads
from tenants.columns import TENANT, bound
from tenants.images.tables import images
from tenants.petitions.facts import petition_facts
from tenants.petitions.tables import petition_events, petitions
from tenants.procedure import Facts
from tenants.transaction import Tx


async def follow(tx: Tx, _before: Facts, petition: Facts, changed: dict[str, Any]) -> None:
    """Update who sees the events and images of a changed petition, and at the end its facts."""
    if not changed.keys().isdisjoint(COPIED):
        # before the audit's: the head of its chain is the last row that a transaction locks
        tx.at_last(_copy_facts, petition["id"])
    if "desks" in changed:
        for statement in (_SHOW_EVENTS, _SHOW_IMAGES):
            await tx.row(statement, v_id=petition["id"], v_desks=petition["desks"])


def facts_of(petition: Facts) -> dict[str, Any]:
    """Return what may be known above of a petition that was just written."""
    return {
        "id": petition["id"],
        **{name: petition[name] for name in COPIED},
        "is_imported": petition["source"] is not None,
        "first_ack_due_at": petition["ack_due_at"],
    }


async def number(tx: Tx, event_id: UUID) -> None:
    """Number an event after the audit has taken its numbers: the feed follows the order of commits."""
    tx.at_last(_number, event_id)


async def _copy_facts(tx: Tx, moved: list[UUID]) -> None:
    await tx.row(_COPY_FACTS, v_ids=moved)


async def _number(tx: Tx, events: list[UUID]) -> None:
    await tx.row(_NUMBER, v_ids=events)


COPIED = [
    column.name
    for column in petition_facts.c
    if column.name in petitions.c and column.name not in {"community_id", "id"}
]
_ID = bound(petitions.c.id)
_AMONG = sa.any_(sa.bindparam("v_ids", type_=sa.ARRAY(petitions.c.id.type)))
_COPY_FACTS = (
    sa.update(petition_facts)
    .where(
        petition_facts.c.community_id == TENANT,
        petition_facts.c.id == _AMONG,
        petitions.c.community_id == TENANT,
        petitions.c.id == petition_facts.c.id,
    )
    .values({name: petitions.c[name] for name in COPIED})
)
_SHOW_EVENTS = (
    sa.update(petition_events)
    .where(petition_events.c.community_id == TENANT, petition_events.c.petition_id == _ID)
    .values(desks=bound(petition_events.c.desks))
)
_SHOW_IMAGES = (
    sa.update(images)
    .where(images.c.community_id == TENANT, images.c.petition_id == _ID)
    .values(desks=bound(images.c.desks))
)
_NUMBER = (
    sa.update(petition_events)
    .where(
        petition_events.c.community_id == TENANT,
        petition_events.c.id == _AMONG,
        audit_heads.c.community_id == TENANT,
    )
    .values(seq=audit_heads.c.seq)
)
