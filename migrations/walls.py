"""Row security as every migration writes it (README, decision 4)."""

from alembic import op

_TENANT = "community_id = current_setting('app.community_id')::int"
_DISTRICT = (
    "district_id = current_setting('app.district_id')::int and "
    "(current_setting('app.street_id')::int = 0 or "
    "street_id = current_setting('app.street_id')::int)"
)
# What only whoever administers a district or street may see, and no department's handler.
ABOVE = f"{_DISTRICT} and current_setting('app.department_id')::int = 0"


def wall(table: str, *, app: str, district: bool = False) -> None:
    """Enable and force row security on a tenant table: one permissive policy a role, all ANDed.

    `app` lists what `linli_app` may do inside the one tenant; `district` lets `linli_district`
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
    """Wall a tenant table whose rows name, in `desks`, those above who may read them.

    A desk is a street's or district's number, or a department's below nought.
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
    """Wall a tenant table of which nobody above sees a row, though what they ask may name it.

    The planner folds `… and false` to false: the tenant, which they have not set, is never read.
    """
    wall(table, app=app)
    op.execute(
        f"create policy nobody_above on {table} for select to linli_district using ({_TENANT} and false)"
    )
    op.execute(f"grant select on {table} to linli_district")


def wall_above(table: str, *, grants: str) -> None:
    """Enable and force row security on a table of the schema `district`; `grants` are its admins'."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(
        f"create policy one_district on {table} to linli_district using ({ABOVE}) with check ({ABOVE})"
    )
    op.execute(f"grant {grants} on {table} to linli_district")
