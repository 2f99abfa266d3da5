"""These steps say what a petition's author and its desk may do, in which state.

A desk's people are the staff for a petition at the community, and the officers whose number stands
in `desk` for one above it: one condition for all, since the viewer's own desk is 0 inside.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import DESK, IS_SECRETARY, IS_STAFF, NOW, VIEWER
from tenants.errors import Code
from tenants.petitions.changes import to_above
from tenants.petitions.clocks import REVIEW_WORKING_DAYS
from tenants.petitions.policy import (
    ASSIGN_TO_DEPARTMENT,
    ASSIGN_TO_MEMBER,
    MERGE_INTO,
    came_to_viewer,
    goal_is_reached,
    is_author,
    is_staffs,
)
from tenants.petitions.procedure import PETITIONS
from tenants.petitions.tables import ANSWER_LENGTH, BODY_LENGTH, WORDS_LENGTH, petitions
from tenants.petitions.words import OPEN, WAITING, PetitionState
from tenants.policy import Ground
from tenants.procedure import Facts, Row
from tenants.scopes import Scope
from tenants.workdays import after_working_days

_NOUGHT = sa.literal_column("0")
_ALL = tuple(state.value for state in PetitionState)
_IN_HAND = ("ACCEPTED", "ASSIGNED", "IN_PROGRESS")
_AUTHOR = {"actor_kind": "AUTHOR"}

# --- what its author does

_NOT_AUTHOR = (
    Code.FORBIDDEN,
    petitions.c.author_id.is_distinct_from(VIEWER),
    "只有本人可以。Only its author may.",
)
_GOAL_REACHED = (Code.WRONG_STATE, goal_is_reached, "联名已达标。Its goal has been reached.")
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


def _to_review(petition: Facts, at: datetime, _: UUID) -> Row:
    """Move it to the level above, with a deadline of its own."""
    due = after_working_days(at, REVIEW_WORKING_DAYS)
    return {**to_above(petition), "resolve_due_at": due, "resolve_overdue": False}


RESUBMIT = PETITIONS.step(
    "resubmitPetition", Scope.PETITION_WRITE, "RETURNED", "SUBMITTED", _NOT_AUTHOR,
    event="RESUBMITTED", said="note", most=BODY_LENGTH, needs_words=False, told=_AUTHOR,
    more=(Code.CONTENT_REJECTED,),
)  # fmt: skip
WITHDRAW = PETITIONS.step(
    "withdrawPetition", Scope.PETITION_WRITE, OPEN, "WITHDRAWN", _NOT_AUTHOR,
    then=(_GOAL_REACHED,), said="reason", most=BODY_LENGTH, needs_words=False, told=_AUTHOR,
)  # fmt: skip
RECORD_CALLBACK = PETITIONS.step(
    "recordCallback", Scope.PETITION_WRITE, ("ANSWERED", "CALLBACK"), "CLOSED", _NOT_AUTHOR,
    event="RATED", said="note", most=WORDS_LENGTH, needs_words=False, told=_AUTHOR,
)  # fmt: skip
REOPEN = PETITIONS.step(
    "reopenPetition", Scope.PETITION_WRITE, ("ANSWERED", "CALLBACK", "CLOSED"), "IN_PROGRESS",
    _NOT_AUTHOR,
    then=(
        _REVIEWED,
        (
            Code.WRONG_STATE,
            petitions.c.reopen_count >= sa.literal_column("2"),
            "已重办两次，可申请复查。Reopened twice: ask for a review.",
        ),
        _MONTH_OVER,
    ),
    event="REOPENED", most=WORDS_LENGTH, said="reason", told=_AUTHOR,
    sets=lambda petition, _at, _by: {"reopen_count": petition["reopen_count"] + 1},
)  # fmt: skip
REQUEST_REVIEW = PETITIONS.step(
    "requestPetitionReview", Scope.PETITION_WRITE, ("CLOSED", "NOT_ACCEPTED"), "REVIEW_REQUESTED",
    _NOT_AUTHOR,
    then=((Code.ALREADY_DONE, petitions.c.review_requested_at.is_not(None)), _MONTH_OVER),
    at="review_requested_at", most=WORDS_LENGTH, said="reason", told=_AUTHOR, sets=_to_review,
)  # fmt: skip

# --- what its desk does

_AT_DESK = (petitions.c.desk == DESK) & ((DESK != _NOUGHT) | IS_STAFF)
_AT_COMMITTEE = (petitions.c.desk == _NOUGHT) & (DESK == _NOUGHT) & IS_STAFF
_DISPATCHED_BY = sa.func.coalesce(petitions.c.dispatched_from == DESK, sa.false()) & (
    DESK != _NOUGHT
)
_IS_DEPARTMENT = DESK < _NOUGHT
# At the community the secretary decides an objection; above it, the desk that dispatched.
_MAY_ASSIGN = sa.case(
    (
        petitions.c.state == "DISPUTED",
        _DISPATCHED_BY
        | (_AT_COMMITTEE & IS_SECRETARY & petitions.c.handler_id.is_distinct_from(VIEWER)),
    ),
    else_=(_AT_DESK | _DISPATCHED_BY) & ~_IS_DEPARTMENT,
)
_MAY_DISPUTE = sa.case(
    (
        petitions.c.desk == _NOUGHT,
        # a secretary may assign it to another member, and no other person could decide
        # their objection
        sa.func.coalesce(petitions.c.handler_id == VIEWER, sa.false()) & ~IS_SECRETARY,
    ),
    else_=(petitions.c.desk == DESK) & _IS_DEPARTMENT,
)
_NOT_AT_DESK: Ground = (Code.FORBIDDEN, ~_AT_DESK, "不在您的办理台。It is not at your desk.")
_OWN: Ground = (
    Code.FORBIDDEN,
    sa.func.coalesce(is_author, sa.false()),
    "不能经办自己的诉求。Not your own petition.",
)


def _responds(petition: Facts, at: datetime, _: UUID) -> Row:
    """Keep the time of the first response."""
    return {"responded_at": petition["responded_at"] or at}


def _starts(petition: Facts, _: datetime, by: UUID) -> Row:
    """At the community, the viewer becomes its handler if it has none."""
    takes = petition["desk"] == 0 and petition["handler_id"] is None
    return {"handler_id": by if takes else petition["handler_id"]}


_HANDLE = Scope.PETITION_HANDLE
ACCEPT = PETITIONS.step(
    "acceptPetition", _HANDLE, WAITING, "ACCEPTED", _NOT_AT_DESK, _OWN,
    said="note", most=WORDS_LENGTH, needs_words=False, sets=_responds,
)  # fmt: skip
REQUEST_INFORMATION = PETITIONS.step(
    "requestPetitionInformation", _HANDLE, WAITING, "RETURNED", _NOT_AT_DESK, _OWN,
    event="INFORMATION_REQUESTED", at="paused_at", words="question", said="question", sets=_responds,
)  # fmt: skip
REFUSE = PETITIONS.step(
    "refusePetition", _HANDLE, WAITING, "NOT_ACCEPTED", _NOT_AT_DESK, _OWN,
    event="REFUSED", words="refusal_reason", said="reason", sets=_responds,
)  # fmt: skip
START = PETITIONS.step(
    "startPetition", _HANDLE, ("ACCEPTED", "ASSIGNED"), "IN_PROGRESS", _NOT_AT_DESK, _OWN,
    event="STARTED", said="note", most=WORDS_LENGTH, needs_words=False, sets=_starts,
)  # fmt: skip
ANSWER = PETITIONS.step(
    "answerPetition", _HANDLE, _IN_HAND, "ANSWERED", _NOT_AT_DESK, _OWN,
    at="answered_at", by="answered_by", words="answer", said="body", sets=_responds,
)  # fmt: skip
MERGE = PETITIONS.step(
    "mergePetition", _HANDLE, ("SUBMITTED", "ACCEPTED"), "MERGED",
    (Code.FORBIDDEN, ~_AT_COMMITTEE, "不在居委的办理台。It is not at the committee's desk."),
    _OWN,
    then=(_GOAL_REACHED,), most=WORDS_LENGTH, said="reason", more=(MERGE_INTO,),
)  # fmt: skip
ASSIGN = PETITIONS.step(
    "assignPetition", _HANDLE, (*_IN_HAND, "DISPUTED"), "ASSIGNED",
    (Code.FORBIDDEN, ~_MAY_ASSIGN, "不由您派单。It is not for you to assign."),
    _OWN,
    said="note", most=WORDS_LENGTH, needs_words=False, more=(ASSIGN_TO_MEMBER, ASSIGN_TO_DEPARTMENT),
)  # fmt: skip
DISPUTE = PETITIONS.step(
    "disputeAssignment", _HANDLE, "ASSIGNED", "DISPUTED",
    (
        Code.FORBIDDEN,
        ~_MAY_DISPUTE,
        "只有被派单者可以提出异议。Only whom it was assigned to may object.",
    ),
    _OWN,
    then=(
        (
            Code.ALREADY_DONE,
            sa.func.coalesce(petitions.c.disputed_desk == petitions.c.desk, sa.false()),
            "异议已裁定，首接负责。It was objected to already: who receives it first leads.",
        ),
    ),
    at="paused_at", most=WORDS_LENGTH, said="reason",
)  # fmt: skip
EXTEND = PETITIONS.step(
    "extendPetition", _HANDLE, _IN_HAND, (),
    (
        Code.FORBIDDEN,
        ~((_AT_COMMITTEE & IS_SECRETARY) | ((DESK > _NOUGHT) & (_AT_DESK | _DISPATCHED_BY))),
        "由书记或上级延期。The secretary extends it, or an officer above.",
    ),
    _OWN,
    then=(
        (Code.ALREADY_DONE, petitions.c.extended_at.is_not(None), "只能延期一次。Once only."),
        (Code.WRONG_STATE, petitions.c.resolve_overdue, "已逾期，不能再延。It is overdue already."),
    ),
    event="EXTENDED", at="extended_at", words="extension_reason", said="reason",
)  # fmt: skip
ESCALATE = PETITIONS.step(
    "escalatePetition", _HANDLE, (*WAITING, *_IN_HAND), "ESCALATED",
    _NOT_AT_DESK,
    (
        Code.FORBIDDEN,
        _IS_DEPARTMENT,
        "部门可提出异议或办结，不上报。A department objects or answers; it does not escalate.",
    ),
    _OWN,
    then=(
        (
            Code.WRONG_STATE,
            petitions.c.desk == petitions.c.district_id,
            "已在区级。It is at the highest desk.",
        ),
    ),
    most=WORDS_LENGTH, said="reason",
)  # fmt: skip
CONVERT = PETITIONS.step(
    "convertToTopic", _HANDLE, _IN_HAND, "ANSWERED",
    (Code.FORBIDDEN, ~_AT_COMMITTEE, "不在居委的办理台。It is not at the committee's desk."),
    _OWN,
    (
        Code.FORBIDDEN,
        (petitions.c.secrecy == "PRIVATE") | ~petitions.c.is_listed,
        "不公开的诉求不能转为议题。A private petition cannot become a topic.",
    ),
    event="CONVERTED", at="answered_at", by="answered_by", words="answer", said="reason",
    sets=_responds,
)  # fmt: skip
NOTE = PETITIONS.step(
    "addPetitionNote", _HANDLE, _ALL, (),
    (Code.FORBIDDEN, ~((is_staffs & (DESK == _NOUGHT)) | came_to_viewer)),
    _OWN,
    event="NOTED", said="body", most=ANSWER_LENGTH, more=(Code.IDEMPOTENCY_MISMATCH,),
)  # fmt: skip
DECIDE_REVIEW = PETITIONS.step(
    "decidePetitionReview", _HANDLE, "REVIEW_REQUESTED", ("CLOSED", "NOT_ACCEPTED", "IN_PROGRESS"),
    _NOT_AT_DESK,
    (Code.FORBIDDEN, DESK <= _NOUGHT, "由上一级管理员复查。An admin above reviews."),
    _OWN,
    then=(
        (
            Code.FORBIDDEN,
            sa.func.coalesce(petitions.c.answered_by == VIEWER, sa.false()),
            "须由他人复查。Another than who answered it reviews.",
        ),
    ),
    event="REVIEWED", at="reviewed_at", words="review_reason", said="reason",
)  # fmt: skip
