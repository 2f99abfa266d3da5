"""The one who asks, and what their token may still do."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.engine.declare import column, given, one, public_id
from api.schema.common import Connection
from api.schema.departments import Department
from api.schema.members import Member
from api.schema.officers import Officer
from api.schema.petitions import Petition, of_viewer
from api.schema.places import Community, District
from tenants.columns import DEPARTMENT, DISTRICT, TENANT, VIEWER
from tenants.membership.tables import members, officers
from tenants.places.tables import communities, departments, districts
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
    member: Member | None = one(
        "您在社区中的身份；区级令牌为空。You as a member; null for a district token.",
        members,
        {"id": VIEWER},
    )
    officer: Officer | None = one(
        "您在区、街镇或部门的任职；社区令牌为空。You as an officer; null for a community's token.",
        officers,
        {"id": VIEWER},
    )
    community: Community | None = one(
        "令牌所在的社区；区级令牌为空。The token's community; null for a district token.",
        communities,
        {"community_id": TENANT},
    )
    petitions: Connection[Petition] | None = of_viewer()
    department: Department | None = one(
        "令牌所在的职能部门；其他令牌为空。The token's department; null for any other token.",
        departments,
        {"department_id": DEPARTMENT},
    )
    district: District | None = one(
        "令牌所在的区；社区令牌为空。The token's district; null for a community token.",
        districts,
        {"district_id": DISTRICT},
    )


@strawberry.type(description="您还能花多少点数。What you may still spend, in cost points.")
class RateLimit:
    """Two token buckets: queries and mutations are counted apart; this one is of queries."""

    limit: int = strawberry.field(description="桶的容量。The bucket's size.")
    remaining: int = strawberry.field(description="余额。What is left after this operation.")
    restore_per_second: int = strawberry.field(description="每秒恢复。Restored each second.")
    cost: int = strawberry.field(description="本次的点数。What this operation costs.")


@strawberry.type(description="接口的版本。This API's version.")
class ApiInfo:
    """For health checks and bug reports."""

    version: str = strawberry.field(description="服务版本。The server's version.")


def by_id(
    id: Annotated[strawberry.ID, strawberry.argument(description="全局标识。A global id.")],
) -> Any: ...


def by_ids(
    ids: Annotated[
        list[strawberry.ID],
        strawberry.argument(description="全局标识，最多 50 个。Global ids, at most 50."),
    ],
) -> Any: ...
