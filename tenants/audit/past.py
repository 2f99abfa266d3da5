"""Entries of the past are chained after a community's last one, as whoever makes up a history inserts them."""

from collections.abc import Iterable
from typing import Any

from tenants.audit.chain import chained

Row = dict[str, Any]


async def continued(connection: Any, community_id: int, entries: Iterable[Row]) -> list[Row]:
    """Return entries, in the order of time, chained after the last one; the head stays locked.

    The caller inserts them and then calls `end_with` in the same transaction.
    """
    head = await connection.fetchrow(_HEAD, community_id)
    return chained(entries, head["seq"], head["hash"])


async def end_with(connection: Any, community_id: int, last: Row) -> None:
    """Move the head of a community's chain to its last entry."""
    place = community_id, last["seq"], last["entry_hash"], last["prev_hash"]
    await connection.execute(_MOVE, *place)


_HEAD = "select seq, hash from tenant.audit_head where community_id = $1 for no key update"
_MOVE = """
update tenant.audit_head set seq = $2, hash = $3, prev_hash = $4, changed_at = now()
 where community_id = $1
"""
