"""Pacts, suggestions and signatures go through these procedures: people's steps, and timers between them."""

from datetime import datetime

import sqlalchemy as sa

from tenants.columns import IS_STAFF, TENANT, VIEWER, among
from tenants.errors import Code
from tenants.pacts.events import pact_events
from tenants.pacts.kinds import kinds_with
from tenants.pacts.policy import IS_OF_VIEWERS_HOUSEHOLD
from tenants.pacts.signatures import pact_signatures
from tenants.pacts.suggestions import pact_suggestions
from tenants.pacts.tables import REASON_LENGTH, pact_dues, pacts
from tenants.pacts.words import PactStage, PactState, SignatureState, SuggestionState
from tenants.policy import Condition, Ground, rule
from tenants.procedure import Facts, Procedure, Row
from tenants.scopes import Scope
from tenants.transaction import Tx

_ONE = sa.literal_column("1")
# Acts that say which text they are about, in the chain of the audit.
_ABOUT_A_TEXT = {
    "published",
    "submitted",
    "put_to_vote",
    "vote_concluded",
    "filed",
    "came_into_force",
}


def _audited(action: str, pact: Facts, _words: str | None) -> Row:
    """Say with an act about a text which text it is: the chain keeps its hash."""
    is_about_text = action.rpartition(".")[2] in _ABOUT_A_TEXT and pact["text_hash"]
    reason = f"sha256:{pact['text_hash']}" if is_about_text else None
    return {"action": action, "subject": pact["id"], "reason": reason}


def _derived(pact: Facts) -> Row:
    return {"next_at": PACTS.next_at(pact)}


async def _follow(tx: Tx, _before: Facts, pact: Facts, changed: Row) -> None:
    """Copy when the pact is due to the table that is read from above."""
    if "next_at" in changed:
        await tx.update(pact_dues, pact["id"], next_at=pact["next_at"])


PACTS = Procedure(
    noun="pact",
    table=pacts,
    states=PactState,
    id_field="pactId",
    timeline=(pact_events, "pact_id"),
    derive=_derived,
    audited=_audited,
    changed=_follow,
)
SUGGESTIONS = Procedure(
    noun="pact_suggestion",
    table=pact_suggestions,
    states=SuggestionState,
    id_field="suggestionId",
)
SIGNATURES = Procedure(
    noun="pact_signature", table=pact_signatures, states=SignatureState, id_field="signatureId"
)
_NOT_STAFF: Ground = (Code.FORBIDDEN, ~IS_STAFF, "限居委和书记。Only the committee's staff may.")
_WORDS = (Code.INVALID, Code.REQUIRED, Code.TOO_LONG)


def _goes_through(stage: PactStage) -> Condition:
    return among(pacts.c.kind, *kinds_with(stage))


def pact_is(pact_id: sa.ColumnElement[object], condition: Condition) -> Condition:
    """Return the condition that a row's pact, in this community, is such."""
    return sa.exists(
        sa.select(_ONE).where(pacts.c.community_id == TENANT, pacts.c.id == pact_id, condition)
    )


# --- the draft

START = PACTS.step(
    "startPact", Scope.PACT_MANAGE, (), ("SOLICITING", "DRAFTING"),
    event="STARTED", at="started_at", by="started_by", said="", may_begin=True,
    more=(*_WORDS, Code.FORBIDDEN, Code.NOT_FOUND, Code.WRONG_STATE, Code.ALREADY_DONE, Code.IDEMPOTENCY_MISMATCH),
)  # fmt: skip
DRAFT = PACTS.step(
    "draftPact", Scope.PACT_MANAGE,
    ("SOLICITING", "PUBLISHED", "RETURNED", "REVIEWED", "REJECTED"), "DRAFTING",
    _NOT_STAFF, said="",
)  # fmt: skip
_IS_DRAFTING: Ground = (Code.WRONG_STATE, pacts.c.state != "DRAFTING")
SET_DRAFT = rule("setPactDraft", Scope.PACT_MANAGE, pacts, _NOT_STAFF, _IS_DRAFTING)
PUBLISH = PACTS.step(
    "publishPactDraft", Scope.PACT_MANAGE, "DRAFTING", "PUBLISHED", _NOT_STAFF,
    said="", more=(Code.INVALID, Code.WRONG_STATE),
)  # fmt: skip
CANCEL = PACTS.step(
    "cancelPact", Scope.PACT_MANAGE,
    ("SOLICITING", "DRAFTING", "PUBLISHED", "UNDER_REVIEW", "RETURNED", "REVIEWED", "REJECTED"),
    "CANCELLED", _NOT_STAFF, at="ended_at", by="ended_by", words="ended_why", said="reason",
)  # fmt: skip

# --- what residents suggest

SUGGEST = SUGGESTIONS.step(
    "suggestForPact", Scope.PACT_WRITE, (), "OPEN",
    (
        Code.WRONG_STATE,
        pacts.c.state == "DRAFTING",
        "正在汇总起草，建议已冻结，下一稿公布后再提。Suggestions are frozen until the next draft.",
    ),
    (
        Code.WRONG_STATE,
        ~among(pacts.c.state, "SOLICITING", "PUBLISHED"),
        "只在征集民意和公开征求意见时可提。Only while residents are asked.",
    ),
    on=pacts, event="CREATED", at="made_at", by="author_id", words="body", said="body",
    more=(
        Code.NOT_FOUND, Code.QUOTA_EXCEEDED, Code.CONTENT_REJECTED, Code.IDEMPOTENCY_MISMATCH,
    ),
)  # fmt: skip
DECIDE_SUGGESTION = SUGGESTIONS.step(
    "decidePactSuggestion", Scope.PACT_MANAGE, "OPEN", ("ADOPTED", "DECLINED", "CARRIED_OVER"),
    _NOT_STAFF,
    (
        Code.WRONG_STATE,
        ~pact_is(
            pact_suggestions.c.pact_id, among(pacts.c.state, "SOLICITING", "DRAFTING", "PUBLISHED")
        ),
        "公约已不在征求意见和起草。The pact is not being drafted any more.",
    ),
    event="DECIDED", at="decided_at", by="decided_by", words="decision_reason", said="reason",
    more=(Code.WRONG_STATE,),
)  # fmt: skip
WITHDRAW_SUGGESTION = SUGGESTIONS.step(
    "withdrawPactSuggestion", Scope.PACT_WRITE, ("OPEN", "CARRIED_OVER"), "WITHDRAWN",
    (Code.FORBIDDEN, pact_suggestions.c.author_id != VIEWER, "限本人。Only its author may."),
    said="",
)  # fmt: skip
# with the draft that takes them over, or with the pact that is called off
REOPENED = SUGGESTIONS.move("REOPENED", "CARRIED_OVER", "OPEN")
CLOSED = SUGGESTIONS.move(
    "CLOSED", ("OPEN", "CARRIED_OVER"), "DECLINED", at="decided_at", by="decided_by"
)

# --- the review by the street

SUBMIT = PACTS.step(
    "submitPactForReview", Scope.PACT_MANAGE, "PUBLISHED", "UNDER_REVIEW", _NOT_STAFF,
    (
        Code.FORBIDDEN,
        ~_goes_through(PactStage.REVIEW),
        "这类公约不经街镇审核。A pact of this kind is not reviewed.",
    ),
    event="SUBMITTED", at="submitted_at", said="", more=(Code.INVALID, Code.WRONG_STATE),
)  # fmt: skip
DECIDE_REVIEW = PACTS.step(
    "decidePactReview", Scope.PACT_REVIEW, "UNDER_REVIEW", ("REVIEWED", "RETURNED"),
    said="reason", most=REASON_LENGTH, needs_words=False, event="REVIEWED",
)  # fmt: skip

# --- the decision, or the agreement

SUBMIT_TO_VOTE = PACTS.step(
    "submitPactToVote", Scope.PACT_MANAGE, ("PUBLISHED", "REVIEWED"), "ON_VOTE", _NOT_STAFF,
    (
        Code.FORBIDDEN,
        ~_goes_through(PactStage.VOTE),
        "楼组公约由各户协商签署，不表决。A building's pact is agreed on and not voted on.",
    ),
    then=(
        (
            Code.WRONG_STATE,
            (pacts.c.state == "PUBLISHED") & _goes_through(PactStage.REVIEW),
            "须先提请街镇审核（民政部等七部门《关于做好村规民约和居民公约工作的指导意见》，2018年）。"
            "The street reviews it before the vote.",
        ),
    ),
    event="PUT_TO_VOTE", said="", more=(Code.INVALID, Code.WRONG_STATE),
)  # fmt: skip
CONCLUDE_VOTE = PACTS.step(
    "concludePactVote", Scope.PACT_MANAGE, ("ON_VOTE", "ADOPTED", "FILED", "IN_FORCE"),
    ("ADOPTED", "REJECTED", "REVIEWED", "PUBLISHED", "ANNULLED"), _NOT_STAFF,
    (
        Code.FORBIDDEN,
        ~_goes_through(PactStage.VOTE),
        "楼组公约由各户协商签署，不表决。A building's pact is agreed on and not voted on.",
    ),
    event="VOTE_CONCLUDED", said="", more=(Code.INVALID, Code.REQUIRED, Code.WRONG_STATE),
)  # fmt: skip
CONCLUDE = PACTS.step(
    "concludePact", Scope.PACT_MANAGE, "PUBLISHED", "IN_FORCE", _NOT_STAFF,
    (
        Code.FORBIDDEN,
        ~_goes_through(PactStage.AGREE),
        "只有楼组公约以签署达成；其他公约须表决。Only a building's pact; others are voted on.",
    ),
    event="CONCLUDED", at="in_force_at", said="", more=(Code.INVALID, Code.WRONG_STATE),
)  # fmt: skip

# --- the filing, and its end

FILE = PACTS.step(
    "filePact", Scope.PACT_MANAGE, "ADOPTED", "FILED", _NOT_STAFF,
    at="filed_at", by="filed_by", said="", more=_WORDS,
)  # fmt: skip
ORDER_CORRECTION = PACTS.step(
    "orderPactCorrection", Scope.PACT_REVIEW, ("FILED", "IN_FORCE"), "ORDERED_TO_CORRECT",
    event="CORRECTION_ORDERED", at="ended_at", by="ended_by", words="ended_why", said="reason",
)  # fmt: skip
_NOT_IN_FORCE: Ground = (Code.WRONG_STATE, pacts.c.state != "IN_FORCE")
SUBMIT_REPEAL = rule(
    "submitPactRepeal", Scope.PACT_MANAGE, pacts, _NOT_STAFF,
    (
        Code.FORBIDDEN,
        ~_goes_through(PactStage.VOTE),
        "楼组公约由各户协商废止，不表决。A building's pact is ended by agreement and not by a vote.",
    ),
    _NOT_IN_FORCE,
)  # fmt: skip
REPEAL = PACTS.step(
    "repealPact", Scope.PACT_MANAGE, "IN_FORCE", "REPEALED", _NOT_STAFF,
    at="ended_at", by="ended_by", words="ended_why", said="reason", more=(Code.INVALID,),
)  # fmt: skip

# --- signatures

_MAY_BE_SIGNED = (pacts.c.state == "IN_FORCE") | (
    (pacts.c.state == "PUBLISHED") & _goes_through(PactStage.AGREE)
)
_NOT_TO_SIGN: Ground = (
    Code.WRONG_STATE,
    ~_MAY_BE_SIGNED,
    "施行后可签署，楼组公约在协商时签署。Once it is in force; a building's while it is agreed on.",
)
SIGN = SIGNATURES.step(
    "signPact", Scope.PACT_WRITE, (), "VALID", _NOT_TO_SIGN,
    on=pacts, event="CREATED", at="made_at", by="member_id", said="",
    more=(Code.ALREADY_DONE, Code.NOT_ELIGIBLE, Code.INVALID, Code.IDEMPOTENCY_MISMATCH),
)  # fmt: skip
RECORD_SIGNATURE = SIGNATURES.step(
    "recordPactSignature", Scope.PACT_MANAGE, (), "PENDING", _NOT_STAFF, _NOT_TO_SIGN,
    on=pacts, event="ENTERED", at="made_at", by="entered_by", said="",
    more=(*_WORDS, Code.ALREADY_DONE, Code.NOT_ELIGIBLE, Code.IDEMPOTENCY_MISMATCH),
)  # fmt: skip
CONFIRM_SIGNATURE = SIGNATURES.step(
    "confirmPactSignature", Scope.PACT_MANAGE, "PENDING", "VALID", _NOT_STAFF,
    (
        Code.FORBIDDEN,
        pact_signatures.c.entered_by == VIEWER,
        "录入人不能复核。Not by the one who entered it.",
    ),
    event="CONFIRMED", at="confirmed_at", by="confirmed_by", said="",
)  # fmt: skip
WITHDRAW_SIGNATURE = SIGNATURES.step(
    "withdrawPactSignature", Scope.PACT_WRITE, ("PENDING", "VALID"), "WITHDRAWN",
    (
        Code.FORBIDDEN,
        ~IS_OF_VIEWERS_HOUSEHOLD & (~IS_STAFF | (pact_signatures.c.channel == "ONLINE")),
        "限本户成员；纸质签署可由居委代为撤回。Only the household; of a paper the staff too.",
    ),
    at="withdrawn_at", by="withdrawn_by", said="",
)  # fmt: skip

# --- the clock


def _unless_told(due: str, told: str, pact: Facts) -> datetime | None:
    return None if pact[told] else pact[due]


REVIEW_OVERDUE = PACTS.timer(
    "REVIEW_OVERDUE", "UNDER_REVIEW", (), at="review_overdue_at",
    due=lambda pact: _unless_told("review_due_at", "review_overdue_at", pact),
)  # fmt: skip
FILING_OVERDUE = PACTS.timer(
    "FILING_OVERDUE", "ADOPTED", (), at="filing_overdue_at",
    due=lambda pact: _unless_told("filing_due_at", "filing_overdue_at", pact),
)  # fmt: skip
COMES_INTO_FORCE = PACTS.timer(
    "CAME_INTO_FORCE", "FILED", "IN_FORCE", due=lambda pact: pact["in_force_at"]
)
REVISION_DUE = PACTS.timer(
    "REVISION_DUE", "IN_FORCE", (), at="revision_told_at",
    due=lambda pact: _unless_told("revision_due_at", "revision_told_at", pact),
)  # fmt: skip
# by the one that takes its place
SUPERSEDED = PACTS.move("SUPERSEDED", "IN_FORCE", "SUPERSEDED", at="ended_at", by="ended_by")
