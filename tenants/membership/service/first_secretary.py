"""The operator makes the first secretary of a community: nobody there can let an applicant in yet."""

from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import TENANT
from tenants.errors import Code, NotFound, Refused
from tenants.membership.offices import Office, office_terms
from tenants.membership.procedure import APPROVE, CONFIRM_IDENTITY, SUBMIT
from tenants.membership.service import joining, terms
from tenants.membership.service.real_names import InPerson
from tenants.membership.tables import members
from tenants.taking import take
from tenants.transaction import Row, Tx


async def appoint(tx: Tx, *, display_name: str, reason: str) -> UUID:
    """Let the applicant of this name in and make them secretary; return their id.

    Raise ALREADY_DONE where the community has a secretary, who appoints all others; NOT_FOUND where
    nobody of that name applied; INVALID where several did.
    """
    if await tx.row(_SECRETARY) is not None:
        raise Refused(Code.ALREADY_DONE, "已有书记。There is a secretary already.")
    found = await tx.rows(_APPLICANTS, v_display_name=display_name)
    if not found:
        raise NotFound("displayName")
    if len(found) > 1:
        raise Refused(Code.INVALID, "有几位同名。Several go by this name.", "displayName")
    member = found[0]
    if member["state"] == "APPLIED":
        await joining.identify(tx, CONFIRM_IDENTITY, member, InPerson(reason))
        member = await _again(tx, member)
    if member["state"] == "IDENTITY_OK":
        await joining.hand_in(tx, member["id"])
        await take(tx, SUBMIT, member)
        member = await _again(tx, member)
    if member["state"] == "UNDER_REVIEW":
        await joining.review(tx, member["id"], None)
        await take(tx, APPROVE, member)
        member = await _again(tx, member)
    ends_at = terms.end_of(tx, None)
    await terms.begin(tx, member, Office.PARTY_SECRETARY, ends_at=ends_at, reason=reason)
    await audit.record(tx, "role.granted", subject=member["id"], reason=reason)
    return member["id"]


async def _again(tx: Tx, member: Row) -> Row:
    """Return a member's row as it is after a step."""
    found = await tx.row(_THIS, v_id=member["id"])
    assert found is not None  # noqa: S101 # it is locked
    return found


_SECRETARY = (
    sa.select(office_terms.c.id)
    .where(
        office_terms.c.community_id == TENANT,
        office_terms.c.role == sa.literal_column(f"'{Office.PARTY_SECRETARY.value}'"),
        office_terms.c.ended_at.is_(None),
    )
    .limit(sa.literal_column("1"))
)
_THIS = sa.select(members).where(
    members.c.community_id == TENANT,
    members.c.id == sa.bindparam("v_id", type_=members.c.id.type),
)
_STATES = ("APPLIED", "IDENTITY_OK", "UNDER_REVIEW", "ACTIVE")
_APPLICANTS = (
    sa.select(members)
    .where(
        members.c.community_id == TENANT,
        members.c.display_name == sa.bindparam("v_display_name", type_=sa.Text()),
        members.c.state.in_([sa.literal_column(f"'{state}'") for state in _STATES]),
    )
    .with_for_update()
)
