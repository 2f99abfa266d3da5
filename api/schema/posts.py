"""Posts are what members write on the boards."""

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
from api.engine.lists import page_of, rows_of
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
from tenants.boards.notices import MOST_BUILDINGS
from tenants.boards.service import posts as post_service
from tenants.boards.service import reactions as reaction_service
from tenants.boards.service.check import Verdict
from tenants.boards.tables import BODY_LENGTH, MOST_PINNED, TITLE_LENGTH, boards, post_terms, posts
from tenants.boards.views import finding, has_been_read
from tenants.images.tables import MOST_ON_POST
from tenants.membership.offices import Office
from tenants.membership.tables import BUILDING_LENGTH, members
from tenants.viewer import Viewer

node_over(posts, "pst", "Post")


PostPermissions = permissions(
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


@object_type
class Post(Content, Node):
    """帖子发在版块上。A post is written on a board."""

    id: strawberry.ID = public_id()
    board: Board | None = one(
        "帖子在这个版块上。The post is on this board.", boards, posts.c.board_id
    )
    author: Member | None = one(
        "这是作者；已迁出则为空。This is the author; it is null once they are gone.",
        members,
        posts.c.author_id,
    )
    title: str = column("这是帖子的标题。This is the post's title.", posts.c.title)
    body: str = column("正文为纯文本。The body is plain text.", posts.c.body)
    images: list[Image] = images_of(posts.c.id, MOST_ON_POST)
    pinned: bool = column(
        "它说明是否置顶，见 `Board.pinnedPosts`。"
        "It says whether the post is among its board's `pinnedPosts`.",
        posts.c.pinned,
    )
    state: ContentState = column("它说明谁看得到帖子。It says who sees the post.", posts.c.state)
    created_at: datetime = column("帖子在这时发表。The post was written then.", posts.c.created_at)
    edited_at: datetime | None = column("这时修改。It was last edited then.", posts.c.edited_at)
    version: int = column(VERSION, posts.c.version)
    comment_count: int = column(
        "已发布的评论有这么多条。The post has so many published comments.", posts.c.comment_count
    )
    reaction_count: int = column(
        "各种表态共有这么多。The post has so many reactions.", posts.c.reaction_count
    )
    reactions: list[ReactionCount] = reactions_to(posts)
    moderation: ModerationCase | None = moderation_of(posts)
    viewer_has_read: bool = column("您已标记读过。You marked the post as read.", has_been_read)
    viewer_can: Any = can(PostPermissions)


@extend(Board)
class OfBoard:
    """It adds the posts of a board."""

    pinned_posts: list[Post] = bound(
        f"这里列出置顶的帖子，至多 {MOST_PINNED} 个，先发的在前。\n"
        f"This lists the pinned posts, {MOST_PINNED} at most, oldest first.",
        rows_of(posts, {"board_id": boards.c.id}, most=MOST_PINNED, where=posts.c.pinned),
    )
    posts: Connection[Post] = page(
        "这里列出帖子，新的在前；置顶的也在其中，按发表时间。\n"
        "This lists the posts, newest first; pinned ones keep their place in time, so that "
        "no page moves when one is pinned.",
        page_of(posts, {"board_id": boards.c.id}, index="post_in_time"),
    )


@extend(Query)
class OfQuery:
    """It adds one post by its id, and a search for posts."""

    post: Post | None = one(
        "按标识取帖子；没有、不属本社区或已隐藏，都为空。\n"
        "Get a post by its id; unknown, foreign and hidden are all null.",
        posts,
        b.id_argument("id", posts),
        resolver=by_id,
    )
    search: Connection[Post] | None = page(
        "在本社区帖子中查找，新的在前。"
        "Find posts of this community that hold every word, newest first.",
        page_of(
            posts,
            {},
            index="post_term_pkey",
            where=finding.is_found,
            **searched(finding, post_terms, post_terms.c.post_id),
        ),
        resolver=search_arguments,
    )


_POST = {"post": link(Post, posts)}


class _OnPost:
    post_id: UUID = ref(posts)


class _Words:
    title: str = text("标题", "the title", TITLE_LENGTH)
    body: str = text("正文", "the body", BODY_LENGTH)

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

    board_id: UUID = ref(boards)
    upload_ids: list[UUID] = uploads(MOST_ON_POST)
    audience_buildings: list[str] = field(
        f"公告可填写给哪些楼栋，至多 {MOST_BUILDINGS} 栋，各 1–{BUILDING_LENGTH} 字；不填即不限。\n"
        f"You may name the buildings that a notice is for, {MOST_BUILDINGS} at most, each in 1 to "
        f"{BUILDING_LENGTH} characters; it is for all if you name none.",
        list,
    )
    audience_offices: list[Office] = field(
        "公告可填写给担任哪些职务的人；不填即不限。\n"
        "You may name the offices that a notice is for; it is for all if you name none.",
        list,
    )
    asks_acknowledgement: bool = field(
        "公告可请对象签收。A notice may ask its audience to acknowledge it.", default=False
    )


@verb(policy.EDIT_POST, _POST, post_service.edit)
class EditPost(_Words, _OnPost):
    """修改自己的帖子。Edit your own post."""

    upload_ids: list[UUID] | None = kept_uploads(MOST_ON_POST)
    expected_version: int = field(VERSION_DESCRIPTION)


@verb(
    policy.DELETE_POST,
    {"deleted_id": told_id(posts, "这是已删除者的标识。This is the id of what was deleted.")},
    post_service.delete,
)
class DeletePost(_OnPost):
    """删除帖子；居委删除他人的须说明理由。Delete a post; the staff, deleting another's, say why."""

    reason: str | None = text(*DELETE_REASON)


@verb(policy.PIN_POST, _POST, post_service.pin)
class PinPost(_OnPost):
    """把帖子置顶。Put a post at the top of its board."""


@verb(policy.UNPIN_POST, _POST, post_service.unpin)
class UnpinPost(_OnPost):
    """取消置顶。Let a post go back to its place."""


@verb(
    policy.MARK_READ,
    {
        "read_ids": told_ids(
            posts,
            "这里列出现已标记的帖子的标识。This lists the ids of the posts that are marked now.",
        )
    },
    reaction_service.mark_read,
)
class MarkRead:
    """标记已读；重复无害。Mark posts read; doing so twice is harmless."""

    post_ids: list[UUID] = ref(
        posts,
        f"填写帖子的标识，最多 {reaction_service.MOST_MARKS} 个。\n"
        f"Give the ids of the posts, at most {reaction_service.MOST_MARKS}.",
    )
