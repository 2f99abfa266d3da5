"""A district uses rules that no law gives: one admin proposes them, and another confirms."""

import sqlalchemy as sa

from tenants.columns import DISTRICT, METADATA, TENANT, TIME, length, officer, text
from tenants.places.tables import communities, districts
from tenants.policy import OPEN, protect

SOURCE_LENGTH = 300

# A rule set is named by its code and the day from which it holds (rules.toml).
rule_confirmations = sa.Table(
    "rule_confirmation",
    METADATA,
    sa.Column("district_id", sa.ForeignKey(districts.c.district_id), nullable=False),
    sa.Column("rule_code", sa.Text(), nullable=False),
    sa.Column("rule_from", sa.Date(), nullable=False),
    text("source", SOURCE_LENGTH),
    officer("proposed_by"),
    sa.Column("proposed_at", TIME, nullable=False),
    officer("confirmed_by", nullable=True),
    sa.Column("confirmed_at", TIME),
    sa.PrimaryKeyConstraint("district_id", "rule_code", "rule_from"),
    length("source", SOURCE_LENGTH),
    sa.CheckConstraint("confirmed_by <> proposed_by", name="confirmed_by_another"),
    sa.CheckConstraint(
        "(confirmed_by is null) = (confirmed_at is null)", name="confirmed_at_a_time"
    ),
    schema="reference",
)

_IS_OURS = sa.exists(
    sa.select(sa.literal_column("1")).where(
        communities.c.community_id == TENANT,
        communities.c.district_id == rule_confirmations.c.district_id,
    )
)
_IS_VALID = rule_confirmations.c.confirmed_at.is_not(None)
protect(
    rule_confirmations,
    OPEN,
    community=_IS_OURS & _IS_VALID,
    district=rule_confirmations.c.district_id == DISTRICT,
)
