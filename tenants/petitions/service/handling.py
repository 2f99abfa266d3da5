"""A desk handles a petition until it is answered; the first receiver leads (首接负责)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tenants import audit
from tenants.catalogue.tables import Urgency
from tenants.duty.service import on_duty
from tenants.errors import Code, Refused
from tenants.membership.tables import members
from tenants.petitions.changes import assigned, dispatched, risen
from tenants.petitions.clocks import resolve_due
from tenants.petitions.policy import ASSIGN_TO_DEPARTMENT, ASSIGN_TO_MEMBER
from tenants.petitions.service.limits import limit_of
from tenants.petitions.service.moving import invalid
from tenants.petitions.steps import ACCEPT, ASSIGN, ESCALATE, EXTEND, NOTE, REFUSE
from tenants.petitions.tables import ROUTE_LENGTH
from tenants.petitions.words import RefusalCode
from tenants.places.tables import departments
from tenants.procedure import Facts, Move
from tenants.statements import Lock
from tenants.taking import note, on_row, said, take
from tenants.text import written
from tenants.transaction import Row, Tx
from tenants.workdays import later_by_working_days

MOST_ASSISTING = 5
_LONGEST_EXTENSION_DAYS = 15


async def accept(tx: Tx, *, petition_id: UUID, urgency: Urgency | None, note: str | None) -> UUID:
    """Take a petition on; another urgency gives it the limits of that one, from when it was sent."""
    async with on_row(tx, ACCEPT, petition_id) as (inside, petition):
        values: dict[str, Any] = {}
        if urgency is not None and urgency != petition["urgency"]:
            limit = await limit_of(inside, urgency, petition["submitted_at"])
            values = {
                "urgency": urgency.value,
                "resolve_due_at": resolve_due(limit, petition["submitted_at"]),
                "rise_hours": limit["rise_hours"],
            }
        # somebody has read it now
        await take(inside, ACCEPT, petition, words=said(ACCEPT, note), is_listed=True, **values)
    return petition["id"]


async def refuse(
    tx: Tx, *, petition_id: UUID, code: RefusalCode, reason: str, legal_route: str | None
) -> UUID:
    """Decline to take it on, with the reason and the route that is open instead."""
    words = said(REFUSE, reason)
    if code in (RefusalCode.EMERGENCY, RefusalCode.OTHER_LEGAL_ROUTE):
        legal_route = written(legal_route or "", ROUTE_LENGTH, "legalRoute")
    else:
        legal_route = written(legal_route, ROUTE_LENGTH, "legalRoute") if legal_route else None
    async with on_row(tx, REFUSE, petition_id) as (inside, petition):
        await take(
            inside,
            REFUSE,
            petition,
            words=words,
            refusal_code=code.value,
            legal_route=legal_route,
        )
    return petition["id"]


async def assign(
    tx: Tx,
    *,
    petition_id: UUID,
    handler_id: UUID | None,
    department_id: UUID | None,
    assisting_ids: Sequence[UUID],
    note: str | None,
) -> UUID:
    """Give it to somebody: at the community to one of the staff, above it to a department.

    With nobody named, the staff member on duty gets it, or whoever assigns. Assisting departments
    may read it and add notes; the lead answers.
    """
    if len(assisting_ids) > MOST_ASSISTING:
        raise Refused(
            Code.TOO_LONG, f"最多 {MOST_ASSISTING} 个。At most {MOST_ASSISTING}.", "assistingIds"
        )
    lead, assisting = await _departments(tx, department_id, assisting_ids)
    async with on_row(tx, ASSIGN, petition_id) as (inside, petition):
        to = (
            await _to_member(inside, handler_id, lead or assisting)
            if petition["desk"] == 0
            else _to_department(petition, tx.viewer.desk, handler_id, lead, assisting)
        )
        values = assigned(petition, inside.now, **to)
        await take(inside, ASSIGN, petition, words=said(ASSIGN, note), **values)
    return petition["id"]


async def extend(tx: Tx, *, petition_id: UUID, due_at: datetime, reason: str) -> UUID:
    """Put off the day by which it is to be resolved: once, with a reason told to the author."""
    words = said(EXTEND, reason)
    async with on_row(tx, EXTEND, petition_id) as (inside, petition):
        due = petition["resolve_due_at"]
        if not due < due_at <= later_by_working_days(due, _LONGEST_EXTENSION_DAYS):
            raise invalid(
                f"须晚于现期限，至多延 {_LONGEST_EXTENSION_DAYS} 个工作日。"
                f"Later than now, by {_LONGEST_EXTENSION_DAYS} working days at most.",
                "dueAt",
            )
        await take(inside, EXTEND, petition, words=words, resolve_due_at=due_at)
    return petition["id"]


async def escalate(tx: Tx, *, petition_id: UUID, reason: str) -> UUID:
    """Report it to the level above (上报), which must acknowledge it within the same time."""
    words = said(ESCALATE, reason)
    async with on_row(tx, ESCALATE, petition_id) as (inside, petition):
        await rise(inside, ESCALATE, petition, words)
    return petition["id"]


async def rise(tx: Tx, move: Move, petition: Facts, words: str | None = None) -> dict[str, Any]:
    """Take a petition to the desk above, whose clock of acknowledgement begins now."""
    limit = await limit_of(tx, petition["urgency"], tx.now)
    return await take(tx, move, petition, words=words, **risen(petition, limit, tx.now))


async def add_note(tx: Tx, *, petition_id: UUID, body: str, is_public: bool, key: str) -> UUID:
    """Add to the timeline: for everyone who sees the petition, or for the desks alone."""
    kept = said(NOTE, body)
    async with on_row(tx, NOTE, petition_id) as (inside, petition):
        claim = await audit.once(inside, "petition.noted", key, petition["id"], kept, is_public)
        if not claim.done:
            added = await note(inside, NOTE, petition, kept, is_public=is_public)
            await audit.keep(inside, claim, added)
    return petition["id"]


async def _to_member(tx: Tx, handler_id: UUID | None, departments_named: object) -> dict[str, Any]:
    if departments_named:
        raise invalid("社区只派给居委成员。At the community: to one of its staff.", "departmentId")
    if handler_id is not None:
        found = await tx.find(
            members, handler_id, "handlerId", permit=ASSIGN_TO_MEMBER, lock=Lock.SHARE
        )
        chosen = found["id"]
    else:
        chosen = await on_duty(tx) or tx.viewer.id
    return {"desk": 0, "handler_id": chosen}


async def _departments(
    tx: Tx, lead_id: UUID | None, assisting_ids: Sequence[UUID]
) -> tuple[Row | None, list[Row]]:
    lead = None
    if lead_id is not None:
        lead = await tx.find(
            departments, lead_id, "departmentId", permit=ASSIGN_TO_DEPARTMENT, lock=Lock.NONE
        )
    assisting = [
        await tx.find(
            departments, each, "assistingIds", permit=ASSIGN_TO_DEPARTMENT, lock=Lock.NONE
        )
        for each in assisting_ids
    ]
    return lead, assisting


def _to_department(
    petition: Row, desk: int, handler_id: UUID | None, lead: Row | None, assisting: list[Row]
) -> dict[str, Any]:
    if handler_id is not None:
        raise invalid("街镇和区派给部门。Above the community: to a department.", "handlerId")
    if lead is not None and desk not in (
        lead["street_id"],
        lead["district_id"] if not lead["street_id"] else 0,
    ):
        raise invalid("不是您这一级的部门。Not a department of your level.", "departmentId")
    return dispatched(petition, desk, lead, assisting)
