"""Every part of the schema shares nodes, connections, payloads and refusals."""

from typing import Any, Generic, TypeVar

import strawberry

from api.engine.declare import Cursor, filled, given, interface_type, object_type, published
from tenants.boards.service.check import Verdict
from tenants.errors import Code

T = TypeVar("T")

published(Code, "UserErrorCode")


@interface_type
class Node:
    """每个这样的对象都有全局标识，可由 `node(id:)` 取得。
    Every such object has a global id and is found by `node(id:)`.
    """

    id: strawberry.ID = filled("每个对象有全局标识。It has a global id.")


@object_type
class PageInfo:
    """它说明一页在列表中的位置。It says where a page stands in its connection."""

    has_next_page: bool = filled("后面还有。More rows follow.")
    has_previous_page: bool = filled("前面还有。Some rows come before.")
    start_cursor: Cursor | None = filled("这是首条的位置。This is the place of the first row.")
    end_cursor: Cursor | None = filled("这是末条的位置。This is the place of the last row.")


@object_type
class Edge(Generic[T]):
    """它是列表中的一条及其位置。It is one row of a connection with its place."""

    cursor: Cursor = filled("这是它的位置。This is its place in the list.")
    node: T = filled("这是列表中的对象。This is the object itself.")


@object_type
class Connection(Generic[T]):
    """它是一个列表的一页，依 Relay 的游标连接规范。
    It is one page of a list, as Relay's cursor connections define it.
    """

    nodes: list[T] = filled("这是本页各条。These are the page's rows.")
    edges: list[Edge[T]] = filled(
        "这里列出本页各条及其位置。This lists the rows of this page with their places."
    )
    page_info: PageInfo = filled("它说明本页在列表中的位置。It says where this page stands.")
    total_count: int = filled(
        "这是总数，至多 10001，表示多于 10000。\n"
        "This is the size of the whole list; 10001 means more than 10000."
    )


_MESSAGE = "这句话给人看，中文在前。This is a sentence for people, Chinese first and then English."
_CODE = "这是原因的代码。This is the code of the reason."
_PATH = '这里有错，如 ["input","title"]。The input field at this path is at fault.'


@interface_type
class UserError:
    """修改被拒绝了，客户端可以据此纠正；今后可能有新的类型。
    A change was refused, and the client can act on it; more types may be added.
    """

    message: str = filled(_MESSAGE)
    code: Code = filled(_CODE)
    path: list[str] | None = filled(_PATH)


@object_type
class ValidationError(UserError):
    """输入有误。The input is at fault."""


@object_type
class NotFoundError(UserError):
    """没有找到，或您看不到。It does not exist, or you may not see it."""


@object_type
class ForbiddenError(UserError):
    """您看得到，但不许这样做。You see it, but you may not do this."""


@object_type
class StateError(UserError):
    """当前状态不允许这样做。Its present state does not allow this."""

    current_state: str | None = filled("这是当前的状态。It is in this state.")


@object_type
class VersionConflictError(UserError):
    """它已被他人修改。Somebody else has changed it meanwhile."""

    current_version: int | None = filled(
        "这是当前版本；请刷新后再试。This is the current version; read again, then retry."
    )


@object_type
class ContentRejectedError(UserError):
    """内容未通过检查。The text did not pass its check."""

    labels: list[str] = filled("检查给出这些标签。The check gave these labels.")


USER_ERRORS = [
    ValidationError,
    NotFoundError,
    ForbiddenError,
    StateError,
    VersionConflictError,
    ContentRejectedError,
]


@interface_type
class Payload:
    """每个修改的答复都有 `userErrors`。The payload of every mutation has `userErrors`."""

    user_errors: list[UserError] = given(
        "这里列出被拒绝的原因；为空即成功，所做之事其后删除了也一样。\n"
        "This lists why the change was refused; empty means that it was done, also where "
        "what was made is deleted since.",
        lambda env: env.user_errors,
    )


VERSION_DESCRIPTION = (
    "填写您读到的版本；它不再是当前版本则答 VERSION_CONFLICT。\n"
    "Give the version that you read; the answer is VERSION_CONFLICT if it is no longer "
    "current."
)


async def checked(services: dict[str, Any], text: str) -> dict[str, Verdict]:
    """Have a text checked by the service for it; return the verdict, as services take it."""
    return {"verdict": await services["text_check"].check(text)}
