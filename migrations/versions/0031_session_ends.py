"""Keep what ends a session completely: when tokens were minted and ended, and guests' versions."""

from alembic import op

from migrations.walls import wall

revision = "0031"
down_revision = "0030"

GUESTS = """
CREATE TABLE tenant.guest (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    permission_version INTEGER NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, id)
);
"""


def upgrade() -> None:
    """Add the columns and the table."""
    op.execute("ALTER TABLE identity.affiliation ADD COLUMN minted_at TIMESTAMP WITH TIME ZONE")
    op.execute("ALTER TABLE identity.session ADD COLUMN tokens_ended_at TIMESTAMP WITH TIME ZONE")
    op.execute(GUESTS)
    wall("tenant.guest", app="select, insert, update, delete")


def downgrade() -> None:
    """Drop the columns and the table."""
    op.execute("drop table tenant.guest")
    op.execute("alter table identity.session drop column tokens_ended_at")
    op.execute("alter table identity.affiliation drop column minted_at")
