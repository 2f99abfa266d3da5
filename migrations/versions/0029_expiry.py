"""Rows that are kept for a limited time are indexed by its end, and may be deleted."""

from alembic import op

revision = "0029"
down_revision = "0028"

INDEXES = """
CREATE INDEX idempotency_key_by_time ON tenant.idempotency_key (community_id, created_at);
CREATE INDEX session_by_end ON identity.session (ended_at) WHERE ended_at is not null;
CREATE INDEX session_by_expiry ON identity.session (expires_at);
CREATE INDEX refresh_token_by_rotation ON identity.refresh_token (rotated_at) WHERE rotated_at is not null;
"""
TABLES = "tenant.outbox_event, tenant.idempotency_key"


def upgrade() -> None:
    """Add the indexes and the grants."""
    op.execute(INDEXES)
    op.execute(f"grant delete on {TABLES} to linli_app")


def downgrade() -> None:
    """Drop the indexes and revoke the grants."""
    op.execute(f"revoke delete on {TABLES} from linli_app")
    op.execute(
        "drop index tenant.idempotency_key_by_time, identity.session_by_end, "
        "identity.session_by_expiry, identity.refresh_token_by_rotation"
    )
