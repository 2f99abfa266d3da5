"""A project has money in fen, milestones, spendings, and what residents think of it."""

import sqlalchemy as sa

from tenants.columns import METADATA, TIME, UUID, length, member, one_of, tenant_column, text
from tenants.membership.tables import members
from tenants.projects.words import FundSource, ProjectAction, ProjectState, SpendingState
from tenants.topics.tables import topics

TITLE_LENGTH, BODY_LENGTH, REASON_LENGTH, NOTE_LENGTH, GIVER_LENGTH = 100, 5000, 500, 500, 60
PURPOSE_LENGTH, PAYEE_LENGTH = 200, 60
MOST_FUNDS, MOST_MILESTONES = 10, 20
# In fen: twenty million yuan, so that every sum is an Int of GraphQL.
MOST_MONEY = 2_000_000_000

projects = sa.Table(
    "project",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("district_id", sa.Integer(), nullable=False),
    sa.Column("street_id", sa.Integer(), nullable=False),
    sa.Column("topic_id", UUID, nullable=False),
    text("title", TITLE_LENGTH),
    text("body", BODY_LENGTH),
    sa.Column("state", sa.Text(), nullable=False),
    # the sum of its funds, and of the spendings that two attested
    sa.Column("budget", sa.Integer(), nullable=False),
    sa.Column("spent", sa.Integer(), nullable=False),
    sa.Column("planned_at", TIME, nullable=False),
    member("planned_by"),
    sa.Column("started_at", TIME),
    text("report", BODY_LENGTH, nullable=True),
    sa.Column("completed_at", TIME),
    sa.Column("evaluated_until", TIME),
    text("cancel_reason", REASON_LENGTH, nullable=True),
    # when the clock moves it; null if it waits for somebody
    sa.Column("next_at", TIME),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    sa.ForeignKeyConstraint(
        ["community_id", "topic_id"], [topics.c.community_id, topics.c.id], name="project_of_topic"
    ),
    one_of("state", ProjectState),
    length("title", TITLE_LENGTH),
    length("body", BODY_LENGTH),
    length("report", BODY_LENGTH),
    length("cancel_reason", REASON_LENGTH),
    sa.CheckConstraint(
        f"budget between 1 and {MOST_MONEY} and spent between 0 and budget", name="within_budget"
    ),
    sa.CheckConstraint(
        "num_nonnulls(report, completed_at, evaluated_until) "
        "= case when state in ('COMPLETED', 'CLOSED') then 3 else 0 end",
        name="completed_with_a_report",
    ),
    sa.CheckConstraint(
        "(state = 'CANCELLED') = (cancel_reason is not null)", name="cancelled_for_a_reason"
    ),
    sa.Index("project_of_topic", "community_id", "topic_id", "id"),
    sa.Index(
        "project_next", "community_id", "next_at", postgresql_where=sa.text("next_at is not null")
    ),
    sa.Index(
        "project_due", "district_id", "next_at", postgresql_where=sa.text("next_at is not null")
    ),
    schema="tenant",
)


def of_project(name: str) -> sa.ForeignKeyConstraint:
    """Return the foreign key of a table whose rows belong to a project."""
    return sa.ForeignKeyConstraint(
        ["community_id", "project_id"], [projects.c.community_id, projects.c.id], name=name
    )


# What happened to a project, each step once: added to, never changed.
project_events = sa.Table(
    "project_event",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("project_id", UUID, nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    member("actor_id"),
    text("words", BODY_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "id"),
    of_project("event_of_project"),
    one_of("action", ProjectAction),
    one_of("state", ProjectState),
    sa.Index("project_event_of_project", "community_id", "project_id", "id"),
    schema="tenant",
)

project_funds = sa.Table(
    "project_fund",
    METADATA,
    tenant_column(),
    sa.Column("project_id", UUID, nullable=False),
    sa.Column("position", sa.Integer(), nullable=False),
    sa.Column("source", sa.Text(), nullable=False),
    text("giver", GIVER_LENGTH, nullable=True),
    sa.Column("amount", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "project_id", "position"),
    of_project("fund_of_project"),
    one_of("source", FundSource),
    length("giver", GIVER_LENGTH),
    sa.CheckConstraint(f"amount between 1 and {MOST_MONEY}", name="some_money"),
    schema="tenant",
)

milestones = sa.Table(
    "milestone",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("project_id", UUID, nullable=False),
    sa.Column("position", sa.Integer(), nullable=False),
    text("title", TITLE_LENGTH),
    sa.Column("due_on", sa.Date(), nullable=False),
    sa.Column("reached_at", TIME),
    member("reached_by", nullable=True),
    text("note", NOTE_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "id"),
    of_project("milestone_of_project"),
    sa.UniqueConstraint("community_id", "project_id", "position", name="milestone_in_its_place"),
    length("title", TITLE_LENGTH),
    length("note", NOTE_LENGTH),
    sa.CheckConstraint(
        "num_nonnulls(reached_at, reached_by, note) in (0, 3)", name="reached_with_a_note"
    ),
    schema="tenant",
)

# An entry of spending: by one, attested by two others. No amount is ever changed.
spendings = sa.Table(
    "spending",
    METADATA,
    tenant_column(),
    sa.Column("id", UUID, nullable=False),
    sa.Column("project_id", UUID, nullable=False),
    sa.Column("source", sa.Text(), nullable=False),
    sa.Column("amount", sa.Integer(), nullable=False),
    sa.Column("spent_on", sa.Date(), nullable=False),
    text("purpose", PURPOSE_LENGTH),
    text("payee", PAYEE_LENGTH),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("entered_at", TIME, nullable=False),
    member("entered_by"),
    sa.Column("first_attested_at", TIME),
    member("first_attested_by", nullable=True),
    sa.Column("attested_at", TIME),
    member("attested_by", nullable=True),
    text("void_reason", REASON_LENGTH, nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("community_id", "id"),
    of_project("spending_of_project"),
    one_of("source", FundSource),
    one_of("state", SpendingState),
    length("purpose", PURPOSE_LENGTH),
    length("payee", PAYEE_LENGTH),
    length("void_reason", REASON_LENGTH),
    sa.CheckConstraint(f"amount between 1 and {MOST_MONEY}", name="some_money"),
    sa.CheckConstraint(
        "(state = 'ATTESTED') = (attested_by is not null) and (state = 'VOIDED') = (void_reason is not null)"
        " and (attested_by is null) = (attested_at is null)"
        " and (first_attested_by is null) = (first_attested_at is null)"
        " and (attested_by is null or first_attested_by is not null)",
        name="attested_in_order",
    ),
    sa.CheckConstraint(
        "entered_by <> first_attested_by and entered_by <> attested_by "
        "and first_attested_by <> attested_by",
        name="attested_by_two_others",
    ),
    sa.Index("spending_of_project_by_id", "community_id", "project_id", "id"),
    schema="tenant",
)

project_evaluations = sa.Table(
    "project_evaluation",
    METADATA,
    tenant_column(),
    sa.Column("project_id", UUID, nullable=False),
    member("member_id"),
    sa.Column("at", TIME, nullable=False),
    sa.Column("satisfaction", sa.Integer(), nullable=False),
    text("note", NOTE_LENGTH, nullable=True),
    sa.PrimaryKeyConstraint("community_id", "project_id", "member_id"),
    of_project("evaluation_of_project"),
    sa.ForeignKeyConstraint(
        ["community_id", "member_id"],
        [members.c.community_id, members.c.id],
        name="project_evaluation_of_member",
    ),
    sa.CheckConstraint("satisfaction between 1 and 5", name="satisfaction_scale"),
    length("note", NOTE_LENGTH),
    schema="tenant",
)
