"""Each seat that the rule set names certifies a count, and the last one publishes the result."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.affairs.service.owing import owe
from tenants.affairs.statutes import has_meetings
from tenants.columns import NOW, TENANT, VIEWER
from tenants.taking import take
from tenants.transaction import Tx
from tenants.votes.certifications import certifications
from tenants.votes.meetings import meetings
from tenants.votes.policy import waiting_seat
from tenants.votes.procedure import CERTIFY, SEAT_CERTIFIED
from tenants.votes.service.rolls import rule_of
from tenants.votes.tables import votes
from tenants.workdays import after_days


async def certify(tx: Tx, *, vote_id: UUID) -> UUID:
    """Certify a count in one's seat; with the last seat the result is published.

    It may be objected to from then on, for the days of its rule set. What a meeting of residents or
    villagers decides is then owed as an item of open affairs.
    """
    vote = await tx.find(votes, vote_id, "voteId", permit=CERTIFY)
    await tx.row(_CERTIFY, v_id=vote["id"])
    left = await tx.row(_LEFT, v_id=vote["id"])
    assert left is not None  # noqa: S101 # a count is a row
    if left["seats"]:
        await take(tx, SEAT_CERTIFIED, vote)
        return vote["id"]
    meeting = await tx.row(_MEETING, v_id=vote["meeting_id"])
    assert meeting is not None  # noqa: S101 # a decision is of a meeting
    rule = rule_of(meeting)
    await take(tx, CERTIFY, vote, objections_until=after_days(tx.now, rule.objection_days))
    if has_meetings(rule.body.value):
        await owe(tx, "DECISIONS", subject=vote["id"])
    return vote["id"]


_ID = sa.bindparam("v_id", type_=votes.c.id.type)
_VOTE = (votes.c.community_id == TENANT) & (votes.c.id == _ID)
_MEETING = sa.select(meetings).where(meetings.c.community_id == TENANT, meetings.c.id == _ID)
# A person who holds two of the seats certifies in the first of them.
_CERTIFY = insert(certifications).from_select(
    ["community_id", "vote_id", "seat", "certified_by", "certified_at"],
    sa.select(votes.c.community_id, votes.c.id, waiting_seat, VIEWER, NOW).where(_VOTE),
)
_LEFT = sa.select(
    (
        sa.func.cardinality(votes.c.certifiers)
        - sa.select(sa.func.count())
        .where(certifications.c.community_id == TENANT, certifications.c.vote_id == votes.c.id)
        .scalar_subquery()
    ).label("seats")
).where(_VOTE)
