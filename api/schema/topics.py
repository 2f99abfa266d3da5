"""Topics are what residents raise: how far each is, and what they think of it."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    After,
    First,
    bound,
    column,
    node_over,
    object_type,
    one,
    page,
    public_id,
)
from api.engine.extend import extend
from api.schema.common import Connection, Node
from api.schema.members import Member
from api.schema.origins import Origin, origin_of
from api.schema.permissions import can, permissions
from api.schema.petitions import Petition
from api.schema.places import Community
from api.schema.posts import Post
from api.schema.topic_parts import (
    TopicContribution,
    TopicDiscussion,
    TopicEvaluation,
    TopicEvent,
)
from api.schema.votes import Vote
from tenants.boards.tables import posts
from tenants.membership.tables import members
from tenants.petitions.tables import petitions
from tenants.places.tables import communities
from tenants.topics import policy, procedure, views
from tenants.topics.tables import (
    topic_contributions,
    topic_discussions,
    topic_evaluations,
    topic_events,
    topics,
)
from tenants.topics.words import DiscussionKind, Stance, TopicState
from tenants.votes.tables import votes

node_over(topics, "top", "Topic")


def _heard(
    first: First = 20,
    after: After = None,
    stance: Annotated[
        Stance | None,
        strawberry.argument(description="填写只列哪一种。Give the kind to list alone."),
    ] = None,
) -> Any: ...


@object_type
class Topic(Node):
    """议题经过提议、附议、审核、征询、协商、决定、实施和评议，每一步公开。
    A topic is proposed, supported, screened, asked about, consulted on, decided, carried out and
    judged, each step in the open.
    """

    id: strawberry.ID = public_id()
    title: str = column("这是议题的标题。This is the topic's title.", topics.c.title)
    body: str = column("这是议题的内容。This is what the topic says.", topics.c.body)
    author: Member | None = one(
        "这位成员提议了它；已迁出则为空。This member proposed it; it is null once they are gone.",
        members,
        topics.c.author_id,
    )
    state: TopicState = column(
        "它说明议题进展到哪一步。It says how far the topic is.", topics.c.state
    )
    proposed_at: datetime = column(
        "议题在这时提议。The topic was proposed then.", topics.c.proposed_at
    )
    support_count: int = column(
        "有这么多人附议。So many members support it.", topics.c.support_count
    )
    goal: int = column(
        "须有这么多人附议，人数由本系统所定。So many must support it, by house rule.", topics.c.goal
    )
    viewer_has_supported: bool = column(
        "它说明您是否附议。It says whether you support it.", views.viewer_has_supported
    )
    screening_due_at: datetime | None = column(
        "审核限于这时之前，本系统定为 10 天；逾期自动列入议程。\n"
        "It is to be screened by then, within 10 days by house rule; later it goes to the committee.",
        topics.c.screening_due_at,
    )
    screened_at: datetime | None = column(
        "书记在这时审核。The secretary made the decision then.", topics.c.screened_at
    )
    screening_reason: str | None = column(
        "审核时说明了这个理由。This reason was given when it was screened.",
        topics.c.screening_reason,
    )
    is_important: bool = column(
        "它说明是否重大事项：须经四议两公开，由会议表决决定。\n"
        "It says whether the matter is important, so that a meeting decides it after three discussions.",
        topics.c.is_important,
    )
    solicited_until: datetime | None = column(
        "征询到这时为止。Residents are asked until then.", topics.c.solicited_until
    )
    report: str | None = column(
        "这是实施情况的报告。This is the report on what was done.", topics.c.report
    )
    reported_at: datetime | None = column(
        "居委在这时报告。The committee reported then.", topics.c.reported_at
    )
    evaluated_until: datetime | None = column(
        "居民评议到这时为止，本系统定为报告后 7 天。\n"
        "Residents judge it until then, for 7 days by house rule.",
        topics.c.evaluated_until,
    )
    outcome: str | None = column(
        "这是公开的实施结果。This is the published outcome.", topics.c.outcome
    )
    concluded_at: datetime | None = column(
        "实施结果在这时公开。The outcome was published then.", topics.c.concluded_at
    )
    shelved_until: datetime | None = column(
        "议题暂缓到这时。The topic is put off until then.", topics.c.shelved_until
    )
    shelving_reason: str | None = column(
        "暂缓因为这个理由。It is put off for this reason.", topics.c.shelving_reason
    )
    post: Post | None = one(
        "议题由这条帖子提起。The topic is about this post.", posts, topics.c.post_id
    )
    petition: Petition | None = one(
        "这件诉求转成了议题。This petition became the topic.", petitions, topics.c.petition_id
    )
    became_petition: Petition | None = one(
        "议题转成了这件诉求，只有本人和居委可见。\n"
        "The topic became this petition, which its author and the staff see.",
        petitions,
        topics.c.became_petition_id,
    )
    vote: Vote | None = one(
        "这项会议表决决定议题。This vote of a meeting decides the topic.", votes, topics.c.vote_id
    )
    discussions: list[TopicDiscussion] = bound(
        "这里列出表决之前的讨论。This lists the discussions before it is decided.",
        b.Rows(
            table=topic_discussions,
            on={"topic_id": topics.c.id},
            order=(topic_discussions.c.entered_at,),
            most=len(DiscussionKind),
        ),
    )
    contributions: Connection[TopicContribution] = page(
        "这里列出意见和提问，先写的在前。This lists what residents think and ask, oldest first.",
        b.Page(
            table=topic_contributions,
            on={"topic_id": topics.c.id},
            order=(topic_contributions.c.id,),
            index="topic_contribution_of_topic",
            descending=False,
            filters=(b.Filter(b.text_argument("stance"), views.of_stance),),
        ),
        resolver=_heard,
    )
    evaluations: Connection[TopicEvaluation] = page(
        "这里列出居民的评议。This lists how residents judge what was done.",
        b.Page(
            table=topic_evaluations,
            on={"topic_id": topics.c.id},
            order=(topic_evaluations.c.member_id,),
            index="topic_evaluation_pkey",
            descending=False,
        ),
    )
    events: Connection[TopicEvent] = page(
        "这里列出经过，先发生的在前。This lists what happened, oldest first.",
        b.Page(
            table=topic_events,
            on={"topic_id": topics.c.id},
            order=(topic_events.c.id,),
            index="topic_event_of_topic",
            descending=False,
        ),
    )
    origin: list[Origin] = origin_of(topics.c.id)
    viewer_can: Any = can(
        permissions(
            "Topic",
            policy.SUPPORT,
            policy.WITHDRAW_SUPPORT,
            procedure.WITHDRAW,
            procedure.SCREEN,
            procedure.TO_PETITION,
            procedure.SOLICIT,
            policy.CONTRIBUTE,
            procedure.SCHEDULE,
            procedure.RECORD_DISCUSSION,
            procedure.SUBMIT,
            procedure.RESOLVE,
            procedure.START,
            procedure.REPORT,
            policy.EVALUATE,
            procedure.CONCLUDE,
            procedure.SHELVE,
        )
    )


def _listed(
    first: First = 20,
    after: After = None,
    state: Annotated[
        TopicState | None,
        strawberry.argument(description="填写只列哪个状态。Give the state to list alone."),
    ] = None,
) -> Any: ...


@extend(Community)
class OfCommunity:
    """It adds what its residents raise."""

    topics: Connection[Topic] | None = page(
        "这里列出议题，新的在前；社区之外看不到。\n"
        "This lists the topics, newest first; it is null from outside.",
        b.Page(
            table=topics,
            on={"community_id": communities.c.community_id},
            order=(topics.c.id,),
            index="topic_pkey",
            filters=(b.Filter(b.text_argument("state"), views.in_state),),
        ),
        resolver=_listed,
    )
