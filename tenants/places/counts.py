"""The transaction that changes a community's counts updates them for the district."""

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.places.tables import community_counts
from tenants.transaction import Tx

_BY = sa.bindparam("v_by", type_=sa.Integer())
_ADD = {
    column: sa.update(community_counts)
    .where(community_counts.c.community_id == TENANT)
    .values({column: community_counts.c[column] + _BY})
    for column in ("posts", "comments", "members")
}


async def add_to_community(tx: Tx, column: str, by: int) -> None:
    """Add `by` to one count, last in the transaction: other changes wait for its row lock."""
    if by:
        tx.at_last(_add, (column, by), of=community_counts)


async def _add(tx: Tx, changes: list[tuple[str, int]]) -> None:
    for column, by in changes:
        await tx.row(_ADD[column], v_by=by)
