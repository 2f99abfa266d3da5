"""What every part of the schema shares: nodes, connections, payloads, refusals."""

from typing import Any, Generic, TypeVar

import strawberry

from api.engine.declare import Cursor, given, published
from tenants.boards.service.check import Verdict
from tenants.errors import Code

T = TypeVar("T")

published(
    Code,
    "UserErrorCode",
    "修改被拒绝的原因；今后可能增加，客户端须容忍未知的值。\n"
    "Why a change was refused; the list may grow, and clients must bear unknown values.",
)


@strawberry.interface(
    description="有全局标识的对象。Anything with a global id, found again by `node(id:)`."
)
class Node:
    """Relay's Node."""

    id: strawberry.ID = strawberry.field(description="全局标识。Global id.")


@strawberry.type(description="一页在列表中的位置。Where a page stands in its connection.")
class PageInfo:
    """Relay's PageInfo, read by the compiler."""

    has_next_page: bool = strawberry.field(description="后面还有。More follow.")
    has_previous_page: bool = strawberry.field(description="前面还有。Some come before.")
    start_cursor: Cursor | None = strawberry.field(description="首条的位置。Of the first row.")
    end_cursor: Cursor | None = strawberry.field(description="末条的位置。Of the last row.")


@strawberry.type(description="列表中的一条。One row of a connection.")
class Edge(Generic[T]):
    """Relay's Edge."""

    cursor: Cursor = strawberry.field(description="它的位置。Its place.")
    node: T = strawberry.field(description="它本身。The thing itself.")


@strawberry.type(description="一页列表。One page of a list, by Relay's cursor connections.")
class Connection(Generic[T]):
    """A keyset page."""

    nodes: list[T] = strawberry.field(description="本页各条。The rows of this page.")
    edges: list[Edge[T]] = strawberry.field(
        description="本页各条及其位置。The rows with their places."
    )
    page_info: PageInfo = strawberry.field(description="本页位置。Where this page stands.")
    total_count: int = strawberry.field(
        description=(
            "总数，至多 10001（表示更多）。\nThe size of the whole list; 10001 means more than 10000."
        )
    )


_MESSAGE = "给人看的话，中文在前。A sentence for people, Chinese then English."
_CODE = "原因代码。The reason's code."
_PATH = '出错的输入字段，如 ["input","title"]。The input field at fault.'


@strawberry.interface(
    description=(
        "一次可以纠正的拒绝；今后可能有新的类型。\n"
        "A refusal that the client can act on; new implementing types may come."
    )
)
class UserError:
    """Common to all refusals."""

    message: str = strawberry.field(description=_MESSAGE)
    code: Code = strawberry.field(description=_CODE)
    path: list[str] | None = strawberry.field(description=_PATH)


@strawberry.type(description="输入有误。The input is at fault.")
class ValidationError(UserError):
    """INVALID, REQUIRED, TOO_LONG, QUOTA_EXCEEDED, IDEMPOTENCY_MISMATCH and the like."""


@strawberry.type(description="没有找到，或您看不到。Missing, or not for you to see.")
class NotFoundError(UserError):
    """NOT_FOUND."""


@strawberry.type(description="看得到，但不许做。Seen, but not allowed.")
class ForbiddenError(UserError):
    """FORBIDDEN."""


@strawberry.type(description="当前状态不允许。Not possible in the present state.")
class StateError(UserError):
    """WRONG_STATE and ALREADY_DONE."""

    current_state: str | None = strawberry.field(description="当前状态。The present state.")


@strawberry.type(description="已被他人修改。Someone changed it meanwhile.")
class VersionConflictError(UserError):
    """VERSION_CONFLICT."""

    current_version: int | None = strawberry.field(
        description="当前版本，刷新后再试。The current version: read again, then retry."
    )


@strawberry.type(description="内容未通过检查。The text did not pass its check.")
class ContentRejectedError(UserError):
    """CONTENT_REJECTED."""

    labels: list[str] = strawberry.field(description="检查给出的标签。The check's labels.")


USER_ERRORS = [
    ValidationError,
    NotFoundError,
    ForbiddenError,
    StateError,
    VersionConflictError,
    ContentRejectedError,
]


@strawberry.interface(
    description="每个修改的答复都有 `userErrors`。Every mutation's payload lists its refusals."
)
class Payload:
    """Common to all payloads."""

    user_errors: list[UserError] = given(
        "被拒绝的原因；为空即成功，所做之事其后删除了也一样。\n"
        "Why it was refused; empty means done, also where what was done is deleted since.",
        lambda env: env.user_errors,
    )


VERSION_DESCRIPTION = (
    "您读到的版本。The version you read: VERSION_CONFLICT if it is no longer current."
)


async def checked(services: dict[str, Any], text: str) -> dict[str, Verdict]:
    """Have a text checked by the service for it; return the verdict, as services take it."""
    return {"verdict": await services["text_check"].check(text)}
