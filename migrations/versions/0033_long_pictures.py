"""A picture is limited by its pixels, not by its longer side."""

from alembic import op

revision = "0033"
down_revision = "0032"

BY_PIXELS = "width > 0 and height > 0 and width::bigint * height <= 16000000 and bytes > 0"
BY_SIDES = "width between 1 and 2048 and height between 1 and 2048 and bytes > 0"


def _hold(check: str) -> None:
    op.execute("alter table tenant.image drop constraint of_some_size")
    op.execute(f"alter table tenant.image add constraint of_some_size check ({check})")


def upgrade() -> None:
    """Allow long pictures."""
    _hold(BY_PIXELS)


def downgrade() -> None:
    """Delete long pictures, and do not allow new ones."""
    op.execute("alter table tenant.image no force row level security")
    op.execute("delete from tenant.image where greatest(width, height) > 2048")
    op.execute("alter table tenant.image force row level security")
    _hold(BY_SIDES)
