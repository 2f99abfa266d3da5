"""Petitions: what one is, its timeline, and what the viewer may do to it."""

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

    at: datetime = column("时间。When.", petition_events.c.at)
    action: EventAction = column("发生了什么。What happened.", petition_events.c.action)
    actor_kind: EventActor = column("由谁。In which part.", petition_events.c.actor_kind)
    actor: Member | None = one(
        "本社区的当事人；上级和系统为空。Who, of the community; null of officers and the system.",
        members,
        {"id": petition_events.c.actor_id},
    )
    level: Level = column("当时在哪一级。At which level it then was.", petition_events.c.level)
    state: PetitionState = column("之后的状态。The state after it.", petition_events.c.state)
    is_public: bool = column("公开的。Not internal.", petition_events.c.is_public)
    body: str | None = column("内容。What it says.", petition_events.c.words)
    images: list[Image] = images_of(
        petition_events.c.petition_id, MOST_ON_PETITION, answered_at=views.answered_then
    )
    petition: "Petition | None" = one(
        "所属诉求。The petition.", petitions, {"id": petition_events.c.petition_id}
    )


@object_type
class Petition(Node):
    """诉求交给居委、街镇或职能部门，限时答复；是否解决由本人说。
    A petition goes to the committee, the street or a department, which must answer in time; only
    its author says whether it is solved.
    """

    id: strawberry.ID = public_id()
    community: Community | None = one(
        "社区。The community.", communities, {"community_id": petitions.c.community_id}
    )
    author: Member | None = one(
        "诉求人；导入的、已迁出的，以及社区之外为空。The author; null of an import, and from outside.",
        members,
        {"id": petitions.c.author_id},
    )
    source: str | None = column("导入来源。Where it was imported from.", petitions.c.source)
    source_id: str | None = column("在来源中的编号。Its id there.", petitions.c.source_id)
    kind: PetitionKind = column("类别。What is asked for.", petitions.c.kind)
    category: PetitionCategory | None = one(
        "分类。Its category.", petition_categories, {"id": petitions.c.category_id}
    )
    urgency: Urgency = column("紧急程度。How urgent.", petitions.c.urgency)
    title: str = column("标题。Title.", petitions.c.title)
    body: str = column("正文，纯文本。Body, plain text.", petitions.c.body)
    images: list[Image] = images_of(petitions.c.id, MOST_ON_PETITION, answered_at=b.ABSENT)
    location: str | None = column("地点，文字。Where, in words.", petitions.c.location)
    secrecy: Secrecy = column("公开程度。Who may read it.", petitions.c.secrecy)
    is_listed: bool = column(
        "已对邻居展示；受理前可能待查看。Shown to neighbours, as far as its secrecy allows.",
        petitions.c.is_listed,
    )
    addressee: Addressee = column("致。Whom it was sent to.", petitions.c.addressee)
    level: Level = column("现在哪一级。How high it is now.", petitions.c.level)
    department: Department | None = one(
        "承办部门。The department that has it at hand.",
        departments,
        {"department_id": views.department_at_hand},
    )
    handler: Member | None = one(
        "承办人，限居委。Who of the staff handles it.", members, {"id": petitions.c.handler_id}
    )
    state: PetitionState = column("状态。State.", petitions.c.state)
    is_open: bool = column("未办结。Not ended.", petitions.c.is_open)
    submitted_at: datetime = column("提交时间。When it was sent.", petitions.c.submitted_at)
    clocks: PetitionClocks = value("两个时钟。The two clocks.")
    question: str | None = column("须补充什么。What is asked of its author.", petitions.c.question)
    refusal: PetitionRefusal | None = value("不予受理。Why it was refused.", views.is_refused)
    answer: PetitionAnswer | None = value("答复。The answer.", views.is_answered)
    review: PetitionReview | None = value("复查。The review.", views.is_reviewed)
    merged_into: "Petition | None" = one(
        "并入。What it was merged into, if you may read that.",
        petitions,
        {"id": petitions.c.merged_into},
    )
    reopen_count: int = column(
        "重办次数，至多 2。How often reopened, 2 at most.", petitions.c.reopen_count
    )
    callbacks: list[PetitionCallback] = bound(
        "历次回访。What the author said each time.",
        b.Rows(
            table=petition_callbacks,
            on={"petition_id": petitions.c.id},
            order=(petition_callbacks.c.id,),
            most=5,
        ),
    )
    support: PetitionSupport = value("联名。Who signed it.")
    version: int = column("版本。Version.", petitions.c.version)
    viewer_is_author: bool = column("是您写的。Whether it is yours.", views.is_viewers)
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
        "时间线，先发生的在前。The timeline, oldest first.",
        b.Page(
            table=petition_events,
            # an officer's statement names no tenant: the index begins with it
            on={"community_id": petitions.c.community_id, "petition_id": petitions.c.id},
            order=(petition_events.c.id,),
            index="petition_event_of_petition",
            descending=False,
        ),
    )
