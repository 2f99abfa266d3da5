"""Pacts: how far each is; and when the clock has something to do.

One row is one making of a pact: an amendment is a row of its own.
"""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, member, one_of, tenant_column, text
from tenants.membership.tables import BUILDING_LENGTH
from tenants.owners.tables import property_areas
from tenants.pacts.words import PactKind, PactState
from tenants.places.tables import communities

TITLE_LENGTH = 60
REASON_LENGTH = 500
DOCUMENT_LENGTH = 100
_MAKING = (
    "'SOLICITING', 'DRAFTING', 'PUBLISHED', 'UNDER_REVIEW', 'RETURNED', 'REVIEWED', 'ON_VOTE', "
    "'REJECTED', 'ADOPTED', 'FILED'"
)

# One making of a pact: an amendment is a row of its own, of the same lineage, and takes the place of
# the one in force. `scope` is what a pact is for within its kind: a property area, a building, or ''.
pacts = sa.Table(
    "pact",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("scope", sa.Text(), nullable=False),
    text("building", BUILDING_LENGTH, nullable=True),
    sa.Column("area_id", UUID),
    text("title", TITLE_LENGTH),
    # the first pact of all that amend one another, whose clauses keep their ids
    sa.Column("lineage_id", UUID, nullable=False),
    sa.Column("amends_id", UUID),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("started_at", TIME, nullable=False),
    member("started_by"),
    # the text that was published last, and how many were
    sa.Column("version_id", UUID),
    sa.Column("text_hash", sa.Text()),
    sa.Column("versions", sa.Integer(), nullable=False),
    # the review by the street
    sa.Column("submitted_at", TIME),
    sa.Column("review_due_at", TIME),
    sa.Column("review_overdue_at", TIME),
    # the decision: who was present, and how many women of them
    sa.Column("adopted_at", TIME),
    sa.Column("attending", sa.Integer()),
    sa.Column("women_attending", sa.Integer()),
    # the filing with the street
    sa.Column("filing_due_at", TIME),
    sa.Column("filing_overdue_at", TIME),
    sa.Column("filed_at", TIME),
    member("filed_by", nullable=True),
    text("document", DOCUMENT_LENGTH, nullable=True),
    sa.Column("in_force_at", TIME),
    # when somebody should look at it again, and when the clock said so
    sa.Column("revision_due_at", TIME),
    sa.Column("revision_told_at", TIME),
    sa.Column("ended_at", TIME),
    member("ended_by", nullable=True),
    text("ended_why", REASON_LENGTH, nullable=True),
    # when the system acts next
    sa.Column("next_at", TIME),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    sa.ForeignKeyConstraint(
        ["community_id", "area_id"],
        [property_areas.c.community_id, property_areas.c.id],
        name="pact_of_area",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "amends_id"],
        ["tenant.pact.community_id", "tenant.pact.id"],
        name="pact_amends",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "lineage_id"],
        ["tenant.pact.community_id", "tenant.pact.id"],
        name="pact_of_lineage",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "id", "version_id", "text_hash"],
        [
            "tenant.pact_version.community_id",
            "tenant.pact_version.pact_id",
            "tenant.pact_version.id",
            "tenant.pact_version.text_hash",
        ],
        name="pact_has_text",
        use_alter=True,
    ),
    one_of("kind", PactKind),
    one_of("state", PactState),
    length("title", TITLE_LENGTH),
    length("ended_why", REASON_LENGTH),
    length("document", DOCUMENT_LENGTH),
    sa.CheckConstraint(
        "(kind = 'MANAGEMENT_PACT') = (area_id is not null) and "
        "(kind = 'BUILDING_PACT') = (building is not null)",
        name="for_an_area_or_a_building",
    ),
    sa.CheckConstraint(
        "(version_id is null) = (text_hash is null) and (version_id is null) = (versions = 0) and "
        "(version_id is not null or state in ('SOLICITING', 'DRAFTING', 'CANCELLED'))",
        name="text_with_its_hash",
    ),
    sa.CheckConstraint(
        "(state = 'UNDER_REVIEW') <= (submitted_at is not null and review_due_at is not null)",
        name="submitted_when",
    ),
    sa.CheckConstraint(
        "kind = 'BUILDING_PACT' or state not in ('ADOPTED', 'FILED', 'IN_FORCE', 'SUPERSEDED', "
        "'REPEALED', 'ORDERED_TO_CORRECT') or adopted_at is not null",
        name="adopted_before_it_is_filed",
    ),
    sa.CheckConstraint(
        "kind = 'BUILDING_PACT' or state not in ('FILED', 'IN_FORCE', 'SUPERSEDED', 'REPEALED') or "
        "(filed_at is not null and document is not null and in_force_at is not null)",
        name="filed_before_it_is_in_force",
    ),
    sa.CheckConstraint("women_attending between 0 and attending", name="women_of_who_came"),
    sa.CheckConstraint("revision_due_at > in_force_at", name="revised_after_it_is_in_force"),
    sa.CheckConstraint(
        "(state in ('REPEALED', 'ORDERED_TO_CORRECT', 'CANCELLED')) <= "
        "(ended_at is not null and ended_why is not null)",
        name="ended_for_a_reason",
    ),
    # one is in force, and one is in the making
    sa.Index(
        "pact_in_force",
        "community_id",
        "kind",
        "scope",
        unique=True,
        postgresql_where=sa.text("state = 'IN_FORCE'"),
    ),
    sa.Index(
        "pact_in_the_making",
        "community_id",
        "kind",
        "scope",
        unique=True,
        postgresql_where=sa.text(f"state in ({_MAKING})"),
    ),
    sa.Index("pact_of_lineage", "community_id", "lineage_id", "id"),
    sa.Index(
        "pact_next", "community_id", "next_at", postgresql_where=sa.text("next_at is not null")
    ),
    schema="tenant",
    postgresql_with={"fillfactor": 80},
)

# What the clock finds pacts by, from above; nothing of what they are about.
pact_dues = sa.Table(
    "pact_due",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("next_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "id"], [pacts.c.community_id, pacts.c.id], name="due_of_pact"
    ),
    sa.Index(
        "pact_due_next", "district_id", "next_at", postgresql_where=sa.text("next_at is not null")
    ),
    schema="tenant",
)
