"""Posts are written on boards, and the secretary decides about boards."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, node_over, object_type, one, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
from api.engine.lists import rows_of
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import VERSION_DESCRIPTION, Node
from api.schema.permissions import can, permissions
from api.schema.places import Community
from api.schema.query import Query
from tenants.boards import policy
from tenants.boards.service import boards as service
from tenants.boards.tables import BOARD_TITLE_LENGTH, NOTE_LENGTH, SLUG_LENGTH, boards, posts
from tenants.boards.views import is_archived, is_notice_board, is_unread
from tenants.boards.words import BoardKind, ModerationMode, PostPolicy
from tenants.places.tables import communities
from tenants.votes.procedure import START_POLL

node_over(boards, "brd", "Board")

published(BoardKind)
published(PostPolicy)
published(ModerationMode)


@object_type
class Board(Node):
    """版块属于一个社区，帖子发在版块上。A board belongs to a community, and posts are written on it."""

    id: strawberry.ID = public_id()
    slug: str = column(
        "这是版块的标识，社区内唯一。This is the board's slug, which is unique in the community.",
        boards.c.slug,
    )
    title: str = column("这是版块的名称。This is the board's title.", boards.c.title)
    kind: BoardKind = column("它说明版块的类别。It says what kind of board it is.", boards.c.kind)
    position: int = column(
        "版块按这个次序排列，从 0 起。The boards stand in the order of this number, from 0.",
        boards.c.position,
    )
    post_policy: PostPolicy = column("它说明谁可发帖。It says who may post.", boards.c.post_policy)
    moderation: ModerationMode = column(
        "它说明帖子怎样审核。It says how posts are checked.", boards.c.moderation
    )
    is_archived: bool = column("版块已归档，只能浏览。The board is archived.", is_archived)
    created_at: datetime = column("版块在这时设立。The board was opened then.", boards.c.created_at)
    version: int = column(
        "修改时作为 `expectedVersion` 带回这个版本。\n"
        "Hand this version back as `expectedVersion` when you make a change.",
        boards.c.version,
    )
    unread_count: int | None = bound(
        "这是您加入后未读的公告数，至多 100；非公告版块为空。\n"
        "This counts the notices since you joined that you have not marked read, at most "
        "100; it is null for other boards.",
        b.Count(
            table=posts,
            on={"board_id": boards.c.id},
            most=100,
            where=is_unread,
            present=is_notice_board,
        ),
    )
    viewer_can: Any = can(
        permissions(
            "Board",
            policy.CREATE_POST,
            policy.UPDATE_BOARD,
            policy.ARCHIVE_BOARD,
            policy.REOPEN_BOARD,
            START_POLL,
        )
    )


def _by_slug(
    slug: Annotated[str, strawberry.argument(description="填写版块标识。Give the board's slug.")],
) -> Any: ...


@extend(Community)
class OfCommunity:
    """It adds the boards of a community."""

    board: Board | None = one(
        "按标识取一个版块。Get one board by its slug.",
        boards,
        {"slug": b.text_argument("slug")},
        resolver=_by_slug,
    )
    boards: list[Board] = bound(
        "这里按次序列出全部版块；社区之外看不到。"
        "This lists all boards in order; it is empty from outside.",
        rows_of(boards, communities.c.community_id, boards.c.position, boards.c.id, most=50),
    )


@extend(Query)
class OfQuery:
    """It adds one board by its slug."""

    board: Board | None = one(
        "按标识取令牌所在社区的一个版块。Get a board of the token's community by its slug.",
        boards,
        {"slug": b.text_argument("slug")},
        resolver=_by_slug,
    )


_BOARD = {"board": link(Board, boards)}


@verb(policy.CREATE_BOARD, _BOARD, service.create)
class CreateBoard(Keyed):
    """设立版块，仅书记。Open a board; the secretary only. ALREADY_DONE if the slug is taken."""

    slug: str = field(
        f"填写标识：小写字母开头，可用小写字母、数字和连字符，至多 {SLUG_LENGTH} 个字符。\n"
        "Give the slug: it begins with a–z, goes on with a–z, 0–9 and hyphens, and has at "
        f"most {SLUG_LENGTH} characters."
    )
    title: str = text("名称", "the title", BOARD_TITLE_LENGTH)
    kind: BoardKind = field("选择类别。Choose the kind.")
    post_policy: PostPolicy = field("选择谁可发帖。Choose who may post.")
    moderation: ModerationMode = field("选择怎样审核。Choose how posts are checked.")


class _OnBoard:
    board_id: UUID = ref(boards)


@verb(policy.UPDATE_BOARD, _BOARD, service.update)
class UpdateBoard(_OnBoard):
    """修改版块名称、发帖范围、审核方式，仅书记；未给的不变。
    Change a board's title, policy or moderation; what is absent stays.
    """

    expected_version: int = field(VERSION_DESCRIPTION)
    title: str | None = text("名称", "the title", BOARD_TITLE_LENGTH)
    post_policy: PostPolicy | None = field("选择谁可发帖。Choose who may post.")
    moderation: ModerationMode | None = field("选择怎样审核。Choose how posts are checked.")


@verb(policy.ARCHIVE_BOARD, _BOARD, service.archive)
class ArchiveBoard(_OnBoard):
    """归档版块，仅书记。Archive a board; reading stays possible."""

    reason: str = text("理由，记入审计", "the reason, which the audit keeps", NOTE_LENGTH)


@verb(policy.REOPEN_BOARD, _BOARD, service.reopen)
class ReopenBoard(_OnBoard):
    """重开版块，仅书记。Open an archived board again."""


@verb(policy.UPDATE_BOARD, _BOARD, service.reorder)
class ReorderBoards:
    """排列全部版块，仅书记。Put all boards in order; `board` is the first of them."""

    board_ids: list[UUID] = ref(
        boards, "按新次序填写全部版块的标识。Give the ids of all boards in their new order."
    )
