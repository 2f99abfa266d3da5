"""What an erasure takes of a member's petitions: where they live. The letters stay, unsigned."""

from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.db import Tx
from tenants.membership.service.personal import forgets
from tenants.petitions.tables import petitions


@forgets
async def forget(tx: Tx, member_id: UUID) -> None:
    """Erase the places that a member named; households in signatures are of no person any more."""
    await tx.row(_FORGET, v_member_id=member_id)


_FORGET = (
    sa.update(petitions)
    .where(
        petitions.c.community_id == TENANT,
        petitions.c.author_id == sa.bindparam("v_member_id", type_=petitions.c.author_id.type),
    )
    .values(location=sa.null())
)
