"""One person certifies a count in each seat that the rule set names."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, member, one_of, tenant_column
from tenants.votes.rules import Seat
from tenants.votes.tables import votes

certifications = sa.Table(
    "vote_certification",
    METADATA,
    tenant_column(),
    sa.Column("vote_id", UUID, nullable=False),
    sa.Column("seat", sa.Text(), nullable=False),
    member("certified_by"),
    sa.Column("certified_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "vote_id", "seat"),
    # two seats are two persons
    sa.UniqueConstraint("community_id", "vote_id", "certified_by", name="certified_once_by_each"),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"],
        [votes.c.community_id, votes.c.id],
        name="certification_of_vote",
    ),
    one_of("seat", Seat),
    schema="tenant",
)
