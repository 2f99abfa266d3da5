"""Comments stand under a post, in two levels."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import column, node_over, object_type, one, page, public_id
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
from api.engine.lists import page_of
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
    post: Post | None = one(
        "评论属于这个帖子。The comment is about this post.", posts, comments.c.post_id
    )
    parent: "Comment | None" = one(
        "评论回复这条评论；第一层为空。"
        "The comment replies to this one; it is null on the first level.",
        comments,
        comments.c.parent_id,
    )
    author: Member | None = one(
        "这是作者；已迁出，或内容为空则为空。\n"
        "This is the author; it is null once they are gone, or where there is no text.",
        members,
        comment_author,
    )
    body: str | None = column(
        "这是内容；已删除则为空。待审或已隐藏的，除作者和居委外为空，只为回复留位。\n"
        "This is the text; it is null once deleted. While it is held or hidden it is null "
        "for all but its author and the staff, and only keeps the place of its replies.",
        comment_body,
    )
    images: list[Image] = images_of(comments.c.id, MOST_ON_COMMENT, subject_id=comment_of_images)
    state: ContentState = column(
        "它说明谁看得到评论。It says who sees the comment.", comments.c.state
    )
    created_at: datetime = column("这时发表。The comment was written then.", comments.c.created_at)
    edited_at: datetime | None = column("这时修改。It was last edited then.", comments.c.edited_at)
    version: int = column(VERSION, comments.c.version)
    reply_count: int = column(
        "已发布的回复有这么多条。The comment has so many published replies.", comments.c.reply_count
    )
    reaction_count: int = column(
        "各种表态共有这么多。The comment has so many reactions.", comments.c.reaction_count
    )
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
        "这里列出回复，先发的在前。This lists the replies, oldest first.",
        page_of(
            comments, {"parent_id": comments.c.id}, index="comment_by_parent", descending=False
        ),
    )


@extend(Post)
class OfPost:
    """It adds the comments of a post."""

    comments: Connection[Comment] = page(
        "这里列出第一层评论，先发的在前。This lists the comments of the first level, oldest first.",
        page_of(
            comments,
            {"post_id": posts.c.id, "parent_id": b.ABSENT},
            index="comment_by_post",
            descending=False,
        ),
    )


_COMMENT = {"comment": link(Comment, comments)}


class _OnComment:
    comment_id: UUID = ref(comments)


class _Body:
    body: str = text("内容", "the text", COMMENT_LENGTH)

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

    post_id: UUID = ref(posts)
    parent_id: UUID | None = ref(
        comments,
        "填写要回复的第一层评论的标识。"
        "Give the id of the comment of the first level that it replies to.",
    )
    upload_ids: list[UUID] = uploads(MOST_ON_COMMENT)


@verb(policy.EDIT_COMMENT, _COMMENT, service.edit)
class EditComment(_Body, _OnComment):
    """修改自己的评论。Edit your own comment."""

    expected_version: int = field(VERSION_DESCRIPTION)


@verb(
    policy.DELETE_COMMENT,
    {"deleted_id": told_id(comments, "这是已删除者的标识。This is the id of what was deleted.")},
    service.delete,
)
class DeleteComment(_OnComment):
    """删除评论；居委删除他人的须说明理由。Delete a comment; the staff, deleting another's, say why."""

    reason: str | None = text(*DELETE_REASON)
