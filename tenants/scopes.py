"""Scopes and roles of access tokens.

A scope is necessary, never sufficient: policy decides the rest.
"""

from enum import StrEnum

from tenants.words import Words, word


class Role(Words):
    """What a person is, in one community or at the district; or what a program may be."""

    GUEST = word("访客，尚不是成员", "Guest, not a member yet or no longer")
    RESIDENT = word("居民，社区成员", "Resident and member of the community")
    COMMITTEE_MEMBER = word("居委委员", "Member of the residents' committee")
    PARTY_SECRETARY = word("党组织书记", "Secretary of the Party branch")
    SUPERVISOR = word("监督委员", "Supervisor of the committee")
    SEAT = word("一个版块的专业席位", "Holder of a professional's seat on one board")
    DISTRICT_ADMIN = word("区或街镇的管理员", "Admin of a district or of one of its streets")
    DEPARTMENT_HANDLER = word("职能部门的经办人", "Handler of a department")
    APP = word("第三方应用，只读", "A registered app, which only reads")
    INSPECTOR = word(
        "进社区查看的上级管理员，只读", "An officer who looks into a community and only reads"
    )


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
