"""Query is the root of all reads; the files of the other types add the fields that lead to them."""

from importlib.metadata import version
from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, filled, given, object_type
from api.schema.common import Node
from api.schema.viewer import RateLimit, Viewer
from tenants.apps.tables import apps
from tenants.columns import VIEWER
from tenants.inspections.tables import inspections
from tenants.membership.tables import members, officers
from tenants.viewer import Principal


@object_type
class ApiInfo:
    """它说明接口的版本。It tells the version of this API."""

    version: str = filled("这是服务的版本。This is the server's version.")


def by_id(
    id: Annotated[
        strawberry.ID, strawberry.argument(description="填写全局标识。Give a global id.")
    ],
) -> Any: ...


def by_ids(
    ids: Annotated[
        list[strawberry.ID],
        strawberry.argument(description="填写全局标识，最多 50 个。Give global ids, at most 50."),
    ],
) -> Any: ...


_MEMBER = b.One(members, {"id": VIEWER})
_OFFICER = b.One(officers, {"id": VIEWER})


@object_type
class Query:
    """这里读取数据；每个根字段都可能为空。Data is read here; every root field may be null."""

    api_info: ApiInfo | None = given(
        "它说明接口的信息。It tells about this API.", lambda _: {"version": version("linli")}
    )
    rate_limit: RateLimit | None = given(
        "它说明您的余额，所有令牌共用。"
        "It says what you may still spend; all tokens of yours share it.",
        lambda env: env.budget,
    )
    viewer: Viewer | None = bound(
        "这是您自己；尚未申请的访客为空。This is you; it is null for a guest who has not applied.",
        b.OneByPrincipal(
            {
                Principal.COMMUNITY: _MEMBER,
                Principal.GUEST: _MEMBER,
                Principal.DISTRICT: _OFFICER,
                Principal.DEPARTMENT: _OFFICER,
                Principal.APP: b.One(apps, {"id": VIEWER}),
                Principal.INSPECTOR: b.One(inspections, {"id": VIEWER}),
            }
        ),
    )
    node: Node | None = bound(
        "按标识取任何对象；没有、不属本社区、看不到，都为空。\n"
        "Get any object by its id; unknown, foreign and hidden are all null.",
        b.NodeById(),
        resolver=by_id,
    )
    nodes: list[Node | None] = bound(
        "按标识取多个对象，次序与输入相同。Get objects by their ids, in the order given.",
        b.NodesByIds(),
        resolver=by_ids,
    )
