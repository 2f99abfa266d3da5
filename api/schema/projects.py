"""Projects carry resolutions out, with their money and their milestones."""

from datetime import date, datetime
from typing import Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    bound,
    column,
    node_over,
    object_type,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.schema.common import Connection, Node
from api.schema.images import Image, images_of
from api.schema.members import Member
from api.schema.origins import Origin, origin_of
from api.schema.permissions import can, permissions
from api.schema.places import Community
from api.schema.topics import Topic
from tenants.images.tables import MOST_ON_MILESTONE
from tenants.membership.tables import members
from tenants.places.tables import communities
from tenants.projects import policy, procedure, views
from tenants.projects.tables import (
    MOST_FUNDS,
    MOST_MILESTONES,
    milestones,
    project_evaluations,
    project_events,
    project_funds,
    projects,
    spendings,
)
from tenants.projects.words import FundSource, ProjectAction, ProjectState, SpendingState
from tenants.topics.tables import topics

node_over(projects, "prj", "Project")
node_over(milestones, "mst", "Milestone")
node_over(spendings, "spd", "Spending")

published(ProjectState)
published(ProjectAction)
published(FundSource)
published(SpendingState)


@object_type
class ProjectEvent:
    """它是项目经过的一步。It is one step of what happened to a project."""

    at: datetime = column("这一步发生在这时。The step took place then.", project_events.c.at)
    action: ProjectAction = column("当时做了这件事。This was done.", project_events.c.action)
    state: ProjectState = column(
        "项目此后是这个状态。The project was in this state from then on.", project_events.c.state
    )
    body: str | None = column("这是当时写明的内容。This was said with it.", project_events.c.words)


@object_type
class ProjectFund:
    """它是项目的一笔经费，来自一个来源。It is money of a project, from one source."""

    source: FundSource = column(
        "经费来自这里。The money comes from this source.", project_funds.c.source
    )
    giver: str | None = column("由这一方出资。This party gives it.", project_funds.c.giver)
    amount: int = column("金额是这么多分。The amount is so many fen.", project_funds.c.amount)


@object_type
class Milestone(Node):
    """它是项目的一个节点，完成时附照片。It is a milestone of a project, with pictures once it is reached."""

    id: strawberry.ID = public_id()
    title: str = column("这是节点的标题。This is the milestone's title.", milestones.c.title)
    due_on: date = column(
        "应在这一天之前完成。It is to be reached by this day.", milestones.c.due_on
    )
    reached_at: datetime | None = column(
        "节点在这时完成。It was reached then.", milestones.c.reached_at
    )
    note: str | None = column("这是完成的说明。This was noted about it.", milestones.c.note)
    images: list[Image] = images_of(milestones.c.id, MOST_ON_MILESTONE)
    viewer_can: Any = can(permissions("Milestone", procedure.REACH))


@object_type
class Spending(Node):
    """它是项目的一笔支出，由一人登记，经另两人证明方才计入。
    It is a spending of a project, entered by one person and counted once two others attested it.
    """

    id: strawberry.ID = public_id()
    source: FundSource = column(
        "由这种经费支出。It is paid with money of this source.", spendings.c.source
    )
    amount: int = column("金额是这么多分。The amount is so many fen.", spendings.c.amount)
    spent_on: date = column("支出在这一天。It was spent on this day.", spendings.c.spent_on)
    purpose: str = column("支出用于这件事。It was spent for this purpose.", spendings.c.purpose)
    payee: str = column("支出付给这一方。It was paid to this party.", spendings.c.payee)
    state: SpendingState = column(
        "它说明是否已经证明。It says whether the spending is attested.", spendings.c.state
    )
    entered_at: datetime = column("支出在这时登记。It was entered then.", spendings.c.entered_at)
    entered_by: Member | None = one(
        "这位成员登记了它；已迁出则为空。This member entered it; it is null once they are gone.",
        members,
        spendings.c.entered_by,
    )
    first_attested_by: Member | None = one(
        "这位成员第一个证明。This member attested it first.", members, spendings.c.first_attested_by
    )
    attested_by: Member | None = one(
        "这位成员第二个证明。This member attested it second.", members, spendings.c.attested_by
    )
    attested_at: datetime | None = column(
        "支出在这时计入。It was counted from then on.", spendings.c.attested_at
    )
    void_reason: str | None = column(
        "作废因为这个理由。It is void for this reason.", spendings.c.void_reason
    )
    viewer_can: Any = can(permissions("Spending", procedure.ATTEST, procedure.VOID))


@object_type
class ProjectEvaluation:
    """它是一位居民的评议，不公开姓名。It is what a resident thinks of a project, without a name."""

    satisfaction: int = column(
        "这是满意度，1–5。This is the satisfaction, 1 to 5.", project_evaluations.c.satisfaction
    )
    note: str | None = column(
        "这是写下的意见。This is what was added in words.", project_evaluations.c.note
    )
    at: datetime = column("评议作于这时。It was given then.", project_evaluations.c.at)


@object_type
class Project(Node):
    """项目落实一项决议：经费有来源，进展有节点，支出经两人证明，金额都以分计。
    A project carries a resolution out: its money has sources, its progress has milestones, two
    persons attest each spending, and every amount is in fen.
    """

    id: strawberry.ID = public_id()
    topic: Topic | None = one(
        "项目落实这个议题。The project carries out this topic.", topics, projects.c.topic_id
    )
    title: str = column("这是项目的名称。This is the project's title.", projects.c.title)
    body: str = column("这是项目的内容。This says what the project is.", projects.c.body)
    state: ProjectState = column(
        "它说明项目进展到哪一步。It says how far the project is.", projects.c.state
    )
    budget: int = column("预算是这么多分。The budget is so many fen.", projects.c.budget)
    spent: int = column(
        "已支出这么多分，只计已证明的。So many fen were spent and attested.", projects.c.spent
    )
    progress_percent: int = column(
        "已完成的节点占这么多。So many percent of its milestones are reached.",
        views.progress_percent,
    )
    planned_at: datetime = column("项目在这时立项。It was planned then.", projects.c.planned_at)
    started_at: datetime | None = column(
        "项目在这时开工。The work began then.", projects.c.started_at
    )
    report: str | None = column(
        "这是完工报告。This is the report on what was done.", projects.c.report
    )
    completed_at: datetime | None = column(
        "项目在这时完工。It was completed then.", projects.c.completed_at
    )
    evaluated_until: datetime | None = column(
        "居民评议到这时为止，本系统定为完工后 15 天。\n"
        "Residents judge it until then, for 15 days by house rule.",
        projects.c.evaluated_until,
    )
    cancellation_reason: str | None = column(
        "取消因为这个理由。It was cancelled for this reason.", projects.c.cancel_reason
    )
    funds: list[ProjectFund] = bound(
        "这里列出各笔经费。This lists its money.",
        b.Rows(
            table=project_funds,
            on={"project_id": projects.c.id},
            order=(project_funds.c.position,),
            most=MOST_FUNDS,
        ),
    )
    milestones: list[Milestone] = bound(
        "这里按次序列出节点。This lists its milestones in order.",
        b.Rows(
            table=milestones,
            on={"project_id": projects.c.id},
            order=(milestones.c.position,),
            most=MOST_MILESTONES,
        ),
    )
    spendings: Connection[Spending] = page(
        "这里列出支出，先登记的在前。This lists its spendings, oldest first.",
        b.Page(
            table=spendings,
            on={"project_id": projects.c.id},
            order=(spendings.c.id,),
            index="spending_of_project_by_id",
            descending=False,
        ),
    )
    evaluations: Connection[ProjectEvaluation] = page(
        "这里列出居民的评议。This lists how residents judge it.",
        b.Page(
            table=project_evaluations,
            on={"project_id": projects.c.id},
            order=(project_evaluations.c.member_id,),
            index="project_evaluation_pkey",
            descending=False,
        ),
    )
    events: Connection[ProjectEvent] = page(
        "这里列出经过，先发生的在前。This lists what happened, oldest first.",
        b.Page(
            table=project_events,
            on={"project_id": projects.c.id},
            order=(project_events.c.id,),
            index="project_event_of_project",
            descending=False,
        ),
    )
    origin: list[Origin] = origin_of(projects.c.id)
    viewer_can: Any = can(
        permissions(
            "Project",
            procedure.START,
            procedure.SPEND,
            procedure.COMPLETE,
            procedure.CANCEL,
            policy.EVALUATE,
        )
    )


@extend(Topic)
class OfTopic:
    """It adds the projects that carry a topic out."""

    projects: Connection[Project] = page(
        "这里列出落实它的项目，先立项的在前。This lists the projects that carry it out, oldest first.",
        b.Page(
            table=projects,
            on={"topic_id": topics.c.id},
            order=(projects.c.id,),
            index="project_of_topic",
            descending=False,
        ),
    )


@extend(Community)
class OfCommunity:
    """It adds the projects of a community."""

    projects: Connection[Project] | None = page(
        "这里列出项目，新的在前；社区之外看不到。\n"
        "This lists the projects, newest first; it is null from outside.",
        b.Page(
            table=projects,
            on={"community_id": communities.c.community_id},
            order=(projects.c.id,),
            index="project_pkey",
        ),
    )
