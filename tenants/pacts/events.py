"""A pact has events, which tell what happened to it."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, member, one_of, tenant_column, text
from tenants.pacts.tables import REASON_LENGTH, pacts
from tenants.pacts.versions import pact_versions
from tenants.pacts.words import PactAction, PactState

# What happened to a pact, each step once, with the text that it had then: added to, never changed.
pact_events = sa.Table(
    "pact_event",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("pact_id", UUID, nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    member("actor_id"),
    text("words", REASON_LENGTH, nullable=True),
    sa.Column("version_id", UUID),
    sa.Column("text_hash", sa.Text()),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "pact_id"], [pacts.c.community_id, pacts.c.id], name="event_of_pact"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "pact_id", "version_id", "text_hash"],
        [
            pact_versions.c.community_id,
            pact_versions.c.pact_id,
            pact_versions.c.id,
            pact_versions.c.text_hash,
        ],
        name="event_names_text",
    ),
    one_of("action", PactAction),
    one_of("state", PactState),
    sa.Index("pact_event_of_pact", "community_id", "pact_id", "id"),
    schema="tenant",
)
