"""The verbs of supervision: an officer's are done inside the community, as of petitions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.acting import acting
from tenants.columns import DESK, TENANT
from tenants.errors import Code, Refused
from tenants.membership.policy import is_viewers_person
from tenants.petitions.service.moving import note
from tenants.petitions.tables import EventAction, petition_facts, petitions
from tenants.policy import OWN_CASE
from tenants.statements import Lock
from tenants.supervision.policy import ACCEPT, ACKNOWLEDGE, FIND, ISSUE, REPORT, RETURN, is_open
from tenants.supervision.tables import (
    WORDS_LENGTH,
    SupervisionState,
    supervision_orders,
    supervision_steps,
)
from tenants.text import written
from tenants.transaction import Row, Tx


async def issue(tx: Tx, *, case_id: UUID | None, words: str, due_at: datetime, key: str) -> UUID:
    """Demand of the desk that has an overdue case that it deal with it by a day, and report."""
    words = written(words, WORDS_LENGTH, "words")
    seen = await tx.find(petition_facts, case_id, "caseId", permit=FIND, lock=Lock.NONE)
    async with tx.act_in(seen["community_id"]) as inside:
        claim = await audit.once(
            inside, "supervision.issued", key, tx.viewer.desk, seen["id"], words, due_at
        )
        if claim.done:
            return claim.done
        # the district's own view says whether it may be; whoever moves the petition waits
        petition = await inside.row(_PETITION, v_id=seen["id"])
        assert petition is not None  # noqa: S101 # a fact is of a petition
        await tx.find(petition_facts, case_id, "caseId", permit=ISSUE, lock=Lock.NONE)
        if petition["is_own"]:
            raise Refused(Code.FORBIDDEN, OWN_CASE)
        if await inside.row(_OPEN, v_petition_id=petition["id"]) is not None:
            raise Refused(Code.ALREADY_DONE, "已督办。One of yours is not ended yet.", "caseId")
        if due_at <= inside.now:
            raise Refused(Code.INVALID, "须在将来。It must lie ahead.", "dueAt")
        order: dict[str, Any] = {
            "id": inside.new_id(),
            "petition_id": petition["id"],
            "district_id": petition["district_id"],
            "issuing_desk": tx.viewer.desk,
            "addressed_desk": petition["desk"],
            "desks": [tx.viewer.desk, *([petition["desk"]] if petition["desk"] else [])],
            "issued_by": tx.viewer.id,
            "issued_at": inside.now,
            "words": words,
            "due_at": due_at,
            "state": SupervisionState.ISSUED.value,
            "version": 1,
        }
        await inside.insert(supervision_orders, **order)
        await audit.keep(inside, claim, order["id"])
        await _step(inside, order, SupervisionState.ISSUED, words)
        # told to whoever sees the petition, its author first: that, and not what is demanded
        await note(inside, petition, EventAction.SUPERVISED)
    return order["id"]


async def acknowledge(tx: Tx, *, order_id: UUID | None) -> UUID:
    """Say that the order has arrived."""
    async with acting(tx, supervision_orders, order_id, "orderId", permit=ACKNOWLEDGE) as (
        inside,
        order,
    ):
        await _move(inside, order, SupervisionState.ACKED, None, acked_at=inside.now)
    return order["id"]


async def report(tx: Tx, *, order_id: UUID | None, words: str) -> UUID:
    """Report what was done."""
    words = written(words, WORDS_LENGTH, "words")
    async with acting(tx, supervision_orders, order_id, "orderId", permit=REPORT) as (
        inside,
        order,
    ):
        await _move(
            inside, order, SupervisionState.REPORTED, words, report=words, reported_at=inside.now
        )
    return order["id"]


async def accept(tx: Tx, *, order_id: UUID | None) -> UUID:
    """Accept the report: the order is ended."""
    async with acting(tx, supervision_orders, order_id, "orderId", permit=ACCEPT) as (
        inside,
        order,
    ):
        await _move(inside, order, SupervisionState.ACCEPTED, None, accepted_at=inside.now)
    return order["id"]


async def send_back(tx: Tx, *, order_id: UUID | None, reason: str) -> UUID:
    """Return the report with a reason; another is owed."""
    reason = written(reason, WORDS_LENGTH, "reason")
    async with acting(tx, supervision_orders, order_id, "orderId", permit=RETURN) as (
        inside,
        order,
    ):
        await _move(
            inside, order, SupervisionState.RETURNED, reason,
            return_reason=reason, returned_at=inside.now,
        )  # fmt: skip
    return order["id"]


async def _move(
    tx: Tx, order: Row, state: SupervisionState, words: str | None, **values: Any
) -> None:
    await tx.update(supervision_orders, order["id"], state=state.value, **values)
    await _step(tx, order, state, words)


async def _step(
    tx: Tx, order: Row | dict[str, Any], state: SupervisionState, words: str | None
) -> None:
    """Write down what was done: for the desks, the audit, and whoever is to be told."""
    await tx.insert(
        supervision_steps,
        id=tx.new_id(),
        order_id=order["id"],
        district_id=order["district_id"],
        desks=order["desks"],
        at=tx.now,
        state=state.value,
        actor_id=tx.viewer.id,
        words=words,
    )
    await audit.record(tx, f"supervision.{state.lower()}", subject=order["id"])


_ID = sa.bindparam("v_id", type_=petitions.c.id.type)
_PETITION = (
    sa.select(petitions, is_viewers_person(petitions.c.author_id).label("is_own"))
    .where(petitions.c.community_id == TENANT, petitions.c.id == _ID)
    .with_for_update(key_share=True)
)
_OPEN = sa.select(supervision_orders.c.id).where(
    supervision_orders.c.community_id == TENANT,
    supervision_orders.c.petition_id == sa.bindparam("v_petition_id", type_=petitions.c.id.type),
    supervision_orders.c.issuing_desk == DESK,
    is_open,
)
