"""A topic has a timeline, supporters, contributions, discussions and evaluations."""

import sqlalchemy as sa

from tenants.boards.tables import posts
from tenants.columns import METADATA, TIME, UUID, length, member, one_of, tenant_column, text
from tenants.membership.tables import members
from tenants.petitions.tables import petitions
from tenants.topics.words import DiscussionKind, Stance, TopicAction, TopicState
from tenants.votes.tables import votes

TITLE_LENGTH, BODY_LENGTH, REASON_LENGTH = 100, 10_000, 500
CONTRIBUTION_LENGTH, ANSWER_LENGTH, RECORD_LENGTH, NOTE_LENGTH = 1000, 1000, 1000, 500

# `post_id` and `petition_id` say what it came from; `became_petition_id` which petition it became.
topics = sa.Table(
    "topic",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    member("author_id"),
    sa.Column("post_id", UUID),
    sa.Column("petition_id", UUID),
    sa.Column("became_petition_id", UUID),
    text("title", TITLE_LENGTH),
    text("body", BODY_LENGTH),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("proposed_at", TIME, nullable=False),
    sa.Column("support_count", sa.Integer(), nullable=False),
    sa.Column("goal", sa.Integer(), nullable=False),
    # until when the secretary decides; then it is forwarded
    sa.Column("screening_due_at", TIME),
    sa.Column("screened_at", TIME),
    member("screened_by", nullable=True),
    text("screening_reason", REASON_LENGTH, nullable=True),
    # an important matter (重大事项), which a meeting decides after three discussions
    sa.Column("is_important", sa.Boolean(), nullable=False),
    sa.Column("solicited_until", TIME),
    # the matter of a meeting that decides it
    sa.Column("vote_id", UUID),
    text("report", BODY_LENGTH, nullable=True),
    sa.Column("reported_at", TIME),
    # until when residents judge what was done
    sa.Column("evaluated_until", TIME),
    text("outcome", BODY_LENGTH, nullable=True),
    sa.Column("concluded_at", TIME),
    sa.Column("shelved_until", TIME),
    text("shelving_reason", REASON_LENGTH, nullable=True),
    # when the clock moves it; null if it waits for somebody
    sa.Column("next_at", TIME),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "author_id"], [members.c.community_id, members.c.id], name="topic_author"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "post_id"], [posts.c.community_id, posts.c.id], name="topic_of_post"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "petition_id"],
        [petitions.c.community_id, petitions.c.id],
        name="topic_of_petition",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "became_petition_id"],
        [petitions.c.community_id, petitions.c.id],
        name="topic_became_petition",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "vote_id"], [votes.c.community_id, votes.c.id], name="topic_decided_by"
    ),
    one_of("state", TopicState),
    length("title", TITLE_LENGTH),
    length("body", BODY_LENGTH),
    length("screening_reason", REASON_LENGTH),
    length("shelving_reason", REASON_LENGTH),
    length("report", BODY_LENGTH),
    length("outcome", BODY_LENGTH),
    sa.CheckConstraint("support_count >= 0 and goal > 0", name="never_negative"),
    sa.CheckConstraint("post_id is null or petition_id is null", name="one_source_at_most"),
    sa.CheckConstraint(
        "(state = 'SCREENING') <= (screening_due_at is not null) and "
        "num_nonnulls(screened_at, screened_by, screening_reason) in (0, 3) and "
        "(state = 'RETURNED') <= (screened_at is not null)",
        name="screened_for_a_reason",
    ),
    sa.CheckConstraint(
        "(state = 'TO_PETITION') = (became_petition_id is not null)", name="became_a_petition"
    ),
    sa.CheckConstraint(
        "(state = 'SOLICITING') <= (solicited_until is not null)", name="solicited_until_when"
    ),
    sa.CheckConstraint("(state = 'DECIDING') <= (vote_id is not null)", name="decided_by_a_vote"),
    sa.CheckConstraint(
        "num_nonnulls(report, reported_at, evaluated_until) in (0, 3) and "
        "(state in ('EVALUATING', 'DONE')) = (report is not null)",
        name="reported_before_evaluated",
    ),
    sa.CheckConstraint(
        "(state = 'DONE') = (outcome is not null) and (state = 'DONE') = (concluded_at is not null)",
        name="outcome_when_done",
    ),
    sa.CheckConstraint(
        "num_nonnulls(shelved_until, shelving_reason) in (0, 2) and "
        "(state = 'SHELVED') <= (shelved_until is not null)",
        name="shelved_until_a_date",
    ),
    sa.Index("topic_of_author", "community_id", "author_id", "state"),
    # a petition becomes one topic, and a matter decides one
    sa.Index(
        "topic_once_of_petition",
        "community_id",
        "petition_id",
        unique=True,
        postgresql_where=sa.text("petition_id is not null"),
    ),
    sa.Index(
        "topic_once_by_vote",
        "community_id",
        "vote_id",
        unique=True,
        postgresql_where=sa.text("vote_id is not null"),
    ),
    sa.Index(
        "topic_next", "community_id", "next_at", postgresql_where=sa.text("next_at is not null")
    ),
    sa.Index(
        "topic_due", "district_id", "next_at", postgresql_where=sa.text("next_at is not null")
    ),
    schema="tenant",
)


def of_topic(name: str) -> sa.ForeignKeyConstraint:
    """Return the foreign key of a table whose rows belong to a topic."""
    return sa.ForeignKeyConstraint(
        ["community_id", "topic_id"], [topics.c.community_id, topics.c.id], name=name
    )


# What happened to a topic, each step once: added to, never changed.
topic_events = sa.Table(
    "topic_event",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("topic_id", UUID, nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    member("actor_id"),
    text("words", BODY_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "id"),
    of_topic("event_of_topic"),
    one_of("action", TopicAction),
    one_of("state", TopicState),
    sa.Index("topic_event_of_topic", "community_id", "topic_id", "id"),
    schema="tenant",
)

topic_supports = sa.Table(
    "topic_support",
    METADATA,
    tenant_column(),
    sa.Column("topic_id", UUID, nullable=False),
    member("member_id"),
    sa.Column("supported_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "topic_id", "member_id"),
    of_topic("support_of_topic"),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="topic_support_of_member",
    ),
    schema="tenant",
)

topic_contributions = sa.Table(
    "topic_contribution",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("topic_id", UUID, nullable=False),
    member("author_id"),
    sa.Column("stance", sa.Text(), nullable=False),
    text("body", CONTRIBUTION_LENGTH),
    sa.Column("created_at", TIME, nullable=False),
    text("answer", ANSWER_LENGTH, nullable=True),
    sa.Column("answered_at", TIME),
    member("answered_by", nullable=True),
    sa.PrimaryKeyConstraint("community_id", "id"),
    of_topic("contribution_of_topic"),
    sa.ForeignKeyConstraint(
        ["community_id", "author_id"],
        [members.c.community_id, members.c.id],
        name="contribution_author",
    ),
    one_of("stance", Stance),
    length("body", CONTRIBUTION_LENGTH),
    length("answer", ANSWER_LENGTH),
    sa.CheckConstraint(
        "num_nonnulls(answer, answered_at, answered_by) in (0, 3)", name="answered_in_words"
    ),
    sa.Index("topic_contribution_of_topic", "community_id", "topic_id", "id"),
    schema="tenant",
)

# The discussions before an important matter is decided: one of each kind, in their order.
topic_discussions = sa.Table(
    "topic_discussion",
    METADATA,
    tenant_column(),
    sa.Column("topic_id", UUID, nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("held_on", sa.Date(), nullable=False),
    text("record", RECORD_LENGTH),
    member("entered_by"),
    sa.Column("entered_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "topic_id", "kind"),
    of_topic("discussion_of_topic"),
    one_of("kind", DiscussionKind),
    length("record", RECORD_LENGTH),
    schema="tenant",
)

topic_evaluations = sa.Table(
    "topic_evaluation",
    METADATA,
    tenant_column(),
    sa.Column("topic_id", UUID, nullable=False),
    member("member_id"),
    sa.Column("at", TIME, nullable=False),
    sa.Column("satisfaction", sa.Integer(), nullable=False),
    text("note", NOTE_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "topic_id", "member_id"),
    of_topic("evaluation_of_topic"),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="topic_evaluation_of_member",
    ),
    sa.CheckConstraint("satisfaction between 1 and 5", name="satisfaction_scale"),
    length("note", NOTE_LENGTH),
    schema="tenant",
)
