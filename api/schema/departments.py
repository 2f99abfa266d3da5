"""Departments: what a district's or street's offices are called and do, and who shapes them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.engine.declare import column, node_over, one, public_id
from api.schema.common import Node
from tenants.places.tables import DepartmentState, departments, streets

if TYPE_CHECKING:
    from api.schema.places import Street

node_over(departments, "dep", "Department")

strawberry.enum(
    DepartmentState,
    name="DepartmentState",
    description="在设或已撤销。At work, or closed: nothing new comes to it.",
)


@strawberry.type(
    description=(
        "职能部门：区的或街镇的，如房管、城管、公安。\n"
        "A department of a district or street: housing, urban management, police."
    )
)
class Department(Node):
    """A card that members read as well; who handles what comes to it is the district's."""

    id: strawberry.ID = public_id()
    name: str = column("名称。Name.", departments.c.name)
    duties: str = column("职责。What it is responsible for.", departments.c.duties)
    state: DepartmentState = column("状态。State.", departments.c.state)
    street: Annotated["Street", strawberry.lazy("api.schema.places")] | None = one(
        "所属街镇；区直部门为空。Its street or town; null for the district's own.",
        streets,
        {"street_id": departments.c.street_id},
    )
    created_at: datetime = column("设立时间。When it was set up.", departments.c.created_at)
