"""Who sees a petition, and who may do what to it in which state.

The people of a desk are the staff for a petition at the community, and above it the officers whose
number is in `desk`. One condition covers both, since the desk of a viewer inside a community is 0.
"""

import sqlalchemy as sa

from tenants.audit.policy import is_about_viewer
from tenants.audit.tables import audit_entries
from tenants.columns import (
    DESK,
    DISTRICT,
    IS_SECRETARY,
    IS_STAFF,
    NOW,
    STREET,
    TENANT,
    VIEWER,
    among,
)
from tenants.errors import Code
from tenants.membership.tables import members
from tenants.petitions.tables import (
    OPEN,
    WAITING,
    answer_templates,
    petition_callbacks,
    petition_events,
    petition_facts,
    petition_supports,
    petition_terms,
    petitions,
    populations,
)
from tenants.places.tables import communities, departments
from tenants.policy import Condition, Rule, narrow, protect, rule
from tenants.scopes import Scope
from tenants.viewer import Principal

_ONE, _NOUGHT = sa.literal_column("1"), sa.literal_column("0")

# --- what is seen

is_author = petitions.c.author_id == VIEWER
_CAME_TO_VIEWER = sa.any_(petitions.c.desks) == DESK
_IS_STAFFS = IS_STAFF & petitions.c.is_at_community
_IS_LISTED = petitions.c.is_listed & (petitions.c.state != "WITHDRAWN")
_SEEN = {
    "community": is_author
    | _IS_STAFFS
    | _CAME_TO_VIEWER
    | (_IS_LISTED & (petitions.c.secrecy != "PRIVATE")),
    "guest": is_author | (_IS_LISTED & (petitions.c.secrecy == "PUBLIC")),
    "district": _CAME_TO_VIEWER,
    "department": _CAME_TO_VIEWER,
}
protect(petitions, Scope.PETITION_READ, **_SEEN)


def _of_petition(table: sa.Table, seen: Condition) -> Condition:
    """Return the condition that a row belongs to a petition for which `seen` is true."""
    # OFFSET keeps this a subquery for one row: planned as a join, with a plan made for communities
    # of a few petitions, it would read all petitions of a community that has thousands
    return sa.exists(
        sa.select(_ONE)
        .where(petitions.c.community_id == TENANT, petitions.c.id == table.c.petition_id, seen)
        .offset(_NOUGHT)
    )


_IS_TOLD = petition_events.c.is_public
# Internal entries are for the desks, and never for the author of the petition.
_IS_DESKS = (_IS_STAFFS | _CAME_TO_VIEWER) & petitions.c.author_id.is_distinct_from(VIEWER)
protect(
    petition_events,
    Scope.PETITION_READ,
    community=_of_petition(petition_events, _SEEN["community"] & (_IS_TOLD | _IS_DESKS)),
    guest=_of_petition(petition_events, _SEEN["guest"] & _IS_TOLD),
    district=sa.any_(petition_events.c.desks) == DESK,
    department=sa.any_(petition_events.c.desks) == DESK,
)
_IS_OWN_SUPPORT = petition_supports.c.member_id == VIEWER
protect(petition_supports, Scope.PETITION_READ, community=_IS_OWN_SUPPORT, guest=_IS_OWN_SUPPORT)
protect(petition_terms, Scope.PETITION_READ, community=sa.true(), guest=sa.true())
# A callback is read through its petition, or counted.
_IS_HERE = {
    table: (table.c.district_id == DISTRICT) & ((_NOUGHT == STREET) | (table.c.street_id == STREET))
    for table in (petition_facts, petition_callbacks)
}
protect(
    petition_callbacks,
    Scope.PETITION_READ,
    community=sa.true(),
    guest=sa.true(),
    district=_IS_HERE[petition_callbacks],
)
# it names no person, since it is counted above the community; its author's export contains it
petition_callbacks.info["about_viewer"] = _of_petition(petition_callbacks, is_author)
protect(petition_facts, Scope.PETITION_SUPERVISE, district=_IS_HERE[petition_facts])
protect(populations, Scope.COMMUNITY_READ, community=sa.true())
# above the communities the tenant is 0
_OF_DESK_ABOVE = (
    (answer_templates.c.community_id == TENANT)
    & (answer_templates.c.district_id == DISTRICT)
    & (answer_templates.c.desk == DESK)
)
protect(
    answer_templates,
    Scope.PETITION_HANDLE,
    community=IS_STAFF,
    district=_OF_DESK_ABOVE,
    department=_OF_DESK_ABOVE,
)

# Other members find no trace of a private petition in the audit, only a gap in the entry numbers.
# The staff do see one whose desk it came to, but not one that bypasses the committee.
_IS_OTHERS_PRIVATE = sa.exists(
    sa.select(_ONE).where(
        petitions.c.community_id == TENANT,
        petitions.c.id == audit_entries.c.subject_id,
        petitions.c.secrecy == "PRIVATE",
        ~_IS_STAFFS,
    )
)
# A merger is told in the entry of the petition that was merged; the entry of the target petition
# would betray the private one.
_IS_OTHERS_MERGER = (audit_entries.c.action == "petition.took_in") & ~IS_STAFF
narrow(
    audit_entries,
    is_about_viewer | ~(_IS_OTHERS_PRIVATE | _IS_OTHERS_MERGER),
    Principal.COMMUNITY,
    Principal.INSPECTOR,
)

# --- what is done

_AT_DESK = (petitions.c.desk == DESK) & ((DESK != _NOUGHT) | IS_STAFF)
_AT_COMMITTEE = (petitions.c.desk == _NOUGHT) & (DESK == _NOUGHT) & IS_STAFF
_DISPATCHED_BY = sa.func.coalesce(petitions.c.dispatched_from == DESK, sa.false()) & (
    DESK != _NOUGHT
)
_IS_DEPARTMENT = DESK < _NOUGHT

_NOT_AT_DESK = (Code.FORBIDDEN, ~_AT_DESK, "不在您的办理台。It is not at your desk.")
_OWN = (
    Code.FORBIDDEN,
    sa.func.coalesce(is_author, sa.false()),
    "不能经办自己的诉求。Not your own petition.",
)
_NOT_AUTHOR = (
    Code.FORBIDDEN,
    petitions.c.author_id.is_distinct_from(VIEWER),
    "只有本人可以。Only its author may.",
)
_GOAL_REACHED = (
    Code.WRONG_STATE,
    petitions.c.goal_reached_at.is_not(None),
    "联名已达标。Its goal has been reached.",
)


def _not_in(*states: str) -> tuple[Code, Condition]:
    return Code.WRONG_STATE, ~among(petitions.c.state, *states)


def _at_desk(name: str, *states: str) -> Rule:
    return rule(name, Scope.PETITION_HANDLE, petitions, _NOT_AT_DESK, _OWN, _not_in(*states))


_IN_HAND = ("ACCEPTED", "ASSIGNED", "IN_PROGRESS")
ACCEPT = _at_desk("acceptPetition", *WAITING)
REQUEST_INFORMATION = _at_desk("requestPetitionInformation", *WAITING)
REFUSE = _at_desk("refusePetition", *WAITING)
START = _at_desk("startPetition", "ACCEPTED", "ASSIGNED")
ANSWER = _at_desk("answerPetition", *_IN_HAND)
MERGE = rule(
    "mergePetition",
    Scope.PETITION_HANDLE,
    petitions,
    (Code.FORBIDDEN, ~_AT_COMMITTEE, "不在居委的办理台。It is not at the committee's desk."),
    _OWN,
    _not_in("SUBMITTED", "ACCEPTED"),
    _GOAL_REACHED,
)
MERGE_INTO = rule(
    "mergePetition",
    Scope.PETITION_HANDLE,
    petitions,
    (Code.FORBIDDEN, ~_IS_STAFFS),
    (Code.WRONG_STATE, ~petitions.c.is_open, "目标诉求已办结。That petition is closed."),
)
# At the community the secretary decides an objection; above it, the desk that dispatched.
_MAY_ASSIGN = sa.case(
    (
        petitions.c.state == "DISPUTED",
        _DISPATCHED_BY
        | (_AT_COMMITTEE & IS_SECRETARY & petitions.c.handler_id.is_distinct_from(VIEWER)),
    ),
    else_=(_AT_DESK | _DISPATCHED_BY) & ~_IS_DEPARTMENT,
)
ASSIGN = rule(
    "assignPetition",
    Scope.PETITION_HANDLE,
    petitions,
    (Code.FORBIDDEN, ~_MAY_ASSIGN, "不由您派单。It is not for you to assign."),
    _OWN,
    _not_in(*_IN_HAND, "DISPUTED"),
)
ASSIGN_TO_MEMBER = rule(
    "assignPetition",
    Scope.PETITION_HANDLE,
    members,
    (Code.WRONG_STATE, members.c.state != "ACTIVE"),
    (
        Code.INVALID,
        ~(
            (sa.literal("COMMITTEE_MEMBER") == sa.any_(members.c.roles))
            | (sa.literal("PARTY_SECRETARY") == sa.any_(members.c.roles))
        ),
        "须为居委成员或书记。Must be of the committee, or its secretary.",
    ),
)
ASSIGN_TO_DEPARTMENT = rule(
    "assignPetition",
    Scope.PETITION_HANDLE,
    departments,
    (Code.WRONG_STATE, departments.c.state != "ACTIVE", "该部门已撤销。It is closed."),
)
ADDRESS_TO_DEPARTMENT = rule(
    "submitPetition",
    Scope.PETITION_WRITE,
    departments,
    (Code.WRONG_STATE, departments.c.state != "ACTIVE", "该部门已撤销。It is closed."),
)
DISPUTE = rule(
    "disputeAssignment",
    Scope.PETITION_HANDLE,
    petitions,
    (
        Code.FORBIDDEN,
        ~sa.case(
            (
                petitions.c.desk == _NOUGHT,
                # a secretary may assign it to another member, and no other person could decide
                # their objection
                sa.func.coalesce(petitions.c.handler_id == VIEWER, sa.false()) & ~IS_SECRETARY,
            ),
            else_=(petitions.c.desk == DESK) & _IS_DEPARTMENT,
        ),
        "只有被派单者可以提出异议。Only whom it was assigned to may object.",
    ),
    _OWN,
    _not_in("ASSIGNED"),
    (
        Code.ALREADY_DONE,
        sa.func.coalesce(petitions.c.disputed_desk == petitions.c.desk, sa.false()),
        "异议已裁定，首接负责。It was objected to already: who receives it first leads.",
    ),
)
EXTEND = rule(
    "extendPetition",
    Scope.PETITION_HANDLE,
    petitions,
    (
        Code.FORBIDDEN,
        ~((_AT_COMMITTEE & IS_SECRETARY) | ((DESK > _NOUGHT) & (_AT_DESK | _DISPATCHED_BY))),
        "由书记或上级延期。The secretary extends it, or an officer above.",
    ),
    _OWN,
    _not_in(*_IN_HAND),
    (Code.ALREADY_DONE, petitions.c.extended_at.is_not(None), "只能延期一次。Once only."),
    (Code.WRONG_STATE, petitions.c.resolve_overdue, "已逾期，不能再延。It is overdue already."),
)
ESCALATE = rule(
    "escalatePetition",
    Scope.PETITION_HANDLE,
    petitions,
    _NOT_AT_DESK,
    (
        Code.FORBIDDEN,
        _IS_DEPARTMENT,
        "部门可提出异议或办结，不上报。A department objects or answers; it does not escalate.",
    ),
    _OWN,
    _not_in(*WAITING, *_IN_HAND),
    (
        Code.WRONG_STATE,
        petitions.c.desk == petitions.c.district_id,
        "已在区级。It is at the highest desk.",
    ),
)
NOTE = rule(
    "addPetitionNote",
    Scope.PETITION_HANDLE,
    petitions,
    (Code.FORBIDDEN, ~((_IS_STAFFS & (DESK == _NOUGHT)) | _CAME_TO_VIEWER)),
    _OWN,
)
DECIDE_REVIEW = rule(
    "decidePetitionReview",
    Scope.PETITION_HANDLE,
    petitions,
    _NOT_AT_DESK,
    (Code.FORBIDDEN, DESK <= _NOUGHT, "由上一级管理员复查。An admin above reviews."),
    _OWN,
    _not_in("REVIEW_REQUESTED"),
    (
        Code.FORBIDDEN,
        sa.func.coalesce(petitions.c.answered_by == VIEWER, sa.false()),
        "须由他人复查。Another than who answered it reviews.",
    ),
)


def _author(name: str, *more: tuple[Code, Condition] | tuple[Code, Condition, str]) -> Rule:
    return rule(name, Scope.PETITION_WRITE, petitions, _NOT_AUTHOR, *more)


_MONTH_OVER = (
    Code.WRONG_STATE,
    sa.func.coalesce(petitions.c.answered_at, petitions.c.responded_at)
    + sa.literal_column("interval '30 days'")
    < NOW,
    "已超过 30 天。More than 30 days have passed.",
)
_REVIEWED = (
    Code.WRONG_STATE,
    petitions.c.review_requested_at.is_not(None),
    "已复查。It was reviewed already.",
)
RESUBMIT = _author("resubmitPetition", _not_in("RETURNED"))
WITHDRAW = _author("withdrawPetition", _not_in(*OPEN), _GOAL_REACHED)
RECORD_CALLBACK = _author("recordCallback", _not_in("ANSWERED", "CALLBACK"))
REOPEN = _author(
    "reopenPetition",
    _not_in("ANSWERED", "CALLBACK", "CLOSED"),
    _REVIEWED,
    (
        Code.WRONG_STATE,
        petitions.c.reopen_count >= sa.literal_column("2"),
        "已重办两次，可申请复查。Reopened twice: ask for a review.",
    ),
    _MONTH_OVER,
)
REQUEST_REVIEW = _author(
    "requestPetitionReview",
    _not_in("CLOSED", "NOT_ACCEPTED"),
    (Code.ALREADY_DONE, petitions.c.review_requested_at.is_not(None)),
    _MONTH_OVER,
)

has_supported = sa.exists(
    sa.select(_ONE).where(
        petition_supports.c.community_id == TENANT,
        petition_supports.c.petition_id == petitions.c.id,
        petition_supports.c.member_id == VIEWER,
        petition_supports.c.withdrawn_at.is_(None),
    )
)
SUPPORT = rule(
    "supportPetition",
    Scope.PETITION_WRITE,
    petitions,
    (Code.FORBIDDEN, petitions.c.secrecy == "PRIVATE", "不公开的诉求不能联名。It is private."),
    (Code.WRONG_STATE, ~petitions.c.is_open),
    (Code.ALREADY_DONE, has_supported),
)
WITHDRAW_SUPPORT = rule(
    "withdrawSupport",
    Scope.PETITION_WRITE,
    petitions,
    (Code.WRONG_STATE, ~has_supported, "您没有联名。You have not signed it."),
    (
        Code.FORBIDDEN,
        sa.func.coalesce(is_author, sa.false()),
        "发起人可撤回诉求。Its author withdraws the petition itself.",
    ),
    _GOAL_REACHED,
)

IMPORT = rule(
    "importPetitions", Scope.PETITION_IMPORT, communities, (Code.FORBIDDEN, ~IS_SECRETARY)
)
RECORD_POPULATION = rule(
    "recordPopulation", Scope.DUTY_MANAGE, communities, (Code.FORBIDDEN, ~IS_SECRETARY)
)
CREATE_TEMPLATE = Scope.PETITION_HANDLE
DELETE_TEMPLATE = rule("deleteAnswerTemplate", Scope.PETITION_HANDLE, answer_templates)
