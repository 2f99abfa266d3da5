"""Posts and comments: what is said on the boards."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.bindings import outcome
from api.engine.declare import bound, column, mutation, node_over, one, page, public_id, value
from api.engine.identifiers import decode_id
from api.schema.common import (
    KEY_DESCRIPTION,
    VERSION_DESCRIPTION,
    Connection,
    Node,
    Payload,
    Permission,
)
from api.schema.content import Content, ContentState, ModerationCase, ReactionCount
from api.schema.members import Member
from tenants.boards import policy
from tenants.boards.service import comments as comment_service
from tenants.boards.service import posts as post_service
from tenants.boards.service import reactions as reaction_service
from tenants.boards.tables import boards, cases, comments, posts, reactions
from tenants.boards.views import comment_author, comment_body, has_been_read, live_case
from tenants.db import Tx
from tenants.membership.tables import members
from tenants.scopes import Scope

if TYPE_CHECKING:
    from api.schema.boards import Board

node_over(posts, "pst", "Post", Scope.BOARD_READ)
node_over(comments, "cmt", "Comment", Scope.BOARD_READ)

_VERSION = "版本，修改时带回。Version: hand it back as `expectedVersion`."


def _reactions(table: Any) -> Any:
    return bound(
        "各种反应的人数。Reactions, counted by kind.",
        b.Rows(
            table=reactions,
            on={"subject_id": table.c.id},
            order=(reactions.c.kind,),
            most=10,
            group_by=reactions.c.kind,
        ),
    )


def _moderation(table: Any) -> Any:
    return bound(
        "正在进行的审核：为何待审或隐藏。The live case, if any: why it is held or hidden.",
        b.One(cases, {"subject_id": table.c.id}, where=live_case),
    )


@strawberry.type(description="您对某评论能做什么。What you may do to a comment, and why not.")
class CommentPermissions:
    """One Permission for each verb."""

    edit: Permission = bound("修改。editComment.", b.Permit.of(policy.EDIT_COMMENT))
    delete: Permission = bound("删除。deleteComment.", b.Permit.of(policy.DELETE_COMMENT))
    react: Permission = bound("反应。react.", b.Permit.of(policy.REACT[comments]))
    report: Permission = bound("举报。reportContent.", b.Permit.of(policy.REPORT[comments]))
    hide: Permission = bound("隐藏。hideContent.", b.Permit.of(policy.HIDE[comments]))
    restore: Permission = bound("恢复。restoreContent.", b.Permit.of(policy.RESTORE[comments]))
    appeal: Permission = bound("申诉。appealModeration.", b.Permit.of(policy.APPEAL[comments]))


@strawberry.type(description="您对某帖能做什么。What you may do to a post, and why not.")
class PostPermissions:
    """One Permission for each verb."""

    edit: Permission = bound("修改。editPost.", b.Permit.of(policy.EDIT_POST))
    delete: Permission = bound("删除。deletePost.", b.Permit.of(policy.DELETE_POST))
    pin: Permission = bound("置顶。pinPost.", b.Permit.of(policy.PIN_POST))
    unpin: Permission = bound("取消置顶。unpinPost.", b.Permit.of(policy.UNPIN_POST))
    comment: Permission = bound("评论。addComment.", b.Permit.of(policy.ADD_COMMENT))
    react: Permission = bound("反应。react.", b.Permit.of(policy.REACT[posts]))
    report: Permission = bound("举报。reportContent.", b.Permit.of(policy.REPORT[posts]))
    hide: Permission = bound("隐藏。hideContent.", b.Permit.of(policy.HIDE[posts]))
    restore: Permission = bound("恢复。restoreContent.", b.Permit.of(policy.RESTORE[posts]))
    appeal: Permission = bound("申诉。appealModeration.", b.Permit.of(policy.APPEAL[posts]))


@strawberry.type(description="评论，两层。A comment: on a post, or in reply to one of those.")
class Comment(Content, Node):
    """A comment of either level."""

    id: strawberry.ID = public_id()
    post: Annotated["Post", strawberry.lazy("api.schema.posts")] | None = one(
        "所评的帖子。The post it is under.", posts, {"id": comments.c.post_id}
    )
    parent: Annotated["Comment", strawberry.lazy("api.schema.posts")] | None = one(
        "所回复的评论；第一层为空。The comment it replies to; null on the first level.",
        comments,
        {"id": comments.c.parent_id},
    )
    author: Member | None = one(
        "作者；已迁出或已删除则为空。The author; null once gone.", members, {"id": comment_author}
    )
    body: str | None = column("内容；已删除则为空。The words; null once deleted.", comment_body)
    state: ContentState = column("状态。State.", comments.c.state)
    created_at: datetime = column("发表时间。When it was written.", comments.c.created_at)
    edited_at: datetime | None = column("最后修改。When last edited.", comments.c.edited_at)
    version: int = column(_VERSION, comments.c.version)
    reply_count: int = column("已发布的回复数。Published replies.", comments.c.reply_count)
    reaction_count: int = column("反应总数。All reactions.", comments.c.reaction_count)
    reactions: list[ReactionCount] = _reactions(comments)
    moderation: ModerationCase | None = _moderation(comments)
    viewer_can: CommentPermissions = value("您能做什么。What you may do.")
    replies: Connection[Annotated["Comment", strawberry.lazy("api.schema.posts")]] = page(
        "回复，先发的在前。Replies, oldest first.",
        b.Page(
            table=comments,
            on={"parent_id": comments.c.id},
            order=(comments.c.id,),
            index="comment_by_parent",
            descending=False,
        ),
    )


@strawberry.type(description="帖子。A post on a board.")
class Post(Content, Node):
    """A post."""

    id: strawberry.ID = public_id()
    board: Annotated["Board", strawberry.lazy("api.schema.boards")] | None = one(
        "所在版块。Its board.", boards, {"id": posts.c.board_id}
    )
    author: Member | None = one(
        "作者；已迁出则为空。The author; null once gone.", members, {"id": posts.c.author_id}
    )
    title: str = column("标题。Title.", posts.c.title)
    body: str = column("正文，纯文本。Body, plain text.", posts.c.body)
    pinned: bool = column("置顶。Whether it stands at the top.", posts.c.pinned)
    state: ContentState = column("状态。State.", posts.c.state)
    created_at: datetime = column("发表时间。When it was written.", posts.c.created_at)
    edited_at: datetime | None = column("最后修改。When last edited.", posts.c.edited_at)
    version: int = column(_VERSION, posts.c.version)
    comment_count: int = column("已发布的评论数。Published comments.", posts.c.comment_count)
    reaction_count: int = column("反应总数。All reactions.", posts.c.reaction_count)
    reactions: list[ReactionCount] = _reactions(posts)
    moderation: ModerationCase | None = _moderation(posts)
    viewer_has_read: bool = column("您已标记读过。Whether you marked it read.", has_been_read)
    viewer_can: PostPermissions = value("您能做什么。What you may do.")
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


@strawberry.input(description="发帖。Write a post.")
class CreatePostInput:
    """Input of createPost."""

    board_id: strawberry.ID = strawberry.field(description="版块。The board.")
    title: str = strawberry.field(description="标题，1–80 字。Title, 1 to 80 characters.")
    body: str = strawberry.field(description="正文，1–2500 字。Body, 1 to 2500 characters.")
    idempotency_key: str = strawberry.field(description=KEY_DESCRIPTION)


@strawberry.input(description="改帖。Edit a post.")
class EditPostInput:
    """Input of editPost."""

    post_id: strawberry.ID = strawberry.field(description="帖子。The post.")
    title: str = strawberry.field(description="标题，1–80 字。Title, 1 to 80 characters.")
    body: str = strawberry.field(description="正文，1–2500 字。Body, 1 to 2500 characters.")
    expected_version: int = strawberry.field(description=VERSION_DESCRIPTION)


_DELETE_REASON = "理由；删除他人内容时必填。Why; required when it is another's."


@strawberry.input(description="删帖。Delete a post.")
class DeletePostInput:
    """Input of deletePost."""

    post_id: strawberry.ID = strawberry.field(description="帖子。The post.")
    reason: str | None = strawberry.field(default=None, description=_DELETE_REASON)


@strawberry.input(description="置顶或取消。Pin or unpin a post.")
class PinPostInput:
    """Input of pinPost and unpinPost."""

    post_id: strawberry.ID = strawberry.field(description="帖子。The post.")


@strawberry.input(description="标记已读。Mark posts read.")
class MarkReadInput:
    """Input of markRead."""

    post_ids: list[strawberry.ID] = strawberry.field(
        description="帖子，最多 50 个。The posts, at most 50."
    )


@strawberry.input(description="评论。Write a comment.")
class AddCommentInput:
    """Input of addComment."""

    post_id: strawberry.ID = strawberry.field(description="帖子。The post.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="要回复的第一层评论。The comment of the first level that it replies to.",
    )
    body: str = strawberry.field(description="内容，1–1000 字。1 to 1000 characters.")
    idempotency_key: str = strawberry.field(description=KEY_DESCRIPTION)


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
    reason: str | None = strawberry.field(default=None, description=_DELETE_REASON)


@strawberry.type(description="对帖子所做之事的结果。What came of it.")
class PostPayload(Payload):
    """The post as it is now; null if it was deleted meanwhile."""

    post: Post | None = one("该帖。The post.", posts, {"id": outcome("post", posts)})


@strawberry.type(description="对评论所做之事的结果。What came of it.")
class CommentPayload(Payload):
    """The comment as it is now; null if it was deleted meanwhile."""

    comment: Comment | None = one(
        "该评论。The comment.", comments, {"id": outcome("comment", comments)}
    )


@strawberry.type(description="删除的结果。What came of it.")
class DeletePayload(Payload):
    """The id of what is gone."""

    deleted_id: strawberry.ID | None = bound(
        "已删除者。What was deleted.", b.Given(lambda env: env.outcome.get("deleted"))
    )


@strawberry.type(description="`markRead` 的结果。What came of it.")
class MarkReadPayload(Payload):
    """The posts that are now read."""

    read_ids: list[strawberry.ID] = bound(
        "现已标记的。What is marked now.", b.Given(lambda env: env.outcome.get("read", []))
    )


async def _check_post(services: dict[str, Any], input: Any) -> Any:
    return await services["text_check"].check(f"{input.title}\n{input.body}")


async def _check_comment(services: dict[str, Any], input: Any) -> Any:
    return await services["text_check"].check(input.body)


@mutation(
    policy.CREATE_POST,
    "发帖。先审版块上的帖子待审后可见；同一幂等键只发一次。\n"
    "Write a post. On a pre-moderated board it is HELD until let through; one key, one post.",
    prepare=_check_post,
)
async def create_post(tx: Tx, input: CreatePostInput, prepared: Any) -> PostPayload:
    """Translate."""
    post = await post_service.create(
        tx,
        board_id=decode_id(input.board_id, "brd_"),
        title=input.title,
        body=input.body,
        verdict=prepared,
        key=input.idempotency_key,
    )
    return {"post": post}  # type: ignore[return-value] # an outcome


@mutation(policy.EDIT_POST, "修改自己的帖子。Edit your own post.", prepare=_check_post)
async def edit_post(tx: Tx, input: EditPostInput, prepared: Any) -> PostPayload:
    """Translate."""
    post = await post_service.edit(
        tx,
        post_id=decode_id(input.post_id, "pst_"),
        title=input.title,
        body=input.body,
        expected_version=input.expected_version,
        verdict=prepared,
    )
    return {"post": post}  # type: ignore[return-value] # an outcome


@mutation(
    policy.DELETE_POST,
    "删除帖子；居委删除他人的须说明理由。Delete a post; the staff, deleting another's, say why.",
)
async def delete_post(tx: Tx, input: DeletePostInput) -> DeletePayload:
    """Translate."""
    await post_service.delete(tx, post_id=decode_id(input.post_id, "pst_"), reason=input.reason)
    return {"deleted": input.post_id}  # type: ignore[return-value] # an outcome


@mutation(policy.PIN_POST, "置顶。Put a post at the top of its board.")
async def pin_post(tx: Tx, input: PinPostInput) -> PostPayload:
    """Translate."""
    return {"post": await post_service.pin(tx, post_id=decode_id(input.post_id, "pst_"))}  # type: ignore[return-value] # an outcome


@mutation(policy.UNPIN_POST, "取消置顶。Let a post go back to its place.")
async def unpin_post(tx: Tx, input: PinPostInput) -> PostPayload:
    """Translate."""
    return {"post": await post_service.unpin(tx, post_id=decode_id(input.post_id, "pst_"))}  # type: ignore[return-value] # an outcome


@mutation(policy.MARK_READ, "标记已读；重复无害。Mark posts read; doing so twice is harmless.")
async def mark_read(tx: Tx, input: MarkReadInput) -> MarkReadPayload:
    """Translate."""
    ids = [decode_id(text, "pst_") for text in input.post_ids]
    await reaction_service.mark_read(tx, post_ids=ids)
    return {"read": list(input.post_ids)}  # type: ignore[return-value] # an outcome


@mutation(
    policy.ADD_COMMENT,
    "评论或回复；同一幂等键只发一次。Comment or reply; one key, one comment.",
    prepare=_check_comment,
)
async def add_comment(tx: Tx, input: AddCommentInput, prepared: Any) -> CommentPayload:
    """Translate."""
    comment = await comment_service.add(
        tx,
        post_id=decode_id(input.post_id, "pst_"),
        parent_id=decode_id(input.parent_id, "cmt_"),
        is_reply=input.parent_id is not None,
        body=input.body,
        verdict=prepared,
        key=input.idempotency_key,
    )
    return {"comment": comment}  # type: ignore[return-value] # an outcome


@mutation(policy.EDIT_COMMENT, "修改自己的评论。Edit your own comment.", prepare=_check_comment)
async def edit_comment(tx: Tx, input: EditCommentInput, prepared: Any) -> CommentPayload:
    """Translate."""
    comment = await comment_service.edit(
        tx,
        comment_id=decode_id(input.comment_id, "cmt_"),
        body=input.body,
        expected_version=input.expected_version,
        verdict=prepared,
    )
    return {"comment": comment}  # type: ignore[return-value] # an outcome


@mutation(
    policy.DELETE_COMMENT,
    "删除评论；居委删除他人的须说明理由。Delete a comment; the staff, deleting another's, say why.",
)
async def delete_comment(tx: Tx, input: DeleteCommentInput) -> DeletePayload:
    """Translate."""
    comment = decode_id(input.comment_id, "cmt_")
    await comment_service.delete(tx, comment_id=comment, reason=input.reason)
    return {"deleted": input.comment_id}  # type: ignore[return-value] # an outcome
