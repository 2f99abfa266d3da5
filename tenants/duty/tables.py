"""The duty roster (轮班在线): who of the staff answers first, from when to when."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, member, tenant_column
from tenants.membership.tables import members

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
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="shift_of_member",
    ),
    sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
    sa.Index("duty_shift_by_time", "community_id", "ends_at", "id"),
    schema="tenant",
)
