"""Comments: what is said under a post, in two levels."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.bindings import outcome
from api.engine.declare import (
    Outcome,
    bound,
    column,
    mutation,
    node_over,
    one,
    page,
    public_id,
    value,
)
from api.engine.extend import extend
from api.engine.identifiers import decode_id
from api.schema.common import VERSION_DESCRIPTION, Connection, Keyed, Node, Payload, Permission
from api.schema.content import (
    DELETE_REASON,
    VERSION,
    Content,
    ContentState,
    DeletePayload,
    ModerationCase,
    ReactionCount,
    moderation_of,
    reactions_to,
)
from api.schema.images import Image, images_of, upload_ids, uploads
from api.schema.members import Member
from api.schema.posts import Post
from tenants.boards import policy
from tenants.boards.cases import APPEAL, HIDE, REPORT, RESTORE
from tenants.boards.service import comments as service
from tenants.boards.tables import comments, posts
from tenants.boards.views import comment_author, comment_body, comment_of_images
from tenants.images.tables import MOST_ON_COMMENT
from tenants.membership.tables import members
from tenants.transaction import Tx
from tenants.viewer import Viewer

node_over(comments, "cmt", "Comment")


@strawberry.type(description="您对某评论能做什么。What you may do to a comment, and why not.")
class CommentPermissions:
    """One Permission for each verb."""

    edit: Permission = bound("修改。editComment.", b.Permit.of(policy.EDIT_COMMENT))
    delete: Permission = bound("删除。deleteComment.", b.Permit.of(policy.DELETE_COMMENT))
    react: Permission = bound("反应。react.", b.Permit.of(policy.REACT[comments]))
    report: Permission = bound("举报。reportContent.", b.Permit.of(REPORT[comments]))
    hide: Permission = bound("隐藏。hideContent.", b.Permit.of(HIDE[comments]))
    restore: Permission = bound("恢复。restoreContent.", b.Permit.of(RESTORE[comments]))
    appeal: Permission = bound("申诉。appealModeration.", b.Permit.of(APPEAL[comments]))


@strawberry.type(description="评论，两层。A comment: on a post, or in reply to one of those.")
class Comment(Content, Node):
    """A comment of either level."""

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
    viewer_can: CommentPermissions = value("您能做什么。What you may do.")
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


@strawberry.input(description="评论。Write a comment.")
class AddCommentInput(Keyed):
    """Input of addComment."""

    post_id: strawberry.ID = strawberry.field(description="帖子。The post.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="要回复的第一层评论。The comment of the first level that it replies to.",
    )
    body: str = strawberry.field(description="内容，1–1000 字。1 to 1000 characters.")
    upload_ids: list[strawberry.ID] = uploads(MOST_ON_COMMENT)


@strawberry.input(description="改评论。Edit a comment.")
class EditCommentInput:
    """Input of editComment."""

    comment_id: strawberry.ID = strawberry.field(description="评论。The comment.")
    body: str = strawberry.field(description="内容，1–1000 字。1 to 1000 characters.")
    expected_version: int = strawberry.field(description=VERSION_DESCRIPTION)


@strawberry.input(description="删评论。Delete a comment.")
class DeleteCommentInput:
    """Input of deleteComment."""

    comment_id: strawberry.ID = strawberry.field(description="评论。The comment.")
    reason: str | None = strawberry.field(default=None, description=DELETE_REASON)


@strawberry.type(description="对评论所做之事的结果。What came of it.")
class CommentPayload(Payload):
    """The comment as it is now; null if it was deleted meanwhile."""

    comment: Comment | None = one(
        "该评论。The comment.", comments, {"id": outcome("comment", comments)}
    )


async def _check_comment(services: dict[str, Any], _: Viewer, input: Any) -> Any:
    return await services["text_check"].check(input.body)


@mutation(
    policy.ADD_COMMENT,
    "评论或回复；同一幂等键只发一次。Comment or reply; one key, one comment.",
    prepare=_check_comment,
    example=(
        "mutation { addComment(input: {\n"
        '  postId: "pst_AZrY3kQkdI2QAQIDBAUGBw", body: "三点来水。", idempotencyKey: "9b02"\n'
        "}) { comment { id state } userErrors { code message } } }"
    ),
)
async def add_comment(
    tx: Tx, input: AddCommentInput, prepared: Any
) -> Annotated[Outcome, CommentPayload]:
    """Translate."""
    comment = await service.add(
        tx,
        post_id=decode_id(input.post_id, "pst_"),
        parent_id=decode_id(input.parent_id, "cmt_"),
        is_reply=input.parent_id is not None,
        body=input.body,
        upload_ids=upload_ids(input.upload_ids),
        verdict=prepared,
    )
    return {"comment": comment}


@mutation(policy.EDIT_COMMENT, "修改自己的评论。Edit your own comment.", prepare=_check_comment)
async def edit_comment(
    tx: Tx, input: EditCommentInput, prepared: Any
) -> Annotated[Outcome, CommentPayload]:
    """Translate."""
    comment = await service.edit(
        tx,
        comment_id=decode_id(input.comment_id, "cmt_"),
        body=input.body,
        expected_version=input.expected_version,
        verdict=prepared,
    )
    return {"comment": comment}


@mutation(
    policy.DELETE_COMMENT,
    "删除评论；居委删除他人的须说明理由。Delete a comment; the staff, deleting another's, say why.",
)
async def delete_comment(tx: Tx, input: DeleteCommentInput) -> Annotated[Outcome, DeletePayload]:
    """Translate."""
    comment = decode_id(input.comment_id, "cmt_")
    await service.delete(tx, comment_id=comment, reason=input.reason)
    return {"deleted": input.comment_id}
