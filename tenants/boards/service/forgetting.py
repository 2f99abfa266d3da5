"""Erase from moderation what was written about a member's texts, since it may name them."""

from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.boards.tables import cases, comments, posts, reports
from tenants.columns import TENANT
from tenants.membership.service.personal import forgets
from tenants.transaction import Tx


@forgets
async def forget(tx: Tx, member_id: UUID) -> None:
    """Erase the reasons, appeals and notes of cases about a member's texts; the results stay."""
    written = [row["id"] for row in await tx.rows(_WRITTEN, v_member_id=member_id)]
    judged = [row["id"] for row in await tx.rows(_FORGET_CASES, v_member_id=member_id)]
    await tx.row(_FORGET_REPORTS, v_member_id=member_id)
    await audit.forget_reasons_about(tx, written + judged)


_MEMBER = sa.bindparam("v_member_id", type_=cases.c.author_id.type)
_THEIRS = (cases.c.community_id == TENANT) & (cases.c.author_id == _MEMBER)
_WRITTEN = sa.union_all(
    *(
        sa.select(table.c.id).where(table.c.community_id == TENANT, table.c.author_id == _MEMBER)
        for table in (posts, comments)
    )
)
_FORGET_CASES = (
    sa.update(cases)
    .where(_THEIRS)
    .values(dict.fromkeys(("reason", "appeal", "appeal_reason"), sa.null()))
    .returning(cases.c.id)
)
# notes by others about the member's texts, and the member's notes about texts of others
_FORGET_REPORTS = (
    sa.update(reports)
    .where(
        reports.c.community_id == TENANT,
        (reports.c.reporter_id == _MEMBER)
        | reports.c.case_id.in_(sa.select(cases.c.id).where(_THEIRS)),
    )
    .values(note=sa.null())
)
