"""Who sees members and their data, and who may approve, appoint, suspend and remove them."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tenants.columns import (
    DEPARTMENT,
    DISTRICT,
    IS_SECRETARY,
    IS_STAFF,
    MEMBERS_SEEN,
    NOW,
    STREET,
    TENANT,
    VIEWER,
    among,
)
from tenants.db import standing
from tenants.errors import Code
from tenants.membership.offices import (
    AppointmentAction,
    GrantableRole,
    Office,
    appointments,
    office_terms,
)
from tenants.membership.tables import (
    consents,
    guests,
    households,
    join_codes,
    member_records,
    members,
    officers,
)
from tenants.places.tables import communities
from tenants.policy import PART, Access, Condition, Rule, holds, protect, rule
from tenants.scopes import Scope
from tenants.viewer import Principal

_IS_SELF = members.c.id == VIEWER
# A member who moved away or is suspended is not shown; their texts stay, without a name.
_IS_ACTIVE = members.c.state == "ACTIVE"
protect(
    members,
    Scope.MEMBER_READ,
    community=(members.c.state == sa.any_(MEMBERS_SEEN)) | _IS_SELF,
    guest=_IS_SELF,
    app=_IS_ACTIVE,
    inspector=_IS_ACTIVE,
)
_IS_SAME_GUEST = guests.c.id == VIEWER
protect(guests, PART, guest=_IS_SAME_GUEST)  # no field leads to it
_IS_OWN_RECORD = member_records.c.id == VIEWER
# A member's own record needs the scope for their own data; the staff need the reviewers' scope.
_REVIEWS = IS_STAFF & holds(Scope.MEMBER_REVIEW)
protect(
    member_records,
    Access(inside=(Scope.SELF_MANAGE, Scope.MEMBER_REVIEW)),
    community=_REVIEWS | _IS_OWN_RECORD,
    guest=_IS_OWN_RECORD,
)
# A household is read through a member's record only.
protect(households, PART, community=sa.true(), guest=sa.true())
_IS_OWN_CONSENT = consents.c.member_id == VIEWER
protect(consents, Scope.SELF_MANAGE, community=_IS_OWN_CONSENT, guest=_IS_OWN_CONSENT)
protect(join_codes, Scope.MEMBER_REVIEW, community=IS_STAFF & join_codes.c.revoked_at.is_(None))
# The holders of an office, present and past, are public among members.
protect(
    office_terms,
    Scope.MEMBER_READ,
    community=sa.true(),
    guest=office_terms.c.member_id == VIEWER,
    inspector=sa.true(),
)
# Those who appoint read appointments, also inside the community (Tx.act_in); members see the term.
MAY_APPOINT = holds(Scope.OFFICE_APPOINT)
protect(
    appointments,
    Scope.OFFICE_APPOINT,
    community=MAY_APPOINT,
    district=MAY_APPOINT
    & (appointments.c.district_id == DISTRICT)
    & ((sa.literal_column("0") == STREET) | (appointments.c.street_id == STREET)),
)
# Those who may appoint see officers; each officer sees their own row.
_IS_SAME_OFFICER = officers.c.id == VIEWER
protect(
    officers,
    Access(above=(Scope.OFFICE_APPOINT, Scope.DISTRICT_READ)),
    district=(officers.c.district_id == DISTRICT)
    & (
        _IS_SAME_OFFICER
        | (MAY_APPOINT & ((sa.literal_column("0") == STREET) | (officers.c.street_id == STREET)))
    ),
    department=(officers.c.district_id == DISTRICT) & _IS_SAME_OFFICER,
)


@dataclass(frozen=True)
class Standing:
    """Where the viewer's own row is, its permission version, and when it is valid.

    `absent` is the version of a viewer who has no row yet: a number, or another standing.
    """

    table: sa.Table
    version: sa.ColumnElement[int]
    is_own: Condition
    absent: "int | Standing" = -1


# A member's access token ends when they become active, and when they cease to be: it is then of
# another principal kind.
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
    Principal.GUEST: Standing(
        members,
        _UNLESS_ACTIVE,
        _IS_SELF,
        absent=Standing(guests, guests.c.permission_version, _IS_SAME_GUEST, absent=0),
    ),
    Principal.DISTRICT: Standing(
        officers,
        officers.c.permission_version,
        (officers.c.id == VIEWER)
        & officers.c.department_id.is_(None)
        & (officers.c.state == "ACTIVE"),
    ),
    Principal.DEPARTMENT: Standing(
        officers,
        officers.c.permission_version,
        (officers.c.id == VIEWER)
        & (officers.c.department_id == DEPARTMENT)
        & (officers.c.state == "ACTIVE"),
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
    shares=members,
)
# A guest may have no row yet; their verb locks the row when it finds it.
standing(
    Principal.GUEST,
    sa.select(
        sa.case(
            (members.c.id.is_not(None), _UNLESS_ACTIVE),
            else_=sa.func.coalesce(guests.c.permission_version, sa.literal_column("0")),
        ).label("permission_version"),
        _IS_SUSPENDED,
    )
    .select_from(
        communities.outerjoin(members, _OWN_ROW).outerjoin(
            guests, (guests.c.community_id == TENANT) & _IS_SAME_GUEST
        )
    )
    .where(communities.c.community_id == TENANT)
    .with_for_update(read=True, of=[communities]),
)
for _principal in (Principal.DISTRICT, Principal.DEPARTMENT):
    standing(
        _principal,
        sa.select(officers.c.permission_version, sa.false().label("suspended"))
        .where(officers.c.district_id == DISTRICT, STANDING[_principal].is_own)
        .with_for_update(read=True),
        shares=officers,
    )


def _not_in(*states: str) -> tuple[Code, Condition]:
    return Code.WRONG_STATE, ~among(members.c.state, *states)


_NOT_STAFF = (Code.FORBIDDEN, ~IS_STAFF)
_OWN = (Code.FORBIDDEN, _IS_SELF, "不能经办自己的事。Not in your own case.")

# Joining: the verbs of the applicant, and those of the committee.
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


def _holds(role: Office | GrantableRole) -> Condition:
    return sa.literal(role.value) == sa.any_(members.c.roles)


def _apart(role: Office) -> tuple[Code, Condition, str]:
    """Return the legal ban on being in the committee and supervising it."""
    return (
        Code.WRONG_STATE,
        _holds(role),
        "监督委员不得由居委会成员担任。The supervisors and the committee have no member in common.",
    )


def _grant(role: GrantableRole, *apart: tuple[Code, Condition, str]) -> Rule:
    return rule(
        "grantRole",
        Scope.MEMBER_MANAGE,
        members,
        (Code.FORBIDDEN, _NOT_A_SECRETARY | (members.c.id == VIEWER) | _IS_SECRETARY_ROW),
        _not_in("ACTIVE"),
        (Code.ALREADY_DONE, _holds(role)),
        *apart,
    )


def _revoke(role: GrantableRole) -> Rule:
    return rule(
        "revokeRole",
        Scope.MEMBER_MANAGE,
        members,
        (Code.FORBIDDEN, _NOT_A_SECRETARY | (members.c.id == VIEWER) | _IS_SECRETARY_ROW),
        (Code.WRONG_STATE, ~_holds(role)),
    )


GRANT_ROLE = {
    GrantableRole.COMMITTEE_MEMBER: _grant(
        GrantableRole.COMMITTEE_MEMBER, _apart(Office.SUPERVISOR)
    ),
    GrantableRole.SUPERVISOR: _grant(GrantableRole.SUPERVISOR, _apart(Office.COMMITTEE_MEMBER)),
    GrantableRole.SEAT: _grant(GrantableRole.SEAT),
}
REVOKE_ROLE = {role: _revoke(role) for role in GrantableRole}


def has_seat_on(board_id: sa.Column[Any]) -> Condition:
    """Return the condition that the viewer now holds a professional seat on a board."""
    return sa.exists(
        sa.select(sa.literal_column("1")).where(
            office_terms.c.community_id == TENANT,
            office_terms.c.member_id == VIEWER,
            office_terms.c.board_id == board_id,
            office_terms.c.ended_at.is_(None),
            office_terms.c.ends_at > NOW,
        )
    )


# A secretary is appointed from above, by two officers: one proposes, another confirms.
PROPOSE = rule("proposeAppointment", Scope.OFFICE_APPOINT, communities)
CHANGE_SECRETARY = {
    AppointmentAction.APPOINT: rule(
        "appoint",
        Scope.OFFICE_APPOINT,
        members,
        _not_in("ACTIVE"),
        (Code.ALREADY_DONE, _IS_SECRETARY_ROW),
        _apart(Office.SUPERVISOR),
    ),
    AppointmentAction.REMOVE: rule(
        "remove",
        Scope.OFFICE_APPOINT,
        members,
        _not_in("ACTIVE"),
        (Code.WRONG_STATE, ~_IS_SECRETARY_ROW),
    ),
}
_IS_DECIDED = (Code.WRONG_STATE, appointments.c.state != "PROPOSED")
CONFIRM_APPOINTMENT = rule(
    "confirmAppointment",
    Scope.OFFICE_APPOINT,
    appointments,
    (
        Code.FORBIDDEN,
        appointments.c.proposed_by == VIEWER,
        "须由另一位管理员确认。Another than who proposed it confirms.",
    ),
    _IS_DECIDED,
)
DECLINE_APPOINTMENT = rule("declineAppointment", Scope.OFFICE_APPOINT, appointments, _IS_DECIDED)

# Leaving.
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
    "eraseMe", Scope.SELF_DATA, members, (Code.WRONG_STATE, members.c.state == "ANONYMISED")
)

# Verbs about the person's own data.
CHANGE_DISPLAY_NAME = rule("changeDisplayName", Scope.SELF_MANAGE, members, _HAS_LEFT)
EXPORT = rule("exportMyData", Scope.SELF_DATA, members)
CONSENT = rule("giveConsent", Scope.SELF_MANAGE, members, _HAS_LEFT)
WITHDRAW = rule("withdrawConsent", Scope.SELF_MANAGE, members, _HAS_LEFT)
REVEAL = rule("revealContact", Scope.CONTACT_REVEAL, members, _NOT_STAFF, _OWN)
REISSUE_JOIN_CODE = rule(
    "reissueJoinCode", Scope.MEMBER_MANAGE, communities, (Code.FORBIDDEN, ~IS_SECRETARY)
)
