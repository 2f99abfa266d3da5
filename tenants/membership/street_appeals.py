"""Appeals to the street: what a resident may ask of it when power was used against them."""

from enum import StrEnum

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, member, one_of, tenant_column, text
from tenants.membership.tables import DISPLAY_NAME_LENGTH, NOTE_LENGTH, members

# The longest post: its title, an empty line and its body.
CONTENT_LENGTH = 80 + 2 + 2500
# What is copied of something hidden, and goes when it is decided or moot.
OF_CONTENT = ("content", "reason", "words")
# How long the street has, and a secretary before it.
ANSWER_WORKING_DAYS = 3


class StreetAppealKind(StrEnum):
    """What the appeal is against."""

    SUSPENSION = "SUSPENSION"
    HIDDEN_POST = "HIDDEN_POST"
    HIDDEN_COMMENT = "HIDDEN_COMMENT"


class StreetAppealState(StrEnum):
    """How it ended, if it has; MOOT where its ground fell away before anyone decided."""

    OPEN = "OPEN"
    LIFTED = "LIFTED"
    UPHELD = "UPHELD"
    MOOT = "MOOT"


# The street cannot look into a community: it judges by what is copied here. Of something hidden
# that is the text alone, not whose it is, and only until it is decided. `acted_by` suspended or hid
# (null of a suspension older than this table); `decided_by` is an officer.
street_appeals = sa.Table(
    "street_appeal",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    member("member_id"),
    sa.Column("kind", sa.Text(), nullable=False),
    text("display_name", DISPLAY_NAME_LENGTH, nullable=True),
    sa.Column("suspended_until", TIME),
    text("content", CONTENT_LENGTH, nullable=True),
    sa.Column("acted_by", UUID),
    text("reason", NOTE_LENGTH, nullable=True),
    text("words", NOTE_LENGTH, nullable=True),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("due_at", TIME, nullable=False),
    sa.Column("decided_by", UUID),
    sa.Column("decided_at", TIME),
    text("decision_reason", NOTE_LENGTH, nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="street_appeal_of_member",
    ),
    one_of("kind", StreetAppealKind),
    one_of("state", StreetAppealState),
    sa.CheckConstraint(
        "(state in ('LIFTED', 'UPHELD')) = (decided_by is not null)", name="decided_by_someone"
    ),
    sa.CheckConstraint("(state = 'OPEN') = (decided_at is null)", name="ended_when"),
    sa.CheckConstraint("state <> 'OPEN' or words is not null", name="open_with_words"),
    sa.CheckConstraint(
        "(kind = 'SUSPENSION') = (display_name is not null)", name="named_if_suspended"
    ),
    sa.CheckConstraint(
        "(kind <> 'SUSPENSION' and state = 'OPEN') = (content is not null)",
        name="content_while_open",
    ),
    sa.CheckConstraint(
        "kind = 'SUSPENSION' or state = 'OPEN' or num_nonnulls(reason, words) = 0",
        name="nothing_kept_of_content",
    ),
    # what an officer reads, the most urgent first; and a member's own
    sa.Index("street_appeal_by_district", "district_id", "state", "due_at", "id"),
    sa.Index("street_appeal_of_member", "community_id", "member_id", "id"),
    sa.Index(
        "street_appeal_one_open",
        "community_id",
        "member_id",
        unique=True,
        postgresql_where=sa.text("state = 'OPEN' and kind = 'SUSPENSION'"),
    ),
    schema="tenant",
)
