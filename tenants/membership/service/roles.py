"""Roles given and taken. Each change raises the permission version: old tokens end at once."""

from uuid import UUID

from tenants import audit
from tenants.db import Row, Tx
from tenants.membership.policy import GRANT_ROLE, REVOKE_ROLE
from tenants.membership.tables import members
from tenants.places.tables import REASON_LENGTH
from tenants.text import written


async def grant_role(tx: Tx, *, member_id: UUID | None, reason: str) -> UUID:
    """Make a resident a committee member."""
    member = await tx.find(members, member_id, "memberId", permit=GRANT_ROLE)
    reason = written(reason, REASON_LENGTH, "reason")

    await _set_roles(tx, member, [*member["roles"], "COMMITTEE_MEMBER"])
    await audit.record(tx, "role.granted", subject=member["id"], reason=reason)
    return member["id"]


async def revoke_role(tx: Tx, *, member_id: UUID | None, reason: str) -> UUID:
    """Take a committee member's role away; whoever holds no other stays a resident."""
    member = await tx.find(members, member_id, "memberId", permit=REVOKE_ROLE)
    reason = written(reason, REASON_LENGTH, "reason")

    roles = [role for role in member["roles"] if role != "COMMITTEE_MEMBER"] or ["RESIDENT"]
    await _set_roles(tx, member, roles)
    await audit.record(tx, "role.revoked", subject=member["id"], reason=reason)
    return member["id"]


async def _set_roles(tx: Tx, member: Row, roles: list[str]) -> None:
    version = member["permission_version"] + 1
    await tx.update(members, member["id"], roles=roles, permission_version=version)
