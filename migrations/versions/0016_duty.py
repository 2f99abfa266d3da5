"""Create the duty roster."""

from alembic import op

from migrations.walls import wall

revision = "0016"
down_revision = "0015"

TABLES = """
CREATE TABLE tenant.duty_gap (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, starts_at, ends_at),
    FOREIGN KEY(community_id) REFERENCES tenant.community (community_id)
);

CREATE TABLE tenant.duty_roster (
    community_id INTEGER NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
    held_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id),
    FOREIGN KEY(community_id) REFERENCES tenant.community (community_id)
);

CREATE TABLE tenant.duty_shift (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    member_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID NOT NULL,
    PRIMARY KEY (community_id, id),
    CONSTRAINT shift_of_member FOREIGN KEY(community_id, member_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT ends_after_it_starts CHECK (ends_at > starts_at)
);
CREATE INDEX duty_shift_by_time ON tenant.duty_shift (community_id, ends_at, id);
"""


def upgrade() -> None:
    """Create the tables and their row security policies."""
    op.execute(TABLES)
    wall("tenant.duty_roster", app="select, insert, update")
    wall("tenant.duty_shift", app="select, insert, delete")
    wall("tenant.duty_gap", app="select, insert, delete")


def downgrade() -> None:
    """Drop the tables."""
    op.execute("drop table tenant.duty_gap, tenant.duty_shift, tenant.duty_roster")
