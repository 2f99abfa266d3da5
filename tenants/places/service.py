"""Communities are created, renamed and suspended by admins of their district or street."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.acting import acting
from tenants.columns import TENANT
from tenants.places.policy import RENAME_COMMUNITY, RESUME_COMMUNITY, SUSPEND_COMMUNITY
from tenants.places.tables import (
    NAME_LENGTH,
    REASON_LENGTH,
    communities,
    community_counts,
    community_keys,
    streets,
)
from tenants.text import written
from tenants.transaction import Row, Tx


async def found(
    tx: Tx, *, district_id: int, street_id: int, code: str, name: str, kind: str
) -> UUID:
    """Insert a community in its own tenant, with counts of 0 and an empty audit."""
    community_uuid = tx.new_id()
    await tx.insert(
        communities,
        id=community_uuid,
        district_id=district_id,
        street_id=street_id,
        code=code,
        name=name,
        kind=kind,
        state="ACTIVE",
        suspended_reason=None,
        created_at=tx.now,
        version=1,
    )
    await tx.insert(
        community_counts,
        district_id=district_id,
        street_id=street_id,
        members=0,
        posts=0,
        comments=0,
    )
    await audit.begin(tx, district_id=district_id, street_id=street_id)
    return community_uuid


async def key_of(tx: Tx, code: str) -> tuple[int, bool]:
    """Return the community key of a 12-digit code, and whether it is new."""
    made = await tx.row(_NEW_KEY, v_code=code)
    if made is not None:
        return made["community_id"], True
    known = await tx.row(_KEY, v_code=code)
    assert known is not None  # noqa: S101 # the insert conflicted with it
    return known["community_id"], False


async def street_of(tx: Tx, street_id: UUID | None) -> Row | None:
    """Find a street of the viewer's district by its id; a street admin finds only their own."""
    return await tx.row(_STREET, v_id=street_id)


async def rename(tx: Tx, *, community_id: UUID, name: str) -> UUID:
    """Rename a community."""
    name = written(name, NAME_LENGTH, "name")
    async with acting(tx, communities, community_id, "communityId", permit=RENAME_COMMUNITY) as (
        inside,
        community,
    ):
        await inside.row(_RENAME, v_name=name)
        await audit.record(inside, "community.renamed", subject=community["id"])
    return community["id"]


async def suspend(tx: Tx, *, community_id: UUID, reason: str) -> UUID:
    """Suspend a community: it cannot be changed, but its people can read it and see the reason."""
    reason = written(reason, REASON_LENGTH, "reason")
    async with acting(tx, communities, community_id, "communityId", permit=SUSPEND_COMMUNITY) as (
        inside,
        community,
    ):
        await inside.row(_SET_STATE, v_state="SUSPENDED", v_suspended_reason=reason)
        await audit.record(inside, "community.suspended", subject=community["id"], reason=reason)
    return community["id"]


async def resume(tx: Tx, *, community_id: UUID, reason: str) -> UUID:
    """Resume a suspended community."""
    reason = written(reason, REASON_LENGTH, "reason")
    async with acting(tx, communities, community_id, "communityId", permit=RESUME_COMMUNITY) as (
        inside,
        community,
    ):
        await inside.row(_SET_STATE, v_state="ACTIVE", v_suspended_reason=None)
        await audit.record(inside, "community.resumed", subject=community["id"], reason=reason)
    return community["id"]


def _bound(name: str) -> sa.BindParameter[object]:
    return sa.bindparam(f"v_{name}", type_=communities.c[name].type)


_HERE = communities.c.community_id == TENANT
_NEXT = communities.c.version + sa.literal_column("1")
_RENAME = sa.update(communities).where(_HERE).values(name=_bound("name"), version=_NEXT)
_SET_STATE = (
    sa.update(communities)
    .where(_HERE)
    .values(state=_bound("state"), suspended_reason=_bound("suspended_reason"), version=_NEXT)
)
_NEW_KEY = (
    insert(community_keys)
    .values(code=_bound("code"))
    .on_conflict_do_nothing()
    .returning(community_keys.c.community_id)
)
_KEY = sa.select(community_keys.c.community_id).where(community_keys.c.code == _bound("code"))
_STREET = sa.select(streets).where(
    streets.c.id == _bound("id"),
    streets.c.district_id == sa.bindparam("district_id", type_=sa.Integer()),
    sa.or_(
        sa.bindparam("street_id", type_=sa.Integer()) == sa.literal_column("0"),
        streets.c.street_id == sa.bindparam("street_id", type_=sa.Integer()),
    ),
)
