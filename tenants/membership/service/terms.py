"""Terms of office: begin, end, expire.

A role lasts as long as its term, and so do its access tokens.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import NOW, TENANT
from tenants.errors import Code, Refused
from tenants.membership.offices import Office, Seat, office_terms
from tenants.membership.tables import members
from tenants.transaction import Row, Tx
from tenants.workdays import after_years

# A residents' committee, its supervisors and a Party branch are elected for five years.
YEARS = 5


def end_of(tx: Tx, ends_at: datetime | None, path: str = "endsAt") -> datetime:
    """Return the end of a term that begins now: in five years, or earlier if `ends_at` is given."""
    last = after_years(tx.now, YEARS)
    if ends_at is not None and not tx.now < ends_at <= last:
        raise Refused(
            Code.INVALID,
            f"任期须在今后{YEARS}年之内。A term ends within the next {YEARS} years.",
            path,
        )
    return ends_at or last


async def begin(
    tx: Tx,
    member: Row,
    role: Office,
    *,
    ends_at: datetime,
    reason: str | None,
    seat: Seat | None = None,
    board_id: UUID | None = None,
    declares_no_relatives: bool | None = None,
) -> None:
    """Grant a member the role of an office until `ends_at`."""
    await tx.insert(
        office_terms,
        id=tx.new_id(),
        member_id=member["id"],
        role=role.value,
        seat=seat.value if seat is not None else None,
        board_id=board_id,
        starts_at=tx.now,
        ends_at=ends_at,
        reason=reason,
        granted_by=tx.viewer.id,
        ended_at=None,
        ended_by=None,
        end_reason=None,
        declares_no_relatives=declares_no_relatives,
    )
    await _set_roles(tx, member, [*member["roles"], role.value])


async def end(tx: Tx, member: Row, role: Office, *, reason: str | None) -> None:
    """End a role early; a member without another role stays a resident."""
    # a role may be older than the terms of office: then there is no term to end
    await tx.row(
        _END, v_member_id=member["id"], v_role=role.value, v_by=tx.viewer.id, v_end_reason=reason
    )
    await _set_roles(tx, member, [held for held in member["roles"] if held != role])


async def end_all(tx: Tx, member_id: UUID) -> None:
    """End every term of a member who leaves; the caller removes the roles."""
    await tx.row(_END_ALL, v_member_id=member_id, v_by=tx.viewer.id)


async def lapse(tx: Tx, member: Row) -> bool:
    """Remove the roles whose terms have expired; return whether there were any."""
    run_out = [row["role"] for row in await tx.rows(_LAPSE, v_member_id=member["id"])]
    if not run_out:
        return False
    await _set_roles(tx, member, [held for held in member["roles"] if held not in run_out])
    for _ in run_out:
        await audit.record(tx, "role.lapsed", subject=member["id"])
    return True


async def first_end(tx: Tx, member_id: UUID) -> datetime | None:
    """Return when the next of a member's terms ends, or None."""
    row = await tx.row(_FIRST_END, v_member_id=member_id)
    return row["ends_at"] if row is not None else None


async def _set_roles(tx: Tx, member: Row, roles: list[str]) -> None:
    version = member["permission_version"] + 1
    roles = roles or ["RESIDENT"]
    await tx.update(members, member["id"], roles=roles, permission_version=version)


def _bound(name: str, column: str) -> sa.BindParameter[object]:
    return sa.bindparam(f"v_{name}", type_=office_terms.c[column].type)


_OF_MEMBER = (office_terms.c.community_id == TENANT) & (
    office_terms.c.member_id == _bound("member_id", "member_id")
)
_LIVE = _OF_MEMBER & office_terms.c.ended_at.is_(None)
_ENDING = (
    sa.update(office_terms).where(_LIVE).values(ended_at=NOW, ended_by=_bound("by", "ended_by"))
)
_END = _ENDING.where(office_terms.c.role == _bound("role", "role")).values(
    end_reason=_bound("end_reason", "end_reason")
)
_END_ALL = _ENDING
_LAPSE = (
    sa.update(office_terms)
    .where(_LIVE, office_terms.c.ends_at <= NOW)
    .values(ended_at=office_terms.c.ends_at)
    .returning(office_terms.c.role)
)
_FIRST_END = (
    sa.select(office_terms.c.ends_at).where(_LIVE).order_by(office_terms.c.ends_at).limit(1)
)
# the reasons of a member's terms; the terms stay
FORGET = sa.update(office_terms).where(_OF_MEMBER).values(reason=sa.null(), end_reason=sa.null())
