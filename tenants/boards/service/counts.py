"""Counters are stored beside the rows they count, and changed in the same transaction.

A counter's row is locked until the commit, so its update comes late in a transaction. The
community's own row comes last, in every verb, so no two verbs deadlock.
"""

from uuid import UUID

import sqlalchemy as sa

from tenants.boards.tables import comments, posts
from tenants.columns import TENANT, bound
from tenants.transaction import Tx

_BY = sa.bindparam("v_by", type_=sa.Integer())
_ID = bound(posts.c.id)


def _add(table: sa.Table, column: str) -> sa.Executable:
    return (
        sa.update(table)
        .where(table.c.community_id == TENANT, table.c.id == _ID)
        .values({column: table.c[column] + _BY})
    )


_ADD = {
    (table, column): _add(table, column)
    for table, column in (
        (posts, "comment_count"),
        (posts, "reaction_count"),
        (comments, "reply_count"),
        (comments, "reaction_count"),
    )
}


async def add(tx: Tx, table: sa.Table, column: str, id: UUID, by: int) -> None:
    """Add `by` to one row's counter."""
    await tx.row(_ADD[table, column], v_id=id, v_by=by)
