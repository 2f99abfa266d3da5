"""These tables keep what desks have beside petitions: the population, and answers to use again."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, member, tenant_column, text
from tenants.petitions.tables import ANSWER_LENGTH, ROUTE_LENGTH, TITLE_LENGTH
from tenants.places.tables import communities

# The population by a source other than our members: the base for a share of adults or households.
populations = sa.Table(
    "population",
    METADATA,
    tenant_column(),
    sa.Column("adults", sa.Integer(), nullable=False),
    sa.Column("households", sa.Integer(), nullable=False),
    text("source", ROUTE_LENGTH),
    sa.Column("recorded_at", TIME, nullable=False),
    member("recorded_by"),
    sa.PrimaryKeyConstraint("community_id"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    sa.CheckConstraint("adults > 0 and households > 0", name="somebody_lives_there"),
    schema="tenant",
)

# Reusable answers of one desk: of a community's staff, where `desk` is 0, or of a desk above the
# communities, where `community_id` is 0.
answer_templates = sa.Table(
    "answer_template",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    text("name", TITLE_LENGTH),
    text("words", ANSWER_LENGTH),
    sa.Column("created_at", TIME, nullable=False),
    member("created_by"),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("district_id", sa.Integer()),
    sa.Column("desk", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "desk", "name"),
    sa.CheckConstraint(
        "(community_id = 0) = (desk <> 0) and (desk = 0) = (district_id is null)",
        name="of_one_desk",
    ),
    length("name", TITLE_LENGTH),
    length("words", ANSWER_LENGTH),
    schema="tenant",
)
