"""The rules say who sees a project and its money, and what members may do to one besides its steps."""

import sqlalchemy as sa

from tenants.columns import IS_STAFF, NOW, TENANT, VIEWER, among
from tenants.errors import Code
from tenants.policy import PART, Ground, protect, rule
from tenants.projects.tables import (
    milestones,
    project_evaluations,
    project_events,
    project_funds,
    projects,
    spendings,
)
from tenants.scopes import Scope

_ONE = sa.literal_column("1")

# Members see every project with its accounts; nobody else does.
for _open in (projects, milestones, spendings):
    protect(_open, Scope.TOPIC_READ, community=sa.true())
for _of_project in (project_events, project_funds, project_evaluations):
    protect(_of_project, PART, community=sa.true())

NOT_STAFF: Ground = (Code.FORBIDDEN, ~IS_STAFF, "限居委和书记。Only the committee's staff may.")
EVALUATE = rule(
    "evaluateProject", Scope.TOPIC_WRITE, projects,
    (
        Code.WRONG_STATE,
        ~among(projects.c.state, "COMPLETED") | (projects.c.evaluated_until <= NOW),
        "不在评议期内。It is not evaluated now.",
    ),
    (
        Code.ALREADY_DONE,
        sa.exists(
            sa.select(_ONE).where(
                project_evaluations.c.community_id == TENANT,
                project_evaluations.c.project_id == projects.c.id,
                project_evaluations.c.member_id == VIEWER,
            )
        ),
        "您已评议。You evaluated it already.",
    ),
)  # fmt: skip
