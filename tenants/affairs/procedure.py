"""These are the procedures of open affairs: of what is owed, posted, asked and complained about."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.affairs.statutes import ANSWER_DAYS, POSTED_DAYS
from tenants.affairs.tables import affair_complaints, affair_questions, obligations, open_affairs
from tenants.affairs.words import (
    AffairComplaintState,
    AffairQuestionState,
    AffairState,
    ObligationState,
)
from tenants.clock import Timed
from tenants.columns import IS_STAFF, NOW, TENANT, VIEWER, among
from tenants.errors import Code
from tenants.policy import Ground
from tenants.procedure import Facts, Procedure, Row, Step
from tenants.scopes import Scope
from tenants.workdays import after_days

_NOT_STAFF: Ground = (Code.FORBIDDEN, ~IS_STAFF, "限居委和书记。Only the committee's staff may.")


def _due(row: Facts) -> datetime:
    return row["due_at"]


def _answer_due(_row: Facts, at: datetime, _by: UUID) -> Row:
    return {"due_at": after_days(at, ANSWER_DAYS)}


# --- what is owed

OBLIGATIONS = Procedure(
    noun="obligation",
    table=obligations,
    states=ObligationState,
    id_field="obligationId",
    derive=lambda row: {"next_at": OBLIGATIONS.next_at(row)},
)
# By the calendar, or with an event that is recorded itself.
OWED = OBLIGATIONS.move("OWED", (), "DUE", recorded=False)
LAPSED = OBLIGATIONS.timer("OVERDUE", "DUE", "OVERDUE", due=_due)
MET = OBLIGATIONS.move("MET", ("DUE", "OVERDUE"), "MET", at="met_at", by="met_by", words="note")
RECORD_OBLIGATION = OBLIGATIONS.step(
    "recordObligation", Scope.AFFAIRS_PUBLISH, ("DUE", "OVERDUE"), "MET", _NOT_STAFF,
    then=(
        (
            Code.INVALID,
            among(obligations.c.about, "OPEN_AFFAIRS", "APPRAISAL"),
            "公开事项须公布，民主评议须公布结果，不能只作登记。"
            "An item is posted and an appraisal is published; neither is only recorded.",
        ),
    ),
    event="MET", at="met_at", by="met_by", words="note", said="note",
)  # fmt: skip

# --- what is posted

AFFAIRS = Procedure(noun="affair", table=open_affairs, states=AffairState, id_field="affairId")


def _posted(_row: Facts, at: datetime, _by: UUID) -> Row:
    return {"posted_until": after_days(at, POSTED_DAYS)}


_HAS_OPEN_OBJECTION = sa.exists(
    sa.select(sa.literal_column("1")).where(
        affair_questions.c.community_id == TENANT,
        affair_questions.c.affair_id == open_affairs.c.id,
        affair_questions.c.kind == sa.literal_column("'OBJECTION'"),
        affair_questions.c.state != sa.literal_column("'ANSWERED'"),
    )
)
DRAFT_AFFAIR = AFFAIRS.step(
    "draftAffair", Scope.AFFAIRS_PUBLISH, (), "DRAFT",
    event="DRAFTED", at="drafted_at", by="drafted_by", said="", may_begin=True,
    more=(Code.INVALID, Code.REQUIRED, Code.TOO_LONG, Code.NOT_FOUND, Code.IDEMPOTENCY_MISMATCH),
)  # fmt: skip
CONFIRM_AFFAIR = AFFAIRS.step(
    "confirmAffair", Scope.AFFAIRS_PUBLISH, "DRAFT", "POSTED", _NOT_STAFF,
    (
        Code.FORBIDDEN,
        open_affairs.c.drafted_by == VIEWER,
        "须由录入人以外的人核实。Another than who entered it confirms.",
    ),
    then=(
        (
            Code.WRONG_STATE,
            _HAS_OPEN_OBJECTION,
            "监督委员的异议尚未答复。An objection of the supervision committee waits for an answer.",
        ),
    ),
    at="posted_at", by="confirmed_by", said="", sets=_posted,
)  # fmt: skip
RETURN_AFFAIR = AFFAIRS.step(
    "returnAffair", Scope.AFFAIRS_PUBLISH, "DRAFT", "RETURNED", _NOT_STAFF,
    words="return_reason", said="reason",
)  # fmt: skip
WITHDRAW_AFFAIR = AFFAIRS.step(
    "withdrawAffair", Scope.AFFAIRS_PUBLISH, "POSTED", "WITHDRAWN", _NOT_STAFF,
    then=(
        (
            Code.WRONG_STATE,
            open_affairs.c.posted_until > NOW,
            f"公布不得少于 {POSTED_DAYS} 日（城市居民委员会组织法第34条、村民委员会组织法第35条）。"
            f"It is posted for {POSTED_DAYS} days at least.",
        ),
    ),
    at="withdrawn_at", by="withdrawn_by", words="withdraw_reason", said="reason",
)  # fmt: skip

# --- what is asked

QUESTIONS = Procedure(
    noun="affair_question",
    table=affair_questions,
    states=AffairQuestionState,
    id_field="questionId",
    derive=lambda row: {"next_at": QUESTIONS.next_at(row)},
)
_BEGINS: dict[str, Any] = {
    "on": open_affairs, "at": "asked_at", "by": "author_id", "words": "body", "said": "body",
    "sets": _answer_due,
}  # fmt: skip
ASK = QUESTIONS.step(
    "askAboutAffair", Scope.AFFAIRS_ASK, (), "OPEN",
    (Code.WRONG_STATE, ~among(open_affairs.c.state, "POSTED")),
    event="ASKED", **_BEGINS, more=(Code.IDEMPOTENCY_MISMATCH, Code.CONTENT_REJECTED),
)  # fmt: skip
OBJECT = QUESTIONS.step(
    "objectToAffair", Scope.AFFAIRS_CHECK, (), "OPEN",
    (Code.WRONG_STATE, ~among(open_affairs.c.state, "DRAFT", "POSTED")),
    event="OBJECTED", **_BEGINS, more=(Code.IDEMPOTENCY_MISMATCH,),
)  # fmt: skip
ANSWER = QUESTIONS.step(
    "answerAffairQuestion", Scope.AFFAIRS_PUBLISH, ("OPEN", "OVERDUE"), "ANSWERED", _NOT_STAFF,
    at="answered_at", by="answered_by", words="answer", said="answer",
)  # fmt: skip
QUESTIONS.timer("OVERDUE", "OPEN", "OVERDUE", due=_due)

# --- what the street is told

COMPLAINTS = Procedure(
    noun="affair_complaint",
    table=affair_complaints,
    states=AffairComplaintState,
    id_field="complaintId",
    derive=lambda row: {"next_at": COMPLAINTS.next_at(row)},
)


def _complain(table: sa.Table, *grounds: Ground) -> Step:
    return COMPLAINTS.step(
        "complainAboutAffair", Scope.AFFAIRS_ASK, (), "OPEN", *grounds,
        on=table, event="FILED", at="filed_at", by="member_id", words="body", said="body",
        sets=_answer_due, more=(Code.ALREADY_DONE, Code.IDEMPOTENCY_MISMATCH),
    )  # fmt: skip


COMPLAIN = {
    open_affairs: _complain(
        open_affairs,
        (Code.WRONG_STATE, ~among(open_affairs.c.state, "POSTED", "WITHDRAWN")),
    ),
    obligations: _complain(
        obligations,
        (
            Code.INVALID,
            ~among(obligations.c.about, "OPEN_AFFAIRS"),
            "不是公开事项。It is no item of open affairs.",
        ),
        (Code.WRONG_STATE, ~among(obligations.c.state, "OVERDUE"), "没有逾期。It is not late."),
    ),
}
DECIDE_COMPLAINT = COMPLAINTS.step(
    "decideAffairComplaint", Scope.AFFAIRS_INVESTIGATE, ("OPEN", "OVERDUE"),
    ("UPHELD", "DISMISSED"),
    event="DECIDED", at="decided_at", by="decided_by", words="decision_reason", said="reason",
)  # fmt: skip
COMPLAINTS.timer("OVERDUE", "OPEN", "OVERDUE", due=_due)

TIMED = (
    Timed(OBLIGATIONS, obligations),
    Timed(QUESTIONS, affair_questions),
    Timed(COMPLAINTS, affair_complaints),
)
