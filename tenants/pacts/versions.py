"""These tables keep the texts of pacts: the draft, the published versions, and what changed between them.

What is published is never changed: the application may insert versions and clauses, and neither update
nor delete them. A clause names how many its version has, and stands at one of so many places, so
none can be added later. Whatever refers to a text names its version and its hash together.
"""

from typing import Any

import sqlalchemy as sa

from tenants.columns import METADATA, TEXTS, TIME, UUID, length, member, one_of, tenant_column, text
from tenants.pacts.tables import TITLE_LENGTH, pacts
from tenants.pacts.words import ChangeKind

HEADING_LENGTH = 40
BODY_LENGTH = 2000
MOST_CLAUSES = 100


def _clause_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("clause_id", UUID, nullable=False),
        text("heading", HEADING_LENGTH, nullable=True),
        text("body", BODY_LENGTH),
    )


# The draft that the staff writes; each save replaces it.
draft_clauses = sa.Table(
    "pact_draft_clause",
    METADATA,
    tenant_column(),
    sa.Column("pact_id", UUID, nullable=False),
    *_clause_columns(),
    sa.PrimaryKeyConstraint("community_id", "pact_id", "place"),
    sa.UniqueConstraint("community_id", "pact_id", "clause_id", name="draft_has_a_clause_once"),
    sa.ForeignKeyConstraint(
        ["community_id", "pact_id"], [pacts.c.community_id, pacts.c.id], name="draft_of_pact"
    ),
    length("heading", HEADING_LENGTH),
    length("body", BODY_LENGTH),
    sa.CheckConstraint(f"place between 1 and {MOST_CLAUSES}", name="place_in_the_draft"),
    schema="tenant",
)

# A published text.
pact_versions = sa.Table(
    "pact_version",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("pact_id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    text("title", TITLE_LENGTH),
    sa.Column("size", sa.Integer(), nullable=False),
    sa.Column("text_hash", sa.Text(), nullable=False),
    sa.Column("published_at", TIME, nullable=False),
    member("published_by"),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "pact_id", "number", name="pact_version_by_number"),
    # what others refer to
    sa.UniqueConstraint("community_id", "id", "size", name="pact_version_with_size"),
    sa.UniqueConstraint(
        "community_id", "pact_id", "id", "text_hash", name="pact_version_with_text"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "pact_id"], [pacts.c.community_id, pacts.c.id], name="version_of_pact"
    ),
    length("title", TITLE_LENGTH),
    sa.CheckConstraint("number > 0", name="numbered_from_one"),
    sa.CheckConstraint(f"size between 1 and {MOST_CLAUSES}", name="has_clauses"),
    sa.CheckConstraint("text_hash ~ '^[0-9a-f]{64}$'", name="hash_is_sha256"),
    schema="tenant",
)

pact_clauses = sa.Table(
    "pact_clause",
    METADATA,
    tenant_column(),
    sa.Column("version_id", UUID, nullable=False),
    sa.Column("size", sa.Integer(), nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    *_clause_columns(),
    sa.PrimaryKeyConstraint("community_id", "version_id", "place"),
    sa.UniqueConstraint(
        "community_id", "version_id", "clause_id", name="version_has_a_clause_once"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "version_id", "size"],
        [pact_versions.c.community_id, pact_versions.c.id, pact_versions.c.size],
        name="clause_of_version",
    ),
    length("heading", HEADING_LENGTH),
    length("body", BODY_LENGTH),
    sa.CheckConstraint("place between 1 and size", name="place_in_the_version"),
    schema="tenant",
)

# What leads from an earlier version of the lineage to a later one, found when that is published
# (comparing.py): a read is one statement, and PostgreSQL compares no words.
pact_changes = sa.Table(
    "pact_change",
    METADATA,
    tenant_column(),
    sa.Column("to_id", UUID, nullable=False),
    sa.Column("from_id", UUID, nullable=False),
    sa.Column("place", sa.Integer(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("clause_id", UUID, nullable=False),
    sa.Column("from_place", sa.Integer()),
    sa.Column("to_place", sa.Integer()),
    sa.Column("is_moved", sa.Boolean(), nullable=False),
    sa.Column("heading", TEXTS, nullable=False, info={"most": 3 * HEADING_LENGTH}),
    sa.Column("body", TEXTS, nullable=False, info={"most": 3 * BODY_LENGTH}),
    sa.PrimaryKeyConstraint("community_id", "to_id", "from_id", "place"),
    sa.ForeignKeyConstraint(
        ["community_id", "to_id"],
        [pact_versions.c.community_id, pact_versions.c.id],
        name="change_to_version",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "from_id"],
        [pact_versions.c.community_id, pact_versions.c.id],
        name="change_from_version",
    ),
    one_of("kind", ChangeKind),
    sa.CheckConstraint(
        "(kind = 'ADDED') = (from_place is null) and (kind = 'DROPPED') = (to_place is null)",
        name="from_a_place_to_a_place",
    ),
    schema="tenant",
)
