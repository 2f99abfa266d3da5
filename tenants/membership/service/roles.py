"""Grant and revoke roles. Each change raises the permission version: earlier access tokens end."""

from datetime import datetime
from uuid import UUID

from tenants import audit
from tenants.errors import Code, Refused
from tenants.membership.offices import GrantableRole, Office, Seat
from tenants.membership.policy import GRANT_ROLE, REVOKE_ROLE
from tenants.membership.service import terms
from tenants.membership.tables import members
from tenants.places.tables import REASON_LENGTH
from tenants.text import written
from tenants.transaction import Tx


async def grant_role(
    tx: Tx,
    *,
    member_id: UUID,
    role: GrantableRole,
    ends_at: datetime | None,
    reason: str,
    seat: Seat | None,
    board_id: UUID | None,
    declares_no_relatives: bool = False,
) -> UUID:
    """Grant a member an office of the community, until a date within the next five years.

    Raises REQUIRED for a supervisor who has not declared that no near relative is of the committee.
    """
    member = await tx.find(members, member_id, "memberId", permit=GRANT_ROLE[role])
    reason = written(reason, REASON_LENGTH, "reason")
    ends_at = terms.end_of(tx, ends_at)
    for name, given in (("seat", seat), ("boardId", board_id)):
        _hold_to(role, name, given)
    is_supervisor = role is GrantableRole.SUPERVISOR
    if is_supervisor and not declares_no_relatives:
        raise Refused(
            Code.REQUIRED,
            "须声明与居（村）委会成员不是近亲属（城市居民委员会组织法第36条、村民委员会组织法第37条）。\n"
            "A supervisor declares that no near relative is of the committee.",
            "declaresNoRelatives",
        )

    await terms.begin(
        tx, member, Office(role), ends_at=ends_at, reason=reason, seat=seat, board_id=board_id,
        declares_no_relatives=True if is_supervisor else None,
    )  # fmt: skip
    await audit.record(tx, "role.granted", subject=member["id"], reason=reason)
    return member["id"]


async def revoke_role(tx: Tx, *, member_id: UUID, role: GrantableRole, reason: str) -> UUID:
    """Revoke such an office early; a member without another role stays a resident."""
    member = await tx.find(members, member_id, "memberId", permit=REVOKE_ROLE[role])
    reason = written(reason, REASON_LENGTH, "reason")

    await terms.end(tx, member, Office(role), reason=reason)
    await audit.record(tx, "role.revoked", subject=member["id"], reason=reason)
    return member["id"]


def _hold_to(role: GrantableRole, name: str, given: object) -> None:
    """Require the holder and board of a seat, and reject them for other roles."""
    if role is GrantableRole.SEAT and given is None:
        raise Refused(Code.REQUIRED, "席位须指明。A seat must say this.", name)
    if role is not GrantableRole.SEAT and given is not None:
        raise Refused(Code.INVALID, "仅用于席位。For a seat only.", name)
