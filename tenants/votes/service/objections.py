"""Members object to a roll or a result; this is what the decision does."""

from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.procedure import Facts, columns
from tenants.statements import Lock
from tenants.taking import begin, derive, said, take
from tenants.transaction import Tx, unless_taken
from tenants.votes.meetings import meetings
from tenants.votes.objections import ObjectionDecision, objections
from tenants.votes.procedure import (
    DECIDE_OBJECTION,
    DROPPED,
    OBJECT_TO_RESULT,
    OBJECT_TO_ROLL,
    VOTES,
)
from tenants.votes.tables import VoteState, votes

_ALREADY = "您的异议还在处理。One of yours is not decided yet."


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

    A result that an objection is sustained against is void; the matter may be voted on again.
    """
    objection = await tx.find(objections, objection_id, "objectionId", permit=DECIDE_OBJECTION)
    words = said(DECIDE_OBJECTION, reason)
    is_sustained = decision is ObjectionDecision.SUSTAIN
    ending = "SUSTAINED" if is_sustained else "DISMISSED"
    await take(tx, DECIDE_OBJECTION, objection, to=ending, words=words)
    await _count_objections(tx, objection, -1)
    if is_sustained and objection["vote_id"] is not None:
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
_VOTE = (
    sa.select(votes)
    .where(votes.c.community_id == TENANT, votes.c.id == _ID)
    .with_for_update(key_share=True)
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
