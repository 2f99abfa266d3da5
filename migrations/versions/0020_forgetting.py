"""Notes of reports about a member's posts can be erased with the member."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Allow a report's note to be cleared; no other column of a report is ever changed."""
    op.execute("grant update (note) on tenant.report to linli_app")


def downgrade() -> None:
    """Revoke the grant."""
    op.execute("revoke update (note) on tenant.report from linli_app")
