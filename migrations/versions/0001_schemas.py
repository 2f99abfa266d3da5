"""Create schemas, and the functions that set a transaction's tenant or district."""

from alembic import op

revision = "0001"
down_revision = None

# SET LOCAL as a statement, not set_config(): a sharding router can see it and pass it on.
ENTER = """
create function tenant.enter(community int) returns void language plpgsql as $$
begin
  execute format('set local app.community_id = %L', community);
end $$;
create function district.enter(district int, street int) returns void language plpgsql as $$
begin
  execute format('set local app.district_id = %L', district);
  execute format('set local app.street_id = %L', street);
end $$;
"""


def upgrade() -> None:
    """Create the four schemas and grant their use."""
    op.execute("create schema reference")
    op.execute("create schema tenant")
    op.execute("create schema district")
    op.execute("create schema identity")
    op.execute(ENTER)
    op.execute("revoke all on function tenant.enter(int) from public")
    op.execute("revoke all on function district.enter(int, int) from public")
    op.execute("grant usage on schema reference, tenant to linli_app, linli_district")
    op.execute("grant usage on schema district to linli_district")
    op.execute("grant usage on schema identity to linli_identity")
    op.execute("grant execute on function tenant.enter(int) to linli_app")
    op.execute("grant execute on function district.enter(int, int) to linli_district")


def downgrade() -> None:
    """Drop the schemas."""
    op.execute("drop function tenant.enter(int)")
    op.execute("drop function district.enter(int, int)")
    op.execute("drop schema reference")
    op.execute("drop schema tenant")
    op.execute("drop schema district")
    op.execute("drop schema identity")
