"""Posts: what is said on the boards."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    bound,
    column,
    node_over,
    object_type,
    one,
    page,
    public_id,
    search_arguments,
)
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
from api.engine.payloads import link, told_id, told_ids
from api.engine.searching import searched
from api.engine.verbs import verb
from api.schema.boards import Board
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
from api.schema.images import Image, images_of, kept_uploads, uploads
from api.schema.members import Member
from api.schema.permissions import can, permissions
from api.schema.query import Query, by_id
from tenants.boards import policy
from tenants.boards.cases import APPEAL, HIDE, REPORT, RESTORE
from tenants.boards.service import posts as post_service
from tenants.boards.service import reactions as reaction_service
from tenants.boards.service.check import Verdict
from tenants.boards.tables import (
    BODY_LENGTH,
    MOST_PINNED,
    TITLE_LENGTH,
    boards,
    post_terms,
    posts,
)
from tenants.boards.views import finding, has_been_read
from tenants.images.tables import MOST_ON_POST
from tenants.membership.tables import members
from tenants.viewer import Viewer

node_over(posts, "pst", "Post")


@object_type
class Post(Content, Node):
    """帖子发在版块上。A post is written on a board."""

    id: strawberry.ID = public_id()
    board: Board | None = one("所在版块。Its board.", boards, {"id": posts.c.board_id})
    author: Member | None = one(
        "作者；已迁出则为空。The author; null once gone.", members, {"id": posts.c.author_id}
    )
    title: str = column("标题。Title.", posts.c.title)
    body: str = column("正文，纯文本。Body, plain text.", posts.c.body)
    images: list[Image] = images_of(posts.c.id, MOST_ON_POST)
    pinned: bool = column(
        "置顶，见 `Board.pinnedPosts`。Whether it is among its board's `pinnedPosts`.",
        posts.c.pinned,
    )
    state: ContentState = column("状态。State.", posts.c.state)
    created_at: datetime = column("发表时间。When it was written.", posts.c.created_at)
    edited_at: datetime | None = column("最后修改。When last edited.", posts.c.edited_at)
    version: int = column(VERSION, posts.c.version)
    comment_count: int = column("已发布的评论数。Published comments.", posts.c.comment_count)
    reaction_count: int = column("反应总数。All reactions.", posts.c.reaction_count)
    reactions: list[ReactionCount] = reactions_to(posts)
    moderation: ModerationCase | None = moderation_of(posts)
    viewer_has_read: bool = column("您已标记读过。Whether you marked it read.", has_been_read)
    viewer_can: Any = can(
        permissions(
            "Post",
            policy.EDIT_POST,
            policy.DELETE_POST,
            policy.PIN_POST,
            policy.UNPIN_POST,
            policy.ADD_COMMENT,
            policy.REACT[posts],
            REPORT[posts],
            HIDE[posts],
            RESTORE[posts],
            APPEAL[posts],
        )
    )


@extend(Board)
class OfBoard:
    """What is written on it."""

    pinned_posts: list[Post] = bound(
        f"置顶的帖子，至多 {MOST_PINNED} 个，先发的在前。Pinned posts, {MOST_PINNED} at most, oldest first.",
        b.Rows(
            table=posts,
            on={"board_id": boards.c.id},
            order=(posts.c.id,),
            most=MOST_PINNED,
            where=posts.c.pinned,
        ),
    )
    posts: Connection[Post] = page(
        "帖子，新的在前；置顶的也在其中，按发表时间。\n"
        "Posts, newest first; pinned ones too, in their place in time: no page moves when one is pinned.",
        b.Page(
            table=posts, on={"board_id": boards.c.id}, order=(posts.c.id,), index="post_in_time"
        ),
    )


@extend(Query)
class OfQuery:
    """One post, and those that hold some words."""

    post: Post | None = one(
        "按标识取帖子。A post by its id; unknown, foreign and hidden are all null.",
        posts,
        {"id": b.id_argument("id", posts)},
        resolver=by_id,
    )
    search: Connection[Post] | None = page(
        "在本社区帖子中查找，新的在前。Find posts of this community that hold every word.",
        b.Page(
            table=posts,
            on={},
            order=(posts.c.id,),
            index="post_term_pkey",
            where=finding.is_found,
            **searched(finding, post_terms, post_terms.c.post_id),
        ),
        resolver=search_arguments,
    )


_POST = {"post": link(Post, posts, "该帖。The post.")}


class _OnPost:
    post_id: UUID = ref(posts, "帖子。The post.")


class _Words:
    title: str = text("标题", "Title", TITLE_LENGTH)
    body: str = text("正文", "Body", BODY_LENGTH)

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, Verdict]:
        """Have the text checked."""
        return await checked(services, f"{self.title}\n{self.body}")


@verb(
    policy.CREATE_POST,
    _POST,
    post_service.create,
    example=(
        "mutation { createPost(input: {\n"
        '  boardId: "brd_AZrY3kQkdI2QAQIDBAUGBw", title: "停水吗", body: "今天停水吗？", idempotencyKey: "4f1c"\n'
        "}) { post { id state } userErrors { code message } } }"
    ),
)
class CreatePost(_Words, Keyed):
    """发帖。先审版块上的帖子待审后可见；同一幂等键只发一次。
    Write a post. On a pre-moderated board it is HELD until let through; one key, one post.
    """

    board_id: UUID = ref(boards, "版块。The board.")
    upload_ids: list[UUID] = uploads(MOST_ON_POST)


@verb(policy.EDIT_POST, _POST, post_service.edit)
class EditPost(_Words, _OnPost):
    """修改自己的帖子。Edit your own post."""

    upload_ids: list[UUID] | None = kept_uploads(MOST_ON_POST)
    expected_version: int = field(VERSION_DESCRIPTION)


@verb(
    policy.DELETE_POST,
    {"deleted_id": told_id(posts, "已删除者。What was deleted.")},
    post_service.delete,
)
class DeletePost(_OnPost):
    """删除帖子；居委删除他人的须说明理由。Delete a post; the staff, deleting another's, say why."""

    reason: str | None = text(*DELETE_REASON)


@verb(policy.PIN_POST, _POST, post_service.pin)
class PinPost(_OnPost):
    """置顶。Put a post at the top of its board."""


@verb(policy.UNPIN_POST, _POST, post_service.unpin)
class UnpinPost(_OnPost):
    """取消置顶。Let a post go back to its place."""


@verb(
    policy.MARK_READ,
    {"read_ids": told_ids(posts, "现已标记的。What is marked now.")},
    reaction_service.mark_read,
)
class MarkRead:
    """标记已读；重复无害。Mark posts read; doing so twice is harmless."""

    post_ids: list[UUID] = ref(
        posts,
        f"帖子，最多 {reaction_service.MOST_MARKS} 个。"
        f"The posts, at most {reaction_service.MOST_MARKS}.",
    )
