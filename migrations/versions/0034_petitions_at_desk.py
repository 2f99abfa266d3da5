"""What a desk above the communities has at hand is looked through from the newest on."""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Index petitions by their desk and time."""
    op.execute("create index petition_at_desk on tenant.petition (district_id, desk, id)")


def downgrade() -> None:
    """Drop it."""
    op.execute("drop index tenant.petition_at_desk")
