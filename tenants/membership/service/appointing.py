"""Secretaries appointed and removed from above: one officer proposes, another confirms.

Officers are authorised in the district's own view and act inside the community (Tx.act_in).
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import DISTRICT, TENANT
from tenants.db import Row, Tx
from tenants.errors import Code, Refused
from tenants.membership.offices import (
    AppointmentAction,
    AppointmentState,
    Office,
    appointments,
)
from tenants.membership.policy import (
    CHANGE_SECRETARY,
    CONFIRM_APPOINTMENT,
    DECLINE_APPOINTMENT,
    PROPOSE,
)
from tenants.membership.service import terms
from tenants.membership.tables import members, officers
from tenants.places.tables import REASON_LENGTH, communities
from tenants.policy import Rule
from tenants.statements import Lock
from tenants.text import written


async def propose(
    tx: Tx,
    *,
    community_id: UUID | None,
    member_id: UUID | None,
    action: AppointmentAction,
    until: datetime | None,
    reason: str,
) -> UUID:
    """Propose that a member become secretary, or no longer be; nothing changes until confirmed."""
    place = await tx.find(communities, community_id, "communityId", permit=PROPOSE, lock=Lock.NONE)
    me = await person_of_officer(tx, tx.viewer.id)
    async with tx.act_in(place["community_id"]) as inside:
        member = await inside.find(members, member_id, "memberId", permit=CHANGE_SECRETARY[action])
        refuse_own(member, me)
        reason = written(reason, REASON_LENGTH, "reason")
        ends_at = _term(inside, action, until)
        # asked once the member is locked: two at once are one after the other
        if await inside.row(_OPEN, v_id=member["id"]) is not None:
            raise Refused(
                Code.ALREADY_DONE,
                "对此人已有待定的提议。A proposal about them waits already.",
                "memberId",
            )

        appointment_id = inside.new_id()
        await inside.insert(
            appointments,
            id=appointment_id,
            district_id=place["district_id"],
            street_id=place["street_id"],
            member_id=member["id"],
            display_name=member["display_name"],
            action=action.value,
            ends_at=ends_at,
            reason=reason,
            state=AppointmentState.PROPOSED.value,
            proposed_by=inside.viewer.id,
            proposed_at=inside.now,
            decided_by=None,
            decided_at=None,
            decision_reason=None,
            version=1,
        )
        await audit.record(inside, "appointment.proposed", subject=member["id"], reason=reason)
    return appointment_id


async def confirm(tx: Tx, *, appointment_id: UUID | None) -> UUID:
    """Carry out what another officer proposed."""
    seen = await _seen(tx, appointment_id, CONFIRM_APPOINTMENT)
    me = await person_of_officer(tx, tx.viewer.id)
    if me == await person_of_officer(tx, seen["proposed_by"]):
        # one person, officer of a district and of a street
        raise Refused(Code.FORBIDDEN, "不能确认自己的提议。Not what you proposed yourself.")
    async with tx.act_in(seen["community_id"]) as inside:
        appointment = await inside.find(
            appointments, appointment_id, "appointmentId", permit=CONFIRM_APPOINTMENT
        )
        action = AppointmentAction(appointment["action"])
        member = await inside.find(
            members, appointment["member_id"], "appointmentId", permit=CHANGE_SECRETARY[action]
        )
        refuse_own(member, me)
        reason = appointment["reason"]
        is_appointed = action is AppointmentAction.APPOINT
        if is_appointed and appointment["ends_at"] <= inside.now:
            raise Refused(
                Code.WRONG_STATE, "所提任期已过。The proposed term is over.", "appointmentId"
            )

        await _decide(inside, appointment, AppointmentState.CONFIRMED, None)
        office = Office.PARTY_SECRETARY
        if is_appointed:
            ends_at = appointment["ends_at"]
            await terms.begin(inside, member, office, ends_at=ends_at, reason=reason)
        else:
            await terms.end(inside, member, office, reason=reason)
        await audit.record(inside, "appointment.confirmed", subject=member["id"], reason=reason)
    return appointment["id"]


async def decline(tx: Tx, *, appointment_id: UUID | None, reason: str) -> UUID:
    """Turn a proposal down, or take one's own back."""
    seen = await _seen(tx, appointment_id, DECLINE_APPOINTMENT)
    me = await person_of_officer(tx, tx.viewer.id)
    async with tx.act_in(seen["community_id"]) as inside:
        appointment = await inside.find(
            appointments, appointment_id, "appointmentId", permit=DECLINE_APPOINTMENT
        )
        # the member may be gone since
        refuse_own(await inside.row(_MEMBER, v_id=appointment["member_id"]), me)
        reason = written(reason, REASON_LENGTH, "reason")

        await _decide(inside, appointment, AppointmentState.DECLINED, reason)
        await audit.record(
            inside, "appointment.declined", subject=appointment["member_id"], reason=reason
        )
    return appointment["id"]


async def forget(tx: Tx, member_id: UUID, name: str) -> None:
    """Erase what was written of a member, who goes by another name from now on."""
    await tx.row(_FORGET, v_id=member_id, v_display_name=name)


async def _seen(tx: Tx, appointment_id: UUID | None, permit: Rule) -> Row:
    """Authorise the officer in the district's own view; the act then locks the row inside."""
    return await tx.find(
        appointments, appointment_id, "appointmentId", permit=permit, lock=Lock.NONE
    )


async def person_of_officer(tx: Tx, officer_id: UUID) -> UUID | None:
    """Say which person an officer of this district is."""
    row = await tx.row(_PERSON, v_id=officer_id)
    return row["person_id"] if row is not None else None


def refuse_own(member: Row | None, person: UUID | None) -> None:
    """Refuse an officer who is that very member."""
    if member is not None and member["person_id"] == person:
        raise Refused(Code.FORBIDDEN, "不能经办自己的事。Not in your own case.")


def _term(tx: Tx, action: AppointmentAction, until: datetime | None) -> datetime | None:
    if action is AppointmentAction.APPOINT:
        return terms.end_of(tx, until)
    if until is not None:
        raise Refused(Code.INVALID, "仅用于任命。For an appointment only.", "until")
    return None


async def _decide(tx: Tx, appointment: Row, state: AppointmentState, reason: str | None) -> None:
    await tx.update(
        appointments,
        appointment["id"],
        state=state.value,
        decided_by=tx.viewer.id,
        decided_at=tx.now,
        decision_reason=reason,
    )


_ID = sa.bindparam("v_id", type_=appointments.c.id.type)
_ABOUT = (appointments.c.community_id == TENANT) & (appointments.c.member_id == _ID)
_OPEN = sa.select(appointments.c.id).where(_ABOUT, appointments.c.state == "PROPOSED")
_PERSON = sa.select(officers.c.person_id).where(
    officers.c.district_id == DISTRICT, officers.c.id == _ID
)
_MEMBER = sa.select(members.c.person_id).where(
    members.c.community_id == TENANT, members.c.id == _ID
)
_FORGET = (
    sa.update(appointments)
    .where(_ABOUT)
    .values(
        display_name=sa.bindparam("v_display_name", type_=appointments.c.display_name.type),
        reason=sa.null(),
        decision_reason=sa.null(),
        version=appointments.c.version + sa.literal_column("1"),
    )
)
