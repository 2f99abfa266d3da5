"""Row security policies as every migration creates them (README, decision 4)."""

from alembic import op

_TENANT = "community_id = current_setting('app.community_id')::int"
_DISTRICT = (
    "district_id = current_setting('app.district_id')::int and "
    "(current_setting('app.street_id')::int = 0 or "
    "street_id = current_setting('app.street_id')::int)"
)
# What only an administrator of a district or street may see, and not a department's handler.
ABOVE = f"{_DISTRICT} and current_setting('app.department_id')::int = 0"


def wall(table: str, *, app: str, district: bool = False) -> None:
    """Enable and force row security on a tenant table: one permissive policy a role, all ANDed.

    `app` lists what `linli_app` may do inside its one tenant; `district` lets `linli_district`
    read the rows of its own district or street.
    """
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(
        f"create policy one_tenant on {table} to linli_app using ({_TENANT}) with check ({_TENANT})"
    )
    op.execute(f"grant {app} on {table} to linli_app")
    if district:
        op.execute(
            f"create policy one_district on {table} for select to linli_district using ({_DISTRICT})"
        )
        op.execute(f"grant select on {table} to linli_district")


def wall_desks(table: str, *, app: str) -> None:
    """Create the policies of a tenant table whose `desks` lists the desks that may read a row.

    A desk is the number of a street or district, or the negative number of a department.
    """
    wall(table, app=app)
    op.execute(
        f"create policy one_desk on {table} for select to linli_district using (district_id = "
        "current_setting('app.district_id')::int and case "
        "when current_setting('app.department_id')::int <> 0 then -current_setting('app.department_id')::int "
        "when current_setting('app.street_id')::int <> 0 then current_setting('app.street_id')::int "
        "else current_setting('app.district_id')::int end = any (desks))"
    )
    op.execute(f"grant select on {table} to linli_district")


def wall_blind(table: str, *, app: str) -> None:
    """Create the policies of a tenant table that viewers above may name in a query but not read.

    The planner folds `… and false` to false, so the setting of the tenant, which they do not have,
    is never read.
    """
    wall(table, app=app)
    op.execute(
        f"create policy nobody_above on {table} for select to linli_district using ({_TENANT} and false)"
    )
    op.execute(f"grant select on {table} to linli_district")


def wall_above(table: str, *, grants: str) -> None:
    """Enable and force row security on a table of the schema `district`.

    `grants` lists what administrators may do.
    """
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(
        f"create policy one_district on {table} to linli_district using ({ABOVE}) with check ({ABOVE})"
    )
    op.execute(f"grant {grants} on {table} to linli_district")
