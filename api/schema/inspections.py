"""Inspections: who from above looked into the community, when and why."""

from datetime import datetime

import strawberry

from api.engine import bindings as b
from api.engine.declare import column, node_over, object_type, one, page, public_id
from api.engine.extend import extend
from api.schema.common import Connection, Node
from api.schema.permissions import Permission, permission
from api.schema.places import Community, CommunityPermissions, Street
from tenants.inspections.policy import INSPECT
from tenants.inspections.tables import inspections
from tenants.places.tables import communities, streets

node_over(inspections, "ins", "Inspection")


@object_type
class Inspection(Node):
    """街镇或区查看了社区：只读，至多三十分钟，成员都看得到。
    An officer looked into the community from above: this allows reading only, lasts half an hour
    at most, and all members see it.
    """

    id: strawberry.ID = public_id()
    display_name: str = column("查看人。Which officer.", inspections.c.display_name)
    street: Street | None = one(
        "哪个街镇；区级为空。Of which street; null for the district.",
        streets,
        {"street_id": inspections.c.street_id},
    )
    reason: str = column("理由。Why.", inspections.c.reason)
    started_at: datetime = column("开始。When it began.", inspections.c.started_at)
    ends_at: datetime = column("最迟结束。When it ends at the latest.", inspections.c.ends_at)


@extend(CommunityPermissions)
class OfCommunityPermissions:
    """Whether the viewer may look into it."""

    inspect_community: Permission = permission(
        INSPECT,
        more=(
            "不是修改：在 /auth/token，附理由，至多三十分钟，成员可见。",
            "No mutation: at /auth/token, for a reason that its members read.",
        ),
    )


@extend(Community)
class OfCommunity:
    """Who looked into it."""

    inspections: Connection[Inspection] | None = page(
        "街镇和区对本社区的查看，新的在前。Who looked in from above, newest first.",
        b.Page(
            table=inspections,
            on={"community_id": communities.c.community_id},
            order=(inspections.c.id,),
            index="inspection_pkey",
        ),
    )
