"""These are the mutations of projects."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from api.engine.declare import input_type
from api.engine.inputs import Keyed, field, limited, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import checked
from api.schema.images import uploads
from api.schema.projects import Milestone, Project, Spending
from api.schema.topic_verbs import OnTopic
from tenants.boards.service.check import Verdict
from tenants.images.tables import MOST_ON_MILESTONE
from tenants.projects import policy, procedure
from tenants.projects.service import planning, spending
from tenants.projects.tables import (
    BODY_LENGTH,
    GIVER_LENGTH,
    MOST_FUNDS,
    MOST_MILESTONES,
    NOTE_LENGTH,
    PAYEE_LENGTH,
    PURPOSE_LENGTH,
    TITLE_LENGTH,
    milestones,
    projects,
    spendings,
)
from tenants.projects.words import FundSource
from tenants.transaction import Tx
from tenants.viewer import Viewer

_PROJECT = {"project": link(Project, projects)}
_MILESTONE = {"milestone": link(Milestone, milestones)}
_SPENDING = {"spending": link(Spending, spendings)}


@input_type
class ProjectFundInput:
    """它是项目的一笔经费，来自一个来源。It is money of a project, from one source."""

    source: FundSource = strawberry.field(description="填写来源。Give the source.")
    amount: int = strawberry.field(description="填写金额，以分计。Give the amount in fen.")
    giver: str | None = strawberry.field(
        default=None,
        description=limited("出资方", "who gives it", GIVER_LENGTH, is_optional=True),
    )


@input_type
class MilestoneInput:
    """它是项目的一个节点。It is a milestone of a project."""

    title: str = strawberry.field(description=limited("标题", "the title", TITLE_LENGTH))
    due_on: date = strawberry.field(
        description="填写应于何日完成。Give the day by which it is to be reached."
    )


@verb(procedure.PLAN, _PROJECT)
class PlanProject(OnTopic, Keyed):
    """为已公开的决议立项；预算是各笔经费之和。
    Plan a project for a published resolution; its budget is the sum of its funds.
    """

    title: str = text("名称", "the title", TITLE_LENGTH)
    body: str = text("内容", "what it is", BODY_LENGTH)
    funds: list[ProjectFundInput] = field(
        f"填写经费，1–{MOST_FUNDS} 笔。Give its money, from 1 to {MOST_FUNDS} sources."
    )
    milestones: list[MilestoneInput] = field(
        f"按次序填写节点，1–{MOST_MILESTONES} 个。Give its milestones in order, 1 to {MOST_MILESTONES}."
    )

    async def run(self, tx: Tx) -> UUID:
        """Plan it; return its id."""
        return await planning.plan(
            tx,
            topic_id=self.topic_id,
            title=self.title,
            body=self.body,
            funds=[planning.Fund(**vars(each)) for each in self.funds],
            planned=[planning.Milestone(**vars(each)) for each in self.milestones],
        )


class _OnProject:
    project_id: UUID = ref(projects)


@verb(procedure.START, _PROJECT)
class StartProject(_OnProject):
    """项目立项之后开工。Begin a project that is planned."""


@verb(procedure.REACH, _MILESTONE, planning.reach)
class RecordMilestone:
    """登记节点完成，附照片。Record that a milestone was reached, with pictures."""

    milestone_id: UUID = ref(milestones)
    note: str = text("说明", "a note")
    upload_ids: list[UUID] = uploads(MOST_ON_MILESTONE)


@verb(procedure.SPEND, _SPENDING, spending.spend)
class RecordSpending(_OnProject, Keyed):
    """登记一笔支出，不超出该来源的余额；经另两人证明后计入。
    Enter a spending, within what is left of its source; it counts once two others attested it.
    """

    source: FundSource = field("填写由哪种经费支出。Give the source of the money.")
    amount: int = field("填写金额，以分计。Give the amount in fen.")
    spent_on: date = field("填写何日支出。Give the day on which it was spent.")
    purpose: str = text("用途", "the purpose", PURPOSE_LENGTH)
    payee: str = text("收款方", "who was paid", PAYEE_LENGTH)


class _OnSpending:
    spending_id: UUID = ref(spendings)


@verb(procedure.ATTEST, _SPENDING, spending.attest)
class AttestSpending(_OnSpending):
    """证明他人登记的支出属实，限居委、书记和监督委员；须两人。
    Attest a spending that another person entered; two of the staff and supervisors do so.
    """


@verb(procedure.VOID, _SPENDING)
class VoidSpending(_OnSpending):
    """作废尚未计入的支出，须说明理由。Void a spending that does not count yet, for a reason."""

    reason: str = text("理由，成员可见", "the reason, which members read")


@verb(procedure.COMPLETE, _PROJECT, planning.complete)
class CompleteProject(_OnProject):
    """完工：节点都已完成，支出都已证明；居民评议 15 天（本系统所定）。
    Complete a project whose milestones are reached and whose spendings are attested; residents judge it \
for 15 days (house rule).
    """

    report: str = text("完工报告", "what was done")


@verb(policy.EVALUATE, _PROJECT, planning.evaluate)
class EvaluateProject(_OnProject):
    """评议完工的项目，每人一次，不公开姓名。Judge a completed project, once; no name is shown."""

    satisfaction: int = field("填写满意度，1–5。Give the satisfaction, 1 to 5.")
    note: str | None = text("意见", "your opinion", NOTE_LENGTH)

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, Verdict]:
        """Have the note checked."""
        return await checked(services, self.note or "")


@verb(procedure.CANCEL, _PROJECT)
class CancelProject(_OnProject):
    """取消项目，须说明理由。Cancel a project, for a reason."""

    reason: str = text("理由，成员可见", "the reason, which members read")
