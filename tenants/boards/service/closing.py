"""Close the cases, street appeals and images of deleted content and of the comments under it."""

from uuid import UUID

import sqlalchemy as sa

from tenants.boards.cases import CLOSED
from tenants.boards.tables import cases, comments
from tenants.columns import TENANT, bound
from tenants.images import service as images
from tenants.membership.appeals import MOOT
from tenants.membership.street_appeals import OF_CONTENT, street_appeals
from tenants.taking import take_each
from tenants.transaction import Tx


async def close(tx: Tx, subject_id: UUID) -> None:
    """Close the open cases and street appeals about deleted content, and release its images."""
    for statement in (_CLOSE, _CLOSE_UNDER, _MOOT):
        await tx.row(statement, v_subject_id=subject_id)
    under = [row["id"] for row in await tx.rows(_UNDER, v_subject_id=subject_id)]
    await images.release(tx, [subject_id, *under])


_ID = bound(cases.c.subject_id)
_IS_ABOUT = cases.c.subject_id == _ID
_UNDER = sa.select(comments.c.id).where(
    comments.c.community_id == TENANT, comments.c.post_id == _ID
)
_IS_UNDER = cases.c.comment_id.in_(_UNDER)
_CLOSE, _CLOSE_UNDER = (
    take_each(CLOSED, about, reason="已删除。Deleted.") for about in (_IS_ABOUT, _IS_UNDER)
)
_AT_STREET = sa.select(cases.c.street_appeal_id).where(
    cases.c.community_id == TENANT, _IS_ABOUT | _IS_UNDER
)
_MOOT = take_each(MOOT, street_appeals.c.id.in_(_AT_STREET), **dict.fromkeys(OF_CONTENT, sa.null()))
