"""This table keeps who supports a petition."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, member, tenant_column
from tenants.membership.tables import households, members
from tenants.petitions.tables import petitions

petition_supports = sa.Table(
    "petition_support",
    METADATA,
    tenant_column(),
    sa.Column("petition_id", UUID, nullable=False),
    member("member_id"),
    sa.Column("household_id", UUID),
    sa.Column("supported_at", TIME, nullable=False),
    sa.Column("withdrawn_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "petition_id", "member_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "petition_id"],
        [petitions.c.community_id, petitions.c.id],
        name="support_of_petition",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="support_of_member",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "household_id"],
        [households.c.community_id, households.c.id],
        name="support_of_household",
    ),
    schema="tenant",
)
