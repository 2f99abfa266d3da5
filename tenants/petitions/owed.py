"""Meetings that are owed (应当召集的会议): enough have signed a petition that asks for one.

A row stands from the day on which the goal is reached until a meeting is announced. It says nothing of
what the petition asks, so the street and the district read it.
"""

import sqlalchemy as sa

from tenants.catalogue.tables import support_rules
from tenants.columns import METADATA, NOW, TENANT, TIME, UUID, local_day, tenant_column
from tenants.petitions.tables import petitions

owed_meetings = sa.Table(
    "owed_meeting",
    METADATA,
    tenant_column(),
    sa.Column("petition_id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("rule_id", UUID, nullable=False),
    sa.Column("owed_since", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "petition_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "petition_id"],
        [petitions.c.community_id, petitions.c.id],
        name="owed_to_petition",
    ),
    sa.ForeignKeyConstraint(["rule_id"], [support_rules.c.id], name="owed_by_rule"),
    sa.Index("owed_meeting_by_time", "community_id", "owed_since", "petition_id"),
    sa.Index("owed_meeting_above", "district_id", "owed_since", "petition_id"),
    schema="tenant",
)

_OF_PETITION = (owed_meetings.c.community_id == TENANT) & (
    owed_meetings.c.petition_id == petitions.c.id
)
owed_since = sa.select(owed_meetings.c.owed_since).where(_OF_PETITION).scalar_subquery()
is_owed = sa.exists(sa.select(sa.literal_column("1")).where(_OF_PETITION))
# The day on which it began to be owed is day 0.
owed_days = local_day(NOW) - local_day(owed_meetings.c.owed_since)
