"""Inspections of a community by officers; the community sees these officers while they inspect."""

from alembic import op

from migrations.walls import wall

revision = "0014"
down_revision = "0013"

TABLES = """
CREATE TABLE tenant.inspection (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    officer_id UUID NOT NULL,
    display_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT inspection_of_community FOREIGN KEY(community_id) REFERENCES tenant.community (community_id),
    CONSTRAINT reason_length CHECK (char_length(reason) between 1 and 500),
    CONSTRAINT half_an_hour_at_most CHECK (ends_at > started_at and ends_at <= started_at + interval '30 minutes')
);
"""
# A community's transaction sees only the officers who inspect it, and only whether they serve.
OFFICERS = """
create policy looks_into_this_tenant on district.officer for select to linli_app using (exists (
    select from tenant.inspection as i
    where i.community_id = current_setting('app.community_id')::int
      and i.district_id = officer.district_id and i.officer_id = officer.id));
grant usage on schema district to linli_app;
grant select (district_id, id, state, permission_version) on district.officer to linli_app;
"""


def upgrade() -> None:
    """Create the table and its row security policies."""
    op.execute(TABLES)
    # append-only for all logins of the server
    wall("tenant.inspection", app="select, insert")
    op.execute(OFFICERS)


def downgrade() -> None:
    """Drop the table and the policy."""
    op.execute(
        "revoke select (district_id, id, state, permission_version) on district.officer from linli_app"
    )
    op.execute("revoke usage on schema district from linli_app")
    op.execute("drop policy looks_into_this_tenant on district.officer")
    op.execute("drop table tenant.inspection")
