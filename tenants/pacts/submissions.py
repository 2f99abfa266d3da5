"""These tables keep what was handed to the street, for review or filing, and what the street said."""

import sqlalchemy as sa

from tenants.columns import (
    METADATA,
    TIME,
    UUID,
    length,
    member,
    officer,
    one_of,
    tenant_column,
    text,
)
from tenants.pacts.tables import REASON_LENGTH
from tenants.pacts.versions import pact_versions
from tenants.pacts.words import ReviewItem, ReviewOutcome, SubmissionPurpose

# The street sees the versions that are named here, and no other text of the community.
pact_submissions = sa.Table(
    "pact_submission",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("pact_id", UUID, nullable=False),
    sa.Column("version_id", UUID, nullable=False),
    sa.Column("text_hash", sa.Text(), nullable=False),
    sa.Column("purpose", sa.Text(), nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("submitted_at", TIME, nullable=False),
    member("submitted_by"),
    # until when the street answers; nothing follows from its silence
    sa.Column("due_at", TIME),
    sa.Column("answered_at", TIME),
    officer("answered_by", nullable=True),
    sa.Column("outcome", sa.Text()),
    text("reason", REASON_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "pact_id", "version_id", "text_hash"],
        [
            pact_versions.c.community_id,
            pact_versions.c.pact_id,
            pact_versions.c.id,
            pact_versions.c.text_hash,
        ],
        name="submission_of_text",
    ),
    one_of("purpose", SubmissionPurpose),
    one_of("outcome", ReviewOutcome),
    length("reason", REASON_LENGTH),
    sa.CheckConstraint("(purpose = 'REVIEW') = (due_at is not null)", name="review_is_due"),
    sa.CheckConstraint(
        "(outcome is null) = (answered_at is null) and (outcome is null) = (answered_by is null)",
        name="answered_when",
    ),
    sa.CheckConstraint(
        "outcome is null or (purpose = 'REVIEW') = (outcome in ('PASSED', 'RETURNED'))",
        name="answered_for_its_purpose",
    ),
    sa.CheckConstraint(
        "outcome is null or outcome = 'PASSED' or reason is not null", name="refused_for_a_reason"
    ),
    sa.Index("pact_submission_of_pact", "community_id", "pact_id", "id"),
    sa.Index("pact_submission_of_version", "community_id", "version_id"),
    sa.Index("pact_submission_by_district", "district_id", "id"),
    schema="tenant",
)

# What the reviewer looked at, each item once.
review_items = sa.Table(
    "pact_review_item",
    METADATA,
    tenant_column(),
    sa.Column("submission_id", UUID, nullable=False),
    sa.Column("item", sa.Text(), nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("is_met", sa.Boolean(), nullable=False),
    text("note", REASON_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "submission_id", "item"),
    sa.ForeignKeyConstraint(
        ["community_id", "submission_id"],
        [pact_submissions.c.community_id, pact_submissions.c.id],
        name="item_of_submission",
    ),
    one_of("item", ReviewItem),
    length("note", REASON_LENGTH),
    sa.CheckConstraint("is_met or note is not null", name="not_met_for_a_reason"),
    schema="tenant",
)
