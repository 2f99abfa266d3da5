"""Inspections: who from above looked into the community, when and why."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.engine.declare import column, node_over, one, public_id
from api.schema.common import Node
from tenants.inspections.tables import inspections
from tenants.places.tables import streets

if TYPE_CHECKING:
    from api.schema.places import Street

node_over(inspections, "ins", "Inspection")


@strawberry.type(
    description=(
        "街镇或区对社区的一次查看：只读，至多三十分钟，成员都看得到。\n"
        "A look into the community from above: reading only, half an hour at most, known to all members."
    )
)
class Inspection(Node):
    """Who looked, when and why."""

    id: strawberry.ID = public_id()
    display_name: str = column("查看人。Which officer.", inspections.c.display_name)
    street: Annotated["Street", strawberry.lazy("api.schema.places")] | None = one(
        "哪个街镇；区级为空。Of which street; null for the district.",
        streets,
        {"street_id": inspections.c.street_id},
    )
    reason: str = column("理由。Why.", inspections.c.reason)
    started_at: datetime = column("开始。When it began.", inspections.c.started_at)
    ends_at: datetime = column("最迟结束。When it ends at the latest.", inspections.c.ends_at)
