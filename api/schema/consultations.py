"""A topic is consulted on, and a resolution follows."""

from datetime import date, datetime
from typing import Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import column, node_over, object_type, one, page, public_id, published
from api.engine.extend import extend
from api.schema.common import Connection, Node
from api.schema.members import Member
from api.schema.permissions import can, permissions
from api.schema.topics import Topic
from api.schema.votes import Vote
from tenants.membership.tables import members
from tenants.topics import policy, procedure
from tenants.topics.consultations import consultation_parties, consultations, resolutions
from tenants.topics.tables import topics
from tenants.topics.words import ConsultationForm, ConsultationState, Execution, FollowUp
from tenants.votes.tables import votes

node_over(consultations, "cns", "Consultation")
node_over(resolutions, "rsl", "Resolution")
b.set_prefix(consultation_parties, "pty")

published(ConsultationForm)
published(ConsultationState)
published(FollowUp, "ConsultationFollowUp")
published(Execution, "ResolutionExecution")


@object_type
class ConsultationParty:
    """它是协商的一方：一位成员，或写明名称的其他方。
    It is a party to a consultation: a member, or somebody who is named.
    """

    id: strawberry.ID = public_id(key=consultation_parties.c.party_id)
    member: Member | None = one(
        "这位成员是其中一方；不是成员或已迁出则为空。\n"
        "This member is the party; it is null for others, and once they are gone.",
        members,
        consultation_parties.c.member_id,
    )
    name: str | None = column(
        "不是成员的一方叫这个名称。A party that is no member has this name.",
        consultation_parties.c.name,
    )
    is_invited: bool = column(
        "它说明是否受邀；其他人自行报名列席。\n"
        "It says whether the party was invited; others said that they come.",
        consultation_parties.c.is_invited,
    )
    has_attended: bool = column(
        "它说明是否到会。It says whether the party came.", consultation_parties.c.attended
    )


@object_type
class Consultation(Node):
    """协商邀请居民和利益相关方，记录公开；监督委员可以列席。
    A consultation invites residents and others concerned, and its minutes are open; supervisors may
    sit in.
    """

    id: strawberry.ID = public_id()
    topic: Topic | None = one(
        "协商的是这个议题。This topic is consulted on.", topics, consultations.c.topic_id
    )
    form: ConsultationForm = column(
        "协商采用这种形式。The consultation has this form.", consultations.c.form
    )
    location: str = column("协商在这里召开。It is held here.", consultations.c.location)
    held_at: datetime = column("协商在这时召开。It is held then.", consultations.c.held_at)
    state: ConsultationState = column(
        "它说明协商是否召开。It says whether it took place.", consultations.c.state
    )
    minutes: str | None = column("这是会议记录。These are its minutes.", consultations.c.minutes)
    agreements: list[str] = column(
        "这里列出达成一致的各条。This lists what was agreed.", consultations.c.agreements
    )
    follow_up: FollowUp | None = column(
        "结果这样落实。This follows from it.", consultations.c.follow_up
    )
    recorded_at: datetime | None = column(
        "记录在这时公布。Its minutes were published then.", consultations.c.recorded_at
    )
    cancellation_reason: str | None = column(
        "取消因为这个理由。It was cancelled for this reason.", consultations.c.cancel_reason
    )
    parties: Connection[ConsultationParty] = page(
        "这里列出各方。This lists its parties.",
        b.Page(
            table=consultation_parties,
            on={"consultation_id": consultations.c.id},
            order=(consultation_parties.c.party_id,),
            index="consultation_party_pkey",
            descending=False,
        ),
    )
    viewer_can: Any = can(
        permissions("Consultation", policy.JOIN_CONSULTATION, procedure.RECORD, procedure.CANCEL)
    )


@object_type
class Resolution(Node):
    """决议由协商一致或会议表决作出，公开后不再更改。
    A resolution is made by agreement or by a vote of a meeting, and does not change once it is
    published.
    """

    id: strawberry.ID = public_id()
    topic: Topic | None = one(
        "决议是关于这个议题的。The resolution is on this topic.", topics, resolutions.c.topic_id
    )
    consultation: Consultation | None = one(
        "这次协商达成了决议。This consultation agreed on it.",
        consultations,
        resolutions.c.consultation_id,
    )
    vote: Vote | None = one(
        "这项表决作出了决议。This vote decided it.", votes, resolutions.c.vote_id
    )
    body: str = column("这是决议的内容。This is what it says.", resolutions.c.body)
    execution: Execution = column(
        "它说明由谁实施。It says who carries it out.", resolutions.c.execution
    )
    due_on: date = column(
        "应在这一天之前实施。It is to be carried out by this day.", resolutions.c.due_on
    )
    published_at: datetime = column(
        "决议在这时公开。It was published then.", resolutions.c.published_at
    )


@extend(Topic)
class OfTopic:
    """It adds how a topic was consulted on, and what was decided."""

    consultations: Connection[Consultation] = page(
        "这里列出协商，先安排的在前。This lists its consultations, oldest first.",
        b.Page(
            table=consultations,
            on={"topic_id": topics.c.id},
            order=(consultations.c.id,),
            index="consultation_of_topic",
            descending=False,
        ),
    )
    resolution: Resolution | None = one(
        "这是决议；公开前为空。This is its resolution; it is null before it is published.",
        resolutions,
        {"topic_id": topics.c.id},
    )
