"""A row for each quota of each holder; a transaction that counts locks it until the commit."""

from alembic import op

from migrations.walls import wall

revision = "0023"
down_revision = "0022"

TABLE = """
CREATE TABLE tenant.quota_lock (
    community_id INTEGER NOT NULL,
    quota TEXT NOT NULL,
    holder_id UUID NOT NULL,
    held_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT quota_lock_pkey PRIMARY KEY (community_id, quota, holder_id)
)
"""


def upgrade() -> None:
    """Create the table and its row security policies."""
    op.execute(TABLE)
    wall("tenant.quota_lock", app="select, insert, update")


def downgrade() -> None:
    """Drop the table."""
    op.execute("drop table tenant.quota_lock")
