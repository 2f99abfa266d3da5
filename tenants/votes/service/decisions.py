"""Decisions: who came, the count under the rule set, its certification, and objections."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.columns import NOW, TENANT, VIEWER
from tenants.errors import Code, Refused
from tenants.procedure import Facts, columns
from tenants.statements import Lock
from tenants.taking import begin, derive, said, take
from tenants.transaction import Tx, unless_taken
from tenants.votes.counting import Question, Turnout, decide
from tenants.votes.meetings import attendances, meetings, voters
from tenants.votes.objections import ObjectionDecision, OverturnedBy, objections
from tenants.votes.procedure import (
    CERTIFY,
    DECIDE_OBJECTION,
    DROPPED,
    OBJECT_TO_RESULT,
    OBJECT_TO_ROLL,
    OVERTURN,
    RECORD_ATTENDANCE,
    TALLY,
    VOTES,
)
from tenants.votes.results import vote_ballots
from tenants.votes.rules import ElectronicForm
from tenants.votes.secret.tables import envelopes
from tenants.votes.service.closing import ballots_of
from tenants.votes.service.counts import keep, trace
from tenants.votes.service.papers import paper_of
from tenants.votes.service.rolls import few, rule_of, size_of
from tenants.votes.service.secret.urns import close_urn
from tenants.votes.tables import VoteSecrecy, VoteState, votes
from tenants.workdays import after_days

_ALREADY = "您的异议还在处理。One of yours is not decided yet."


async def record_attendance(
    tx: Tx, *, meeting_id: UUID, voter_ids: Sequence[UUID], absent_ids: Sequence[UUID]
) -> UUID:
    """Enter who came to the sitting, or strike who did not, until the first matter is counted.

    Raises NOT_FOUND for someone who is not on the roll.
    """
    meeting = await tx.find(meetings, meeting_id, "meetingId", permit=RECORD_ATTENDANCE)
    if await tx.row(_COUNTED, v_id=meeting["id"]) is not None:
        raise Refused(
            Code.WRONG_STATE,
            "已有议题计票，到会名单不再更改。A matter is counted: the list is closed.",
        )
    few(voter_ids, "voterIds")
    few(absent_ids, "absentIds")
    given = {"v_id": meeting["id"], "v_roll_id": meeting["roll_id"]}
    found = await tx.rows(_ON_ROLL, **given, v_ids=list(voter_ids))
    if {*voter_ids} - {row["voter_id"] for row in found}:
        raise Refused(Code.NOT_FOUND, "不在名册上。Not on the roll.", "voterIds")
    await tx.row(_CAME, **given, v_ids=list(voter_ids))
    await tx.row(_CAME_NOT, v_id=meeting["id"], v_ids=list(absent_ids))
    await audit.record(tx, "meeting.attended", subject=meeting["id"])
    return meeting["id"]


async def tally(tx: Tx, *, vote_id: UUID) -> UUID:
    """Count a decision under its rule set; the count waits for somebody else to certify it.

    The ballots of a secret one are handed to the scrutineers first, unless its quorum was missed.
    Raises INVALID where the rule set asks for a meeting that was held and nobody's attendance is
    recorded.
    """
    vote = await tx.find(votes, vote_id, "voteId", permit=TALLY)
    # held: who came does not change while it is counted
    meeting = await tx.row(_MEETING_HELD, v_id=vote["meeting_id"])
    assert meeting is not None  # noqa: S101 # a decision is of a meeting
    rule = rule_of(meeting)
    came = await tx.row(_ATTENDING, v_id=vote["id"], v_meeting_id=meeting["id"])
    assert came is not None  # noqa: S101 # a count is a row
    if rule.electronic is ElectronicForm.UNCLEAR and not came["on_site"]:
        raise Refused(
            Code.INVALID,
            f"须有现场会议的到会记录（法律未明确线上表决可单独成立；{rule.source}）。\n"
            "Who came to the sitting is missing: online ballots alone make no decision.",
            "voteId",
        )
    if vote["secrecy"] == VoteSecrecy.SECRET:
        await close_urn(tx, vote, came["attending"])
        return vote["id"]
    units = rule.units
    ballots = await ballots_of(tx, vote["id"], *units)
    turnout = Turnout(await size_of(tx, vote["roll_id"]), attending=came["attending"])
    question = Question(
        paper_of(vote), dict.fromkeys(units, turnout), vote["seats"], vote["none_of_these"]
    )
    result = decide(question, rule.rule, ballots)
    await keep(tx, vote["id"], result, len(ballots), came["on_site"])
    await trace(tx, vote["id"], rule, result)
    await take(tx, TALLY, vote, to="TALLIED")
    return vote["id"]


async def certify(tx: Tx, *, vote_id: UUID) -> UUID:
    """Certify a count and publish the result; it may be objected to for the days of its rule set."""
    vote = await tx.find(votes, vote_id, "voteId", permit=CERTIFY)
    meeting = await tx.row(_MEETING, v_id=vote["meeting_id"])
    assert meeting is not None  # noqa: S101 # a decision is of a meeting
    days = rule_of(meeting).objection_days
    await take(tx, CERTIFY, vote, objections_until=after_days(tx.now, days))
    return vote["id"]


async def overturn(tx: Tx, *, vote_id: UUID, ending: OverturnedBy, reason: str) -> UUID:
    """Record that a court, the government or the meeting itself overturned a final decision."""
    vote = await tx.find(votes, vote_id, "voteId", permit=OVERTURN)
    await take(tx, OVERTURN, vote, to=ending.value, words=said(OVERTURN, reason))
    return vote["id"]


async def object_to_roll(tx: Tx, *, meeting_id: UUID, body: str) -> UUID:
    """Object to the roll of a meeting; its votes do not open before it is decided."""
    meeting = await tx.find(
        meetings, meeting_id, "meetingId", permit=OBJECT_TO_ROLL, lock=Lock.SHARE
    )
    async with unless_taken(tx, _ALREADY, "meetingId"):
        made = await begin(
            tx, OBJECT_TO_ROLL, words=said(OBJECT_TO_ROLL, body), kind="ROLL",
            meeting_id=meeting["id"], vote_id=None,
        )  # fmt: skip
    await _count_objections(tx, made, 1)
    return made["id"]


async def object_to_result(tx: Tx, *, vote_id: UUID, body: str) -> UUID:
    """Object to a published result; it is not final before the objection is decided."""
    await tx.hold(votes, vote_id)
    vote = await tx.find(votes, vote_id, "voteId", permit=OBJECT_TO_RESULT)
    async with unless_taken(tx, _ALREADY, "voteId"):
        made = await begin(
            tx, OBJECT_TO_RESULT, words=said(OBJECT_TO_RESULT, body), kind="RESULT",
            meeting_id=vote["meeting_id"], vote_id=vote["id"],
        )  # fmt: skip
    await _count_objections(tx, made, 1)
    return made["id"]


async def decide_objection(
    tx: Tx, *, objection_id: UUID, decision: ObjectionDecision, reason: str
) -> UUID:
    """Decide an objection, with a reason: the votes that waited for it go on.

    A result that an objection is upheld against is void; the matter may be voted on again.
    """
    objection = await tx.find(objections, objection_id, "objectionId", permit=DECIDE_OBJECTION)
    words = said(DECIDE_OBJECTION, reason)
    is_upheld = decision is ObjectionDecision.UPHOLD
    ending = "UPHELD" if is_upheld else "DISMISSED"
    await take(tx, DECIDE_OBJECTION, objection, to=ending, words=words)
    await _count_objections(tx, objection, -1)
    if is_upheld and objection["vote_id"] is not None:
        vote = await tx.row(_VOTE, v_id=objection["vote_id"])
        assert vote is not None  # noqa: S101 # the objection names it
        # it may have been voided meanwhile
        if vote["state"] == VoteState.PUBLISHED:
            await take(tx, DROPPED, vote, words=words)
    return objection["id"]


async def _count_objections(tx: Tx, objection: Facts, more: int) -> None:
    """Count the open objections of the votes concerned, which decides when the clock takes them on."""
    for vote in await tx.rows(
        _CONCERNED, v_id=objection["meeting_id"], v_vote_id=objection["vote_id"]
    ):
        counted = vote["open_objections"] + more
        await tx.update(votes, vote["id"], open_objections=counted)
        await derive(tx, VOTES, {**columns(vote), "open_objections": counted})


_ID = sa.bindparam("v_id", type_=votes.c.id.type)
_AMONG = sa.any_(sa.bindparam("v_ids", type_=sa.ARRAY(votes.c.id.type)))
_ROLL = sa.bindparam("v_roll_id", type_=votes.c.id.type)
_MEETING = sa.select(meetings).where(meetings.c.community_id == TENANT, meetings.c.id == _ID)
_MEETING_HELD = _MEETING.with_for_update(read=True)
_VOTE = (
    sa.select(votes)
    .where(votes.c.community_id == TENANT, votes.c.id == _ID)
    .with_for_update(key_share=True)
)
_COUNTED = (
    sa.select(votes.c.id)
    .where(
        votes.c.community_id == TENANT,
        votes.c.meeting_id == _ID,
        votes.c.tallied_at.is_not(None),
    )
    .limit(sa.literal_column("1"))
)
_LISTED = (
    (voters.c.community_id == TENANT) & (voters.c.roll_id == _ROLL) & (voters.c.voter_id == _AMONG)
)
_ON_ROLL = sa.select(voters.c.voter_id).where(_LISTED)
_CAME = (
    insert(attendances)
    .from_select(
        ["community_id", "meeting_id", "roll_id", "voter_id", "entered_by", "entered_at"],
        sa.select(
            voters.c.community_id, _ID, voters.c.roll_id, voters.c.voter_id, VIEWER, NOW
        ).where(_LISTED),
    )
    .on_conflict_do_nothing()
)
_CAME_NOT = sa.delete(attendances).where(
    attendances.c.community_id == TENANT,
    attendances.c.meeting_id == _ID,
    attendances.c.voter_id == _AMONG,
)
_MEETING_ID = sa.bindparam("v_meeting_id", type_=votes.c.id.type)
_AT_SITTING = sa.select(attendances.c.voter_id).where(
    attendances.c.community_id == TENANT, attendances.c.meeting_id == _MEETING_ID
)
_BY_BALLOT = sa.select(vote_ballots.c.voter_id).where(
    vote_ballots.c.community_id == TENANT, vote_ballots.c.vote_id == _ID
)
_BY_ENVELOPE = sa.select(envelopes.c.voter_id).where(
    envelopes.c.community_id == TENANT, envelopes.c.vote_id == _ID
)


def _number_of(rows: sa.Select[UUID] | sa.CompoundSelect[UUID]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.cast(sa.func.count(), sa.Integer()))
        .select_from(rows.subquery())
        .scalar_subquery()
    )


_ATTENDING = sa.select(
    _number_of(_AT_SITTING).label("on_site"),
    _number_of(sa.union(_AT_SITTING, _BY_BALLOT, _BY_ENVELOPE)).label("attending"),
)
_VOTE_ID = sa.bindparam("v_vote_id", type_=votes.c.id.type)
_CONCERNED = (
    sa.select(votes)
    .where(
        votes.c.community_id == TENANT,
        votes.c.meeting_id == _ID,
        (votes.c.id == _VOTE_ID) | _VOTE_ID.is_(None),
    )
    .order_by(votes.c.id)
    .with_for_update(key_share=True)
)
