"""Comments have two levels: on a post, and in reply to one of those."""

from collections.abc import Sequence
from uuid import UUID

from tenants import audit
from tenants.boards.policy import ADD_COMMENT, DELETE_COMMENT, EDIT_COMMENT, REPLY
from tenants.boards.service import moderation
from tenants.boards.service.check import Verdict, state_after
from tenants.boards.service.posts import required_reason
from tenants.boards.tables import COMMENT_LENGTH, comments, posts
from tenants.errors import NotFound, VersionConflict
from tenants.images import service as images
from tenants.images.tables import MOST_ON_COMMENT
from tenants.text import written
from tenants.transaction import Tx


async def add(
    tx: Tx,
    *,
    post_id: UUID,
    parent_id: UUID | None,
    body: str,
    upload_ids: Sequence[UUID],
    verdict: Verdict,
) -> UUID:
    """Add a comment to a post, or a reply to one of its first-level comments."""
    post = await tx.find(posts, post_id, "postId", permit=ADD_COMMENT)
    if parent_id is not None:
        parent = await tx.find(comments, parent_id, "parentId", permit=REPLY)
        if parent["post_id"] != post["id"]:
            raise NotFound("parentId")
    body = written(body, COMMENT_LENGTH, "body")
    state = state_after(verdict, pre_moderated=False)
    comment_id = tx.new_id()
    await tx.insert(
        comments,
        id=comment_id,
        post_id=post["id"],
        parent_id=parent_id,
        author_id=tx.viewer.id,
        body=body,
        state=state,
        post_state=post["state"],
        created_at=tx.now,
        edited_at=None,
        reply_count=0,
        reaction_count=0,
        version=1,
    )
    await images.put_to(tx, upload_ids, "comment", comment_id, most=MOST_ON_COMMENT)
    if state == "HELD":
        await moderation.open_held(tx, comments, comment_id, author_id=tx.viewer.id)
    await audit.record(tx, "comment.added", subject=comment_id)
    if state == "PUBLISHED":
        await moderation.count_comment(tx, post["id"], parent_id, 1)
    return comment_id


async def edit(
    tx: Tx, *, comment_id: UUID, body: str, expected_version: int, verdict: Verdict
) -> UUID:
    """Change the text of a comment."""
    await moderation.lock_post_of(tx, comment_id)
    comment = await tx.find(comments, comment_id, "commentId", permit=EDIT_COMMENT)
    if comment["version"] != expected_version:
        raise VersionConflict(comment["version"])
    body = written(body, COMMENT_LENGTH, "body")
    state = state_after(verdict, pre_moderated=False)

    await tx.update(comments, comment["id"], body=body, edited_at=tx.now)
    if state == "HELD" and comment["state"] == "PUBLISHED":
        await moderation.open_held(tx, comments, comment["id"], author_id=comment["author_id"])
        await moderation.set_state(tx, comments, comment, "HELD")
    await audit.record(tx, "comment.edited", subject=comment["id"])
    return comment["id"]


async def delete(tx: Tx, *, comment_id: UUID, reason: str | None) -> UUID:
    """Delete a comment for good; a placeholder keeps the place of its replies."""
    await moderation.lock_post_of(tx, comment_id)
    comment = await tx.find(comments, comment_id, "commentId", permit=DELETE_COMMENT)
    reason = required_reason(tx, comment["author_id"], reason)

    await moderation.set_state(tx, comments, comment, "DELETED")
    await audit.record(tx, "comment.deleted", subject=comment["id"], reason=reason)
    return comment["id"]
