"""An official count says how many live in a community; shares of all are computed from it."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.columns import NOW, TENANT, VIEWER, bound
from tenants.petitions.desks import populations
from tenants.petitions.policy import RECORD_POPULATION
from tenants.petitions.service.moving import invalid
from tenants.petitions.tables import ROUTE_LENGTH
from tenants.places.tables import communities
from tenants.statements import Lock
from tenants.text import written
from tenants.transaction import Tx

_MOST = 1_000_000


async def record(tx: Tx, *, adults: int, households: int, source: str) -> UUID:
    """Write down the count and where it comes from; goals set before keep the one they had."""
    here = await tx.row(_HERE)
    assert here is not None  # noqa: S101 # a community is never deleted
    await tx.find(communities, here["id"], permit=RECORD_POPULATION, lock=Lock.SHARE)
    source = written(source, ROUTE_LENGTH, "source")
    for name, number in (("adults", adults), ("households", households)):
        if not 1 <= number <= _MOST:
            raise invalid(f"1–{_MOST}。From 1 to {_MOST}.", name)
    await tx.row(_RECORD, v_adults=adults, v_households=households, v_source=source)
    await audit.record(tx, "population.recorded", subject=here["id"], reason=source)
    return here["id"]


_HERE = sa.select(communities).where(communities.c.community_id == TENANT)
_VALUES = {
    **{n: bound(populations.c[n]) for n in ("adults", "households", "source")},
    "recorded_at": NOW,
    "recorded_by": VIEWER,
}
_RECORD = (
    insert(populations)
    .values(community_id=TENANT, **_VALUES)
    .on_conflict_do_update(index_elements=["community_id"], set_=_VALUES)
)
