"""The secretary of a community creates, updates, orders and archives its boards."""

import re
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.boards.policy import ARCHIVE_BOARD, GRANT_SEAT, REOPEN_BOARD, UPDATE_BOARD
from tenants.boards.tables import (
    BOARD_TITLE_LENGTH,
    NOTE_LENGTH,
    SLUG_LENGTH,
    BoardKind,
    ModerationMode,
    PostPolicy,
    boards,
)
from tenants.columns import TENANT, bound
from tenants.domain import Quota
from tenants.errors import Code, NotFound, Refused, VersionConflict
from tenants.quotas import COMMUNITY, spare
from tenants.scopes import Role
from tenants.statements import Lock
from tenants.text import written
from tenants.transaction import Row, Tx, unless_taken

MOST_BOARDS = 50
_SLUG = re.compile(rf"[a-z][a-z0-9-]{{0,{SLUG_LENGTH - 1}}}")


async def create(
    tx: Tx,
    *,
    slug: str,
    title: str,
    kind: BoardKind,
    post_policy: PostPolicy,
    moderation: ModerationMode,
) -> UUID:
    """Create a board in the last position; only a secretary may."""
    if Role.PARTY_SECRETARY not in tx.viewer.roles:
        raise Refused(Code.FORBIDDEN, "只有书记可以设立版块。Only the secretary may.")
    if not _SLUG.fullmatch(slug):
        raise Refused(Code.INVALID, "小写字母、数字和连字符。a–z, 0–9 and hyphens.", "slug")
    title = written(title, BOARD_TITLE_LENGTH, "title")
    await spare(tx, BOARDS, COMMUNITY)
    position = 1 + max((row["position"] for row in await tx.rows(_ALL)), default=-1)
    board_id = tx.new_id()
    async with unless_taken(tx, "标识已被使用。The slug is taken.", "slug"):
        await tx.insert(
            boards,
            id=board_id,
            slug=slug,
            title=title,
            kind=kind.value,
            position=position,
            post_policy=post_policy.value,
            moderation=moderation.value,
            archived_at=None,
            created_at=tx.now,
            version=1,
        )
    await audit.record(tx, "board.created", subject=board_id)
    return board_id


async def for_seat(tx: Tx, board_id: UUID) -> UUID:
    """Return the id of the board for a seat; its row stays locked until the seat is granted."""
    board = await tx.find(boards, board_id, "boardId", permit=GRANT_SEAT, lock=Lock.SHARE)
    return board["id"]


async def update(
    tx: Tx,
    *,
    board_id: UUID,
    expected_version: int,
    title: str | None,
    post_policy: PostPolicy | None,
    moderation: ModerationMode | None,
) -> UUID:
    """Rename a board, or change who may post and whether posts are checked first; None changes nothing."""
    board = await tx.find(boards, board_id, "boardId", permit=UPDATE_BOARD)
    if board["version"] != expected_version:
        raise VersionConflict(board["version"])
    if title is not None:
        title = written(title, BOARD_TITLE_LENGTH, "title")
    given = {"title": title, "post_policy": post_policy, "moderation": moderation}
    changes = {name: str(value) for name, value in given.items() if value is not None}
    if not changes:
        raise Refused(Code.REQUIRED, "没有要修改的内容。Nothing to change.")

    await tx.update(boards, board["id"], **changes)
    await audit.record(tx, "board.updated", subject=board["id"])
    return board["id"]


async def reorder(tx: Tx, *, board_ids: Sequence[UUID]) -> UUID:
    """Set the order of the boards; every board must be listed once."""
    rows = await _all(tx)
    if set(board_ids) - {row["id"] for row in rows}:
        raise NotFound("boardIds")
    if Role.PARTY_SECRETARY not in tx.viewer.roles:
        raise Refused(Code.FORBIDDEN, "只有书记可以排序。Only the secretary may.")
    if len(board_ids) != len(rows) or len(set(board_ids)) != len(rows):
        raise Refused(Code.INVALID, "须列出全部版块各一次。Name every board once.", "boardIds")

    for position, board_id in enumerate(board_ids):
        await tx.row(_PLACE, v_id=board_id, v_position=position)
    first = board_ids[0]
    await audit.record(tx, "board.reordered", subject=first)
    return first


async def archive(tx: Tx, *, board_id: UUID, reason: str) -> UUID:
    """Close a board to new posts and comments; existing ones stay readable."""
    board = await tx.find(boards, board_id, "boardId", permit=ARCHIVE_BOARD)
    reason = written(reason, NOTE_LENGTH, "reason")

    await tx.update(boards, board["id"], archived_at=tx.now)
    await audit.record(tx, "board.archived", subject=board["id"], reason=reason)
    return board["id"]


async def reopen(tx: Tx, *, board_id: UUID) -> UUID:
    """Open an archived board again."""
    board = await tx.find(boards, board_id, "boardId", permit=REOPEN_BOARD)

    await tx.update(boards, board["id"], archived_at=None)
    await audit.record(tx, "board.reopened", subject=board["id"])
    return board["id"]


async def _all(tx: Tx) -> list[Row]:
    # two statements: after waiting for the lock, only a new one sees what was committed meanwhile
    await tx.rows(_ALL)
    return await tx.rows(_ALL)


# locked in the order of ids, so that parallel reorderings wait and cannot deadlock
_ALL = (
    sa.select(boards.c.id, boards.c.position)
    .where(boards.c.community_id == TENANT)
    .order_by(boards.c.id)
    .with_for_update(key_share=True)
)
BOARDS = Quota(
    "board",
    MOST_BOARDS,
    sa.select(sa.func.count().label("count")).where(boards.c.community_id == TENANT),
    f"最多 {MOST_BOARDS} 个版块。At most {MOST_BOARDS}.",
)
_PLACE = (
    sa.update(boards)
    .where(
        boards.c.community_id == TENANT,
        boards.c.id == bound(boards.c.id),
    )
    .values(position=sa.bindparam("v_position", type_=sa.Integer()))
)
