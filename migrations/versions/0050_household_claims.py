"""Who speaks for a household: named by its members, decided by the committee in a dispute."""

from alembic import op

from migrations.walls import wall

revision = "0050"
down_revision = "0049"

TABLES = """
CREATE TABLE tenant.household_claim (
    community_id INTEGER NOT NULL,
    named_by UUID NOT NULL,
    household_id UUID NOT NULL,
    representative_id UUID NOT NULL,
    named_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, named_by),
    CONSTRAINT claim_of_member FOREIGN KEY(community_id, named_by) REFERENCES tenant.member (community_id, id),
    CONSTRAINT claim_for_member FOREIGN KEY(community_id, representative_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT claim_of_household FOREIGN KEY(community_id, household_id) REFERENCES tenant.household (community_id, id)
);
CREATE INDEX household_claim_of_household ON tenant.household_claim (community_id, household_id, named_by);

CREATE TABLE tenant.household_ruling (
    community_id INTEGER NOT NULL,
    household_id UUID NOT NULL,
    representative_id UUID NOT NULL,
    decided_by UUID NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (community_id, household_id),
    CONSTRAINT ruling_on_household FOREIGN KEY(community_id, household_id) REFERENCES tenant.household (community_id, id),
    CONSTRAINT ruling_for_member FOREIGN KEY(community_id, representative_id) REFERENCES tenant.member (community_id, id),
    CONSTRAINT reason_length CHECK (char_length(reason) between 1 and 500)
);
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(TABLES)
    wall("tenant.household_claim", app="select, insert, update, delete")
    wall("tenant.household_ruling", app="select, insert, delete")


def downgrade() -> None:
    """Drop them."""
    op.execute("drop table tenant.household_ruling, tenant.household_claim")
