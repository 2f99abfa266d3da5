"""Departments are the offices of a district or street, and its admins set them up."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine.declare import (
    bound,
    column,
    node_over,
    object_type,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.engine.inputs import Retried, field, ref, text
from api.engine.lists import page_of, rows_of
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import VERSION_DESCRIPTION, Connection, Node
from api.schema.permissions import can, permissions
from api.schema.places import Community, District, Street
from api.schema.viewer import Viewer
from tenants.columns import DEPARTMENT
from tenants.officers.policy import CLOSE_DEPARTMENT, UPDATE_DEPARTMENT
from tenants.officers.service import departments as service
from tenants.places.tables import (
    DUTIES_LENGTH,
    NAME_LENGTH,
    DepartmentState,
    communities,
    departments,
    districts,
    streets,
)
from tenants.places.views import is_at_work, its_street_or_none
from tenants.scopes import Scope

node_over(departments, "dep", "Department")

published(DepartmentState)


@object_type
class Department(Node):
    """职能部门属于区或街镇，如房管、城管、公安。
    A department belongs to a district or street, such as housing, urban management or the police.
    """

    id: strawberry.ID = public_id()
    name: str = column("这是部门的名称。This is the department's name.", departments.c.name)
    duties: str = column("这是部门的职责。This is what it deals with.", departments.c.duties)
    state: DepartmentState = column(
        "它说明部门是否在设。It says whether the department is at work.", departments.c.state
    )
    street: Street | None = one(
        "部门属于这个街镇；区直部门为空。\n"
        "The department belongs to this street or town; it is null for the district's own.",
        streets,
        {"street_id": departments.c.street_id},
    )
    created_at: datetime = column("这时设立。It was set up then.", departments.c.created_at)
    version: int = column("修改时带回这个版本。Hand it back with a change.", departments.c.version)
    viewer_can: Any = can(permissions("Department", UPDATE_DEPARTMENT, CLOSE_DEPARTMENT))


@extend(Community)
class OfCommunity:
    """It adds the departments that may be asked for help."""

    departments: list[Department] = bound(
        "这里列出所属区和街镇现设的职能部门。\n"
        "This lists the departments at work of its district and of its street.",
        rows_of(
            departments,
            {"district_id": communities.c.district_id, "street_id": its_street_or_none},
            departments.c.department_id,
            most=100,
            where=is_at_work,
        ),
    )


@extend(District)
class OfDistrict:
    """It adds the departments under the viewer."""

    departments: Connection[Department] | None = page(
        "这里列出您管辖的职能部门，含已撤销的，先设的在前。\n"
        "This lists the departments under you, closed ones included, oldest first.",
        page_of(
            departments,
            districts.c.district_id,
            departments.c.department_id,
            index="department_of_a_district",
            descending=False,
        ),
    )


@extend(Viewer)
class OfViewer:
    """It adds the department that a handler works for."""

    department: Department | None = one(
        "令牌属于这个职能部门；其他令牌为空。"
        "The token is of this department; it is null for any other token.",
        departments,
        {"department_id": DEPARTMENT},
    )


_DEPARTMENT = {"department": link(Department, departments)}


class _Named:
    name: str = text("名称", "the name", NAME_LENGTH)
    duties: str = text(
        "职责，居民可见", "what it is responsible for, which residents see", DUTIES_LENGTH
    )


@verb(Scope.DISTRICT_MANAGE, _DEPARTMENT, service.create)
class CreateDepartment(_Named, Retried):
    """设立职能部门；同处已有同名部门则 ALREADY_DONE。
    Set up a department; ALREADY_DONE where one of that name is at work there.
    """

    street_id: UUID | None = ref(
        streets,
        "填写所属街镇的标识；不填则为您所管辖的区或街镇。\n"
        "Give the id of its street; by default it is what you administer.",
    )


class _OnDepartment:
    department_id: UUID = ref(departments)


@verb(UPDATE_DEPARTMENT, _DEPARTMENT, service.change)
class UpdateDepartment(_Named, _OnDepartment):
    """修改部门的名称和职责。Change a department's name and duties."""

    expected_version: int = field(VERSION_DESCRIPTION)


@verb(CLOSE_DEPARTMENT, _DEPARTMENT)
class CloseDepartment(_OnDepartment):
    """撤销部门；尚有经办人则 WRONG_STATE。Close a department; WRONG_STATE while it has handlers."""

    reason: str = text("理由，记入审计", "the reason, which the audit keeps")
