"""Create an index of the petitions at a desk above the communities, newest first."""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Index petitions by their desk and time."""
    op.execute("create index petition_at_desk on tenant.petition (district_id, desk, id)")


def downgrade() -> None:
    """Drop the index."""
    op.execute("drop index tenant.petition_at_desk")
