"""Projects and their spendings have these procedures.

A project is planned for a resolution, and is completed when its milestones are reached and no spending
waits. A spending is entered by one person and attested by two others.
"""

import sqlalchemy as sa

from tenants.columns import TENANT, VIEWER, among
from tenants.errors import Code
from tenants.policy import Condition
from tenants.procedure import Facts, Procedure, Row
from tenants.projects.policy import NOT_STAFF
from tenants.projects.tables import (
    NOTE_LENGTH,
    milestones,
    project_events,
    projects,
    spendings,
)
from tenants.projects.words import ProjectState, SpendingState
from tenants.scopes import Scope
from tenants.topics.tables import topics
from tenants.workdays import after_days

# House rule: for how many days residents judge a completed project.
EVALUATION_DAYS = 15
_ONE = sa.literal_column("1")


def _derived(project: Facts) -> Row:
    return {"next_at": PROJECTS.next_at(project)}


PROJECTS = Procedure(
    noun="project",
    table=projects,
    states=ProjectState,
    id_field="projectId",
    timeline=(project_events, "project_id"),
    derive=_derived,
)
SPENDINGS = Procedure(noun="spending", table=spendings, states=SpendingState, id_field="spendingId")
_WORDS = (Code.INVALID, Code.REQUIRED, Code.TOO_LONG, Code.IDEMPOTENCY_MISMATCH)


def _has(table: sa.Table, condition: Condition) -> Condition:
    return sa.exists(
        sa.select(_ONE).where(
            table.c.community_id == TENANT, table.c.project_id == projects.c.id, condition
        )
    )


def is_under_way(project_id: sa.ColumnElement[object]) -> Condition:
    """Return the condition that a row's project is being carried out."""
    return sa.exists(
        sa.select(_ONE).where(
            projects.c.community_id == TENANT,
            projects.c.id == project_id,
            among(projects.c.state, "UNDER_WAY"),
        )
    )


PLAN = PROJECTS.step(
    "planProject", Scope.TOPIC_MANAGE, (), "PLANNED", NOT_STAFF,
    (
        Code.WRONG_STATE,
        ~among(topics.c.state, "RESOLVED", "EXECUTING"),
        "须先公开决议，且尚未报告实施情况。A resolution is published first, and not reported on yet.",
    ),
    on=topics, at="planned_at", by="planned_by", said="", more=_WORDS,
)  # fmt: skip
START = PROJECTS.step(
    "startProject", Scope.TOPIC_MANAGE, "PLANNED", "UNDER_WAY", NOT_STAFF,
    event="STARTED", at="started_at", said="",
)  # fmt: skip
REACH = PROJECTS.step(
    "recordMilestone", Scope.TOPIC_MANAGE, "UNDER_WAY", (), NOT_STAFF,
    (
        Code.WRONG_STATE,
        ~is_under_way(milestones.c.project_id),
        "项目不在实施中。The project is not under way.",
    ),
    (Code.ALREADY_DONE, milestones.c.reached_at.is_not(None)),
    on=milestones, event="MILESTONE_REACHED", said="note", most=NOTE_LENGTH,
)  # fmt: skip
COMPLETE = PROJECTS.step(
    "completeProject", Scope.TOPIC_MANAGE, "UNDER_WAY", "COMPLETED", NOT_STAFF,
    then=(
        (
            Code.WRONG_STATE,
            _has(milestones, milestones.c.reached_at.is_(None)),
            "还有节点未完成。A milestone is not reached yet.",
        ),
        (
            Code.WRONG_STATE,
            _has(spendings, among(spendings.c.state, "ENTERED")),
            "还有支出待证明。A spending waits to be attested.",
        ),
    ),
    at="completed_at", words="report", said="report",
    sets=lambda _project, at, _by: {"evaluated_until": after_days(at, EVALUATION_DAYS)},
)  # fmt: skip
CLOSES = PROJECTS.timer(
    "CLOSED", "COMPLETED", "CLOSED", due=lambda project: project["evaluated_until"]
)
CANCEL = PROJECTS.step(
    "cancelProject", Scope.TOPIC_MANAGE, ("PLANNED", "UNDER_WAY"), "CANCELLED", NOT_STAFF,
    words="cancel_reason", said="reason",
)  # fmt: skip

# --- spendings

SPEND = SPENDINGS.step(
    "recordSpending", Scope.TOPIC_MANAGE, (), "ENTERED", NOT_STAFF,
    (
        Code.WRONG_STATE,
        ~among(projects.c.state, "UNDER_WAY"),
        "项目不在实施中。The project is not under way.",
    ),
    on=projects, at="entered_at", by="entered_by", said="", more=_WORDS,
)  # fmt: skip
ATTEST = SPENDINGS.step(
    "attestSpending", Scope.SPENDING_ATTEST, "ENTERED", ("ENTERED", "ATTESTED"),
    (
        Code.FORBIDDEN,
        spendings.c.entered_by == VIEWER,
        "登记人不能证明自己的登记。Not by the one who entered it.",
    ),
    (
        Code.ALREADY_DONE,
        sa.func.coalesce(spendings.c.first_attested_by == VIEWER, sa.false()),
        "须由另一人证明。It takes another person.",
    ),
    event="ATTESTED", said="",
)  # fmt: skip
VOID = SPENDINGS.step(
    "voidSpending", Scope.TOPIC_MANAGE, "ENTERED", "VOIDED", NOT_STAFF,
    words="void_reason", said="reason",
)  # fmt: skip
