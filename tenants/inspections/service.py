"""Begin an inspection of a community: it is recorded there before anything is read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.acting import acting
from tenants.columns import DISTRICT, VIEWER
from tenants.inspections.policy import INSPECT
from tenants.inspections.tables import inspections
from tenants.membership.tables import NOTE_LENGTH, officers
from tenants.places.tables import communities
from tenants.statements import Lock
from tenants.text import written
from tenants.transaction import Tx

LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class Begun:
    """It is an inspection that has begun; `version` is the officer's permission version."""

    id: UUID
    community_id: int
    ends_at: datetime
    version: int


async def begin(tx: Tx, *, community_id: UUID | None, reason: str) -> Begun:
    """Let the viewer, an officer, inspect a community under them for half an hour."""
    officer = await tx.row(_SELF)
    assert officer is not None  # noqa: S101 # the transaction began by reading this row
    reason = written(reason, NOTE_LENGTH, "reason")
    async with acting(
        tx, communities, community_id, "community", permit=INSPECT, lock=Lock.NONE
    ) as (inside, place):
        begun = Begun(
            inside.new_id(), place["community_id"], inside.now + LASTS, inside.viewer.version
        )
        await inside.insert(
            inspections,
            id=begun.id,
            district_id=officer["district_id"],
            street_id=officer["street_id"],
            officer_id=officer["id"],
            display_name=officer["display_name"],
            reason=reason,
            started_at=inside.now,
            ends_at=begun.ends_at,
        )
        await audit.record(inside, "community.inspected", subject=place["id"], reason=reason)
    return begun


_SELF = sa.select(officers).where(officers.c.district_id == DISTRICT, officers.c.id == VIEWER)
