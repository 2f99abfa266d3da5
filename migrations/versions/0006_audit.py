"""Create audit entries, outbox events, idempotency keys."""

from alembic import op

from migrations.walls import wall

revision = "0006"
down_revision = "0005"

TABLES = """
CREATE TABLE tenant.audit_entry (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID NOT NULL,
    client_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_id UUID NOT NULL,
    reason TEXT,
    PRIMARY KEY (community_id, id),
    CONSTRAINT actor_kind_known CHECK (actor_kind in ('MEMBER', 'OFFICER', 'SYSTEM'))
);
CREATE INDEX audit_entry_by_subject ON tenant.audit_entry (community_id, subject_id, id);

CREATE TABLE tenant.outbox_event (
    community_id INTEGER NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action TEXT NOT NULL,
    subject_id UUID NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (community_id, id)
);

CREATE TABLE tenant.idempotency_key (
    community_id INTEGER NOT NULL,
    actor_id UUID NOT NULL,
    key TEXT NOT NULL,
    action TEXT NOT NULL,
    input_hash BYTEA NOT NULL,
    subject_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (community_id, actor_id, key)
);
"""


def upgrade() -> None:
    """Create the tables and their row security policies."""
    op.execute(TABLES)
    wall("tenant.audit_entry", app="select, insert")
    wall("tenant.outbox_event", app="select, insert, update")
    wall("tenant.idempotency_key", app="select, insert, update")


def downgrade() -> None:
    """Drop the tables."""
    op.execute("drop table tenant.idempotency_key, tenant.outbox_event, tenant.audit_entry")
