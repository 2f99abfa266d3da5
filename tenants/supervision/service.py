"""The verbs of supervision: an officer's are done inside the community, as of petitions."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import DESK, TENANT
from tenants.db import Row, Tx
from tenants.errors import Code, Refused
from tenants.membership.service.appointing import person_of_officer, refuse_own
from tenants.membership.tables import members
from tenants.petitions.service.moving import note
from tenants.petitions.tables import EventAction, petition_facts, petitions
from tenants.policy import Rule
from tenants.statements import Lock
from tenants.supervision.policy import ACCEPT, ACKNOWLEDGE, FIND, ISSUE, REPORT, RETURN, is_open
from tenants.supervision.tables import (
    WORDS_LENGTH,
    SupervisionState,
    supervision_orders,
    supervision_steps,
)
from tenants.text import written
from tenants.viewer import Principal


async def issue(tx: Tx, *, case_id: UUID | None, words: str, due_at: datetime, key: str) -> UUID:
    """Demand of the desk that has an overdue case that it deal with it by a day, and report."""
    words = written(words, WORDS_LENGTH, "words")
    seen = await tx.find(petition_facts, case_id, "caseId", permit=FIND, lock=Lock.NONE)
    me = await person_of_officer(tx, tx.viewer.id)
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
        refuse_own(await inside.row(_MEMBER, v_id=petition["author_id"]), me)
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
    async with _at_order(tx, order_id, ACKNOWLEDGE) as (inside, order):
        await _move(inside, order, SupervisionState.ACKED, None, acked_at=inside.now)
    return order["id"]


async def report(tx: Tx, *, order_id: UUID | None, words: str) -> UUID:
    """Report what was done."""
    words = written(words, WORDS_LENGTH, "words")
    async with _at_order(tx, order_id, REPORT) as (inside, order):
        await _move(
            inside, order, SupervisionState.REPORTED, words, report=words, reported_at=inside.now
        )
    return order["id"]


async def accept(tx: Tx, *, order_id: UUID | None) -> UUID:
    """Accept the report: the order is ended."""
    async with _at_order(tx, order_id, ACCEPT) as (inside, order):
        await _move(inside, order, SupervisionState.ACCEPTED, None, accepted_at=inside.now)
    return order["id"]


async def send_back(tx: Tx, *, order_id: UUID | None, reason: str) -> UUID:
    """Return the report with a reason; another is owed."""
    reason = written(reason, WORDS_LENGTH, "reason")
    async with _at_order(tx, order_id, RETURN) as (inside, order):
        await _move(
            inside, order, SupervisionState.RETURNED, reason,
            return_reason=reason, returned_at=inside.now,
        )  # fmt: skip
    return order["id"]


@asynccontextmanager
async def _at_order(tx: Tx, order_id: UUID | None, permit: Rule) -> AsyncGenerator[tuple[Tx, Row]]:
    """Find an order for one of its desks' people, and act inside its community."""
    if tx.principal is Principal.COMMUNITY:
        yield tx, await tx.find(supervision_orders, order_id, "orderId", permit=permit)
        return
    seen = await tx.find(supervision_orders, order_id, "orderId", permit=permit, lock=Lock.NONE)
    me = await person_of_officer(tx, tx.viewer.id)
    async with tx.act_in(seen["community_id"]) as inside:
        order = await inside.find(supervision_orders, order_id, "orderId", permit=permit)
        refuse_own(await inside.row(_AUTHOR, v_id=order["petition_id"]), me)
        yield inside, order


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
    sa.select(petitions)
    .where(petitions.c.community_id == TENANT, petitions.c.id == _ID)
    .with_for_update(key_share=True)
)
_MEMBER = sa.select(members).where(members.c.community_id == TENANT, members.c.id == _ID)
_AUTHOR = (
    sa.select(members)
    .join(
        petitions,
        (petitions.c.community_id == TENANT) & (petitions.c.author_id == members.c.id),
    )
    .where(members.c.community_id == TENANT, petitions.c.id == _ID)
)
_OPEN = sa.select(supervision_orders.c.id).where(
    supervision_orders.c.community_id == TENANT,
    supervision_orders.c.petition_id == sa.bindparam("v_petition_id", type_=petitions.c.id.type),
    supervision_orders.c.issuing_desk == DESK,
    is_open,
)
