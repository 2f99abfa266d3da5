"""A matter of a meeting decides a text of a pact, or its repeal: this table says which."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, member, one_of, tenant_column
from tenants.pacts.versions import pact_versions
from tenants.pacts.words import PactVotePurpose
from tenants.votes.tables import votes

pact_votes = sa.Table(
    "pact_vote",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("pact_id", UUID, nullable=False),
    sa.Column("version_id", UUID, nullable=False),
    sa.Column("text_hash", sa.Text(), nullable=False),
    sa.Column("purpose", sa.Text(), nullable=False),
    sa.Column("put_at", TIME, nullable=False),
    member("put_by"),
    sa.PrimaryKeyConstraint("community_id", "vote_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="matter_of_vote"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "pact_id", "version_id", "text_hash"],
        [
            pact_versions.c.community_id,
            pact_versions.c.pact_id,
            pact_versions.c.id,
            pact_versions.c.text_hash,
        ],
        name="matter_of_text",
    ),
    one_of("purpose", PactVotePurpose),
    sa.Index("pact_vote_of_pact", "community_id", "pact_id", "put_at", "vote_id"),
    schema="tenant",
)
