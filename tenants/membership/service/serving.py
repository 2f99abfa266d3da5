"""End the service of officers: it also ends their access tokens, and is recorded in the audit."""

from datetime import datetime

import sqlalchemy as sa

from tenants import audit
from tenants.columns import DISTRICT, bound
from tenants.membership.tables import OfficerState, officers
from tenants.places.tables import departments
from tenants.transaction import Row, Tx


async def lapse(tx: Tx, officer: Row) -> bool:
    """End a term that has expired; return whether it had."""
    ends_at = officer["ends_at"]
    if officer["ended_at"] is not None or ends_at is None or ends_at > tx.now:
        return False
    await end(tx, officer, OfficerState.LAPSED, at=ends_at)
    return True


async def end(
    tx: Tx, officer: Row, state: OfficerState, *, at: datetime, reason: str | None = None
) -> None:
    """End the service of an officer."""
    await tx.row(_END, v_id=officer["id"], v_state=state.value, v_ended_at=at)
    if officer["department_id"] is not None:
        await tx.row(_ONE_LESS, v_department_id=officer["department_id"])
    await audit.record_above(
        tx,
        f"officer.{state.value.lower()}",
        subject=officer["id"],
        street_id=officer["street_id"],
        reason=reason,
    )


_ONE = sa.literal_column("1")
_END = (
    sa.update(officers)
    .where(
        officers.c.district_id == DISTRICT,
        officers.c.id == bound(officers.c.id),
    )
    .values(
        state=bound(officers.c.state),
        ended_at=bound(officers.c.ended_at),
        permission_version=officers.c.permission_version + _ONE,
    )
)
_ONE_LESS = (
    sa.update(departments)
    .where(departments.c.department_id == sa.bindparam("v_department_id", type_=sa.Integer()))
    .values(handlers=departments.c.handlers - _ONE)
)
