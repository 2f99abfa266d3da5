"""The database has marks of the ring's keys, so that a wrong or lost ring is found at the start.

A mark is derived from a key and tells nothing about it. A key of the ring that has no mark yet is
new; a mark without its key means that something sealed here can no longer be read.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.identity.store import Store
from tenants.identity.tables import ring_marks


async def missing(store: Store) -> list[str]:
    """Return the names of the keys that this database was used with and the ring lacks."""
    return lacking(store.ring.marks(), await known(store))


async def known(store: Store) -> dict[str, bytes]:
    """Return the marks in the database by the names of their keys."""
    return {row["kid"]: row["mark"] for row in await store.rows(_ALL)}


async def mark(store: Store) -> None:
    """Write the marks of the ring's keys that have none yet; none where it is another ring."""
    if await missing(store):
        return
    for kid, made in store.ring.marks().items():
        await store.run(_MARK, kid=kid, mark=made)


async def forget(store: Store, kids: Iterable[str]) -> None:
    """Delete the marks of keys that will be deleted."""
    for kid in kids:
        await store.run(_FORGET, kid=kid)


def lacking(held: dict[str, bytes], wanted: dict[str, bytes]) -> list[str]:
    """Return the names of the wanted marks that are not held as they are."""
    return sorted(kid for kid, made in wanted.items() if held.get(kid) != made)


_KID = sa.bindparam("kid", type_=ring_marks.c.kid.type)
_ALL = sa.select(ring_marks)
_MARK = (
    insert(ring_marks)
    .values(kid=_KID, mark=sa.bindparam("mark", type_=ring_marks.c.mark.type))
    .on_conflict_do_nothing()
)
_FORGET = sa.delete(ring_marks).where(ring_marks.c.kid == _KID)
