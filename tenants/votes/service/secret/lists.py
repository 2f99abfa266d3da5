"""The lists of a secret vote as they are kept, and items of one size that lie joined."""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.transaction import Tx
from tenants.votes.secret.tables import ListKind, lists

LEAF_SIZE = 96


async def keep_list(tx: Tx, vote_id: UUID, kind: ListKind, content: bytes) -> None:
    """Keep a list of a vote; it is never changed."""
    await tx.insert(lists, vote_id=vote_id, kind=kind.value, content=content)


async def content_of(tx: Tx, vote_id: UUID, kind: ListKind) -> bytes | None:
    """Return a list as it was kept; None where there is none."""
    row = await tx.row(_CONTENT, v_id=vote_id, v_kind=kind.value)
    return None if row is None else row["content"]


async def leaves_of(tx: Tx, vote_id: UUID) -> list[bytes]:
    """Return the leaves of the urn, sorted; none before the close."""
    return parted(await content_of(tx, vote_id, ListKind.URN) or b"", LEAF_SIZE)


def parted(joined: bytes, size: int) -> list[bytes]:
    """Return the items of one size that were joined; the last is shorter if they are not."""
    return [joined[at : at + size] for at in range(0, len(joined), size)]


def hashes(items: Iterable[bytes]) -> list[bytes]:
    """Return the SHA-256 of each item, sorted."""
    return sorted(sha256(item).digest() for item in items)


_CONTENT = sa.select(lists.c.content).where(
    lists.c.community_id == TENANT,
    lists.c.vote_id == sa.bindparam("v_id", type_=lists.c.vote_id.type),
    lists.c.kind == sa.bindparam("v_kind", type_=sa.Text()),
)
