"""The schema shows these expressions over votes."""

import sqlalchemy as sa

from tenants.columns import NOW, TENANT, VIEWER
from tenants.votes.meetings import meetings, rolls, voters
from tenants.votes.policy import IS_ON_ROLL, IS_OWN_BALLOT, is_on, vote_is
from tenants.votes.procedure import CAST, CERTIFY, DECIDE_OBJECTION, IS_SECRET
from tenants.votes.proxies import proxies
from tenants.votes.results import vote_ballots
from tenants.votes.secret.tables import envelopes, scrutineers, statements
from tenants.votes.tables import votes

_TEN_MINUTES = sa.literal_column("interval '10 minutes'")
_EPOCH = sa.literal_column("timestamptz 'epoch'")

is_on_roll = IS_ON_ROLL
is_on_meetings_roll = is_on(meetings.c.roll_id)
is_own_ballot = IS_OWN_BALLOT
# An entry of a meeting's roll that the viewer casts for, in person or by proxy.
is_cast_by_viewer = (voters.c.member_id == VIEWER) | sa.exists(
    sa.select(sa.literal_column("1")).where(
        proxies.c.community_id == TENANT,
        proxies.c.roll_id == voters.c.roll_id,
        proxies.c.voter_id == voters.c.voter_id,
        proxies.c.holder_id == VIEWER,
    )
)
is_published = votes.c.published_at.is_not(None)
_roll_size = (
    sa.select(rolls.c.voters)
    .where(rolls.c.community_id == TENANT, rolls.c.id == votes.c.roll_id)
    .scalar_subquery()
)
_roll_area = (
    sa.select(rolls.c.area)
    .where(rolls.c.community_id == TENANT, rolls.c.id == votes.c.roll_id)
    .scalar_subquery()
)
eligible_area = sa.case((votes.c.state != "DRAFT", _roll_area))
eligible = sa.case((votes.c.state != "DRAFT", _roll_size))


# Of the ballots that were first cast before the last full ten minutes: whoever votes this minute
# moves no number.
def _cast_before(table: sa.Table) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(
            table.c.community_id == TENANT,
            table.c.vote_id == votes.c.id,
            table.c.first_at < sa.func.date_bin(_TEN_MINUTES, NOW, _EPOCH),
        )
        .scalar_subquery()
    )


# a vote has ballots by name or envelopes
_counted = _cast_before(vote_ballots) + _cast_before(envelopes)
turnout_percent = sa.cast(
    _counted * sa.literal_column("100") / sa.func.nullif(_roll_size, sa.literal_column("0")),
    sa.Integer(),
)
is_ballot_published = vote_is(vote_ballots.c.vote_id, is_published)
# A filter of the list.
in_state = votes.c.state == sa.bindparam("argument state", type_=sa.Text())


# What waits for the viewer.
def _lacks(table: sa.Table, voter_id: sa.ColumnElement[object]) -> sa.ColumnElement[bool]:
    return ~sa.exists(
        sa.select(sa.literal_column("1")).where(
            table.c.community_id == TENANT,
            table.c.vote_id == votes.c.id,
            table.c.voter_id == voter_id,
        )
    )


def _has_not_cast(voter_id: sa.ColumnElement[object]) -> sa.ColumnElement[bool]:
    return _lacks(vote_ballots, voter_id) & _lacks(envelopes, voter_id)


_OWN = sa.exists(
    sa.select(sa.literal_column("1")).where(
        voters.c.community_id == TENANT,
        voters.c.roll_id == votes.c.roll_id,
        voters.c.member_id == VIEWER,
        _has_not_cast(voters.c.voter_id),
    )
)
_BY_PROXY = sa.exists(
    sa.select(sa.literal_column("1")).where(
        proxies.c.community_id == TENANT,
        proxies.c.meeting_id == votes.c.meeting_id,
        proxies.c.holder_id == VIEWER,
        _has_not_cast(proxies.c.voter_id),
    )
)
waits_for_viewers_ballot = CAST.refusal_code().is_(None) & (_OWN | _BY_PROXY)
waits_for_certification = CERTIFY.refusal_code().is_(None)
waits_for_decision = DECIDE_OBJECTION.refusal_code().is_(None)


# Of a secret vote.
def _in_hexadecimal(column: sa.Column[bytes]) -> sa.ColumnElement[str]:
    return sa.func.encode(column, sa.literal_column("'hex'"), type_=sa.Text())


envelope_hash = _in_hexadecimal(envelopes.c.hash)
receipt_signature = _in_hexadecimal(envelopes.c.signature)
statement_signature = _in_hexadecimal(statements.c.signature)
seal_key = _in_hexadecimal(scrutineers.c.seal_key)
sign_key = _in_hexadecimal(scrutineers.c.sign_key)
first_statement = sa.literal_column("0", sa.Integer())
file_path = sa.case(
    (
        IS_SECRET,
        sa.func.concat(
            sa.literal_column("'/votes/'"),
            votes.c.community_id,
            sa.literal_column("'/'"),
            votes.c.id,
            sa.literal_column("'.json'"),
            type_=sa.Text(),
        ),
    )
)
