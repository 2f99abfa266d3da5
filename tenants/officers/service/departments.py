"""Departments: set up, changed, closed by whoever administers their district or street."""

from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import DISTRICT, bound
from tenants.errors import Code, NotFound, Refused, VersionConflict
from tenants.officers.policy import CREATE_DEPARTMENT, UPDATE_DEPARTMENT
from tenants.places import service as places
from tenants.places.tables import DUTIES_LENGTH, NAME_LENGTH, departments
from tenants.taking import first, note
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

    given = {"street_id": street, "name": name, "duties": duties, "handlers": 0}
    while True:
        made = first(tx, CREATE_DEPARTMENT, department_id=await _next_number(tx), **given)
        if await tx.insert_new(departments, **made):
            break
        await _refuse_namesake(tx, street, name)  # else another took the number: there is a next
    await note(tx, CREATE_DEPARTMENT, made)
    return made["id"]


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
        await tx.update(departments, department["id"], name=name, duties=duties)
    await audit.record_above(
        tx, "department.updated", subject=department["id"], street_id=department["street_id"]
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


_OURS = departments.c.district_id == DISTRICT
_LAST = sa.select(sa.func.max(departments.c.department_id).label("number")).where(_OURS)
_NAMESAKE = sa.select(departments.c.id).where(
    _OURS,
    departments.c.street_id == bound(departments.c.street_id),
    departments.c.name == bound(departments.c.name),
    departments.c.state == "ACTIVE",
)
