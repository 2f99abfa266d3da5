"""Quotas: at most so many of something for each holder, counted under a lock of the holder's own.

A count and then an insert lets two at once pass one limit. So whoever counts holds a row of this
quota first, to the commit: the next one counts what this one made. No verb holds two of them, and
each is held before the rows that the verb changes.
"""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.columns import METADATA, NOW, TENANT, TIME, member, tenant_column
from tenants.columns import UUID as ID
from tenants.errors import Code, Refused
from tenants.transaction import Tx

# Whose quota is the whole community's.
COMMUNITY = UUID(int=0)

quota_locks = sa.Table(
    "quota_lock",
    METADATA,
    tenant_column(),
    sa.Column("quota", sa.Text(), nullable=False),
    # a member, an officer, or whatever else the quota is of
    member("holder_id"),
    sa.Column("held_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "quota", "holder_id"),
    schema="tenant",
)


@dataclass(frozen=True, eq=False)
class Quota:
    """At most `most` rows of what `counted` counts, as `count`; `message` says so to whoever has them."""

    name: str
    most: int
    counted: sa.Select[int]
    message: str


QUOTAS: dict[str, Quota] = {}


def quota(name: str, most: int, counted: sa.Select[int], message: str) -> Quota:
    """Declare a quota; a test tries each that is declared with forty at once."""
    QUOTAS[name] = Quota(name, most, counted, message)
    return QUOTAS[name]


async def spare(tx: Tx, quota: Quota, holder: UUID, *path: str, **values: object) -> None:
    """Hold the quota of a holder until the commit; raises QUOTA_EXCEEDED where nothing is left."""
    await tx.row(_HOLD, v_quota=quota.name, v_holder_id=holder)
    # counted by a statement of its own: it sees what whoever held the row before has left
    row = await tx.row(quota.counted, **values)
    if row is not None and row["count"] >= quota.most:
        raise Refused(Code.QUOTA_EXCEEDED, quota.message, *path)


_LOCK = insert(quota_locks).values(
    community_id=TENANT,
    quota=sa.bindparam("v_quota", type_=sa.Text()),
    holder_id=sa.bindparam("v_holder_id", type_=ID),
    held_at=NOW,
)
_HOLD = _LOCK.on_conflict_do_update(
    index_elements=["community_id", "quota", "holder_id"],
    set_={"held_at": _LOCK.excluded.held_at},
)
