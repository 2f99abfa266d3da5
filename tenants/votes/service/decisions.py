"""A decision is made by who came and a count under the rule set, and may be overturned later."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.affairs.service.owing import meet_period
from tenants.affairs.statutes import About
from tenants.columns import NOW, TENANT, VIEWER
from tenants.errors import Code, Refused
from tenants.owners.words import Silence
from tenants.procedure import Facts
from tenants.taking import said, take
from tenants.transaction import Tx
from tenants.votes.assemblies import assemblies
from tenants.votes.counting import Question, decide
from tenants.votes.entries import RECORD_ATTENDANCE
from tenants.votes.meetings import attendances, meetings, voters
from tenants.votes.objections import OverturnedBy
from tenants.votes.procedure import (
    OVERTURN,
    TALLY,
)
from tenants.votes.proxies import papers
from tenants.votes.rules import ElectronicForm
from tenants.votes.service.authorising import authority, known, rule_for
from tenants.votes.service.closing import ballots_of
from tenants.votes.service.counts import keep, trace
from tenants.votes.service.papers import paper_of
from tenants.votes.service.rolls import few, rule_of
from tenants.votes.service.secret.urns import close_urn
from tenants.votes.service.turnout import turnout_of, who_came
from tenants.votes.tables import VoteSecrecy, votes
from tenants.workdays import day_of


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
    await meet_period(tx, About.MEETING, day_of(meeting["held_at"]), rule_of(meeting).body.value)
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
    matter = known(vote["matter"], "voteId")
    rule = rule_for(matter, rule_of(meeting))
    await authority(tx, matter, meeting, vote["authorisation_id"])
    assembly = await tx.row(_ASSEMBLY, v_id=meeting["id"])
    await _papers_are_confirmed(tx, vote)
    came = await who_came(tx, vote, meeting)
    if rule.electronic is ElectronicForm.UNCLEAR and not came.on_site:
        raise Refused(
            Code.INVALID,
            f"须有现场会议的到会记录（法律未明确线上表决可单独成立；{rule.source}）。\n"
            "Who came to the sitting is missing: online ballots alone make no decision.",
            "voteId",
        )
    if vote["secrecy"] == VoteSecrecy.SECRET:
        await close_urn(tx, vote, len(came.attending))
        return vote["id"]
    turnout, ways = await turnout_of(tx, vote, rule.units, came)
    ballots = await ballots_of(tx, vote["id"], *rule.units)
    question = Question(paper_of(vote), turnout, vote["seats"], vote["none_of_these"])
    silence = Silence.NOTHING if assembly is None else Silence(assembly["silence"])
    result = decide(question, replace(rule.rule, silence=silence), ballots)
    await keep(tx, vote["id"], result, len(ballots), ways)
    await trace(tx, vote["id"], rule, result)
    await take(tx, TALLY, vote, to="TALLIED")
    return vote["id"]


async def _papers_are_confirmed(tx: Tx, vote: Facts) -> None:
    waiting = await tx.rows(_UNCONFIRMED, v_id=vote["id"])
    if waiting:
        raise Refused(
            Code.INVALID,
            f"还有 {len(waiting)} 张纸质票未复核。Papers wait for a second person.",
            "voteId",
        )


async def overturn(tx: Tx, *, vote_id: UUID, ending: OverturnedBy, reason: str) -> UUID:
    """Record that a court, the government or the meeting itself overturned a final decision."""
    vote = await tx.find(votes, vote_id, "voteId", permit=OVERTURN)
    await take(tx, OVERTURN, vote, to=ending.value, words=said(OVERTURN, reason))
    return vote["id"]


_ID = sa.bindparam("v_id", type_=votes.c.id.type)
_AMONG = sa.any_(sa.bindparam("v_ids", type_=sa.ARRAY(votes.c.id.type)))
_ROLL = sa.bindparam("v_roll_id", type_=votes.c.id.type)
_MEETING = sa.select(meetings).where(meetings.c.community_id == TENANT, meetings.c.id == _ID)
_MEETING_HELD = _MEETING.with_for_update(read=True)
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
_ASSEMBLY = sa.select(assemblies.c.silence).where(
    assemblies.c.community_id == TENANT, assemblies.c.meeting_id == _ID
)
_UNCONFIRMED = sa.select(papers.c.voter_id).where(
    papers.c.community_id == TENANT, papers.c.vote_id == _ID, papers.c.confirmed_at.is_(None)
)
