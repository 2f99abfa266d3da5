"""Every secret that an app had opens for its day, however many came after it."""

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
    """Create the table and its wall; the one hash that 0013 once kept beside the app goes."""
    op.execute(TABLE)
    wall("tenant.old_app_secret", app="select, insert, delete")
    op.execute("alter table tenant.app drop constraint if exists old_secret_for_a_while")
    op.execute("alter table tenant.app drop column if exists old_secret_hash")


def downgrade() -> None:
    """Drop it: no old secret opens any more."""
    op.execute("drop table tenant.old_app_secret")
