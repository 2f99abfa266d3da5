"""Leaving: suspend a member, end a membership, erase contact data."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT, bound
from tenants.errors import Code, Refused
from tenants.membership.procedure import END, LEAVE, RESUME, SUSPEND
from tenants.membership.service import mooting, terms
from tenants.membership.tables import member_records, members
from tenants.procedure import Move
from tenants.taking import said, take
from tenants.transaction import Row, Tx


async def suspend(tx: Tx, *, member_id: UUID, reason: str, until: datetime | None) -> UUID:
    """Suspend a member until a date or until resumed; the member is told the reason."""
    member = await tx.find(members, member_id, "memberId", permit=SUSPEND)
    words = said(SUSPEND, reason)
    if until is not None and until <= tx.now:
        raise Refused(Code.INVALID, "须在将来。Must lie in the future.", "until")

    await tx.row(
        _NOTE_SUSPENSION,
        v_id=member["id"],
        v_suspended_reason=words,
        v_suspended_until=until,
        v_suspended_by=tx.viewer.id,
    )
    await take(tx, SUSPEND, member, words=words)
    return member["id"]


async def resume(tx: Tx, *, member_id: UUID, reason: str) -> UUID:
    """Resume a suspended member."""
    member = await tx.find(members, member_id, "memberId", permit=RESUME)
    await let_back(tx, member, said(RESUME, reason))
    return member["id"]


async def let_back(tx: Tx, member: Row, reason: str | None = None) -> None:
    """End a suspension; an open appeal against it becomes moot."""
    nothing = dict.fromkeys(("v_suspended_reason", "v_suspended_until", "v_suspended_by"))
    await tx.row(_NOTE_SUSPENSION, v_id=member["id"], **nothing)
    await mooting.moot_suspension(tx, member["id"])
    await take(tx, RESUME, member, words=reason)


async def lapse_suspension(tx: Tx, member: Row) -> bool:
    """Resume a member whose suspension has expired; return whether it had."""
    record = await tx.row(_RECORD, v_id=member["id"])
    until = record["suspended_until"] if record else None
    if member["state"] != "SUSPENDED" or until is None or until > tx.now:
        return False
    await let_back(tx, member)
    return True


async def leave(tx: Tx, *, confirmed: bool) -> UUID:
    """Leave the community, or withdraw an application; the person may apply again."""
    require(confirmed)
    member = await tx.find(members, tx.viewer.id, permit=LEAVE)
    await end(tx, member, LEAVE)
    return member["id"]


def require(confirmed: bool) -> None:
    """Raise REQUIRED unless an irreversible change is confirmed."""
    if not confirmed:
        raise Refused(Code.REQUIRED, "请确认。Say that you mean it.", "confirm")


async def end(tx: Tx, member: Row, move: Move = END) -> None:
    """Bring a membership to its end: no office, no role, no standing."""
    await terms.end_all(tx, member["id"])
    await mooting.moot_suspension(tx, member["id"])
    await take(tx, move, member)


_THIS = (member_records.c.community_id == TENANT) & (
    member_records.c.id == bound(member_records.c.id)
)
_NEXT = member_records.c.version + sa.literal_column("1")
_RECORD = sa.select(member_records).where(_THIS)
_NOTE_SUSPENSION = (
    sa.update(member_records)
    .where(_THIS)
    .values(
        {
            name: bound(member_records.c[name])
            for name in ("suspended_reason", "suspended_until", "suspended_by")
        }
        # a new suspension may be appealed again
        | {"suspension_appeal_id": sa.null(), "version": _NEXT}
    )
)
_PERSONAL = (
    "household_id", "real_name", "real_name_masked", "phone", "phone_masked", "phone_index",
    "id_number", "id_number_masked", "id_number_index", "return_reason", "suspended_reason",
)  # fmt: skip
_MEMBER = bound(members.c.id, "member_id")
FORGET = (
    sa.update(member_records)
    .where(member_records.c.community_id == TENANT, member_records.c.id == _MEMBER)
    .values({name: sa.null() for name in _PERSONAL} | {"version": _NEXT}),
    sa.update(members)
    .where(members.c.community_id == TENANT, members.c.id == _MEMBER)
    .values(
        display_name=bound(members.c.display_name),
        building=sa.null(),
    ),
)
