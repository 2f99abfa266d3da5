"""These are the parts of a topic: events, contributions, discussions and evaluations."""

from datetime import date, datetime
from typing import Any

import strawberry

from api.engine.declare import column, node_over, object_type, one, public_id, published
from api.schema.common import Node
from api.schema.members import Member
from api.schema.permissions import can, permissions
from tenants.membership.tables import members
from tenants.topics import policy
from tenants.topics.tables import (
    topic_contributions,
    topic_discussions,
    topic_evaluations,
    topic_events,
)
from tenants.topics.words import DiscussionKind, Stance, TopicAction, TopicState

node_over(topic_contributions, "ctb", "TopicContribution")

published(TopicState)
published(TopicAction)
published(Stance, "TopicStance")
published(DiscussionKind, "TopicDiscussionKind")


@object_type
class TopicEvent:
    """它是议题经过的一步。It is one step of what happened to a topic."""

    at: datetime = column("这一步发生在这时。The step took place then.", topic_events.c.at)
    action: TopicAction = column("当时做了这件事。This was done.", topic_events.c.action)
    state: TopicState = column(
        "议题此后是这个状态。The topic was in this state from then on.", topic_events.c.state
    )
    body: str | None = column("这是当时写明的内容。This was said with it.", topic_events.c.words)


@object_type
class TopicContribution(Node):
    """它是居民对议题的一条意见或提问。It is what a resident thinks of a topic, or asks."""

    id: strawberry.ID = public_id()
    author: Member | None = one(
        "这位成员写了它；已迁出则为空。This member wrote it; it is null once they are gone.",
        members,
        topic_contributions.c.author_id,
    )
    stance: Stance = column(
        "它是赞成、反对或提问。It is in favour, against, or a question.",
        topic_contributions.c.stance,
    )
    body: str = column("这是意见的内容。This is what it says.", topic_contributions.c.body)
    created_at: datetime = column(
        "意见写于这时。It was written then.", topic_contributions.c.created_at
    )
    answer: str | None = column(
        "居委这样答复。The committee answered this.", topic_contributions.c.answer
    )
    answered_at: datetime | None = column(
        "居委在这时答复。The committee answered then.", topic_contributions.c.answered_at
    )
    viewer_can: Any = can(permissions("TopicContribution", policy.ANSWER_CONTRIBUTION))


@object_type
class TopicDiscussion:
    """它是重大事项表决之前的一次讨论。
    It is one of the discussions that precede the decision on an important matter.
    """

    kind: DiscussionKind = column(
        "这是哪一种讨论。It is a discussion of this kind.", topic_discussions.c.kind
    )
    held_on: date = column(
        "讨论在这一天进行。It was held on this day.", topic_discussions.c.held_on
    )
    body: str = column("这是讨论的记录。This is its record.", topic_discussions.c.record)


@object_type
class TopicEvaluation:
    """它是一位居民的评议，不公开姓名。It is what a resident thinks of the outcome, without a name."""

    satisfaction: int = column(
        "这是满意度，1–5。This is the satisfaction, 1 to 5.", topic_evaluations.c.satisfaction
    )
    note: str | None = column(
        "这是写下的意见。This is what was added in words.", topic_evaluations.c.note
    )
    at: datetime = column("评议作于这时。It was given then.", topic_evaluations.c.at)
