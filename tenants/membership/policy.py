"""Who sees members and what is kept about them, and who lets them in, gives roles, sends them away."""

from dataclasses import dataclass

import sqlalchemy as sa

from tenants.columns import (
    DISTRICT,
    IS_SECRETARY,
    IS_STAFF,
    MEMBERS_SEEN,
    TENANT,
    VIEWER,
    among,
)
from tenants.db import standing
from tenants.errors import Code
from tenants.membership.tables import (
    consents,
    households,
    join_codes,
    member_records,
    members,
    officers,
)
from tenants.places.tables import communities
from tenants.policy import Condition, protect, rule
from tenants.scopes import Scope
from tenants.viewer import Principal

_IS_SELF = members.c.id == VIEWER
# A member who moved away or is suspended is no longer shown; what they wrote stays, unsigned.
protect(members, community=(members.c.state == sa.any_(MEMBERS_SEEN)) | _IS_SELF, guest=_IS_SELF)
_IS_OWN_RECORD = member_records.c.id == VIEWER
protect(member_records, community=IS_STAFF | _IS_OWN_RECORD, guest=_IS_OWN_RECORD)
# A household is reached through a record only.
protect(households, community=sa.true(), guest=sa.true())
_IS_OWN_CONSENT = consents.c.member_id == VIEWER
protect(consents, community=_IS_OWN_CONSENT, guest=_IS_OWN_CONSENT)
protect(join_codes, community=IS_STAFF & join_codes.c.revoked_at.is_(None))
protect(officers, district=(officers.c.district_id == DISTRICT) & (officers.c.id == VIEWER))


@dataclass(frozen=True)
class Standing:
    """Where a principal's own row is, its permission version, and when it counts.

    `absent` is the version of someone who has no row yet.
    """

    table: sa.Table
    version: sa.ColumnElement[int]
    is_own: Condition
    absent: int = -1


# A member's token ends when they are let in, or no longer: it then speaks for another principal.
_IF_ACTIVE = sa.case(
    (members.c.state == "ACTIVE", members.c.permission_version),
    else_=sa.literal_column("-1"),
)
_UNLESS_ACTIVE = sa.case(
    (members.c.state != "ACTIVE", members.c.permission_version),
    else_=sa.literal_column("-1"),
)

STANDING = {
    Principal.COMMUNITY: Standing(members, _IF_ACTIVE, _IS_SELF),
    Principal.GUEST: Standing(members, _UNLESS_ACTIVE, _IS_SELF, absent=0),
    Principal.DISTRICT: Standing(
        officers,
        officers.c.permission_version,
        (officers.c.id == VIEWER) & (officers.c.state == "ACTIVE"),
    ),
}

_IS_SUSPENDED = (communities.c.state == "SUSPENDED").label("suspended")
_OWN_ROW = (
    (members.c.community_id == communities.c.community_id)
    & (members.c.community_id == TENANT)
    & _IS_SELF
)
standing(
    Principal.COMMUNITY,
    sa.select(_IF_ACTIVE.label("permission_version"), _IS_SUSPENDED)
    .where(communities.c.community_id == TENANT, _OWN_ROW)
    .with_for_update(read=True, of=[members, communities]),
)
# A guest may have no row yet; a verb of theirs locks the row when it finds it.
standing(
    Principal.GUEST,
    sa.select(
        sa.case((members.c.id.is_(None), sa.literal_column("0")), else_=_UNLESS_ACTIVE).label(
            "permission_version"
        ),
        _IS_SUSPENDED,
    )
    .select_from(communities.outerjoin(members, _OWN_ROW))
    .where(communities.c.community_id == TENANT)
    .with_for_update(read=True, of=[communities]),
)
standing(
    Principal.DISTRICT,
    sa.select(officers.c.permission_version, sa.false().label("suspended"))
    .where(officers.c.district_id == DISTRICT, STANDING[Principal.DISTRICT].is_own)
    .with_for_update(read=True),
)


def _not_in(*states: str) -> tuple[Code, Condition]:
    return Code.WRONG_STATE, ~among(members.c.state, *states)


_NOT_STAFF = (Code.FORBIDDEN, ~IS_STAFF)
_OWN = (Code.FORBIDDEN, _IS_SELF, "不能经办自己的事。Not in your own case.")

# The way in: what the applicant does, and what the committee does.
APPLY = rule("applyForMembership", Scope.MEMBER_APPLY, members, _not_in("RETURNED", "MOVED_OUT"))
VERIFY_PHONE = rule("verifyPhone", Scope.MEMBER_APPLY, members, _not_in("APPLIED"))
CONFIRM_IDENTITY = rule(
    "confirmIdentity", Scope.MEMBER_REVIEW, members, _NOT_STAFF, _OWN, _not_in("APPLIED")
)
SUBMIT = rule("submitForReview", Scope.MEMBER_APPLY, members, _not_in("IDENTITY_OK"))
APPROVE = rule(
    "approveMember", Scope.MEMBER_REVIEW, members, _NOT_STAFF, _OWN, _not_in("UNDER_REVIEW")
)
RETURN = rule(
    "returnMember", Scope.MEMBER_REVIEW, members, _NOT_STAFF, _OWN, _not_in("UNDER_REVIEW")
)

_NOT_A_SECRETARY = ~IS_SECRETARY
_HAS_LEFT = (Code.WRONG_STATE, among(members.c.state, "MOVED_OUT", "ANONYMISED"))
_IS_SECRETARY_ROW = sa.literal("PARTY_SECRETARY") == sa.any_(members.c.roles)
_IS_COMMITTEE_ROW = sa.literal("COMMITTEE_MEMBER") == sa.any_(members.c.roles)

GRANT_ROLE = rule(
    "grantRole",
    Scope.MEMBER_MANAGE,
    members,
    (Code.FORBIDDEN, _NOT_A_SECRETARY | (members.c.id == VIEWER) | _IS_SECRETARY_ROW),
    _not_in("ACTIVE"),
    (Code.ALREADY_DONE, _IS_COMMITTEE_ROW),
)

REVOKE_ROLE = rule(
    "revokeRole",
    Scope.MEMBER_MANAGE,
    members,
    (Code.FORBIDDEN, _NOT_A_SECRETARY | (members.c.id == VIEWER) | _IS_SECRETARY_ROW),
    (Code.WRONG_STATE, ~_IS_COMMITTEE_ROW),
)

# The way out.
_NOT_FOR_SECRETARIES = (
    Code.FORBIDDEN,
    _NOT_A_SECRETARY | _IS_SELF | _IS_SECRETARY_ROW,
    "仅书记，且不对自己或其他书记。The secretary only, and not of themselves or another secretary.",
)
SUSPEND = rule(
    "suspendMember", Scope.MEMBER_MANAGE, members, _NOT_FOR_SECRETARIES, _not_in("ACTIVE")
)
REINSTATE = rule(
    "reinstateMember", Scope.MEMBER_MANAGE, members, _NOT_FOR_SECRETARIES, _not_in("SUSPENDED")
)
LEAVE = rule("leaveCommunity", Scope.SELF_MANAGE, members, _HAS_LEFT)
ERASE = rule(
    "eraseMe", Scope.SELF_MANAGE, members, (Code.WRONG_STATE, members.c.state == "ANONYMISED")
)

# What concerns the person alone.
CHANGE_DISPLAY_NAME = rule("changeDisplayName", Scope.SELF_MANAGE, members, _HAS_LEFT)
EXPORT = rule("exportMyData", Scope.SELF_MANAGE, members)
CONSENT = rule("giveConsent", Scope.SELF_MANAGE, members, _HAS_LEFT)
WITHDRAW = rule("withdrawConsent", Scope.SELF_MANAGE, members, _HAS_LEFT)
REVEAL = rule("revealContact", Scope.CONTACT_REVEAL, members, _NOT_STAFF, _OWN)
REISSUE_JOIN_CODE = rule(
    "reissueJoinCode", Scope.MEMBER_MANAGE, communities, (Code.FORBIDDEN, ~IS_SECRETARY)
)
