"""Departments cannot list communities, and a district reads only its own rows of its tables."""

from alembic import op

from migrations.walls import ABOVE

revision = "0028"
down_revision = "0027"

PLACES = ("tenant.community", "tenant.community_count", "tenant.audit_head")
OF_DISTRICT = ("reference.department", "reference.petition_category")
_DISTRICT = "district_id = current_setting('app.district_id')::int"
_PLACE = (
    f"{_DISTRICT} and (current_setting('app.street_id')::int = 0 or "
    "street_id = current_setting('app.street_id')::int)"
)


def upgrade() -> None:
    """Require no department in the first tables, and the district in the second."""
    for table in PLACES:
        op.execute(f"alter policy one_district on {table} using ({ABOVE})")
    for table in OF_DISTRICT:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy one_district on {table} to linli_district "
            f"using ({_DISTRICT}) with check ({_DISTRICT})"
        )
        # Every community reads these names; the schema shows only those of its own district.
        op.execute(
            f"create policy inside_a_community on {table} for select to linli_app "
            "using (current_setting('app.community_id')::int > 0)"
        )


def downgrade() -> None:
    """Restore the former policies."""
    for table in OF_DISTRICT:
        op.execute(f"drop policy inside_a_community on {table}")
        op.execute(f"drop policy one_district on {table}")
        op.execute(f"alter table {table} no force row level security")
        op.execute(f"alter table {table} disable row level security")
    for table in PLACES:
        op.execute(f"alter policy one_district on {table} using ({_PLACE})")
