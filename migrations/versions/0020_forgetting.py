"""What was noted about somebody's words can be erased with them."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Let a note be cleared; nothing else of a report is ever changed."""
    op.execute("grant update (note) on tenant.report to linli_app")


def downgrade() -> None:
    """Take it back."""
    op.execute("revoke update (note) on tenant.report from linli_app")
