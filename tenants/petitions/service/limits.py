"""Find the time limits that hold for an urgency on a day."""

from datetime import datetime

import sqlalchemy as sa

from tenants.catalogue.tables import Urgency, time_limits
from tenants.columns import bound
from tenants.transaction import Row, Tx


async def limit_of(tx: Tx, urgency: str, at: datetime) -> Row:
    """Give the limits for this urgency that were in force at a moment; every day has some."""
    row = await tx.row(_IN_FORCE, v_urgency=Urgency(urgency).value, v_at=at)
    if row is None:
        raise LookupError(f"no time limit for {urgency} on {at}")
    return row


_AT = bound(time_limits.c.effective_from, "at")
_IN_FORCE = (
    sa.select(time_limits)
    .where(
        time_limits.c.urgency == sa.bindparam("v_urgency", type_=sa.Text()),
        time_limits.c.effective_from <= _AT,
        time_limits.c.effective_to.is_(None) | (time_limits.c.effective_to > _AT),
    )
    .order_by(time_limits.c.effective_from.desc())
    .limit(1)
)
