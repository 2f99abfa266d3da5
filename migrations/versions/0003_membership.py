"""Create persons, members of communities, officers of districts."""

from alembic import op

from migrations.walls import wall

revision = "0003"
down_revision = "0002"

TABLES = """
CREATE TABLE identity.person (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE tenant.member (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    display_name TEXT NOT NULL,
    building TEXT,
    roles TEXT[] NOT NULL,
    state TEXT NOT NULL,
    permission_version INTEGER NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, person_id),
    FOREIGN KEY(community_id) REFERENCES tenant.community (community_id),
    CONSTRAINT state_known CHECK (state in ('ACTIVE', 'SUSPENDED', 'MOVED_OUT')),
    CONSTRAINT display_name_length CHECK (char_length(display_name) between 1 and 30),
    CONSTRAINT roles_known CHECK (cardinality(roles) > 0 and roles <@ array['RESIDENT', 'COMMITTEE_MEMBER', 'PARTY_SECRETARY'])
);

CREATE TABLE district.officer (
    district_id INTEGER NOT NULL,
    id UUID NOT NULL,
    street_id INTEGER NOT NULL,
    person_id UUID NOT NULL,
    display_name TEXT NOT NULL,
    roles TEXT[] NOT NULL,
    state TEXT NOT NULL,
    permission_version INTEGER NOT NULL,
    PRIMARY KEY (district_id, id),
    CONSTRAINT state_known CHECK (state in ('ACTIVE', 'SUSPENDED', 'MOVED_OUT')),
    CONSTRAINT display_name_length CHECK (char_length(display_name) between 1 and 30),
    CONSTRAINT roles_known CHECK (roles = array['DISTRICT_ADMIN'])
);
"""


def upgrade() -> None:
    """Create the tables and their row security policies."""
    op.execute(TABLES)
    op.execute("grant select, insert on identity.person to linli_identity")
    op.execute("alter table district.officer enable row level security")
    op.execute("alter table district.officer force row level security")
    op.execute(
        "create policy officer_of_district on district.officer to linli_district "
        "using (district_id = current_setting('app.district_id')::int) "
        "with check (district_id = current_setting('app.district_id')::int)"
    )
    # a role can lock a row only if it may update it
    op.execute(
        "grant select, insert, update (permission_version) on district.officer to linli_district"
    )
    wall("tenant.member", app="select, insert, update")


def downgrade() -> None:
    """Drop the tables."""
    op.execute("drop table district.officer, tenant.member, identity.person")
