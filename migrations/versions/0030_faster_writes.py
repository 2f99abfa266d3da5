"""Cheaper writes: terms have no foreign key, and a chain's head holds the hash before it."""

from alembic import op

revision = "0030"
down_revision = "0029"

KEYS = (
    ("post_term", "post_term_post", "post_id", "post"),
    ("petition_term", "term_of_petition", "petition_id", "petition"),
)


def upgrade() -> None:
    """Drop the foreign keys, which were checked for each term; add the column, null at first."""
    for table, name, _, _ in KEYS:
        op.execute(
            f"-- squawk-ignore ban-drop-constraint\nalter table tenant.{table} drop constraint {name}"
        )
    op.execute("alter table tenant.audit_head add column prev_hash bytea")


def downgrade() -> None:
    """Add the foreign keys again and drop the column."""
    op.execute(
        "-- squawk-ignore ban-drop-column\nalter table tenant.audit_head drop column prev_hash"
    )
    for table, name, column, of in KEYS:
        op.execute(
            f"alter table tenant.{table} add constraint {name} foreign key (community_id, {column})"
            f" references tenant.{of} (community_id, id)"
        )
