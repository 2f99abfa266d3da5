"""A script's session refers to the session it was made from, and ends with it."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the parent; sessions of scripts without a known parent must sign in again."""
    op.execute("ALTER TABLE identity.session ADD COLUMN parent_id UUID")
    op.execute(
        "update identity.session set ended_at = now(), ending = 'REVOKED' "
        "where client_id = 'linli-script' and ended_at is null"
    )


def downgrade() -> None:
    """Drop the column."""
    op.execute("alter table identity.session drop column parent_id")
