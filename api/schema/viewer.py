"""The viewer asks, and their token says what they may do; other files add to `Viewer`."""

from datetime import datetime

import strawberry

from api.engine.declare import column, filled, given, object_type, public_id
from tenants.scopes import Role, Scope


@object_type
class Viewer:
    """令牌代表您：社区成员、上级管理员或经办人，或应用。
    You are the person or app that the token stands for: a member, an officer above the
    communities, or an app.
    """

    id: strawberry.ID = public_id(
        "这是您的标识，不是任何对象的全局标识。\n"
        "This is your own id; `node` knows `member` or `officer { id }`.",
        prefix="vwr_",
    )
    display_name: str = column("这是您的称呼。This is the name that you go by.", "display_name")
    roles: list[Role] = given(
        "您有这些角色。You have these roles.", lambda env: sorted(env.viewer.roles)
    )
    scopes: list[Scope] = given(
        "令牌可用于这些事。The token may be used for these acts.",
        lambda env: [Scope(scope).name for scope in env.values["viewer_scopes"]],
    )
    expires_at: datetime = given(
        "令牌在这时到期。The token expires at this time.",
        lambda env: env.viewer.expires_at.isoformat(),
    )


@object_type
class RateLimit:
    """它说明您还能花多少点数；查询和修改分开计算，这里是查询的。
    It says how many cost points you may still spend; queries and mutations are counted apart, and
    this counts queries.
    """

    limit: int = filled("桶里至多有这么多点数。It holds so many points.")
    remaining: int = filled("还有这么多点数。So many points are left.")
    restore_per_second: int = filled("每秒恢复这么多点数。So many points are restored each second.")
    cost: int = filled("用去这么多点数。It costs so many points.")
