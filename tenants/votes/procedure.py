"""Votes, meetings and objections follow these procedures: people's steps, and timers between them."""

from datetime import datetime, timedelta

from tenants.boards.policy import CREATE_POST
from tenants.boards.tables import boards
from tenants.columns import IS_STAFF, NOW, VIEWER, among
from tenants.errors import Code
from tenants.policy import Ground, rule
from tenants.procedure import Facts, Procedure, Row
from tenants.scopes import Scope
from tenants.transaction import Tx
from tenants.votes.meetings import MeetingState, ObjectionState, meetings
from tenants.votes.objections import objections
from tenants.votes.policy import (
    HOLDS_PROXY,
    HOLDS_SEAT,
    IS_CO_OWNER,
    IS_FROZEN,
    IS_ON_PAPER_ONLY,
    IS_ON_ROLL,
    IS_POLL,
    IS_SCRUTINEER,
    IS_TO_CERTIFY,
    IS_VOTE_AUTHOR,
    has_certified,
    vote_is,
    waiting_seat,
)
from tenants.votes.secret.scrutiny import alarm_at, is_scrutiny, lacks_keys
from tenants.votes.tables import VoteState, vote_dues, vote_events, votes


def _derived(vote: Facts) -> Row:
    return {"next_at": VOTES.next_at(vote)}


async def _follow(tx: Tx, _before: Facts, vote: Facts, changed: Row) -> None:
    """Copy to the table that is read from above when the vote is due, and for whom."""
    if changed.keys() & {"next_at", "state"}:
        await tx.update(vote_dues, vote["id"], next_at=vote["next_at"], scrutiny=is_scrutiny(vote))


REMINDED_BEFORE = timedelta(days=1)
VOTES = Procedure(
    noun="vote",
    table=votes,
    states=VoteState,
    id_field="voteId",
    timeline=(vote_events, "vote_id"),
    derive=_derived,
    changed=_follow,
)
MEETINGS = Procedure(noun="meeting", table=meetings, states=MeetingState, id_field="meetingId")
OBJECTIONS = Procedure(
    noun="objection", table=objections, states=ObjectionState, id_field="objectionId"
)
NOT_STAFF: Ground = (Code.FORBIDDEN, ~IS_STAFF, "限居委和书记。Only the committee's staff may.")
CO_OWNER = (
    "共有人须共同推定一名投票人，投票人不是您。Co-owners name one of them to cast, who is not you."
)
FROZEN = "名册已冻结，不再更改。The roll is frozen and does not change."
_WORDS = (Code.INVALID, Code.REQUIRED, Code.TOO_LONG, Code.IDEMPOTENCY_MISMATCH)

# --- polls

START_POLL = VOTES.step(
    "startPoll", Scope.VOTE_START, (), "DRAFT",
    *((each.code, each.when, each.message) for each in CREATE_POST.reasons),
    (
        Code.FORBIDDEN,
        (boards.c.moderation == "PRE") & ~IS_STAFF,
        "先审版块上的征询由居委发起。On a pre-moderated board the staff start polls.",
    ),
    on=boards, event="STARTED", at="created_at", by="author_id", said="",
    more=(*_WORDS, Code.QUOTA_EXCEEDED, Code.CONTENT_REJECTED),
)  # fmt: skip
VOID_POLL = VOTES.step(
    "voidPoll", Scope.VOTE_START, ("DRAFT", "OPEN", "COUNTING"), "VOID",
    (Code.FORBIDDEN, ~IS_POLL, "不是意见征询。It is no poll."),
    (
        Code.FORBIDDEN,
        ~(IS_VOTE_AUTHOR | IS_STAFF),
        "限发起人和居委。Only its author and the staff may.",
    ),
    event="VOIDED", by="voided_by", words="void_reason", said="reason",
)  # fmt: skip

# --- meetings and their matters

DRAFT_MEETING = MEETINGS.step(
    "draftMeeting", Scope.VOTE_MANAGE, (), "DRAFT",
    event="DRAFTED", at="created_at", by="created_by", said="", may_begin=True,
    more=(*_WORDS, Code.FORBIDDEN, Code.NOT_FOUND, Code.WRONG_STATE, Code.ALREADY_DONE),
)  # fmt: skip
ADD_MATTER = VOTES.step(
    "addMatter", Scope.VOTE_MANAGE, (), "DRAFT",
    NOT_STAFF,
    (
        Code.WRONG_STATE,
        meetings.c.state != "DRAFT",
        "公告之后不得增加议题。Nothing is added to an agenda that was announced.",
    ),
    on=meetings, event="MATTER_ADDED", at="created_at", by="author_id", said="",
    more=(*_WORDS, Code.QUOTA_EXCEEDED),
)  # fmt: skip
SET_ROLL = rule(
    "setMeetingRoll", Scope.VOTE_MANAGE, meetings, NOT_STAFF,
    (Code.WRONG_STATE, meetings.c.state == "CANCELLED"),
    (Code.WRONG_STATE, IS_FROZEN, FROZEN),
)  # fmt: skip
NOTICE_MEETING = MEETINGS.step(
    "noticeMeeting", Scope.VOTE_MANAGE, "DRAFT", "NOTICED", NOT_STAFF,
    at="noticed_at", by="noticed_by", said="", more=(Code.INVALID,),
)  # fmt: skip
CANCEL_MEETING = MEETINGS.step(
    "cancelMeeting", Scope.VOTE_MANAGE, ("DRAFT", "NOTICED"), "CANCELLED", NOT_STAFF,
    (
        Code.WRONG_STATE,
        (meetings.c.state == "NOTICED") & (meetings.c.opens_at <= NOW),
        "投票已开始，请逐项作废并说明理由。It has opened: void its matters, each with a reason.",
    ),
    words="cancel_reason", said="reason",
)  # fmt: skip

EXTENDED = VOTES.move("EXTENDED", ("NOTICED", "OPEN"), ())
NOTICED = VOTES.move("NOTICED", "DRAFT", "NOTICED")
# With its meeting, or because an objection to its result is sustained.
DROPPED = VOTES.move(
    "VOIDED", ("DRAFT", "NOTICED", "PUBLISHED"), "VOID", by="voided_by", words="void_reason"
)
VOID_DECISION = VOTES.step(
    "voidDecision", Scope.VOTE_MANAGE,
    ("DRAFT", "NOTICED", "OPEN", "CLOSED", "COUNTING", "TALLIED", "PUBLISHED"), "VOID",
    (Code.FORBIDDEN, IS_POLL, "是意见征询，请用 voidPoll。It is a poll: voidPoll."), NOT_STAFF,
    event="VOIDED", by="voided_by", words="void_reason", said="reason",
)  # fmt: skip
TALLY = VOTES.step(
    "tallyDecision", Scope.VOTE_MANAGE, "CLOSED", ("TALLIED", "COUNTING"),
    (Code.FORBIDDEN, IS_POLL, "征询自动计票。A poll is counted by itself."), NOT_STAFF,
    (
        Code.FORBIDDEN,
        IS_TO_CERTIFY,
        "结果须由您确认，请由他人计票。You are to certify it: let somebody else count.",
    ),
    at="tallied_at", by="tallied_by", said="", more=(Code.INVALID,), event="TALLIED",
)  # fmt: skip
IS_SECRET = among(votes.c.secrecy, "SECRET")
_IS_AHEAD = among(votes.c.state, "DRAFT", "NOTICED")
APPOINT_SCRUTINEER = rule(
    "appointScrutineer", Scope.VOTE_MANAGE, votes, NOT_STAFF,
    (
        Code.FORBIDDEN,
        IS_POLL | ~IS_SECRET,
        "只有秘密表决才指定监票人。Only a secret decision has scrutineers to appoint.",
    ),
    (Code.WRONG_STATE, ~_IS_AHEAD, "投票已开始。It has opened."),
)  # fmt: skip
ACCEPT_SCRUTINY = rule(
    "acceptScrutiny", Scope.VOTE_CAST, votes,
    (Code.FORBIDDEN, ~IS_SCRUTINEER, "您不是这项投票的监票人。You are no scrutineer of it."),
    (Code.WRONG_STATE, ~_IS_AHEAD, "投票已开始。It has opened."),
)  # fmt: skip
KEYS_SHOWN = VOTES.move("KEYS_SHOWN", ("DRAFT", "NOTICED", "OPEN"), ())
# Two scrutineers have opened the secret ballots. A poll is published with its count.
COUNTED = VOTES.move("COUNTED", "COUNTING", ("CLOSED", "TALLIED"))
# Of several seats that certify, the last publishes.
CERTIFY = VOTES.step(
    "certifyResult", Scope.VOTE_CAST, "TALLIED", "PUBLISHED",
    (
        Code.FORBIDDEN,
        votes.c.tallied_by == VIEWER,
        "计票人不能确认自己的计票。Not by the one who counted.",
    ),
    (
        Code.FORBIDDEN,
        ~HOLDS_SEAT,
        "只由规则所定的席位确认。Only the seats that the rule set names certify.",
    ),
    then=(
        (Code.ALREADY_DONE, waiting_seat.is_(None), "您的席位已确认。Your seat has certified it."),
    ),
    at="published_at", by="certified_by", said="",
)  # fmt: skip
SEAT_CERTIFIED = VOTES.move("CERTIFIED", "TALLIED", ())
OVERTURN = VOTES.step(
    "overturnDecision", Scope.VOTE_CERTIFY, "FINAL", ("ANNULLED", "ORDERED_TO_CORRECT", "REVOKED"),
    event="OVERTURNED", words="overturned_why", said="reason",
)  # fmt: skip

# --- objections

OBJECT_TO_ROLL = OBJECTIONS.step(
    "objectToRoll", Scope.VOTE_CAST, (), "OPEN",
    (
        Code.WRONG_STATE,
        (meetings.c.state != "NOTICED") | (meetings.c.opens_at <= NOW),
        "只在公告之后、投票之前可提。Only between the notice and the opening.",
    ),
    on=meetings, event="CREATED", at="made_at", by="author_id", words="words", said="body",
    more=(Code.ALREADY_DONE, Code.IDEMPOTENCY_MISMATCH),
)  # fmt: skip
OBJECT_TO_RESULT = OBJECTIONS.step(
    "objectToResult", Scope.VOTE_CAST, (), "OPEN",
    (
        Code.WRONG_STATE,
        (votes.c.state != "PUBLISHED") | (votes.c.objections_until <= NOW),
        "只在结果公布后的异议期内可提。Only in the objection period after the result.",
    ),
    on=votes, event="CREATED", at="made_at", by="author_id", words="words", said="body",
    more=(Code.ALREADY_DONE, Code.IDEMPOTENCY_MISMATCH),
)  # fmt: skip
DECIDE_OBJECTION = OBJECTIONS.step(
    "decideObjection", Scope.VOTE_CERTIFY, "OPEN", ("SUSTAINED", "DISMISSED"),
    (Code.FORBIDDEN, objections.c.author_id == VIEWER, "不能裁定自己的异议。Not one's own."),
    (
        Code.FORBIDDEN,
        has_certified(objections.c.vote_id) | vote_is(objections.c.vote_id, votes.c.tallied_by == VIEWER),
        "计票人和确认人不能裁定对结果的异议。Not by who counted or certified.",
    ),
    event="DECIDED", at="decided_at", by="decided_by", words="decision_reason", said="reason",
)  # fmt: skip

# --- casting

# Whoever casts holds the vote's row FOR SHARE: its close waits for them, and they for it.
CAST = rule(
    "castBallot",
    Scope.VOTE_CAST,
    votes,
    (Code.WRONG_STATE, votes.c.state != "OPEN", "投票未开始或已截止。It is not open."),
    (Code.WRONG_STATE, votes.c.closes_at <= NOW, "投票已截止。It is closed."),
    (
        Code.FORBIDDEN,
        IS_ON_PAPER_ONLY,
        "业主的议事规则未准许线上投票，请交纸质票。The owners' rules admit paper ballots only.",
    ),
    (
        Code.FORBIDDEN,
        IS_SECRET & HOLDS_PROXY & ~IS_ON_ROLL,
        "秘密投票不能委托他人。Nobody casts a secret ballot for another.",
    ),
    (Code.FORBIDDEN, ~IS_ON_ROLL & ~HOLDS_PROXY & IS_CO_OWNER, CO_OWNER),
    (
        Code.FORBIDDEN,
        ~IS_ON_ROLL & ~HOLDS_PROXY,
        "您不在投票名册上。You are not on the roll.",
    ),
)

# --- the clock


def _opens(vote: Facts) -> datetime | None:
    """Return when a vote opens: a decision waits for the objections to its roll."""
    is_ready = vote["state"] == ("DRAFT" if vote["track"] == "POLL" else "NOTICED")
    waits = vote["open_objections"] or lacks_keys(vote)
    return vote["opens_at"] if is_ready and not waits else None


def _lapses(vote: Facts) -> datetime | None:
    return vote["closes_at"] if lacks_keys(vote) else None


def _reminds(vote: Facts) -> datetime | None:
    """Return when those who have not voted are reminded: a day before the close of a longer vote."""
    at = vote["closes_at"] - REMINDED_BEFORE
    return at if vote["reminded_at"] is None and at > vote["opens_at"] else None


OPENS = VOTES.timer("OPENED", ("DRAFT", "NOTICED"), "OPEN", due=_opens)
# A secret vote that could not open did not take place.
LAPSES = VOTES.timer(
    "LAPSED", ("DRAFT", "NOTICED"), "VOID", due=_lapses, by="voided_by", words="void_reason"
)
ALARMS = VOTES.timer("ALARMED", ("DRAFT", "NOTICED", "OPEN"), (), due=alarm_at, at="alarmed_at")
# Once; who has not voted, whoever delivers it sees at that moment, and nobody else.
REMINDS = VOTES.timer("REMINDED", "OPEN", (), due=_reminds, at="reminded_at")
CLOSES = VOTES.timer("CLOSED", "OPEN", ("CLOSED", "COUNTING"), due=lambda vote: vote["closes_at"])
FINALISES = VOTES.timer(
    "FINALISED", "PUBLISHED", "FINAL",
    due=lambda vote: None if vote["open_objections"] else vote["objections_until"],
)  # fmt: skip
