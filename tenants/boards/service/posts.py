"""Posts: create, edit, delete (the author or the staff), pin."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.boards.policy import CREATE_POST, DELETE_POST, EDIT_POST, PIN_POST, UNPIN_POST
from tenants.boards.service import moderation
from tenants.boards.service.check import Verdict, state_after
from tenants.boards.service.notices import address
from tenants.boards.service.search import TERMS
from tenants.boards.tables import (
    BODY_LENGTH,
    MOST_PINNED,
    NOTE_LENGTH,
    TITLE_LENGTH,
    boards,
    posts,
)
from tenants.columns import TENANT, bound
from tenants.domain import Quota
from tenants.errors import VersionConflict
from tenants.images import service as images
from tenants.images.tables import MOST_ON_POST
from tenants.membership.offices import Office
from tenants.places.counts import add_to_community
from tenants.quotas import spare
from tenants.statements import Lock
from tenants.text import written
from tenants.transaction import Tx


async def create(
    tx: Tx,
    *,
    board_id: UUID,
    title: str,
    body: str,
    upload_ids: Sequence[UUID],
    verdict: Verdict,
    audience_buildings: Sequence[str] = (),
    audience_offices: Sequence[Office] = (),
    asks_acknowledgement: bool = False,
) -> UUID:
    """Create a post on a board; on a pre-moderated board it is held until the staff restore it.

    A notice may say whom it is for, and ask them to acknowledge it.
    """
    board = await tx.find(boards, board_id, "boardId", permit=CREATE_POST, lock=Lock.SHARE)
    title, body = written(title, TITLE_LENGTH, "title"), written(body, BODY_LENGTH, "body")
    state = state_after(verdict, pre_moderated=board["moderation"] == "PRE")
    post_id = tx.new_id()
    await tx.insert(
        posts,
        id=post_id,
        board_id=board["id"],
        author_id=tx.viewer.id,
        title=title,
        body=body,
        pinned=False,
        state=state,
        created_at=tx.now,
        edited_at=None,
        comment_count=0,
        reaction_count=0,
        version=1,
    )
    await address(
        tx, board, post_id, audience_buildings, audience_offices,
        asks_acknowledgement=asks_acknowledgement,
    )  # fmt: skip
    await images.put_to(tx, upload_ids, "post", post_id, most=MOST_ON_POST)
    await TERMS.add(tx, post_id, f"{title}\n{body}")
    if state == "HELD":
        await moderation.open_held(tx, posts, post_id, author_id=tx.viewer.id)
    await audit.record(tx, "post.created", subject=post_id)
    await add_to_community(tx, "posts", int(state == "PUBLISHED"))
    return post_id


async def edit(
    tx: Tx,
    *,
    post_id: UUID,
    title: str,
    body: str,
    upload_ids: Sequence[UUID] | None,
    expected_version: int,
    verdict: Verdict,
) -> UUID:
    """Change a post's text, and its images if `upload_ids` is given.

    A text that needs a review holds the post until it was reviewed.
    """
    post = await tx.find(posts, post_id, "postId", permit=EDIT_POST)
    if post["version"] != expected_version:
        raise VersionConflict(post["version"])
    title, body = written(title, TITLE_LENGTH, "title"), written(body, BODY_LENGTH, "body")
    board = await tx.row(_MODERATION, v_id=post["board_id"])
    assert board is not None  # noqa: S101 # a post has a board
    state = state_after(verdict, pre_moderated=board["moderation"] == "PRE")

    await tx.update(posts, post["id"], title=title, body=body, edited_at=tx.now)
    if upload_ids is not None:
        await images.replace(tx, upload_ids, "post", post["id"], most=MOST_ON_POST)
    await TERMS.replace(tx, post["id"], f"{title}\n{body}")
    if state == "HELD" and post["state"] == "PUBLISHED":
        await moderation.open_held(tx, posts, post["id"], author_id=post["author_id"])
        await moderation.set_state(tx, posts, post, "HELD")
    await audit.record(tx, "post.edited", subject=post["id"])
    return post["id"]


async def delete(tx: Tx, *, post_id: UUID, reason: str | None) -> UUID:
    """Delete a post for good; the staff must give a reason for the post of another member."""
    await tx.hold(posts, post_id)
    post = await tx.find(posts, post_id, "postId", permit=DELETE_POST)
    reason = required_reason(tx, post["author_id"], reason)

    await moderation.set_state(tx, posts, post, "DELETED")
    await TERMS.forget(tx, post["id"])
    await audit.record(tx, "post.deleted", subject=post["id"], reason=reason)
    return post["id"]


async def pin(tx: Tx, *, post_id: UUID) -> UUID:
    """Pin a post on its board; at most ten are pinned."""
    post = await tx.find(posts, post_id, "postId", permit=PIN_POST)

    await spare(tx, PINNED, post["board_id"], "postId", v_board_id=post["board_id"])
    await tx.update(posts, post["id"], pinned=True)
    await audit.record(tx, "post.pinned", subject=post["id"])
    return post["id"]


async def unpin(tx: Tx, *, post_id: UUID) -> UUID:
    """Unpin a post."""
    post = await tx.find(posts, post_id, "postId", permit=UNPIN_POST)

    await tx.update(posts, post["id"], pinned=False)
    await audit.record(tx, "post.unpinned", subject=post["id"])
    return post["id"]


def required_reason(tx: Tx, author_id: UUID, reason: str | None) -> str | None:
    """Return the cleaned reason; it is required if the staff change another member's text."""
    if author_id == tx.viewer.id and not reason:
        return None
    return written(reason or "", NOTE_LENGTH, "reason")


PINNED = Quota(
    "post.pinned",
    MOST_PINNED,
    sa.select(sa.func.count().label("count")).where(
        posts.c.community_id == TENANT,
        posts.c.board_id == bound(posts.c.board_id),
        posts.c.pinned,
        posts.c.state != "DELETED",
    ),
    f"一个版块至多置顶 {MOST_PINNED} 个，请先取消一个。At most {MOST_PINNED} on a board: unpin one first.",
)
_MODERATION = sa.select(boards.c.moderation).where(
    boards.c.community_id == TENANT,
    boards.c.id == bound(boards.c.id),
)
