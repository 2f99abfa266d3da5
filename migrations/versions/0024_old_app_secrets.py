"""Every old secret of an app stays valid for a day, however many secrets replaced it."""

from alembic import op

from migrations.walls import wall

revision = "0024"
down_revision = "0023"

TABLE = """
CREATE TABLE tenant.old_app_secret (
    community_id INTEGER NOT NULL,
    app_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT old_app_secret_pkey PRIMARY KEY (community_id, app_id, hash),
    CONSTRAINT old_secret_of_app FOREIGN KEY(community_id, app_id) REFERENCES tenant.app (community_id, id)
)
"""


def upgrade() -> None:
    """Create the table and its policies; drop the one old hash that 0013 kept in the app's row."""
    op.execute(TABLE)
    wall("tenant.old_app_secret", app="select, insert, delete")
    op.execute("alter table tenant.app drop constraint if exists old_secret_for_a_while")
    op.execute("alter table tenant.app drop column if exists old_secret_hash")


def downgrade() -> None:
    """Drop the table: old secrets are no longer valid."""
    op.execute("drop table tenant.old_app_secret")
