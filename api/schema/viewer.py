"""The one who asks, and what their token may still do; other files add to `Viewer`."""

from datetime import datetime

import strawberry

from api.engine.declare import column, given, object_type, public_id
from tenants.scopes import Role, Scope


@object_type
class Viewer:
    """令牌代表您：社区成员、上级管理员或经办人，或应用。
    You are the person or app that the token stands for: a member, an officer above the
    communities, or an app.
    """

    id: strawberry.ID = public_id(
        "您的标识，不是任何对象的全局标识。Your own id; `node` knows `member` or `officer { id }`.",
        prefix="vwr_",
    )
    display_name: str = column("称呼。The name you go by.", "display_name")
    roles: list[Role] = given("您的角色。Your roles.", lambda env: sorted(env.viewer.roles))
    scopes: list[Scope] = given(
        "令牌的权限范围。What the token may be used for.",
        lambda env: [Scope(scope).name for scope in env.values["viewer_scopes"]],
    )
    expires_at: datetime = given(
        "令牌到期时间。When the token expires.", lambda env: env.viewer.expires_at.isoformat()
    )


@object_type
class RateLimit:
    """它说明您还能花多少点数；查询和修改分开计算，这里是查询的。
    It says how many cost points you may still spend; queries and mutations are counted apart, and
    this counts queries.
    """

    limit: int = strawberry.field(description="桶的容量。The bucket's size.")
    remaining: int = strawberry.field(description="余额。What is left after this operation.")
    restore_per_second: int = strawberry.field(description="每秒恢复。Restored each second.")
    cost: int = strawberry.field(description="本次的点数。What this operation costs.")
