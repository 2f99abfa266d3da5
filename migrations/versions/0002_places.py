"""Create the tree of places (districts, streets, communities) and each community's counts."""

from alembic import op

from migrations.walls import wall

revision = "0002"
down_revision = "0001"

TABLES = """
CREATE TABLE reference.district (
    district_id INTEGER NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (district_id),
    UNIQUE (id),
    UNIQUE (code)
);

CREATE TABLE reference.street (
    street_id INTEGER NOT NULL,
    district_id INTEGER NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (street_id),
    FOREIGN KEY(district_id) REFERENCES reference.district (district_id),
    UNIQUE (id),
    UNIQUE (code)
);

CREATE TABLE reference.community_key (
    community_id INTEGER GENERATED ALWAYS AS IDENTITY,
    code TEXT NOT NULL,
    PRIMARY KEY (community_id),
    UNIQUE (code)
);

CREATE TABLE tenant.community (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    suspended_reason TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (community_id),
    UNIQUE (community_id, id),
    CONSTRAINT kind_known CHECK (kind in ('RESIDENTIAL', 'VILLAGE')),
    CONSTRAINT state_known CHECK (state in ('ACTIVE', 'SUSPENDED')),
    CONSTRAINT name_length CHECK (char_length(name) between 1 and 60),
    CONSTRAINT suspension_has_a_reason CHECK ((state = 'SUSPENDED') = (suspended_reason is not null))
);
CREATE INDEX community_by_code ON tenant.community (district_id, code, community_id);

CREATE TABLE tenant.community_count (
    community_id INTEGER NOT NULL,
    district_id INTEGER NOT NULL,
    street_id INTEGER NOT NULL,
    members INTEGER NOT NULL,
    posts INTEGER NOT NULL,
    comments INTEGER NOT NULL,
    PRIMARY KEY (community_id),
    FOREIGN KEY(community_id) REFERENCES tenant.community (community_id),
    CONSTRAINT never_negative CHECK (members >= 0 and posts >= 0 and comments >= 0)
)
 WITH (fillfactor = 50);
"""


def upgrade() -> None:
    """Create the tables and their row security policies."""
    op.execute(TABLES)
    op.execute("grant select on reference.district, reference.street to linli_app, linli_district")
    op.execute("grant select, insert on reference.community_key to linli_district")
    op.execute("grant insert on reference.district, reference.street to linli_district")
    wall("tenant.community", app="select, insert, update", district=True)
    wall("tenant.community_count", app="select, insert, update", district=True)


def downgrade() -> None:
    """Drop the tables."""
    op.execute(
        "drop table tenant.community_count, tenant.community, reference.community_key, reference.street, reference.district"
    )
