"""A quota limits the rows of each holder; it counts them under a row lock of the holder's own.

A count followed by an insert lets two parallel transactions pass one limit. Therefore the
transaction first locks the quota's row of the holder until its commit, and the next transaction
counts what this one inserted. No verb locks two quotas, and each is locked before the rows that the
verb changes.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.columns import METADATA, NOW, TENANT, TIME, member, tenant_column
from tenants.columns import UUID as ID
from tenants.domain import Domain, Export, Quota
from tenants.errors import Code, Refused
from tenants.transaction import Tx

# The holder of a quota that belongs to the whole community.
COMMUNITY = UUID(int=0)

quota_locks = sa.Table(
    "quota_lock",
    METADATA,
    tenant_column(),
    sa.Column("quota", sa.Text(), nullable=False),
    # a member, an officer, or any other holder of the quota
    member("holder_id"),
    sa.Column("held_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "quota", "holder_id"),
    schema="tenant",
)


async def spare(tx: Tx, quota: Quota, holder: UUID, *path: str, **values: object) -> None:
    """Lock the holder's quota until the commit; raise QUOTA_EXCEEDED if it is used up."""
    await tx.row(_HOLD, v_quota=quota.name, v_holder_id=holder)
    # counted by a separate statement: it sees what the previous holder of the lock committed
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

DOMAIN = Domain(
    name="quotas",
    tables=(quota_locks,),
    keeps={quota_locks: "an id and a time"},
    export=Export(why={quota_locks: "when they last did something that is counted"}),
)
