"""Comments: what is said under a post, in two levels."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import column, node_over, object_type, one, page, public_id
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
from api.engine.payloads import link, told_id
from api.engine.verbs import verb
from api.schema.common import VERSION_DESCRIPTION, Connection, Node, checked
from api.schema.content import (
    DELETE_REASON,
    VERSION,
    Content,
    ContentState,
    ModerationCase,
    ReactionCount,
    moderation_of,
    reactions_to,
)
from api.schema.images import Image, images_of, uploads
from api.schema.members import Member
from api.schema.permissions import can, permissions
from api.schema.posts import Post
from tenants.boards import policy
from tenants.boards.cases import APPEAL, HIDE, REPORT, RESTORE
from tenants.boards.service import comments as service
from tenants.boards.service.check import Verdict
from tenants.boards.tables import COMMENT_LENGTH, comments, posts
from tenants.boards.views import comment_author, comment_body, comment_of_images
from tenants.images.tables import MOST_ON_COMMENT
from tenants.membership.tables import members
from tenants.viewer import Viewer

node_over(comments, "cmt", "Comment")


@object_type
class Comment(Content, Node):
    """评论有两层：评论帖子，或回复第一层的评论。
    A comment stands on one of two levels: it is about a post, or it replies to a comment of the
    first level.
    """

    id: strawberry.ID = public_id()
    post: Post | None = one("所评的帖子。The post it is under.", posts, {"id": comments.c.post_id})
    parent: "Comment | None" = one(
        "所回复的评论；第一层为空。The comment it replies to; null on the first level.",
        comments,
        {"id": comments.c.parent_id},
    )
    author: Member | None = one(
        "作者；已迁出，或内容为空则为空。The author; null once gone, or where there are no words.",
        members,
        {"id": comment_author},
    )
    body: str | None = column(
        "内容；已删除则为空；待审或已隐藏的，除作者和居委外为空，只为回复留位。\n"
        "The words; null once deleted, and, but for its author and the staff, while it is held or "
        "hidden: then it only keeps its replies' place.",
        comment_body,
    )
    images: list[Image] = images_of(comments.c.id, MOST_ON_COMMENT, subject_id=comment_of_images)
    state: ContentState = column("状态。State.", comments.c.state)
    created_at: datetime = column("发表时间。When it was written.", comments.c.created_at)
    edited_at: datetime | None = column("最后修改。When last edited.", comments.c.edited_at)
    version: int = column(VERSION, comments.c.version)
    reply_count: int = column("已发布的回复数。Published replies.", comments.c.reply_count)
    reaction_count: int = column("反应总数。All reactions.", comments.c.reaction_count)
    reactions: list[ReactionCount] = reactions_to(comments)
    moderation: ModerationCase | None = moderation_of(comments)
    viewer_can: Any = can(
        permissions(
            "Comment",
            policy.EDIT_COMMENT,
            policy.DELETE_COMMENT,
            policy.REPLY,
            policy.REACT[comments],
            REPORT[comments],
            HIDE[comments],
            RESTORE[comments],
            APPEAL[comments],
        )
    )
    replies: "Connection[Comment]" = page(
        "回复，先发的在前。Replies, oldest first.",
        b.Page(
            table=comments,
            on={"parent_id": comments.c.id},
            order=(comments.c.id,),
            index="comment_by_parent",
            descending=False,
        ),
    )


@extend(Post)
class OfPost:
    """What is said under it."""

    comments: Connection[Comment] = page(
        "第一层评论，先发的在前。Comments of the first level, oldest first.",
        b.Page(
            table=comments,
            on={"post_id": posts.c.id, "parent_id": b.ABSENT},
            order=(comments.c.id,),
            index="comment_by_post",
            descending=False,
        ),
    )


_COMMENT = {"comment": link(Comment, comments, "该评论。The comment.")}


class _OnComment:
    comment_id: UUID = ref(comments, "评论。The comment.")


class _Body:
    body: str = text("内容", "What it says", COMMENT_LENGTH)

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, Verdict]:
        """Have the text checked."""
        return await checked(services, self.body)


@verb(
    policy.ADD_COMMENT,
    _COMMENT,
    service.add,
    example=(
        "mutation { addComment(input: {\n"
        '  postId: "pst_AZrY3kQkdI2QAQIDBAUGBw", body: "三点来水。", idempotencyKey: "9b02"\n'
        "}) { comment { id state } userErrors { code message } } }"
    ),
)
class AddComment(_Body, Keyed):
    """评论或回复；同一幂等键只发一次。Comment or reply; one key, one comment."""

    post_id: UUID = ref(posts, "帖子。The post.")
    parent_id: UUID | None = ref(
        comments, "要回复的第一层评论。The comment of the first level that it replies to."
    )
    upload_ids: list[UUID] = uploads(MOST_ON_COMMENT)


@verb(policy.EDIT_COMMENT, _COMMENT, service.edit)
class EditComment(_Body, _OnComment):
    """修改自己的评论。Edit your own comment."""

    expected_version: int = field(VERSION_DESCRIPTION)


@verb(
    policy.DELETE_COMMENT,
    {"deleted_id": told_id(comments, "已删除者。What was deleted.")},
    service.delete,
)
class DeleteComment(_OnComment):
    """删除评论；居委删除他人的须说明理由。Delete a comment; the staff, deleting another's, say why."""

    reason: str | None = text(*DELETE_REASON)
