"""These tables keep inspections from above; members read who inspected, when and why."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, officer, tenant_column, text
from tenants.membership.tables import DISPLAY_NAME_LENGTH, NOTE_LENGTH
from tenants.places.tables import communities

# Rows are inserted; only the name is changed, when the officer is erased. `display_name` and
# `street_id` (0: the district) are the officer's.
inspections = sa.Table(
    "inspection",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    officer("officer_id"),
    text("display_name", DISPLAY_NAME_LENGTH),
    text("reason", NOTE_LENGTH),
    sa.Column("started_at", TIME, nullable=False),
    sa.Column("ends_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id"], [communities.c.community_id], name="inspection_of_community"
    ),
    length("reason", NOTE_LENGTH),
    sa.CheckConstraint(
        "ends_at > started_at and ends_at <= started_at + interval '30 minutes'",
        name="half_an_hour_at_most",
    ),
    schema="tenant",
)
