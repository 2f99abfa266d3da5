"""These tables keep what is owed, what was posted, and what was asked and complained about it."""

import sqlalchemy as sa

from tenants.affairs.statutes import About
from tenants.affairs.words import (
    AffairComplaintKind,
    AffairComplaintState,
    AffairQuestionKind,
    AffairQuestionState,
    AffairState,
    ObligationState,
)
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
from tenants.membership.tables import members

NAME_LENGTH, SOURCE_LENGTH = 100, 100
TITLE_LENGTH, BODY_LENGTH = 100, 5000
WORDS_LENGTH = 1000
NOTE_LENGTH = 500


def _place() -> list[sa.Column[int]]:
    return [
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("street_id", sa.Integer(), nullable=False),
    ]


# Something that the law asks of the community. `code` and `statute_from` name the statute
# (statutes.toml), whose name and source are kept as they were. `subject_id` is what made it due: a
# vote, a consultation, a project, a pact, a complaint; null where a period did.
obligations = sa.Table(
    "obligation",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    *_place(),
    sa.Column("code", sa.Text(), nullable=False),
    sa.Column("statute_from", sa.Date(), nullable=False),
    sa.Column("about", sa.Text(), nullable=False),
    text("name", NAME_LENGTH),
    text("source", SOURCE_LENGTH),
    sa.Column("is_house_rule", sa.Boolean(), nullable=False),
    sa.Column("subject_id", UUID),
    sa.Column("begins_on", sa.Date(), nullable=False),
    sa.Column("due_at", TIME, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("met_at", TIME),
    member("met_by", nullable=True),
    text("note", NOTE_LENGTH, nullable=True),
    # when the clock moves it
    sa.Column("next_at", TIME),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    one_of("about", About),
    one_of("state", ObligationState),
    length("note", NOTE_LENGTH),
    sa.CheckConstraint(
        "(state = 'MET') = (met_at is not null) and (state = 'MET') = (met_by is not null)",
        name="met_by_someone",
    ),
    sa.CheckConstraint("(state = 'DUE') = (next_at is not null)", name="due_by_the_clock"),
    # once in a period, and once for each event
    sa.Index(
        "obligation_of_period",
        "community_id",
        "code",
        "begins_on",
        unique=True,
        postgresql_where=sa.text("subject_id is null"),
    ),
    sa.Index(
        "obligation_of_subject",
        "community_id",
        "code",
        "subject_id",
        unique=True,
        postgresql_where=sa.text("subject_id is not null"),
    ),
    sa.Index("obligation_by_due", "community_id", "due_at", "id"),
    sa.Index("obligation_of_district", "district_id", "due_at", "community_id", "id"),
    sa.Index(
        "obligation_next", "district_id", "next_at", postgresql_where=sa.text("next_at is not null")
    ),
    schema="tenant",
)

# An item of open affairs: entered by one and confirmed by another. Its text never changes: what was
# returned is entered anew.
open_affairs = sa.Table(
    "open_affair",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("code", sa.Text(), nullable=False),
    text("name", NAME_LENGTH),
    sa.Column("obligation_id", UUID),
    text("title", TITLE_LENGTH),
    text("body", BODY_LENGTH),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("drafted_at", TIME, nullable=False),
    member("drafted_by"),
    sa.Column("posted_at", TIME),
    # it is not taken down before
    sa.Column("posted_until", TIME),
    member("confirmed_by", nullable=True),
    text("return_reason", NOTE_LENGTH, nullable=True),
    sa.Column("withdrawn_at", TIME),
    member("withdrawn_by", nullable=True),
    text("withdraw_reason", NOTE_LENGTH, nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "obligation_id"],
        [obligations.c.community_id, obligations.c.id],
        name="affair_of_obligation",
    ),
    one_of("state", AffairState),
    length("title", TITLE_LENGTH),
    length("body", BODY_LENGTH),
    sa.CheckConstraint("confirmed_by <> drafted_by", name="confirmed_by_another"),
    sa.CheckConstraint(
        "(state in ('POSTED', 'WITHDRAWN')) = (posted_at is not null) "
        "and (posted_at is null) = (confirmed_by is null) "
        "and (posted_at is null) = (posted_until is null)",
        name="posted_when_confirmed",
    ),
    sa.CheckConstraint(
        "posted_until >= posted_at + interval '15 days'", name="posted_for_fifteen_days"
    ),
    sa.CheckConstraint(
        "(state = 'WITHDRAWN') = (withdrawn_at is not null) "
        "and (withdrawn_at is null) = (withdrawn_by is null) and withdrawn_at >= posted_until",
        name="withdrawn_after_that",
    ),
    sa.CheckConstraint(
        "(state = 'RETURNED') = (return_reason is not null)", name="returned_for_a_reason"
    ),
    sa.Index("open_affair_of_code", "community_id", "code", "id"),
    schema="tenant",
)

# What residents ask about an item, and what the supervision committee objects to.
affair_questions = sa.Table(
    "affair_question",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    *_place(),
    sa.Column("affair_id", UUID, nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    member("author_id"),
    text("body", WORDS_LENGTH),
    sa.Column("asked_at", TIME, nullable=False),
    sa.Column("due_at", TIME, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    text("answer", WORDS_LENGTH, nullable=True),
    sa.Column("answered_at", TIME),
    member("answered_by", nullable=True),
    sa.Column("next_at", TIME),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "affair_id"],
        [open_affairs.c.community_id, open_affairs.c.id],
        name="question_of_affair",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "author_id"],
        [members.c.community_id, members.c.id],
        name="question_of_member",
    ),
    one_of("kind", AffairQuestionKind),
    one_of("state", AffairQuestionState),
    length("body", WORDS_LENGTH),
    length("answer", WORDS_LENGTH),
    sa.CheckConstraint(
        "(state = 'ANSWERED') = (answer is not null) "
        "and (answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)",
        name="answered_by_someone",
    ),
    sa.Index("affair_question_of_affair", "community_id", "affair_id", "id"),
    sa.Index(
        "affair_question_next",
        "district_id",
        "next_at",
        postgresql_where=sa.text("next_at is not null"),
    ),
    schema="tenant",
)

# What a resident tells the street of. `title` is copied from what it is about: the street reads no
# text of the community. Who complained is known to themselves only.
affair_complaints = sa.Table(
    "affair_complaint",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    *_place(),
    member("member_id"),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("affair_id", UUID),
    sa.Column("obligation_id", UUID),
    sa.Column("code", sa.Text(), nullable=False),
    text("title", NAME_LENGTH),
    text("body", WORDS_LENGTH),
    sa.Column("filed_at", TIME, nullable=False),
    sa.Column("due_at", TIME, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("decided_at", TIME),
    officer("decided_by", nullable=True),
    text("decision_reason", WORDS_LENGTH, nullable=True),
    sa.Column("next_at", TIME),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="complaint_of_member",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "affair_id"],
        [open_affairs.c.community_id, open_affairs.c.id],
        name="complaint_about_affair",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "obligation_id"],
        [obligations.c.community_id, obligations.c.id],
        name="complaint_about_obligation",
    ),
    one_of("kind", AffairComplaintKind),
    one_of("state", AffairComplaintState),
    length("body", WORDS_LENGTH),
    sa.CheckConstraint(
        "num_nonnulls(affair_id, obligation_id) = 1 and (kind = 'UNTRUE') = (affair_id is not null)",
        name="about_one_thing",
    ),
    sa.CheckConstraint(
        "(state in ('UPHELD', 'DISMISSED')) = (decided_by is not null) "
        "and (decided_by is null) = (decided_at is null) "
        "and (decided_by is null) = (decision_reason is null)",
        name="decided_by_someone",
    ),
    sa.Index("affair_complaint_of_district", "district_id", "id"),
    sa.Index("affair_complaint_of_member", "community_id", "member_id", "id"),
    sa.Index(
        "affair_complaint_next",
        "district_id",
        "next_at",
        postgresql_where=sa.text("next_at is not null"),
    ),
    # one that is not decided, of a member about a thing
    sa.Index(
        "affair_complaint_one_open",
        "community_id",
        "member_id",
        sa.text("coalesce(affair_id, obligation_id)"),
        unique=True,
        postgresql_where=sa.text("state in ('OPEN', 'OVERDUE')"),
    ),
    schema="tenant",
)
