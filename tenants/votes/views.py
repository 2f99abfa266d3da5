"""Expressions over votes that the schema shows."""

import sqlalchemy as sa

from tenants.columns import NOW, TENANT, VIEWER
from tenants.votes.meetings import meetings, rolls
from tenants.votes.policy import IS_ON_ROLL, is_on, vote_is
from tenants.votes.procedure import CAST, CERTIFY, DECIDE_OBJECTION
from tenants.votes.results import vote_ballots
from tenants.votes.tables import votes

TURNOUT_MINUTES = 10
_TEN_MINUTES = sa.literal_column("interval '10 minutes'")
_EPOCH = sa.literal_column("timestamptz 'epoch'")

is_on_roll = IS_ON_ROLL
is_on_meetings_roll = is_on(meetings.c.roll_id)
is_published = votes.c.published_at.is_not(None)
is_void = votes.c.void_reason.is_not(None)
_roll_size = (
    sa.select(rolls.c.voters)
    .where(rolls.c.community_id == TENANT, rolls.c.id == votes.c.roll_id)
    .scalar_subquery()
)
eligible = sa.case((votes.c.state != "DRAFT", _roll_size))
# Of the ballots that were first cast before the last full ten minutes: whoever votes this minute
# moves no number.
_counted = (
    sa.select(sa.func.count())
    .where(
        vote_ballots.c.community_id == TENANT,
        vote_ballots.c.vote_id == votes.c.id,
        vote_ballots.c.first_at < sa.func.date_bin(_TEN_MINUTES, NOW, _EPOCH),
    )
    .scalar_subquery()
)
turnout_percent = sa.cast(
    _counted * sa.literal_column("100") / sa.func.nullif(_roll_size, sa.literal_column("0")),
    sa.Integer(),
)
is_ballot_published = vote_is(vote_ballots.c.vote_id, is_published)
# A filter of the list.
in_state = votes.c.state == sa.bindparam("argument state", type_=sa.Text())
# What waits for the viewer.
_has_cast = sa.exists(
    sa.select(sa.literal_column("1")).where(
        vote_ballots.c.community_id == TENANT,
        vote_ballots.c.vote_id == votes.c.id,
        vote_ballots.c.voter_id == VIEWER,
    )
)
waits_for_viewers_ballot = CAST.refusal_code().is_(None) & ~_has_cast
waits_for_certification = CERTIFY.refusal_code().is_(None)
waits_for_decision = DECIDE_OBJECTION.refusal_code().is_(None)
