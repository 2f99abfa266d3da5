"""`linli officers`: invite the first officers, who then invite the others."""

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
import typer

from api.terminal import fail, out, postgres, settings_here, with_database
from tenants.db import Database
from tenants.errors import Refused
from tenants.membership.tables import OfficerRole
from tenants.officers.service.inviting import GOOD_FOR, invite
from tenants.places.tables import departments, districts, streets
from tenants.transaction import Tx
from tenants.viewer import system

app = typer.Typer(no_args_is_help=True, help="Who administers districts and streets, and handlers.")
_REASON = "linli officers invite"

District = Annotated[str, typer.Option(help="The district's code, six digits.")]
Street = Annotated[str | None, typer.Option(help="The street's code, nine digits.")]
Department = Annotated[str | None, typer.Option(help="A handler's department, by its name.")]
RoleOf = Annotated[OfficerRole, typer.Option(help="To which role.")]
Name = Annotated[str, typer.Option(help="The name they go by, 1 to 30 characters.")]


@app.callback()
def officers() -> None:
    """Keep `invite` a command of its own name, alone as it is."""


@app.command("invite")
def invite_command(
    district: District,
    role: RoleOf,
    name: Name,
    street: Street = None,
    department: Department = None,
) -> None:
    """Print a code with which one person becomes an officer, and the page that takes it."""
    if not (district.isascii() and district.isdigit() and len(district) == 6):
        fail("A district's code has six digits.")
    with postgres(settings_here()) as settings:
        code = with_database(
            settings,
            lambda database: _invite(database, int(district), street, department, role, name),
        )
    out.print(code, markup=False)
    out.print(f"or open {settings.public_url}/invitation#{code}", markup=False)
    out.print(f"It is shown this once, and good for {GOOD_FOR.days} days.")


async def _invite(
    database: Database,
    district: int,
    street: str | None,
    department: str | None,
    role: OfficerRole,
    name: str,
) -> str:
    async with database.command(system(district)) as tx:
        if await tx.row(_DISTRICT) is None:
            fail(f"There is no district {district}: `linli communities import` brings it in.")
        street_row = await _found(tx, _STREET, f"street {street}", street)
        at = street_row["street_id"] if street_row else 0
        department_row = await _found(tx, _DEPARTMENT, f"department {department}", department, at)
        is_handler = role is OfficerRole.DEPARTMENT_HANDLER
        try:
            _, code = await invite(
                tx,
                role=role,
                # a handler's is the one of the department
                street_id=None if is_handler else _id(street_row),
                department_id=_id(department_row),
                display_name=name,
                reason=_REASON,
            )
        except Refused as refused:
            fail(f"{refused.message} ({', '.join(refused.path)})")
    assert code is not None  # noqa: S101 # without a key each invitation is new
    return code


async def _found(tx: Tx, query: sa.Executable, what: str, name: str | None, at: int = 0) -> Any:
    if name is None:
        return None
    row = await tx.row(query, v_name=name, v_street_id=at)
    if row is None:
        fail(f"There is no {what} there.")
    return row


def _id(row: Any) -> UUID | None:
    return row["id"] if row is not None else None


_HERE = sa.bindparam("district_id", type_=sa.Integer())
_NAME = sa.bindparam("v_name", type_=sa.Text())
_DISTRICT = sa.select(districts.c.id).where(districts.c.district_id == _HERE)
_STREET = sa.select(streets).where(streets.c.district_id == _HERE, streets.c.code == _NAME)
_DEPARTMENT = sa.select(departments).where(
    departments.c.district_id == _HERE,
    departments.c.street_id == sa.bindparam("v_street_id", type_=sa.Integer()),
    departments.c.name == _NAME,
    departments.c.state == "ACTIVE",
)
