"""Say whom a new notice is for, and acknowledge one."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.addresses import building_of
from tenants.boards.notices import ACKNOWLEDGE, MOST_BUILDINGS, notices
from tenants.boards.tables import posts, read_marks
from tenants.columns import NOW, TENANT, VIEWER
from tenants.errors import Code, Refused
from tenants.membership.offices import Office
from tenants.membership.tables import BUILDING_LENGTH
from tenants.procedure import Facts
from tenants.statements import Lock
from tenants.text import written
from tenants.transaction import Tx


async def address(
    tx: Tx, board: Facts, post_id: UUID, buildings: Sequence[str], offices: Sequence[Office],
    *, asks_acknowledgement: bool,
) -> None:  # fmt: skip
    """Say whom a new post is for, if anything is said; raise INVALID on a board of another kind."""
    if not buildings and not offices and not asks_acknowledgement:
        return
    if board["kind"] != "NOTICE":
        raise Refused(
            Code.INVALID,
            "只有公告版块的帖子可以指定对象或要求签收。Only a notice has an audience or asks for receipt.",
            "boardId",
        )
    if len(buildings) > MOST_BUILDINGS:
        raise Refused(
            Code.TOO_LONG,
            f"至多 {MOST_BUILDINGS} 栋。{MOST_BUILDINGS} buildings at most.",
            "audienceBuildings",
        )
    named = [
        written(each, BUILDING_LENGTH, "audienceBuildings", str(place))
        for place, each in enumerate(buildings)
    ]
    await tx.insert(
        notices, post_id=post_id, buildings=named or None,
        addresses=[building_of(each) for each in named] or None,
        offices=[each.value for each in offices] or None,
        asks_acknowledgement=asks_acknowledgement,
    )  # fmt: skip


async def acknowledge(tx: Tx, *, post_id: UUID) -> UUID:
    """Acknowledge a notice that asks the viewer to; it counts as read."""
    post = await tx.find(posts, post_id, "postId", permit=ACKNOWLEDGE, lock=Lock.NONE)
    await tx.row(_ACKNOWLEDGE, v_id=post["id"])
    await audit.record(tx, "notice.acknowledged", subject=post["id"])
    return post["id"]


_MADE = insert(read_marks).values(
    community_id=TENANT,
    post_id=sa.bindparam("v_id", type_=read_marks.c.post_id.type),
    member_id=VIEWER,
    read_at=NOW,
    acknowledged_at=NOW,
)
_ACKNOWLEDGE = _MADE.on_conflict_do_update(
    index_elements=[read_marks.c.community_id, read_marks.c.post_id, read_marks.c.member_id],
    set_={"acknowledged_at": sa.func.coalesce(read_marks.c.acknowledged_at, NOW)},
)
