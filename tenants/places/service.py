"""Communities are created, renamed and suspended by admins of their district or street."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.acting import acting
from tenants.columns import DISTRICT, STREET, bound
from tenants.places.policy import CREATE_COMMUNITY, RENAME_COMMUNITY
from tenants.places.tables import (
    NAME_LENGTH,
    communities,
    community_counts,
    community_keys,
    streets,
)
from tenants.taking import begin
from tenants.text import written
from tenants.transaction import Row, Tx


async def found(
    tx: Tx, *, district_id: int, street_id: int, code: str, name: str, kind: str
) -> UUID:
    """Create a community in its own tenant, with counts of 0; its audit begins with this."""
    await audit.begin(tx, district_id=district_id, street_id=street_id)
    community = await begin(
        tx, CREATE_COMMUNITY,
        district_id=district_id, street_id=street_id, code=code, name=name, kind=kind,
    )  # fmt: skip
    await tx.insert(
        community_counts,
        district_id=district_id,
        street_id=street_id,
        members=0,
        posts=0,
        comments=0,
    )
    return community["id"]


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
        await inside.update(communities, community["id"], name=name)
        await audit.record(inside, "community.renamed", subject=community["id"])
    return community["id"]


_CODE = sa.bindparam("v_code", type_=sa.Text())
_NEW_KEY = (
    insert(community_keys)
    .values(code=_CODE)
    .on_conflict_do_nothing()
    .returning(community_keys.c.community_id)
)
_KEY = sa.select(community_keys.c.community_id).where(community_keys.c.code == _CODE)
_STREET = sa.select(streets).where(
    streets.c.id == bound(streets.c.id),
    streets.c.district_id == DISTRICT,
    (sa.literal_column("0") == STREET) | (streets.c.street_id == STREET),
)
