"""Suggestions say what residents want of a pact; each is bound to a clause of a version, or to the whole."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, member, one_of, tenant_column, text
from tenants.membership.tables import members
from tenants.pacts.tables import REASON_LENGTH, pacts
from tenants.pacts.versions import pact_clauses, pact_versions
from tenants.pacts.words import SuggestionState

SUGGESTION_LENGTH = 1000

# `made_on_id` is the version that its author read; `version_id` the one that it stands under now,
# after it was carried over. Both are null while there is no text.
pact_suggestions = sa.Table(
    "pact_suggestion",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("pact_id", UUID, nullable=False),
    sa.Column("made_on_id", UUID),
    sa.Column("version_id", UUID),
    sa.Column("clause_id", UUID),
    member("author_id"),
    text("body", SUGGESTION_LENGTH),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("made_at", TIME, nullable=False),
    sa.Column("decided_at", TIME),
    member("decided_by", nullable=True),
    text("decision_reason", REASON_LENGTH, nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "pact_id"], [pacts.c.community_id, pacts.c.id], name="suggestion_on_pact"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "author_id"],
        [members.c.community_id, members.c.id],
        name="suggestion_author",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "made_on_id"],
        [pact_versions.c.community_id, pact_versions.c.id],
        name="suggestion_made_on_version",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "version_id"],
        [pact_versions.c.community_id, pact_versions.c.id],
        name="suggestion_on_version",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "version_id", "clause_id"],
        [
            pact_clauses.c.community_id,
            pact_clauses.c.version_id,
            pact_clauses.c.clause_id,
        ],
        name="suggestion_on_clause",
    ),
    one_of("state", SuggestionState),
    length("body", SUGGESTION_LENGTH),
    length("decision_reason", REASON_LENGTH),
    sa.CheckConstraint("clause_id is null or version_id is not null", name="clause_of_a_version"),
    sa.CheckConstraint(
        "(state in ('ADOPTED', 'DECLINED')) <= "
        "(decided_at is not null and decided_by is not null and decision_reason is not null)",
        name="closed_for_a_reason",
    ),
    sa.Index("pact_suggestion_of_pact", "community_id", "pact_id", "id"),
    sa.Index(
        "pact_suggestion_open",
        "community_id",
        "pact_id",
        postgresql_where=sa.text("state in ('OPEN', 'CARRIED_OVER')"),
    ),
    sa.Index("pact_suggestion_of_author", "community_id", "author_id", "state"),
    schema="tenant",
)
