"""Projects bring budgets, milestones and accounts of what carries a resolution out."""

from tenants.clock import Timed
from tenants.domain import Domain, Export
from tenants.projects import policy, procedure
from tenants.projects import tables as t

# Above the community only the columns of what is due are readable.
TIMED = Timed(procedure.PROJECTS, t.projects)

DOMAIN = Domain(
    name="projects",
    tables=(
        t.projects,
        t.project_events,
        t.project_funds,
        t.milestones,
        t.spendings,
        t.project_evaluations,
    ),
    policies=(policy, procedure),
    procedures=(procedure.PROJECTS, procedure.SPENDINGS),
    sweeps=(TIMED.clock,),
    keeps={
        t.projects: "who planned a project, by id",
        t.project_events: "what became of a project, by whom as an id",
        t.milestones: "who reached a milestone, by id",
        t.spendings: "who entered and attested a spending, by id",
        t.project_evaluations: "what was counted stays, unsigned",
    },
    export=Export(
        why={
            t.projects: "planned by them",
            t.project_events: "what they did in a project",
            t.milestones: "recorded by them",
            t.spendings: "entered or attested by them",
            t.project_evaluations: "how they judged a project",
        },
        named=frozenset(
            {
                t.spendings.c.entered_by,
                t.spendings.c.first_attested_by,
                t.spendings.c.attested_by,
            }
        ),
    ),
)
