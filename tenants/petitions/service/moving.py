"""How a petition is found and moved: every change of one goes through `move`.

It writes the row with its clocks reckoned anew, the timeline, the audit, and what may be known above.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.audit.tables import audit_heads
from tenants.calendar import later_by_pause
from tenants.columns import TENANT
from tenants.errors import Code, Refused
from tenants.images import service as images
from tenants.images.tables import MOST_ON_PETITION
from tenants.images.tables import images as image_rows
from tenants.petitions.clocks import Facts, next_due, next_look
from tenants.petitions.tables import (
    OPEN,
    EventAction,
    EventActor,
    petition_events,
    petition_facts,
    petitions,
)
from tenants.transaction import Tx

# A petition as it was locked, or as a change has left it.
Petition = Facts


async def move(
    tx: Tx,
    petition: Petition,
    action: EventAction,
    *,
    words: str | None = None,
    is_public: bool = True,
    actor: EventActor = EventActor.DESK,
    **values: Any,
) -> dict[str, Any]:
    """Change a locked petition and write down that it was; gives the row as it is now."""
    now = {**petition, **values}
    now["is_open"] = now["state"] in OPEN
    now["due_at"], now["next_at"] = next_due(now), next_look(now)
    changed = {
        name: now[name]
        for name in (*values, "is_open", "due_at", "next_at")
        if name in values or now[name] != petition[name]
    }
    if changed:
        await tx.update(petitions, petition["id"], **changed)
        # before the audit's: the head of its chain is the last that a transaction locks
        tx.at_last(_copy_facts, petition["id"])
    if "desks" in changed:
        for statement in (_SHOW_EVENTS, _SHOW_IMAGES):
            await tx.row(statement, v_id=petition["id"], v_desks=now["desks"])
    await note(tx, now, action, words=words, is_public=is_public, actor=actor)
    return now


async def reckon(tx: Tx, petition: Petition) -> None:
    """Reckon a locked petition's clocks anew: nothing happened to it, so nothing is written down."""
    due, look = next_due(petition), next_look(petition)
    await tx.update(petitions, petition["id"], due_at=due, next_at=look)
    tx.at_last(_copy_facts, petition["id"])


async def note(
    tx: Tx,
    petition: Petition,
    action: EventAction,
    *,
    words: str | None = None,
    is_public: bool = True,
    actor: EventActor = EventActor.DESK,
) -> UUID:
    """Add to the timeline, the audit and the outbox; the petition stays as it is."""
    event_id = tx.new_id()
    await tx.insert(
        petition_events,
        id=event_id,
        petition_id=petition["id"],
        district_id=petition["district_id"],
        desks=petition["desks"],
        seq=0,
        at=tx.now,
        action=action.value,
        actor_kind=actor.value,
        actor_id=tx.viewer.id,
        level=petition["level"],
        desk=petition["desk"],
        state=petition["state"],
        is_public=is_public,
        words=words,
    )
    await audit.record(tx, f"petition.{action.lower()}", subject=petition["id"])
    # after the audit has taken its numbers: the order of commits is the order of the feed
    tx.at_last(_number, event_id)
    return event_id


async def show(
    tx: Tx,
    petition: Petition,
    upload_ids: Sequence[UUID | None],
    answered_at: datetime | None = None,
) -> None:
    """Put images to a letter, or to the answer of that moment: seen by whoever sees the petition."""
    if not upload_ids:
        return
    await images.put_to(
        tx,
        upload_ids,
        "petition",
        petition["id"],
        most=MOST_ON_PETITION,
        after=0 if answered_at else len(await images.of(tx, petition["id"])),
        answered_at=answered_at,
        district_id=petition["district_id"],
        desks=petition["desks"],
    )


async def keep_facts(tx: Tx, petition: Petition) -> None:
    """Begin to keep what may be known above of a petition that was just written."""
    await tx.insert(
        petition_facts,
        id=petition["id"],
        **{name: petition[name] for name in _COPIED},
        is_imported=petition["source"] is not None,
        first_ack_due_at=petition["ack_due_at"],
    )


def later(tx: Tx, petition: Petition) -> dict[str, Any]:
    """End a pause: what was left of the clock that stood is left still."""
    due = later_by_pause(petition["resolve_due_at"], petition["paused_at"], tx.now)
    return {"paused_at": None, "resolve_due_at": due}


async def _copy_facts(tx: Tx, moved: list[UUID]) -> None:
    await tx.row(_COPY_FACTS, v_ids=moved)


async def _number(tx: Tx, events: list[UUID]) -> None:
    await tx.row(_NUMBER, v_ids=events)


def invalid(message: str, *path: str) -> Refused:
    """Refuse an input that no rule over one row can judge."""
    return Refused(Code.INVALID, message, *path)


_ID = sa.bindparam("v_id", type_=petitions.c.id.type)
_AMONG = sa.any_(sa.bindparam("v_ids", type_=sa.ARRAY(petitions.c.id.type)))
_COPIED = [
    column.name
    for column in petition_facts.c
    if column.name in petitions.c and column.name not in {"community_id", "id"}
]
_COPY_FACTS = (
    sa.update(petition_facts)
    .where(
        petition_facts.c.community_id == TENANT,
        petition_facts.c.id == _AMONG,
        petitions.c.community_id == TENANT,
        petitions.c.id == petition_facts.c.id,
    )
    .values({name: petitions.c[name] for name in _COPIED})
)
_SHOW_EVENTS = (
    sa.update(petition_events)
    .where(petition_events.c.community_id == TENANT, petition_events.c.petition_id == _ID)
    .values(desks=sa.bindparam("v_desks", type_=petition_events.c.desks.type))
)
_SHOW_IMAGES = (
    sa.update(image_rows)
    .where(image_rows.c.community_id == TENANT, image_rows.c.petition_id == _ID)
    .values(desks=sa.bindparam("v_desks", type_=image_rows.c.desks.type))
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
