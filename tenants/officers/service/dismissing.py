"""Dismiss officers: one admin dismisses a handler, and two who ask the same dismiss an admin."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import DISTRICT, NOW, VIEWER, bound
from tenants.errors import Code, Refused
from tenants.membership.service import serving
from tenants.membership.tables import OfficerRole, OfficerState, officers
from tenants.officers.policy import ASKED_FOR_DAYS, DISMISS_OFFICER
from tenants.officers.service.inviting import person_of
from tenants.places.tables import REASON_LENGTH
from tenants.text import written
from tenants.transaction import Row, Tx


async def dismiss(tx: Tx, *, officer_id: UUID, reason: str) -> tuple[UUID, bool]:
    """Have an officer serve no longer, or ask for it; says whether they are dismissed."""
    officer = await tx.find(officers, officer_id, "officerId", permit=DISMISS_OFFICER)
    if officer["person_id"] == tx.person:
        raise Refused(Code.FORBIDDEN, "不能经办自己的事。Not in your own case.")
    reason = written(reason, REASON_LENGTH, "reason")

    if officer["roles"] == [OfficerRole.DISTRICT_ADMIN] and not await _is_asked(tx, officer):
        await tx.row(_ASK, v_id=officer["id"])
        await audit.record_above(
            tx,
            "officer.dismissal_requested",
            subject=officer["id"],
            street_id=officer["street_id"],
            reason=reason,
        )
        return officer["id"], False
    await serving.end(tx, officer, OfficerState.DISMISSED, at=tx.now, reason=reason)
    return officer["id"], True


async def _is_asked(tx: Tx, officer: Row) -> bool:
    """Say whether another person asked for it lately."""
    at = officer["dismissal_asked_at"]
    if at is None or at <= tx.now - timedelta(days=ASKED_FOR_DAYS):
        return False
    if await person_of(tx, officer["dismissal_asked_by"]) == tx.person:
        # one person, officer of a district and of a street
        raise Refused(
            Code.FORBIDDEN, "须由另一位管理员同意。Another than who asked must ask the same."
        )
    return True


_ASK = (
    sa.update(officers)
    .where(
        officers.c.district_id == DISTRICT,
        officers.c.id == bound(officers.c.id),
    )
    .values(dismissal_asked_by=VIEWER, dismissal_asked_at=NOW)
)
