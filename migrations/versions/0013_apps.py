"""Third-party apps: registered in a community, with a secret stored as its hash."""

from alembic import op

from migrations.walls import wall

revision = "0013"
down_revision = "0012"

TABLES = """
CREATE TABLE tenant.app (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    contact TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    secret_hash BYTEA NOT NULL,
    secret_at TIMESTAMP WITH TIME ZONE NOT NULL,
    old_secret_until TIMESTAMP WITH TIME ZONE,
    state TEXT NOT NULL,
    suspended_reason TEXT,
    suspended_from_above BOOLEAN NOT NULL,
    permission_version INTEGER NOT NULL,
    registered_by UUID NOT NULL,
    registered_from_above BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT app_of_community FOREIGN KEY(community_id) REFERENCES tenant.community (community_id),
    CONSTRAINT state_known CHECK (state in ('ACTIVE', 'SUSPENDED')),
    CONSTRAINT display_name_length CHECK (char_length(display_name) between 1 and 30),
    CONSTRAINT contact_length CHECK (char_length(contact) between 1 and 120),
    CONSTRAINT scopes_of_an_app CHECK (cardinality(scopes) > 0 and scopes <@ array['board:read', 'community:read', 'member:read']),
    CONSTRAINT suspended_for_a_reason CHECK ((state = 'SUSPENDED') = (suspended_reason is not null) and (state = 'SUSPENDED' or not suspended_from_above))
);
CREATE INDEX app_by_district ON tenant.app (district_id, id);
"""


def upgrade() -> None:
    """Create the table and its row security policies."""
    op.execute(TABLES)
    wall("tenant.app", app="select, insert, update", district=True)


def downgrade() -> None:
    """Drop the table."""
    op.execute("drop table tenant.app")
