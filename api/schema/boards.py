"""Boards: where posts are written, and what the secretary decides about them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, node_over, object_type, one, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
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
    slug: str = column("标识，社区内唯一。Slug, unique in the community.", boards.c.slug)
    title: str = column("名称。Title.", boards.c.title)
    kind: BoardKind = column("类别。Kind.", boards.c.kind)
    position: int = column("次序，从 0 起。Place in the row of boards, from 0.", boards.c.position)
    post_policy: PostPolicy = column("谁可发帖。Who may post.", boards.c.post_policy)
    moderation: ModerationMode = column("审核方式。How posts are checked.", boards.c.moderation)
    is_archived: bool = column("已归档，只能浏览。Archived: reading only.", is_archived)
    created_at: datetime = column("设立时间。When it was opened.", boards.c.created_at)
    version: int = column(
        "版本，修改时带回。Version: hand it back as `expectedVersion`.", boards.c.version
    )
    unread_count: int | None = bound(
        "您加入后未读的公告数，至多 100；非公告版块为空。\n"
        "Notices since you joined that you have not marked read, at most 100; null elsewhere.",
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
    slug: Annotated[str, strawberry.argument(description="版块标识。The board's slug.")],
) -> Any: ...


@extend(Community)
class OfCommunity:
    """Where it talks."""

    board: Board | None = one(
        "按标识取版块。One board by its slug.",
        boards,
        {"slug": b.text_argument("slug")},
        resolver=_by_slug,
    )
    boards: list[Board] = bound(
        "全部版块，按次序；社区之外看不到。All boards, in order; empty from outside.",
        b.Rows(
            table=boards,
            on={"community_id": communities.c.community_id},
            order=(boards.c.position, boards.c.id),
            most=50,
        ),
    )


@extend(Query)
class OfQuery:
    """One board."""

    board: Board | None = one(
        "按标识取版块。A board of the token's community by its slug.",
        boards,
        {"slug": b.text_argument("slug")},
        resolver=_by_slug,
    )


_BOARD = {"board": link(Board, boards, "该版块。The board.")}


@verb(policy.CREATE_BOARD, _BOARD, service.create)
class CreateBoard(Keyed):
    """设立版块，仅书记。Open a board; the secretary only. ALREADY_DONE if the slug is taken."""

    slug: str = field(
        f"标识：小写字母开头，字母数字连字符，≤{SLUG_LENGTH}。"
        f"a–z first; a–z, 0–9, hyphens; ≤{SLUG_LENGTH}."
    )
    title: str = text("名称", "Title", BOARD_TITLE_LENGTH)
    kind: BoardKind = field("类别。Kind.")
    post_policy: PostPolicy = field("谁可发帖。Who may post.")
    moderation: ModerationMode = field("审核方式。How posts are checked.")


class _OnBoard:
    board_id: UUID = ref(boards, "版块。The board.")


@verb(policy.UPDATE_BOARD, _BOARD, service.update)
class UpdateBoard(_OnBoard):
    """修改版块名称、发帖范围、审核方式，仅书记；未给的不变。
    Change a board's title, policy or moderation; what is absent stays.
    """

    expected_version: int = field(VERSION_DESCRIPTION)
    title: str | None = text("名称", "Title", BOARD_TITLE_LENGTH)
    post_policy: PostPolicy | None = field("谁可发帖。Who may post.")
    moderation: ModerationMode | None = field("审核方式。How posts are checked.")


@verb(policy.ARCHIVE_BOARD, _BOARD, service.archive)
class ArchiveBoard(_OnBoard):
    """归档版块，仅书记。Archive a board; reading stays possible."""

    reason: str = text("理由，记入审计", "Why, as the audit keeps it", NOTE_LENGTH)


@verb(policy.REOPEN_BOARD, _BOARD, service.reopen)
class ReopenBoard(_OnBoard):
    """重开版块，仅书记。Open an archived board again."""


@verb(policy.UPDATE_BOARD, _BOARD, service.reorder)
class ReorderBoards:
    """排列全部版块，仅书记。Put all boards in order; `board` is the first of them."""

    board_ids: list[UUID] = ref(boards, "全部版块，按新次序。All boards in their new order.")
