"""A board's posts are ordered by time only; its pinned posts are a separate list."""

from alembic import op

revision = "0027"
down_revision = "0026"

INDEXES = """
CREATE INDEX post_in_time ON tenant.post (community_id, board_id, id);
CREATE INDEX post_pinned ON tenant.post (community_id, board_id, id) WHERE pinned;
DROP INDEX tenant.post_by_board
"""


def upgrade() -> None:
    """Index posts by time, and the pinned ones."""
    op.execute(INDEXES)


def downgrade() -> None:
    """Index pinned posts first again."""
    op.execute("create index post_by_board on tenant.post (community_id, board_id, pinned, id)")
    op.execute("drop index tenant.post_pinned")
    op.execute("drop index tenant.post_in_time")
