"""The duty roster (轮班在线): which member of the staff answers first at what time, and the gaps."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, belongs, member, tenant_column
from tenants.membership.tables import members
from tenants.places.tables import communities

# One row for each community that ever had a shift: only they are warned about gaps. A transaction
# that changes a roster or looks for gaps locks this row (every change in a community takes a shared
# lock on the community's own row). `held_at` never decreases, so that all of them see gaps begin in
# one order.
duty_rosters = sa.Table(
    "duty_roster",
    METADATA,
    tenant_column(),
    sa.Column("begun_at", TIME, nullable=False),
    sa.Column("held_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    schema="tenant",
)

duty_shifts = sa.Table(
    "duty_shift",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    member("member_id"),
    sa.Column("starts_at", TIME, nullable=False),
    sa.Column("ends_at", TIME, nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    member("created_by"),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("member_id", members, "shift_of_member"),
    sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
    sa.Index("duty_shift_by_time", "community_id", "ends_at", "id"),
    schema="tenant",
)

# Future duty hours without a shift: found again whenever the roster changes, and every hour.
duty_gaps = sa.Table(
    "duty_gap",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("starts_at", TIME, nullable=False),
    sa.Column("ends_at", TIME, nullable=False),
    sa.Column("found_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "starts_at", "ends_at"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    schema="tenant",
)
