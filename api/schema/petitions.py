"""A petition has a timeline, and says what the viewer may do to it."""

from datetime import datetime
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
    value,
)
from api.engine.lists import page_of, rows_of
from api.schema.catalogue import PetitionCategory, Urgency
from api.schema.common import Connection, Node
from api.schema.departments import Department
from api.schema.images import Image, images_of
from api.schema.members import Member
from api.schema.permissions import can, permissions
from api.schema.petition_parts import (
    PetitionAnswer,
    PetitionCallback,
    PetitionClocks,
    PetitionRefusal,
    PetitionReview,
    PetitionSupport,
)
from api.schema.places import Community
from tenants.catalogue.tables import petition_categories
from tenants.images.tables import MOST_ON_PETITION
from tenants.membership.tables import members
from tenants.petitions import policy, steps, views
from tenants.petitions.tables import petition_callbacks, petition_events, petitions
from tenants.petitions.words import (
    Addressee,
    EventAction,
    EventActor,
    Level,
    PetitionKind,
    PetitionState,
    Secrecy,
)
from tenants.places.tables import communities, departments

node_over(petitions, "pet", "Petition")

published(PetitionKind)
published(Secrecy, "PetitionSecrecy")
published(Addressee, "PetitionAddressee")
published(Level, "PetitionLevel")
published(PetitionState)
published(EventAction, "PetitionAction")
published(EventActor, "PetitionActor")


@object_type
class PetitionEvent:
    """它是时间线的一条；内部记录只有办理台看得到。
    It is one entry of the timeline; only the desks see entries that are internal.
    """

    at: datetime = column("事情在这时发生。It happened at this time.", petition_events.c.at)
    action: EventAction = column(
        "它说明发生了什么。It says what happened.", petition_events.c.action
    )
    actor_kind: EventActor = column(
        "它说明由谁所为。It says who acted.", petition_events.c.actor_kind
    )
    actor: Member | None = one(
        "这是本社区的当事人；上级和系统为空。\n"
        "This is the member who acted; it is null of officers and the system.",
        members,
        petition_events.c.actor_id,
    )
    level: Level = column(
        "诉求当时在这一级。The petition was at this level then.", petition_events.c.level
    )
    state: PetitionState = column(
        "诉求之后在这个状态。The petition was in this state afterwards.", petition_events.c.state
    )
    is_public: bool = column("记录已公开。It is public.", petition_events.c.is_public)
    body: str | None = column("这是所写的内容。This is what was written.", petition_events.c.words)
    images: list[Image] = images_of(
        petition_events.c.petition_id, MOST_ON_PETITION, answered_at=views.answered_then
    )
    petition: "Petition | None" = one(
        "这是所属的诉求。This is the petition.", petitions, petition_events.c.petition_id
    )


@object_type
class Petition(Node):
    """诉求交给居委、街镇或职能部门，限时答复；是否解决由本人说。
    A petition goes to the committee, the street or a department, which must answer in time; only
    its author says whether it is solved.
    """

    id: strawberry.ID = public_id()
    community: Community | None = one(
        "诉求在这个社区。The petition is in this community.",
        communities,
        {"community_id": petitions.c.community_id},
    )
    author: Member | None = one(
        "这是诉求人；导入的、已迁出的，以及社区之外为空。\n"
        "This is the author; it is null of an import, once they are gone, and from outside.",
        members,
        petitions.c.author_id,
    )
    source: str | None = column(
        "诉求由这个来源导入。The petition was imported from this source.", petitions.c.source
    )
    source_id: str | None = column(
        "诉求在来源中有这个编号。The petition has this id there.", petitions.c.source_id
    )
    kind: PetitionKind = column("它说明诉求人要什么。It says what is asked for.", petitions.c.kind)
    category: PetitionCategory | None = one(
        "诉求属于这个分类。The petition is in this category.",
        petition_categories,
        petitions.c.category_id,
    )
    urgency: Urgency = column(
        "它说明有多紧急。It says how urgent the petition is.", petitions.c.urgency
    )
    title: str = column("这是诉求的标题。This is the petition's title.", petitions.c.title)
    body: str = column("正文为纯文本。The body is plain text.", petitions.c.body)
    images: list[Image] = images_of(petitions.c.id, MOST_ON_PETITION, answered_at=b.ABSENT)
    location: str | None = column(
        "这里用文字说明地点。This says in words where it is.", petitions.c.location
    )
    secrecy: Secrecy = column(
        "它说明谁能看到诉求。It says who may read the petition.", petitions.c.secrecy
    )
    is_listed: bool = column(
        "它说明是否已对邻居展示；受理前可能待查看。\n"
        "It says whether it is shown to neighbours, as far as its secrecy allows.",
        petitions.c.is_listed,
    )
    addressee: Addressee = column(
        "诉求写给这一方。The petition was addressed to this desk.", petitions.c.addressee
    )
    level: Level = column(
        "它说明现在到哪一级。It says at which level the petition is now.", petitions.c.level
    )
    department: Department | None = one(
        "这个部门承办诉求。This department has the petition at hand.",
        departments,
        {"department_id": views.department_at_hand},
    )
    handler: Member | None = one(
        "居委的这位成员承办；只有居委可见。"
        "This member of the staff handles it; only the staff see this.",
        members,
        petitions.c.handler_id,
    )
    state: PetitionState = column(
        "它说明办理到哪一步。It says how far the handling is.", petitions.c.state
    )
    is_open: bool = column("诉求未办结。The petition is open.", petitions.c.is_open)
    submitted_at: datetime = column("这时提交。It was submitted then.", petitions.c.submitted_at)
    clocks: PetitionClocks = value(
        "受理和答复各有一个时钟。Acceptance and answer each have a clock."
    )
    question: str | None = column(
        "办理台要求补充这些。The desk asks its author for this.", petitions.c.question
    )
    refusal: PetitionRefusal | None = value(
        "诉求因此不予受理；受理则为空。"
        "The petition was refused for this; it is null if it was not.",
        views.is_refused,
    )
    answer: PetitionAnswer | None = value(
        "这是办理台的答复。This is the answer of the desk.", views.is_answered
    )
    review: PetitionReview | None = value(
        "这是上一级的复查。This is the review by the level above.", views.is_reviewed
    )
    merged_into: "Petition | None" = one(
        "诉求并入了这件；您看不到则为空。\n"
        "The petition was merged into this one; it is null if you may not read that.",
        petitions,
        petitions.c.merged_into,
    )
    reopen_count: int = column(
        "诉求重办过这么多次，至多 2 次。The petition was reopened so many times, 2 at most.",
        petitions.c.reopen_count,
    )
    callbacks: list[PetitionCallback] = bound(
        "这里列出历次回访。This lists what the author said at each callback.",
        rows_of(petition_callbacks, {"petition_id": petitions.c.id}, most=5),
    )
    support: PetitionSupport = value("它说明有多少人联名。It says how many support the petition.")
    version: int = column("这是诉求的版本。This is the petition's version.", petitions.c.version)
    viewer_is_author: bool = column("诉求由您所写。You wrote the petition.", views.is_viewers)
    viewer_can: Any = can(
        permissions(
            "Petition",
            steps.ACCEPT,
            steps.REQUEST_INFORMATION,
            steps.REFUSE,
            steps.MERGE,
            steps.ASSIGN,
            steps.DISPUTE,
            steps.START,
            steps.EXTEND,
            steps.ESCALATE,
            steps.ANSWER,
            steps.NOTE,
            steps.DECIDE_REVIEW,
            steps.CONVERT,
            steps.RESUBMIT,
            steps.WITHDRAW,
            steps.RECORD_CALLBACK,
            steps.REOPEN,
            steps.REQUEST_REVIEW,
            policy.SUPPORT,
            policy.WITHDRAW_SUPPORT,
        )
    )
    events: Connection[PetitionEvent] = page(
        "这里列出时间线，先发生的在前。This lists the timeline, oldest first.",
        page_of(
            petition_events,
            {"community_id": petitions.c.community_id, "petition_id": petitions.c.id},
            index="petition_event_of_petition",
            descending=False,
        ),
    )
