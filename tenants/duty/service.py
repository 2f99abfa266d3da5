"""The duty roster: shifts set by the secretary, and who is on duty now."""

from uuid import UUID

import sqlalchemy as sa

from tenants.columns import NOW, TENANT
from tenants.db import Tx
from tenants.duty.tables import duty_shifts
from tenants.membership.tables import members


async def on_duty(tx: Tx) -> UUID | None:
    """Give who of the staff is on duty at this moment, the one who began last; None where nobody is."""
    row = await tx.row(_ON_DUTY)
    return row["member_id"] if row is not None else None


_ON_DUTY = (
    sa.select(duty_shifts.c.member_id)
    .join(
        members,
        (members.c.community_id == duty_shifts.c.community_id)
        & (members.c.id == duty_shifts.c.member_id),
    )
    .where(
        duty_shifts.c.community_id == TENANT,
        duty_shifts.c.starts_at <= NOW,
        duty_shifts.c.ends_at > NOW,
        members.c.community_id == TENANT,
        members.c.state == "ACTIVE",
    )
    .order_by(duty_shifts.c.starts_at.desc(), duty_shifts.c.id)
    .limit(1)
)
