"""This table keeps what the places above may know of every petition."""

import sqlalchemy as sa

from tenants.catalogue.tables import Urgency
from tenants.columns import METADATA, TIME, UUID, belongs, one_of, tenant_column
from tenants.petitions.tables import petitions, place
from tenants.petitions.words import Level, PetitionKind, PetitionState, RefusalCode

# What the street and the district may know of every petition: its progress, never its text. `id` is
# the petition's; all columns but `first_ack_due_at` are copied on each change.
petition_facts = sa.Table(
    "petition_fact",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    *place(),
    sa.Column("category_id", UUID, nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("urgency", sa.Text(), nullable=False),
    sa.Column("level", sa.Text(), nullable=False),
    sa.Column("desk", sa.Integer(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("is_open", sa.Boolean(), nullable=False),
    sa.Column("is_imported", sa.Boolean(), nullable=False),
    sa.Column("submitted_at", TIME, nullable=False),
    sa.Column("first_ack_due_at", TIME, nullable=False),
    sa.Column("responded_at", TIME),
    sa.Column("resolve_due_at", TIME, nullable=False),
    sa.Column("ack_overdue", sa.Boolean(), nullable=False),
    sa.Column("resolve_overdue", sa.Boolean(), nullable=False),
    sa.Column("refusal_code", sa.Text()),
    sa.Column("next_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("id", petitions, "fact_of_petition"),
    one_of("kind", PetitionKind),
    one_of("urgency", Urgency),
    one_of("level", Level),
    one_of("state", PetitionState),
    one_of("refusal_code", RefusalCode),
    # when the system must act next; what is overdue; whose first deadline was in a given month
    sa.Index(
        "petition_fact_due",
        "district_id",
        "next_at",
        postgresql_where=sa.text("next_at is not null"),
    ),
    sa.Index(
        "petition_fact_overdue", "district_id", "is_open", "resolve_overdue", "resolve_due_at", "id"
    ),
    sa.Index("petition_fact_by_ack", "community_id", "first_ack_due_at"),
    schema="tenant",
    postgresql_with={"fillfactor": 70},
)
