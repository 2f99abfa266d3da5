"""Inspections say who from above looked into the community, when and why."""

from datetime import datetime

import strawberry

from api.engine.declare import column, node_over, object_type, one, page, public_id
from api.engine.extend import extend
from api.engine.lists import page_of
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
    display_name: str = column(
        "这位管理员查看了社区。This officer looked into the community.", inspections.c.display_name
    )
    street: Street | None = one(
        "查看人属于这个街镇；区级为空。The officer is of this street; it is null for the district.",
        streets,
        {"street_id": inspections.c.street_id},
    )
    reason: str = column("这是查看的理由。This is why they looked.", inspections.c.reason)
    started_at: datetime = column("这时开始。The inspection began then.", inspections.c.started_at)
    ends_at: datetime = column("这时结束。It ends then at the latest.", inspections.c.ends_at)


@extend(CommunityPermissions)
class OfCommunityPermissions:
    """It says whether the viewer may look into the community."""

    inspect_community: Permission = permission(
        INSPECT,
        more=(
            "这不是修改：在 /auth/token 附理由取得令牌，至多三十分钟，成员可见。",
            "It is no mutation: /auth/token gives the token for a reason that members read.",
        ),
    )


@extend(Community)
class OfCommunity:
    """It adds the inspections of a community."""

    inspections: Connection[Inspection] | None = page(
        "这里列出街镇和区对本社区的查看，新的在前。"
        "This lists who looked in from above, newest first.",
        page_of(inspections, communities.c.community_id),
    )
