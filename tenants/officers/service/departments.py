"""Departments: set up, changed, closed by whoever administers their district or street."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.columns import DISTRICT
from tenants.errors import Code, NotFound, Refused, VersionConflict
from tenants.officers.policy import CLOSE_DEPARTMENT, UPDATE_DEPARTMENT
from tenants.places import service as places
from tenants.places.tables import (
    DUTIES_LENGTH,
    NAME_LENGTH,
    REASON_LENGTH,
    DepartmentState,
    departments,
)
from tenants.text import written
from tenants.transaction import Tx, unless_taken

# A number is its district's code and three digits.
MOST = 999
_NAMESAKES = "已有同名部门。One of that name is at work."


async def create(tx: Tx, *, street_id: UUID | None, name: str, duties: str) -> UUID:
    """Set up a department of one of the officer's streets, or of what they administer themselves."""
    street = await place_of(tx, street_id)
    name = written(name, NAME_LENGTH, "name")
    duties = written(duties, DUTIES_LENGTH, "duties")

    made = tx.new_id()
    values = {
        "v_id": made,
        "v_street_id": street,
        "v_name": name,
        "v_duties": duties,
        "v_at": tx.now,
    }
    while True:
        number = await _next_number(tx)
        if await tx.row(_CREATE, v_department_id=number, **values) is not None:
            break
        await _refuse_namesake(tx, street, name)  # else another took the number: there is a next
    await audit.record_above(tx, "department.created", subject=made, street_id=street)
    return made


async def change(
    tx: Tx, *, department_id: UUID, expected_version: int, name: str, duties: str
) -> UUID:
    """Give a department another name and other duties."""
    department = await tx.find(departments, department_id, "departmentId", permit=UPDATE_DEPARTMENT)
    if department["version"] != expected_version:
        raise VersionConflict(department["version"])
    name = written(name, NAME_LENGTH, "name")
    duties = written(duties, DUTIES_LENGTH, "duties")

    async with unless_taken(tx, _NAMESAKES, "name"):
        await tx.row(_CHANGE, v_id=department["id"], v_name=name, v_duties=duties)
    await audit.record_above(
        tx, "department.updated", subject=department["id"], street_id=department["street_id"]
    )
    return department["id"]


async def close(tx: Tx, *, department_id: UUID, reason: str) -> UUID:
    """Let nothing new come to a department that nobody serves any more."""
    department = await tx.find(departments, department_id, "departmentId", permit=CLOSE_DEPARTMENT)
    reason = written(reason, REASON_LENGTH, "reason")

    await tx.row(_CLOSE, v_id=department["id"], v_state=DepartmentState.CLOSED.value)
    await audit.record_above(
        tx,
        "department.closed",
        subject=department["id"],
        street_id=department["street_id"],
        reason=reason,
    )
    return department["id"]


async def place_of(tx: Tx, street_id: UUID | None) -> int:
    """Give the number of the street that is named; else of what the viewer administers, 0 a district."""
    if street_id is None:
        return tx.viewer.street_id
    street = await places.street_of(tx, street_id)
    if street is None:
        raise NotFound("streetId")
    return street["street_id"]


async def _next_number(tx: Tx) -> int:
    last = await tx.row(_LAST)
    assert last is not None  # noqa: S101 # a maximum is a row
    first = tx.viewer.district_id * (MOST + 1) + 1
    number = first if last["number"] is None else last["number"] + 1
    if number - first >= MOST:
        raise Refused(Code.QUOTA_EXCEEDED, f"最多 {MOST} 个部门。At most {MOST}.")
    return number


async def _refuse_namesake(tx: Tx, street: int, name: str) -> None:
    if await tx.row(_NAMESAKE, v_street_id=street, v_name=name) is not None:
        raise Refused(Code.ALREADY_DONE, _NAMESAKES, "name")


def _bound(name: str) -> sa.BindParameter[object]:
    return sa.bindparam(f"v_{name}", type_=departments.c[name].type)


_ONE, _NOUGHT = sa.literal_column("1"), sa.literal_column("0")
_OURS = departments.c.district_id == DISTRICT
_CREATE = (
    insert(departments)
    .values(
        district_id=DISTRICT,
        state=sa.literal_column("'ACTIVE'"),
        created_at=sa.bindparam("v_at", type_=departments.c.created_at.type),
        version=_ONE,
        handlers=_NOUGHT,
        **{name: _bound(name) for name in ("department_id", "id", "street_id", "name", "duties")},
    )
    .on_conflict_do_nothing()
    .returning(departments.c.id)
)
_LAST = sa.select(sa.func.max(departments.c.department_id).label("number")).where(_OURS)
_NAMESAKE = sa.select(departments.c.id).where(
    _OURS,
    departments.c.street_id == _bound("street_id"),
    departments.c.name == _bound("name"),
    departments.c.state == "ACTIVE",
)
_THIS = departments.c.id == _bound("id")
_VERSION = departments.c.version + _ONE
_CHANGE = (
    sa.update(departments)
    .where(_OURS, _THIS)
    .values(name=_bound("name"), duties=_bound("duties"), version=_VERSION)
)
_CLOSE = sa.update(departments).where(_OURS, _THIS).values(state=_bound("state"), version=_VERSION)
