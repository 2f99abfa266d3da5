"""Appeals to the street may end without a decision: what they were against ended, or the member left."""

from uuid import UUID

import sqlalchemy as sa

from tenants.columns import NOW, TENANT, among, bound
from tenants.membership.appeals import MOOT
from tenants.membership.street_appeals import OF_CONTENT, street_appeals
from tenants.taking import take_each
from tenants.transaction import Tx


async def moot_suspension(tx: Tx, member_id: UUID) -> None:
    """End an open appeal against a suspension that is over."""
    await tx.row(_MOOT, v_member_id=member_id)


_OF_MEMBER = (street_appeals.c.community_id == TENANT) & (
    street_appeals.c.member_id == bound(street_appeals.c.member_id)
)
_MOOT = take_each(MOOT, _OF_MEMBER & (street_appeals.c.kind == "SUSPENSION"))
_IS_OPEN = among(street_appeals.c.state, *MOOT.from_)
_NAME = bound(street_appeals.c.display_name)
# what a member asked of the street and was answered; that they asked stays
FORGET = (
    sa.update(street_appeals)
    .where(_OF_MEMBER)
    .values(
        state=sa.case(
            (_IS_OPEN, sa.literal_column(f"'{MOOT.to[0]}'")), else_=street_appeals.c.state
        ),
        decided_at=sa.func.coalesce(street_appeals.c.decided_at, NOW),
        display_name=sa.case((street_appeals.c.kind == "SUSPENSION", _NAME)),
        **dict.fromkeys((*OF_CONTENT, "decision_reason"), sa.null()),
        version=street_appeals.c.version + sa.literal_column("1"),
    )
)
