"""Scopes and roles of access tokens.

A scope is necessary, never sufficient: policy decides the rest.
"""

from enum import StrEnum


class Role(StrEnum):
    """A person's role in one community or at the district, or the role of a program."""

    GUEST = "GUEST"
    RESIDENT = "RESIDENT"
    COMMITTEE_MEMBER = "COMMITTEE_MEMBER"
    PARTY_SECRETARY = "PARTY_SECRETARY"
    SUPERVISOR = "SUPERVISOR"
    SEAT = "SEAT"
    DISTRICT_ADMIN = "DISTRICT_ADMIN"
    DEPARTMENT_HANDLER = "DEPARTMENT_HANDLER"
    APP = "APP"
    INSPECTOR = "INSPECTOR"


class Scope(StrEnum):
    """One kind of act, `noun:verb`."""

    COMMUNITY_READ = "community:read"
    MEMBER_APPLY = "member:apply"
    SELF_MANAGE = "self:manage"
    SESSION_MANAGE = "session:manage"  # /auth/sessions; not with a down-scoped access token
    MEMBER_READ = "member:read"
    MEMBER_REVIEW = "member:review"
    CONTACT_REVEAL = "contact:reveal"
    AUDIT_READ = "audit:read"
    MEMBER_MANAGE = "member:manage"
    BOARD_READ = "board:read"
    BOARD_MANAGE = "board:manage"
    POST_WRITE = "post:write"
    POST_PIN = "post:pin"
    PETITION_READ = "petition:read"
    PETITION_WRITE = "petition:write"
    PETITION_HANDLE = "petition:handle"
    PETITION_IMPORT = "petition:import"
    PETITION_SUPERVISE = "petition:supervise"
    DUTY_MANAGE = "duty:manage"
    CONTENT_REPORT = "content:report"
    CONTENT_MODERATE = "content:moderate"
    APPEAL_DECIDE = "appeal:decide"
    DISTRICT_READ = "district:read"
    DISTRICT_MANAGE = "district:manage"
    OFFICE_APPOINT = "office:appoint"
    APPEAL_REVIEW = "appeal:review"
    APP_MANAGE = "app:manage"
    COMMUNITY_INSPECT = "community:inspect"


# A person who scanned a community's code, and is not a member yet or not any more.
_GUEST = frozenset(
    {
        Scope.COMMUNITY_READ,
        Scope.BOARD_READ,
        Scope.MEMBER_READ,  # their own row only: a guest sees no other member
        Scope.MEMBER_APPLY,
        Scope.SELF_MANAGE,
        Scope.SESSION_MANAGE,
        Scope.PETITION_READ,  # public ones and their own
    }
)
_RESIDENT = frozenset(
    {
        Scope.COMMUNITY_READ,
        Scope.SELF_MANAGE,
        Scope.SESSION_MANAGE,
        Scope.MEMBER_READ,
        Scope.BOARD_READ,
        Scope.POST_WRITE,
        Scope.CONTENT_REPORT,
        Scope.PETITION_READ,
        Scope.PETITION_WRITE,
    }
)
_COMMITTEE = _RESIDENT | {
    Scope.POST_PIN,
    Scope.CONTENT_MODERATE,
    Scope.MEMBER_REVIEW,
    Scope.CONTACT_REVEAL,
    Scope.AUDIT_READ,
    Scope.PETITION_HANDLE,
}

# The scopes that a registered app may have: it reads what every member sees, and changes nothing.
APP_SCOPES = frozenset({Scope.COMMUNITY_READ, Scope.BOARD_READ, Scope.MEMBER_READ})

SCOPES_OF_ROLE: dict[Role, frozenset[Scope]] = {
    Role.GUEST: _GUEST,
    Role.RESIDENT: _RESIDENT,
    Role.COMMITTEE_MEMBER: _COMMITTEE,
    Role.PARTY_SECRETARY: _COMMITTEE
    | {
        Scope.MEMBER_MANAGE,
        Scope.BOARD_MANAGE,
        Scope.APPEAL_DECIDE,
        Scope.APP_MANAGE,
        Scope.PETITION_IMPORT,
        Scope.DUTY_MANAGE,
    },
    # A supervisor oversees the committee and is never part of it; a seat may also post on its one
    # board.
    Role.SUPERVISOR: _RESIDENT | {Scope.AUDIT_READ},
    Role.SEAT: _RESIDENT,
    Role.DISTRICT_ADMIN: frozenset(
        {
            Scope.DISTRICT_READ,
            Scope.DISTRICT_MANAGE,
            Scope.OFFICE_APPOINT,
            Scope.APPEAL_REVIEW,
            Scope.APP_MANAGE,
            Scope.COMMUNITY_INSPECT,
            Scope.PETITION_READ,
            Scope.PETITION_HANDLE,
            Scope.PETITION_SUPERVISE,
            Scope.SELF_MANAGE,
            Scope.SESSION_MANAGE,
        }
    ),
    Role.DEPARTMENT_HANDLER: frozenset(
        {
            Scope.DISTRICT_READ,
            Scope.PETITION_READ,
            Scope.PETITION_HANDLE,
            Scope.SELF_MANAGE,
            Scope.SESSION_MANAGE,
        }
    ),
    Role.APP: APP_SCOPES,
    # an officer who inspects one community, for a limited time and for a reason that its members
    # read
    Role.INSPECTOR: APP_SCOPES | {Scope.AUDIT_READ},
}


def scopes_of(roles: frozenset[Role]) -> frozenset[Scope]:
    """Return the union of the roles' scopes. Roles of one place add up; places never do."""
    return frozenset[Scope]().union(*(SCOPES_OF_ROLE[role] for role in roles))
