"""Topics are decided, carried out and evaluated; or put off until a date."""

from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from tenants.boards.service.check import Verdict
from tenants.columns import TENANT
from tenants.errors import Code, NotFound, Refused
from tenants.origins import OriginKind, Step, lead_to
from tenants.procedure import Facts
from tenants.statements import Lock
from tenants.taking import said, take
from tenants.text import written
from tenants.topics.consultations import consultations, resolutions
from tenants.topics.policy import DECIDE_BY, EVALUATE
from tenants.topics.procedure import (
    NO_CONSULTATION,
    NO_DISCUSSIONS,
    NO_MEETING,
    RECORD_DISCUSSION,
    RESOLVE,
    SHELVE,
    SUBMIT,
)
from tenants.topics.service.proposing import require_pass
from tenants.topics.tables import NOTE_LENGTH, topic_discussions, topic_evaluations, topics
from tenants.topics.words import DiscussionKind, Execution
from tenants.transaction import Row, Tx, unless_taken
from tenants.votes.results import vote_results
from tenants.votes.tables import votes
from tenants.workdays import day_of

MOST_SHELVED_DAYS = 366
_OVER = {"VOID", "ANNULLED", "ORDERED_TO_CORRECT", "REVOKED"}


async def shelve(tx: Tx, *, topic_id: UUID, until: datetime, reason: str) -> UUID:
    """Put a topic off until a time within a year, at which it comes back on the agenda."""
    topic = await tx.find(topics, topic_id, "topicId", permit=SHELVE)
    if not timedelta() < until - tx.now <= timedelta(days=MOST_SHELVED_DAYS):
        raise Refused(Code.INVALID, "须在今后一年之内。Within a year from now.", "until")
    await take(tx, SHELVE, topic, words=said(SHELVE, reason), shelved_until=until)
    return topic["id"]


async def record_discussion(
    tx: Tx, *, topic_id: UUID, kind: DiscussionKind, held_on: date, body: str
) -> UUID:
    """Record one of the three discussions of an important matter.

    Raises WRONG_STATE, with the rule, for one that is out of order, and INVALID for a day in the
    future or before the last discussion.
    """
    topic = await tx.find(topics, topic_id, "topicId", permit=RECORD_DISCUSSION)
    words = said(RECORD_DISCUSSION, body)
    done = {row["kind"]: row["held_on"] for row in await tx.rows(_DISCUSSIONS, v_id=topic["id"])}
    order = list(DiscussionKind)
    before = order[: order.index(kind)]
    if any(each not in done for each in before):
        raise Refused(Code.WRONG_STATE, NO_DISCUSSIONS, "kind")
    earliest = max((done[each] for each in before), default=date.min)
    if not earliest <= held_on <= day_of(tx.now):
        raise Refused(
            Code.INVALID,
            "不早于上一次讨论，不晚于今天。Not before the last discussion nor after today.",
            "heldOn",
        )
    async with unless_taken(tx, "已登记过。It is recorded already.", "kind"):
        await tx.insert(
            topic_discussions, topic_id=topic["id"], kind=kind.value, held_on=held_on, record=words,
            entered_by=tx.viewer.id, entered_at=tx.now,
        )  # fmt: skip
    await take(tx, RECORD_DISCUSSION, topic, words=words)
    return topic["id"]


async def submit(tx: Tx, *, topic_id: UUID, vote_id: UUID) -> UUID:
    """Have a matter of a meeting decide a topic.

    Raises WRONG_STATE, with the rule, where a discussion is missing, or another vote decides it.
    """
    topic = await tx.find(topics, topic_id, "topicId", permit=SUBMIT)
    if topic["is_important"]:
        held = {row["kind"] for row in await tx.rows(_DISCUSSIONS, v_id=topic["id"])}
        if held != {*DiscussionKind}:
            raise Refused(Code.WRONG_STATE, NO_DISCUSSIONS, "topicId")
    if topic["state"] == "DECIDING":
        last = await _result(tx, topic)
        if last["state"] not in _OVER and (last["state"] != "FINAL" or last["outcome"] == "PASSED"):
            raise Refused(Code.WRONG_STATE, "已提请另一项表决。Another vote decides it.", "topicId")
    vote = await tx.find(votes, vote_id, "voteId", permit=DECIDE_BY, lock=Lock.SHARE)
    async with unless_taken(tx, "该表决已决定另一议题。It decides another topic.", "voteId"):
        await take(tx, SUBMIT, topic, vote_id=vote["id"])
    return topic["id"]


async def publish_resolution(
    tx: Tx,
    *,
    topic_id: UUID,
    consultation_id: UUID | None,
    body: str,
    execution: Execution,
    due_on: date,
) -> UUID:
    """Publish what was decided: by the agreement of a consultation, or by the topic's vote.

    Raises WRONG_STATE, with the rule, where neither has decided it, and INVALID for a day in the past.
    """
    topic = await tx.find(topics, topic_id, "topicId", permit=RESOLVE)
    words = said(RESOLVE, body)
    if due_on < day_of(tx.now):
        raise Refused(Code.INVALID, "不早于今天。Not before today.", "dueOn")
    decided = (
        await _voted(tx, topic)
        if consultation_id is None
        else await _agreed(tx, topic, consultation_id)
    )
    made = tx.new_id()
    await tx.insert(
        resolutions, id=made, topic_id=topic["id"], body=words, execution=execution.value,
        due_on=due_on, published_at=tx.now, published_by=tx.viewer.id, **decided,
    )  # fmt: skip
    await take(tx, RESOLVE, topic, words=words)
    steps = [Step(OriginKind.RESOLUTION, made, tx.now)]
    if consultation_id is None:
        steps.insert(0, Step(OriginKind.VOTE, topic["vote_id"], tx.now))
    await lead_to(tx, topic["id"], *steps)
    return topic["id"]


async def evaluate(
    tx: Tx, *, topic_id: UUID, satisfaction: int, note: str | None, verdict: Verdict
) -> UUID:
    """Judge what was done about a topic, once; raises INVALID for anything but 1 to 5."""
    topic = await tx.find(topics, topic_id, "topicId", permit=EVALUATE, lock=Lock.SHARE)
    words = written(note, NOTE_LENGTH, "note") if note else None
    require_pass(verdict)
    if not 1 <= satisfaction <= 5:
        raise Refused(Code.INVALID, "满意度为 1–5。Satisfaction is 1 to 5.", "satisfaction")
    async with unless_taken(tx, "您已评议。You evaluated it already.", "topicId"):
        await tx.insert(
            topic_evaluations, topic_id=topic["id"], member_id=tx.viewer.id, at=tx.now,
            satisfaction=satisfaction, note=words,
        )  # fmt: skip
    return topic["id"]


async def _agreed(tx: Tx, topic: Facts, consultation_id: UUID) -> dict[str, UUID]:
    """Return that a consultation decided; raise WRONG_STATE where it could not."""
    held = await tx.row(_CONSULTATION, v_id=consultation_id, v_topic_id=topic["id"])
    if held is None:
        raise NotFound("consultationId")
    if held["state"] != "HELD" or topic["state"] != "CONSULTING":
        raise Refused(Code.WRONG_STATE, NO_CONSULTATION, "consultationId")
    if topic["is_important"]:
        raise Refused(Code.WRONG_STATE, NO_MEETING, "consultationId")
    if held["follow_up"] not in {*Execution}:
        raise Refused(
            Code.WRONG_STATE,
            "协商未达成一致，或须提请会议（城市居民委员会组织法第32条）。\n"
            "There was no agreement, or it goes to a meeting.",
            "consultationId",
        )
    return {"consultation_id": held["id"]}


async def _voted(tx: Tx, topic: Facts) -> dict[str, UUID]:
    """Return that the topic's vote decided; raise WRONG_STATE unless it passed and is final."""
    found = await _result(tx, topic) if topic["state"] == "DECIDING" else None
    if found is None or (found["state"], found["outcome"]) != ("FINAL", "PASSED"):
        raise Refused(
            Code.WRONG_STATE,
            "须有已生效的会议表决或协商一致的记录（城市居民委员会组织法第30、32条）。\n"
            "A vote of a meeting that passed and is final, or the agreement of a consultation, comes first.",
            "topicId",
        )
    return {"vote_id": topic["vote_id"]}


async def _result(tx: Tx, topic: Facts) -> Row:
    row = await tx.row(_RESULT, v_id=topic["vote_id"])
    assert row is not None  # noqa: S101 # the topic names it
    return row


_ID = sa.bindparam("v_id", type_=topics.c.id.type)
_DISCUSSIONS = sa.select(topic_discussions.c.kind, topic_discussions.c.held_on).where(
    topic_discussions.c.community_id == TENANT, topic_discussions.c.topic_id == _ID
)
_CONSULTATION = sa.select(consultations).where(
    consultations.c.community_id == TENANT,
    consultations.c.id == _ID,
    consultations.c.topic_id == sa.bindparam("v_topic_id", type_=topics.c.id.type),
)
_RESULT = (
    sa.select(votes.c.state, vote_results.c.outcome)
    .outerjoin_from(
        votes,
        vote_results,
        (vote_results.c.community_id == TENANT)
        & (vote_results.c.community_id == votes.c.community_id)
        & (vote_results.c.vote_id == votes.c.id),
    )
    .where(votes.c.community_id == TENANT, votes.c.id == _ID)
)
