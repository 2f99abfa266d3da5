"""Secretaries appointed and removed from above: one officer proposes, another confirms.

Officers are authorised in the district's own view and act inside the community (tenants.acting).
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.acting import acting
from tenants.columns import TENANT, bound
from tenants.errors import Code, Refused
from tenants.membership.appointments import (
    CHANGE_SECRETARY,
    CONFIRM_APPOINTMENT,
    PROPOSE,
)
from tenants.membership.offices import AppointmentAction, Office, appointments
from tenants.membership.service import terms
from tenants.membership.tables import members
from tenants.places.tables import REASON_LENGTH, communities
from tenants.statements import Lock
from tenants.taking import begin, on_row, take
from tenants.text import written
from tenants.transaction import Tx, unless_taken


async def propose(
    tx: Tx,
    *,
    community_id: UUID,
    member_id: UUID,
    action: AppointmentAction,
    ends_at: datetime | None,
    reason: str,
) -> UUID:
    """Propose that a member become secretary, or no longer be; nothing changes until confirmed."""
    async with acting(
        tx, communities, community_id, "communityId", permit=PROPOSE, lock=Lock.NONE
    ) as (inside, place):
        member = await inside.find(members, member_id, "memberId", permit=CHANGE_SECRETARY[action])
        reason = written(reason, REASON_LENGTH, "reason")
        ends_at = _term(inside, action, ends_at)
        waits = "对此人已有待定的提议。A proposal about them waits already."
        async with unless_taken(inside, waits, "memberId"):
            appointment = await begin(
                inside, PROPOSE, words=reason,
                district_id=place["district_id"], street_id=place["street_id"],
                member_id=member["id"], display_name=member["display_name"],
                action=action.value, ends_at=ends_at,
            )  # fmt: skip
    return appointment["id"]


async def confirm(tx: Tx, *, appointment_id: UUID) -> UUID:
    """Carry out what another officer proposed."""
    async with on_row(tx, CONFIRM_APPOINTMENT, appointment_id) as (inside, appointment):
        action, ends_at = AppointmentAction(appointment["action"]), appointment["ends_at"]
        member = await inside.find(
            members, appointment["member_id"], "appointmentId", permit=CHANGE_SECRETARY[action]
        )
        reason, office = appointment["reason"], Office.PARTY_SECRETARY
        if ends_at is not None and ends_at <= inside.now:
            raise Refused(
                Code.WRONG_STATE, "所提任期已过。The proposed term is over.", "appointmentId"
            )
        await take(inside, CONFIRM_APPOINTMENT, appointment)
        if ends_at is not None:
            await terms.begin(inside, member, office, ends_at=ends_at, reason=reason)
        else:
            await terms.end(inside, member, office, reason=reason)
    return appointment["id"]


def _term(tx: Tx, action: AppointmentAction, ends_at: datetime | None) -> datetime | None:
    if action is AppointmentAction.APPOINT:
        return terms.end_of(tx, ends_at)
    if ends_at is not None:
        raise Refused(Code.INVALID, "仅用于任命。For an appointment only.", "endsAt")
    return None


_ID = bound(appointments.c.id, "member_id")
_ABOUT = (appointments.c.community_id == TENANT) & (appointments.c.member_id == _ID)
# what was written of a member
FORGET = (
    sa.update(appointments)
    .where(_ABOUT)
    .values(
        display_name=bound(appointments.c.display_name),
        reason=sa.null(),
        decision_reason=sa.null(),
        version=appointments.c.version + sa.literal_column("1"),
    )
)
