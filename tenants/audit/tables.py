"""These tables keep the audit, its chains and checkpoints, the outbox and the idempotency keys."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, member, officer, one_of, tenant_column
from tenants.scopes import Role
from tenants.words import Words, word

KEY_LENGTH = 64


class ActorKind(Words):
    """它说明由哪一类人或程序所为。It says which kind of person or program acted."""

    MEMBER = word("社区成员", "A member of the community acted")
    OFFICER = word(
        "区、街镇的管理员或部门经办人", "An officer of a district, street or department acted"
    )
    SYSTEM = word("系统，无人操作", "The system acted by itself")
    APP = word("第三方应用", "A registered app acted")
    INSPECTOR = word("进社区查看的上级管理员", "An officer who looks into the community acted")


# `actor_role` is in which capacity somebody acted, and `actor_desk` at which desk above the communities
# (tenants.viewer); both are null of the system.
# Written once: the server's roles may erase a reason and its salt, but change and delete nothing
# else, so that every entry is kept longer than the required 180 days.
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
    sa.Column("seq", sa.BigInteger(), nullable=False),
    sa.Column("reason_salt", sa.LargeBinary()),
    sa.Column("reason_hash", sa.LargeBinary()),
    sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
    sa.Column("entry_hash", sa.LargeBinary(), nullable=False),
    sa.Column("actor_role", sa.Text()),
    sa.Column("actor_desk", sa.Integer()),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "seq"),
    one_of("actor_kind", ActorKind),
    one_of("actor_role", Role),
    sa.Index("audit_entry_by_subject", "community_id", "subject_id", "id"),
    schema="tenant",
)

# What was done about officers and departments, which belong to no community: chained like a
# community's entries, and protected from change in the same way.
district_entries = sa.Table(
    "audit_entry",
    METADATA,
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("id", UUID, nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("actor_kind", sa.Text(), nullable=False),
    officer("actor_id"),
    sa.Column("client_id", sa.Text(), nullable=False),
    sa.Column("trace_id", sa.Text(), nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    officer("subject_id"),
    sa.Column("reason", sa.Text()),
    sa.Column("seq", sa.BigInteger(), nullable=False),
    sa.Column("reason_salt", sa.LargeBinary()),
    sa.Column("reason_hash", sa.LargeBinary()),
    sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
    sa.Column("entry_hash", sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint("district_id", "id"),
    sa.UniqueConstraint("district_id", "seq"),
    one_of("actor_kind", ActorKind),
    schema="district",
)

# The head of a district's chain: written with its first entry.
district_heads = sa.Table(
    "audit_head",
    METADATA,
    sa.Column("district_id", sa.Integer(), nullable=False, autoincrement=False),
    sa.Column("seq", sa.BigInteger(), nullable=False),
    sa.Column("hash", sa.LargeBinary(), nullable=False),
    sa.Column("changed_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("district_id"),
    schema="district",
)

# The head of a community's chain: the last entry's number, its hash, and the hash of the entry
# before it. It is locked last in a transaction, for as short a time as possible.
audit_heads = sa.Table(
    "audit_head",
    METADATA,
    tenant_column(),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("seq", sa.BigInteger(), nullable=False),
    sa.Column("hash", sa.LargeBinary(), nullable=False),
    sa.Column("changed_at", TIME, nullable=False),
    sa.Column("prev_hash", sa.LargeBinary()),
    sa.PrimaryKeyConstraint("community_id"),
    schema="tenant",
    postgresql_with={"fillfactor": 50},
)

# Signed checkpoints of the heads; the same lines are in files outside the database.
audit_checkpoints = sa.Table(
    "audit_checkpoint",
    METADATA,
    sa.Column("number", sa.BigInteger(), autoincrement=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("signature", sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint("number"),
    schema="reference",
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

# The key, the hash of the input and the result as JSON of ids; never the text itself or a refusal.
idempotency_keys = sa.Table(
    "idempotency_key",
    METADATA,
    tenant_column(),
    member("actor_id"),
    sa.Column("key", sa.Text(), nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("input_hash", sa.LargeBinary(), nullable=False),
    sa.Column("outcome", sa.Text()),
    sa.Column("created_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "actor_id", "key"),
    sa.Index("idempotency_key_by_time", "community_id", "created_at"),
    schema="tenant",
)

# The same of what officers do that is of no community.
district_keys = sa.Table(
    "idempotency_key",
    METADATA,
    sa.Column("district_id", sa.Integer(), nullable=False),
    officer("actor_id"),
    sa.Column("key", sa.Text(), nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("input_hash", sa.LargeBinary(), nullable=False),
    sa.Column("outcome", sa.Text()),
    sa.Column("created_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("district_id", "actor_id", "key"),
    sa.Index("idempotency_key_of_district_by_time", "district_id", "created_at"),
    schema="district",
)
