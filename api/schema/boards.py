"""Boards: where posts are written, and what the secretary decides about them."""

import enum
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
    public_id,
    published,
    value,
)
from api.engine.extend import extend
from api.engine.identifiers import decode_id
from api.schema.common import (
    VERSION_DESCRIPTION,
    Keyed,
    Node,
    Payload,
    Permission,
)
from api.schema.places import Community
from api.schema.query import Query
from tenants.boards import policy
from tenants.boards.service import boards as service
from tenants.boards.tables import boards, posts
from tenants.boards.views import is_archived, is_notice_board, is_unread
from tenants.boards.words import BoardKind, ModerationMode, PostPolicy
from tenants.places.tables import communities
from tenants.transaction import Tx

node_over(boards, "brd", "Board")

published(BoardKind, "BoardKind", "版块的种类。What a board is for.")
published(PostPolicy, "PostPolicy", "谁可在版块发帖。Who may post on a board.")
published(
    ModerationMode, "ModerationMode", "何时审核帖子和评论。When posts and comments are checked."
)


@strawberry.type(description="您对某版块能做什么。What you may do to a board, and why not.")
class BoardPermissions:
    """One Permission for each verb."""

    post: Permission = bound("发帖。createPost.", b.Permit.of(policy.CREATE_POST))
    update: Permission = bound("修改。updateBoard.", b.Permit.of(policy.UPDATE_BOARD))
    archive: Permission = bound("归档。archiveBoard.", b.Permit.of(policy.ARCHIVE_BOARD))
    reopen: Permission = bound("重开。reopenBoard.", b.Permit.of(policy.REOPEN_BOARD))


@strawberry.type(description="版块。A board of a community.")
class Board(Node):
    """A board."""

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
    viewer_can: BoardPermissions = value("您能做什么。What you may do.")


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


_TITLE = "名称，1–30 字。Title, 1 to 30 characters."
_BOARD = "版块。The board."


@strawberry.input(description="设立版块。Open a board.")
class CreateBoardInput(Keyed):
    """Input of createBoard."""

    slug: str = strawberry.field(
        description="标识：小写字母开头，字母数字连字符，≤40。a–z first; a–z, 0–9, hyphens; ≤40."
    )
    title: str = strawberry.field(description=_TITLE)
    kind: BoardKind = strawberry.field(description="类别。Kind.")
    post_policy: PostPolicy = strawberry.field(description="谁可发帖。Who may post.")
    moderation: ModerationMode = strawberry.field(description="审核方式。How posts are checked.")


@strawberry.input(description="修改版块；未给的不变。Change a board; what is absent stays.")
class UpdateBoardInput:
    """Input of updateBoard."""

    board_id: strawberry.ID = strawberry.field(description=_BOARD)
    expected_version: int = strawberry.field(description=VERSION_DESCRIPTION)
    title: str | None = strawberry.field(default=None, description=_TITLE)
    post_policy: PostPolicy | None = strawberry.field(
        default=None, description="谁可发帖。Who may post."
    )
    moderation: ModerationMode | None = strawberry.field(
        default=None, description="审核方式。How posts are checked."
    )


@strawberry.input(description="归档版块。Archive a board.")
class ArchiveBoardInput:
    """Input of archiveBoard."""

    board_id: strawberry.ID = strawberry.field(description=_BOARD)
    reason: str = strawberry.field(description="理由，记入审计。Why; kept in the audit.")


@strawberry.input(description="重开版块。Reopen an archived board.")
class ReopenBoardInput:
    """Input of reopenBoard."""

    board_id: strawberry.ID = strawberry.field(description=_BOARD)


@strawberry.input(description="排列版块。Put the boards in order.")
class ReorderBoardsInput:
    """Input of reorderBoards."""

    board_ids: list[strawberry.ID] = strawberry.field(
        description="全部版块，按新次序。All boards in their new order."
    )


@strawberry.type(description="对版块所做之事的结果。What came of it.")
class BoardPayload(Payload):
    """The board as it is now."""

    board: Board | None = one("该版块。The board.", boards, {"id": outcome("board", boards)})


@mutation(
    policy.CREATE_BOARD,
    "设立版块，仅书记。Open a board; the secretary only. ALREADY_DONE if the slug is taken.",
)
async def create_board(tx: Tx, input: CreateBoardInput) -> Annotated[Outcome, BoardPayload]:
    """Translate."""
    board = await service.create(
        tx,
        slug=input.slug,
        title=input.title,
        kind=input.kind.value,
        post_policy=input.post_policy.value,
        moderation=input.moderation.value,
    )
    return {"board": board}


@mutation(
    policy.UPDATE_BOARD,
    "修改版块名称、发帖范围、审核方式，仅书记。Change a board's title, policy or moderation.",
)
async def update_board(tx: Tx, input: UpdateBoardInput) -> Annotated[Outcome, BoardPayload]:
    """Translate."""
    given: dict[str, Any] = {
        "title": input.title,
        "post_policy": input.post_policy,
        "moderation": input.moderation,
    }
    changes = {
        name: item.value if isinstance(item, enum.Enum) else item
        for name, item in given.items()
        if item is not None
    }
    board = await service.update(
        tx,
        board_id=decode_id(input.board_id, "brd_"),
        expected_version=input.expected_version,
        changes=changes,
    )
    return {"board": board}


@mutation(policy.ARCHIVE_BOARD, "归档版块，仅书记。Archive a board; reading stays possible.")
async def archive_board(tx: Tx, input: ArchiveBoardInput) -> Annotated[Outcome, BoardPayload]:
    """Translate."""
    board_id = decode_id(input.board_id, "brd_")
    return {"board": await service.archive(tx, board_id=board_id, reason=input.reason)}


@mutation(policy.REOPEN_BOARD, "重开版块，仅书记。Open an archived board again.")
async def reopen_board(tx: Tx, input: ReopenBoardInput) -> Annotated[Outcome, BoardPayload]:
    """Translate."""
    return {"board": await service.reopen(tx, board_id=decode_id(input.board_id, "brd_"))}


@mutation(
    policy.UPDATE_BOARD,
    "排列全部版块，仅书记。Put all boards in order; `board` is the first of them.",
)
async def reorder_boards(tx: Tx, input: ReorderBoardsInput) -> Annotated[Outcome, BoardPayload]:
    """Translate."""
    ids = [decode_id(text, "brd_") for text in input.board_ids]
    return {"board": await service.reorder(tx, board_ids=ids)}
