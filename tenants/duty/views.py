"""The schema shows these expressions over the duty roster."""

import sqlalchemy as sa

from tenants.columns import NOW, TENANT
from tenants.duty.policy import may_serve
from tenants.duty.tables import duty_gaps, duty_shifts
from tenants.membership.tables import members

# The shift of a member who no longer belongs to the staff does not count.
_COUNTS = sa.exists(
    sa.select(sa.literal_column("1")).where(
        members.c.community_id == TENANT, members.c.id == duty_shifts.c.member_id, may_serve
    )
)
is_to_come = (duty_shifts.c.ends_at > NOW) & _COUNTS
is_running = (duty_shifts.c.starts_at <= NOW) & is_to_come
is_ahead = duty_gaps.c.ends_at > NOW
