"""These rules say who sees members and their data, and who may approve, appoint, suspend and remove."""

from typing import Any

import sqlalchemy as sa

from tenants.columns import (
    DEPARTMENT,
    DISTRICT,
    IS_SECRETARY,
    IS_STAFF,
    MEMBERS_SEEN,
    NOW,
    TENANT,
    VIEWER,
    VIEWER_PERSON,
    among,
)
from tenants.domain import Standing
from tenants.errors import Code
from tenants.membership.offices import (
    GrantableRole,
    Office,
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
from tenants.policy import PART, Access, Condition, Rule, holds, never_own, protect, rule
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


def is_viewers_person(member_id: sa.ColumnElement[Any]) -> Condition:
    """Return the condition that a member is the same person as the officer who acts."""
    return sa.exists(
        sa.select(sa.literal_column("1")).where(
            members.c.community_id == TENANT,
            members.c.id == member_id,
            members.c.person_id == VIEWER_PERSON,
        )
    )


never_own(members, members.c.person_id == VIEWER_PERSON)


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

_IS_SUSPENDED = (communities.c.state == "SUSPENDED").label("suspended")
_OWN_ROW = (
    (members.c.community_id == communities.c.community_id)
    & (members.c.community_id == TENANT)
    & _IS_SELF
)
_LOCK_MEMBER = (
    sa.select(_IF_ACTIVE.label("permission_version"), _IS_SUSPENDED)
    .where(communities.c.community_id == TENANT, _OWN_ROW)
    .with_for_update(read=True, of=[members, communities])
)
# A guest may have no row yet; their verb locks the row when it finds it.
_LOCK_COMMUNITY = (
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
    .with_for_update(read=True, of=[communities])
)


def _of_officer(is_at_desk: Condition) -> Standing:
    """Return the standing of officers at some desk."""
    version = officers.c.permission_version
    is_own = (officers.c.id == VIEWER) & is_at_desk & (officers.c.state == "ACTIVE")
    lock = (
        sa.select(version, officers.c.person_id, sa.false().label("suspended"))
        .where(officers.c.district_id == DISTRICT, is_own)
        .with_for_update(read=True)
    )
    return Standing(officers, version, is_own, lock=lock, is_shared=True)


STANDINGS = {
    Principal.COMMUNITY: Standing(members, _IF_ACTIVE, _IS_SELF, lock=_LOCK_MEMBER, is_shared=True),
    Principal.GUEST: Standing(
        members,
        _UNLESS_ACTIVE,
        _IS_SELF,
        absent=Standing(guests, guests.c.permission_version, _IS_SAME_GUEST, absent=0),
        lock=_LOCK_COMMUNITY,
    ),
    Principal.DISTRICT: _of_officer(officers.c.department_id.is_(None)),
    Principal.DEPARTMENT: _of_officer(officers.c.department_id == DEPARTMENT),
}


def not_in(*states: str) -> tuple[Code, Condition]:
    """Give the ground that a member is in another state than these."""
    return Code.WRONG_STATE, ~among(members.c.state, *states)


NOT_STAFF = (Code.FORBIDDEN, ~IS_STAFF)
OWN = (Code.FORBIDDEN, _IS_SELF, "不能经办自己的事。Not in your own case.")
_NOT_A_SECRETARY = ~IS_SECRETARY
_HAS_LEFT = (Code.WRONG_STATE, among(members.c.state, "MOVED_OUT", "ANONYMISED"))
is_secretary = sa.literal("PARTY_SECRETARY") == sa.any_(members.c.roles)


def _holds(role: Office | GrantableRole) -> Condition:
    return sa.literal(role.value) == sa.any_(members.c.roles)


def apart(role: Office) -> tuple[Code, Condition, str]:
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
        (Code.FORBIDDEN, _NOT_A_SECRETARY | (members.c.id == VIEWER) | is_secretary),
        not_in("ACTIVE"),
        (Code.ALREADY_DONE, _holds(role)),
        *apart,
    )


def _revoke(role: GrantableRole) -> Rule:
    return rule(
        "revokeRole",
        Scope.MEMBER_MANAGE,
        members,
        (Code.FORBIDDEN, _NOT_A_SECRETARY | (members.c.id == VIEWER) | is_secretary),
        (Code.WRONG_STATE, ~_holds(role)),
    )


GRANT_ROLE = {
    GrantableRole.COMMITTEE_MEMBER: _grant(
        GrantableRole.COMMITTEE_MEMBER, apart(Office.SUPERVISOR)
    ),
    GrantableRole.SUPERVISOR: _grant(GrantableRole.SUPERVISOR, apart(Office.COMMITTEE_MEMBER)),
    GrantableRole.SEAT: _grant(GrantableRole.SEAT),
    GrantableRole.REPRESENTATIVE: _grant(GrantableRole.REPRESENTATIVE),
}
REVOKE_ROLE = {role: _revoke(role) for role in GrantableRole}


# Who now is a representative of residents or villagers.
IS_REPRESENTATIVE = among(members.c.state, "ACTIVE") & (
    sa.literal_column("'REPRESENTATIVE'") == sa.any_(members.c.roles)
)


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


# What concerns the person alone.
UPDATE_DISPLAY_NAME = rule("updateDisplayName", Scope.SELF_MANAGE, members, _HAS_LEFT)
EXPORT = rule("exportMyData", Scope.SELF_DATA, members)
CONSENT = rule("giveConsent", Scope.SELF_MANAGE, members, _HAS_LEFT)
WITHDRAW = rule("withdrawConsent", Scope.SELF_MANAGE, members, _HAS_LEFT)
REVEAL = rule("revealContact", Scope.CONTACT_REVEAL, members, NOT_STAFF, OWN)
REISSUE_JOIN_CODE = rule(
    "reissueJoinCode", Scope.MEMBER_MANAGE, communities, (Code.FORBIDDEN, ~IS_SECRETARY)
)
