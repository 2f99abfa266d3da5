"""The one who asks, and what their token may still do; other files add to `Viewer`."""

from datetime import datetime

import strawberry

from api.engine.declare import column, given, public_id
from tenants.scopes import Role, Scope


@strawberry.type(description="您：令牌所代表的人或应用。You: whom the token speaks for.")
class Viewer:
    """A member of a community, an officer above it, or an app."""

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


@strawberry.type(description="您还能花多少点数。What you may still spend, in cost points.")
class RateLimit:
    """Two token buckets: queries and mutations are counted apart; this one is of queries."""

    limit: int = strawberry.field(description="桶的容量。The bucket's size.")
    remaining: int = strawberry.field(description="余额。What is left after this operation.")
    restore_per_second: int = strawberry.field(description="每秒恢复。Restored each second.")
    cost: int = strawberry.field(description="本次的点数。What this operation costs.")
