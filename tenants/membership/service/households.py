"""Households: one for each address, however it is written."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.addresses import address_of, near_of
from tenants.columns import TENANT, bound
from tenants.membership.tables import households
from tenants.transaction import Tx


async def at(tx: Tx, building: str, room: str) -> UUID:
    """Return the household at an address; insert it if it is new. The first spelling is kept."""
    address = address_of(building, room)
    place = {"v_building": building, "v_room": room, "v_near": near_of(address)}
    made = await tx.row(_NEW, v_id=tx.new_id(), v_address=address, **place)
    found = made or await tx.row(_FOUND, v_address=address)
    assert found is not None  # noqa: S101 # the insert conflicted with it
    return found["id"]


_NEW = (
    insert(households)
    .values(
        community_id=TENANT,
        **{n: bound(households.c[n]) for n in ("id", "building", "room", "address", "near")},
    )
    .on_conflict_do_nothing()
    .returning(households.c.id)
)
_FOUND = sa.select(households.c.id).where(
    households.c.community_id == TENANT, households.c.address == bound(households.c.address)
)
