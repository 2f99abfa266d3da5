"""These tables keep boards, posts, comments, reactions, read marks, search terms and moderation."""

import sqlalchemy as sa

from tenants.boards.words import (
    BoardKind,
    CaseState,
    ContentState,
    ModerationMode,
    PostPolicy,
    ReactionKind,
    ReasonCode,
)
from tenants.columns import (
    METADATA,
    TIME,
    UUID,
    belongs,
    length,
    member,
    one_of,
    tenant_column,
    text,
)
from tenants.membership.street_appeals import street_appeals
from tenants.membership.tables import members
from tenants.places.tables import communities

MOST_PINNED = 10
SLUG_LENGTH, BOARD_TITLE_LENGTH = 40, 30
TITLE_LENGTH, BODY_LENGTH, COMMENT_LENGTH, NOTE_LENGTH = 80, 2500, 1000, 500

boards = sa.Table(
    "board",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("slug", sa.Text(), nullable=False),
    text("title", BOARD_TITLE_LENGTH),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("position", sa.Integer(), nullable=False),
    sa.Column("post_policy", sa.Text(), nullable=False),
    sa.Column("moderation", sa.Text(), nullable=False),
    sa.Column("archived_at", TIME),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.UniqueConstraint("community_id", "slug"),
    sa.ForeignKeyConstraint(["community_id"], [communities.c.community_id]),
    one_of("kind", BoardKind),
    one_of("post_policy", PostPolicy),
    one_of("moderation", ModerationMode),
    length("title", BOARD_TITLE_LENGTH),
    sa.CheckConstraint(rf"slug ~ '^[a-z][a-z0-9-]{{0,{SLUG_LENGTH - 1}}}$'", name="slug_form"),
    schema="tenant",
)

posts = sa.Table(
    "post",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("board_id", UUID, nullable=False),
    member("author_id"),
    text("title", TITLE_LENGTH),
    text("body", BODY_LENGTH),
    sa.Column("pinned", sa.Boolean(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("edited_at", TIME),
    sa.Column("comment_count", sa.Integer(), nullable=False),
    sa.Column("reaction_count", sa.Integer(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("board_id", boards, "post_board"),
    belongs("author_id", members, "post_author"),
    one_of("state", ContentState),
    length("title", TITLE_LENGTH),
    length("body", BODY_LENGTH),
    sa.CheckConstraint("comment_count >= 0 and reaction_count >= 0", name="never_negative"),
    # a board's feed, newest first; and its pinned posts
    sa.Index("post_in_time", "community_id", "board_id", "id"),
    sa.Index("post_pinned", "community_id", "board_id", "id", postgresql_where=sa.text("pinned")),
    schema="tenant",
    postgresql_with={"fillfactor": 80},
)

comments = sa.Table(
    "comment",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("post_id", UUID, nullable=False),
    sa.Column("parent_id", UUID),
    member("author_id"),
    text("body", COMMENT_LENGTH),
    sa.Column("state", sa.Text(), nullable=False),
    # A copy of the post's state, so that the visibility of a comment needs no second table.
    sa.Column("post_state", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("edited_at", TIME),
    sa.Column("reply_count", sa.Integer(), nullable=False),
    sa.Column("reaction_count", sa.Integer(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    belongs("post_id", posts, "comment_post"),
    sa.ForeignKeyConstraint(
        ["community_id", "parent_id"],
        ["tenant.comment.community_id", "tenant.comment.id"],
        name="comment_parent",
    ),
    belongs("author_id", members, "comment_author"),
    one_of("state", ContentState),
    one_of("post_state", ContentState),
    length("body", COMMENT_LENGTH),
    sa.CheckConstraint("reply_count >= 0 and reaction_count >= 0", name="never_negative"),
    # the first level of a post's comments, and the replies to one of them
    sa.Index(
        "comment_by_post",
        "community_id",
        "post_id",
        "id",
        postgresql_where=sa.text("parent_id is null"),
    ),
    # all comments of a post, to copy the post's state to them
    sa.Index("comment_of_post", "community_id", "post_id"),
    sa.Index("comment_by_parent", "community_id", "parent_id", "id"),
    schema="tenant",
    postgresql_with={"fillfactor": 80},
)


def _subject_columns() -> list[sa.Column[object]]:
    """Return the columns that name one post or one comment; `subject_id` is the id of either."""
    return [
        sa.Column("subject_id", UUID, nullable=False),
        sa.Column("post_id", UUID),
        sa.Column("comment_id", UUID),
    ]


def _subject_constraints(table: str) -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "num_nonnulls(post_id, comment_id) = 1 and subject_id = coalesce(post_id, comment_id)",
            name="one_subject",
        ),
        belongs("post_id", posts, f"{table}_post"),
        belongs("comment_id", comments, f"{table}_comment"),
    ]


reactions = sa.Table(
    "reaction",
    METADATA,
    tenant_column(),
    *_subject_columns(),
    member("member_id"),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "subject_id", "kind", "member_id"),
    *_subject_constraints("reaction"),
    belongs("member_id", members, "reaction_member"),
    one_of("kind", ReactionKind),
    schema="tenant",
)

read_marks = sa.Table(
    "read_mark",
    METADATA,
    tenant_column(),
    sa.Column("post_id", UUID, nullable=False),
    member("member_id"),
    sa.Column("read_at", TIME, nullable=False),
    # of a notice that asks for it
    sa.Column("acknowledged_at", TIME),
    sa.PrimaryKeyConstraint("community_id", "post_id", "member_id"),
    belongs("post_id", posts, "read_mark_post"),
    belongs("member_id", members, "read_mark_member"),
    schema="tenant",
)

# One row for each two-character piece of Chinese and each word of Latin letters in a post. No
# foreign key: it was checked for each row, a fifth of the cost of a post, and a post's row is never
# deleted.
post_terms = sa.Table(
    "post_term",
    METADATA,
    tenant_column(),
    sa.Column("term", sa.Text(collation="C"), nullable=False),
    sa.Column("post_id", UUID, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "term", "post_id"),
    sa.Index("post_term_by_post", "community_id", "post_id"),
    schema="tenant",
)

# One question for the moderators: opened by a hold, a report or a hiding, and ended by a decision.
cases = sa.Table(
    "moderation_case",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    *_subject_columns(),
    member("author_id"),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("was_held", sa.Boolean(), nullable=False),
    sa.Column("report_count", sa.Integer(), nullable=False),
    sa.Column("opened_at", TIME, nullable=False),
    member("decided_by", nullable=True),
    sa.Column("decided_at", TIME),
    sa.Column("reason_code", sa.Text()),
    text("reason", NOTE_LENGTH, nullable=True),
    text("appeal", NOTE_LENGTH, nullable=True),
    sa.Column("appealed_at", TIME),
    member("appeal_decided_by", nullable=True),
    sa.Column("appeal_decided_at", TIME),
    text("appeal_reason", NOTE_LENGTH, nullable=True),
    # the secretary's deadline for an answer, and the street appeal that follows if none came
    sa.Column("appeal_due_at", TIME),
    sa.Column("street_appeal_id", UUID),
    sa.PrimaryKeyConstraint("community_id", "id"),
    *_subject_constraints("moderation_case"),
    belongs("street_appeal_id", street_appeals, "moderation_case_at_street"),
    one_of("state", CaseState),
    sa.CheckConstraint("state = 'OPEN' or decided_by is not null", name="decided_by_someone"),
    sa.CheckConstraint(
        "appeal_decided_by is null or appeal_decided_by <> decided_by", name="second_pair_of_eyes"
    ),
    sa.CheckConstraint(
        "street_appeal_id is null or state in ('APPEALED', 'UPHELD', 'RESTORED')",
        name="appealed_before_the_street",
    ),
    # the queue of open cases, and the latest case about a subject
    sa.Index("moderation_case_by_state", "community_id", "state", "id"),
    sa.Index("moderation_case_by_subject", "community_id", "subject_id", "id"),
    sa.Index(
        "moderation_case_by_street_appeal",
        "community_id",
        "street_appeal_id",
        unique=True,
        postgresql_where=sa.text("street_appeal_id is not null"),
    ),
    sa.Index(
        "moderation_case_one_live",
        "community_id",
        "subject_id",
        unique=True,
        postgresql_where=sa.text("state in ('OPEN', 'HIDDEN', 'APPEALED', 'UPHELD')"),
    ),
    schema="tenant",
)

reports = sa.Table(
    "report",
    METADATA,
    tenant_column(),
    sa.Column("case_id", UUID, nullable=False),
    member("reporter_id"),
    sa.Column("reason_code", sa.Text(), nullable=False),
    text("note", NOTE_LENGTH, nullable=True),
    sa.Column("created_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "case_id", "reporter_id"),
    belongs("case_id", cases, "report_case"),
    belongs("reporter_id", members, "report_reporter"),
    one_of("reason_code", ReasonCode),
    schema="tenant",
)
