"""This table keeps who supports a petition."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, belongs, member, tenant_column
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
    belongs("petition_id", petitions, "support_of_petition"),
    belongs("member_id", members, "support_of_member"),
    belongs("household_id", households, "support_of_household"),
    schema="tenant",
)
