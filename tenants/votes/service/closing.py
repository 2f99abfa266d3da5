"""Close a vote: a poll's result is published with its close."""

from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.procedure import Facts, Row
from tenants.taking import take
from tenants.transaction import Tx
from tenants.votes.ballots import Ballot, Unit
from tenants.votes.counting import Question, Turnout, poll
from tenants.votes.meetings import voters
from tenants.votes.procedure import CLOSES
from tenants.votes.ranked import Lot
from tenants.votes.results import vote_ballots
from tenants.votes.service.counts import keep
from tenants.votes.service.papers import paper_of
from tenants.votes.service.rolls import size_of
from tenants.votes.service.secret.urns import close_urn
from tenants.votes.service.turnout import weight
from tenants.votes.tables import VoteSecrecy, VoteTrack, votes


async def close(tx: Tx, vote: Facts) -> Row:
    """Close a vote; count a poll and publish its result, or hand its urn to the scrutineers.

    Whoever is casting holds the row until then.
    """
    if vote["track"] != VoteTrack.POLL:
        return await take(tx, CLOSES, vote, to="CLOSED")
    if vote["secrecy"] == VoteSecrecy.SECRET:
        return await close_urn(tx, vote)
    unit = Unit.PERSONS
    ballots = await ballots_of(tx, vote["id"], unit)
    size = await size_of(tx, vote["roll_id"])
    question = Question(paper_of(vote), {unit: Turnout(size.voters)}, vote["seats"])
    await keep(tx, vote["id"], poll(question, unit, ballots, lot_of(vote["id"])), len(ballots))
    return await take(tx, CLOSES, vote, to="CLOSED", published_at=tx.now)


async def ballots_of(tx: Tx, vote_id: UUID, *units: Unit) -> list[Ballot]:
    """Return the live ballots of a vote; each voter counts once in each unit, and by area in AREA."""
    found = await tx.rows(_BALLOTS, v_id=vote_id)
    return [
        Ballot(tuple(row["marks"]), {unit: weight(unit, row["area"]) for unit in units})
        for row in found
    ]


def lot_of(vote_id: UUID) -> Lot:
    """Return the published lot among equals of a run-off: SHA-256 of the vote's id and the option."""
    return lambda option: sha256(vote_id.bytes + bytes([option])).digest()


_ID = sa.bindparam("v_id", type_=votes.c.id.type)
_BALLOTS = (
    sa.select(vote_ballots.c.marks, voters.c.area)
    .join(
        voters,
        (voters.c.community_id == vote_ballots.c.community_id)
        & (voters.c.roll_id == vote_ballots.c.roll_id)
        & (voters.c.voter_id == vote_ballots.c.voter_id),
    )
    .where(
        vote_ballots.c.community_id == TENANT,
        voters.c.community_id == TENANT,
        vote_ballots.c.vote_id == _ID,
    )
)
