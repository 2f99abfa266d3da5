"""Authorisations (授权) say what residents or villagers let their representatives decide.

A meeting of representatives decides some matters only if the meeting of all has authorised it. A row
says by which decision, for which kinds of matters, and until when.
"""

from typing import Any

import sqlalchemy as sa

from tenants.columns import (
    METADATA,
    NOW,
    TEXTS,
    TIME,
    UUID,
    among,
    length,
    local_day,
    member,
    one_of,
    tenant_column,
    text,
)
from tenants.errors import Code
from tenants.policy import protect
from tenants.procedure import Procedure
from tenants.scopes import Scope
from tenants.votes.meetings import REASON_LENGTH, RECORD_LENGTH
from tenants.votes.policy import vote_is
from tenants.votes.tables import votes
from tenants.words import Words, word

MOST_AUTHORISED = 10


class AuthorisationWay(Words):
    """它说明怎样授权。It says how an authorisation was given."""

    MEETING = word("居民会议或村民会议决定", "It was decided by the meeting of all")
    CHARTER = word("自治章程规定", "The village's charter gives it")
    CONSULTATION = word("实名书面征求意见", "Everybody was asked in writing and by name")


class AuthorisationState(Words):
    """授权有效，或已收回。An authorisation is given, or it was revoked."""

    GIVEN = word("已授权", "It is given")
    REVOKED = word("已收回", "It was revoked")


# By a vote that was taken here, or by a decision on paper. `matters` are codes of kinds of matters
# (rules.toml); the last day is null where it holds until it is revoked.
authorisations = sa.Table(
    "authorisation",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("matters", TEXTS, nullable=False),
    sa.Column("way", sa.Text(), nullable=False),
    sa.Column("vote_id", UUID),
    text("document", RECORD_LENGTH, nullable=True),
    sa.Column("decided_on", sa.Date(), nullable=False),
    sa.Column("expires_on", sa.Date()),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("recorded_at", TIME, nullable=False),
    member("recorded_by"),
    sa.Column("revoked_at", TIME),
    member("revoked_by", nullable=True),
    text("revoke_reason", REASON_LENGTH, nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"],
        [votes.c.community_id, votes.c.id],
        name="authorisation_by_vote",
    ),
    one_of("way", AuthorisationWay),
    one_of("state", AuthorisationState),
    length("document", RECORD_LENGTH),
    length("revoke_reason", REASON_LENGTH),
    sa.CheckConstraint(
        f"cardinality(matters) between 1 and {MOST_AUTHORISED}", name="of_some_matters"
    ),
    sa.CheckConstraint(
        "(vote_id is null) = (document is not null) and (vote_id is null or way = 'MEETING')",
        name="by_vote_or_document",
    ),
    sa.CheckConstraint("decided_on <= expires_on", name="expires_afterwards"),
    sa.CheckConstraint(
        "(state = 'REVOKED') = (revoked_at is not null) and "
        "(state = 'REVOKED') = (revoke_reason is not null) and "
        "(state = 'REVOKED') = (revoked_by is not null)",
        name="revoked_for_a_reason",
    ),
    schema="tenant",
)

protect(authorisations, Scope.VOTE_READ, community=sa.true())

AUTHORISATIONS = Procedure(
    noun="authorisation",
    table=authorisations,
    states=AuthorisationState,
    id_field="authorisationId",
)
RECORD = AUTHORISATIONS.step(
    "recordAuthorisation", Scope.VOTE_CERTIFY, (), "GIVEN",
    event="RECORDED", at="recorded_at", by="recorded_by", said="", may_begin=True,
    more=(
        Code.INVALID, Code.REQUIRED, Code.TOO_LONG, Code.NOT_FOUND,
        Code.WRONG_STATE, Code.IDEMPOTENCY_MISMATCH,
    ),
)  # fmt: skip
REVOKE = AUTHORISATIONS.step(
    "revokeAuthorisation", Scope.VOTE_CERTIFY, "GIVEN", "REVOKED",
    at="revoked_at", by="revoked_by", words="revoke_reason", said="reason",
)  # fmt: skip

# A decision that was overturned authorises nobody any longer.
_STANDS = authorisations.c.vote_id.is_(None) | vote_is(
    authorisations.c.vote_id, among(votes.c.state, "FINAL")
)


def holds_on(day: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that an authorisation holds on a day: it is not revoked on it either."""
    ends, revoked = authorisations.c.expires_on, local_day(authorisations.c.revoked_at)
    return (
        (authorisations.c.decided_on <= day)
        & (ends.is_(None) | (ends >= day))
        & (revoked.is_(None) | (revoked > day))
        & _STANDS
    )


is_in_force = holds_on(local_day(NOW))
