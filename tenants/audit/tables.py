"""What was done, by whom and why; what is to be told; and what was already done under a key."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, member, one_of, tenant_column

ACTOR_KINDS = ("MEMBER", "OFFICER", "SYSTEM")
KEY_LENGTH = 64

audit_entries = sa.Table(
    "audit_entry",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("actor_kind", sa.Text(), nullable=False),
    member("actor_id"),
    sa.Column("client_id", sa.Text(), nullable=False),
    sa.Column("trace_id", sa.Text(), nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    member("subject_id"),
    sa.Column("reason", sa.Text()),
    sa.PrimaryKeyConstraint("community_id", "id"),
    one_of("actor_kind", ACTOR_KINDS),
    sa.Index("audit_entry_by_subject", "community_id", "subject_id", "id"),
    schema="tenant",
)

outbox_events = sa.Table(
    "outbox_event",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("subject_id", UUID, nullable=False),
    sa.Column("delivered_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "id"),
    schema="tenant",
)

# Key, hash of the input and what came of it; never the text itself, never a refusal.
idempotency_keys = sa.Table(
    "idempotency_key",
    METADATA,
    tenant_column(),
    member("actor_id"),
    sa.Column("key", sa.Text(), nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("input_hash", sa.LargeBinary(), nullable=False),
    sa.Column("subject_id", UUID),
    sa.Column("created_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "actor_id", "key"),
    schema="tenant",
)
