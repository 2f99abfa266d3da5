"""Topics begin: proposed by a member, or made of a petition; supported until their goal is reached."""

from uuid import UUID

import sqlalchemy as sa

from tenants.boards.service.check import Verdict
from tenants.boards.tables import posts
from tenants.columns import TENANT, VIEWER, among
from tenants.domain import Quota
from tenants.errors import Code, Refused
from tenants.origins import OriginKind, Step, lead_to
from tenants.petitions.changes import answered
from tenants.petitions.steps import CONVERT
from tenants.petitions.words import Outcome
from tenants.places.tables import communities
from tenants.procedure import Facts, Row
from tenants.quotas import spare
from tenants.statements import Lock
from tenants.taking import begin, on_row, said, take
from tenants.text import written
from tenants.topics.policy import RAISE_POST, SUPPORT, WITHDRAW_SUPPORT
from tenants.topics.procedure import CONVERTED, GOAL, GOAL_REACHED, PROPOSE
from tenants.topics.tables import BODY_LENGTH, TITLE_LENGTH, topic_supports, topics
from tenants.transaction import Tx

MOST_PROPOSED = 3


async def propose(tx: Tx, *, title: str, body: str, post_id: UUID | None, verdict: Verdict) -> UUID:
    """Propose a topic, perhaps about a post; its author is the first who supports it.

    Raises CONTENT_REJECTED for a text that did not pass its check.
    """
    title, body = written(title, TITLE_LENGTH, "title"), written(body, BODY_LENGTH, "body")
    require_pass(verdict)
    origin: list[Step] = []
    if post_id is not None:
        post = await tx.find(posts, post_id, "postId", permit=RAISE_POST, lock=Lock.NONE)
        origin.append(Step(OriginKind.POST, post["id"], post["created_at"]))
    await spare(tx, PROPOSED, tx.viewer.id)
    topic = await begin(
        tx, PROPOSE, title=title, body=body, post_id=post_id, support_count=0, **await _new(tx)
    )
    await _led(tx, topic, *origin)
    await _sign(tx, topic)
    return topic["id"]


async def convert(tx: Tx, *, petition_id: UUID, reason: str) -> UUID:
    """Answer a petition by making a topic of its text, which waits for the secretary at once.

    Its author is the petition's, who is asked back as after any answer; of an imported one, whoever
    converts it.
    """
    async with on_row(tx, CONVERT, petition_id) as (inside, petition):
        answer = answered(inside.now, None)
        await take(
            inside, CONVERT, petition, words=said(CONVERT, reason), outcome=Outcome.REFERRED.value,
            **answer,
        )  # fmt: skip
        return await _made_of(inside, petition)


async def support(tx: Tx, *, topic_id: UUID) -> UUID:
    """Support a proposed topic; when its goal is reached it goes to the secretary."""
    # supports change under this lock
    await tx.hold(topics, topic_id)
    topic = await tx.find(topics, topic_id, "topicId", permit=SUPPORT)
    await _sign(tx, dict(topic))
    return topic["id"]


async def withdraw_support(tx: Tx, *, topic_id: UUID) -> UUID:
    """Support a topic no more, while it collects support."""
    await tx.hold(topics, topic_id)
    topic = await tx.find(topics, topic_id, "topicId", permit=WITHDRAW_SUPPORT)
    await tx.row(_WITHDRAW, v_id=topic["id"])
    await tx.update(topics, topic["id"], support_count=topic["support_count"] - 1)
    return topic["id"]


def require_pass(verdict: Verdict) -> None:
    """Raise CONTENT_REJECTED for a text that others would read and that did not pass its check."""
    if verdict is not Verdict.PASS:
        raise Refused(
            Code.CONTENT_REJECTED, "内容未通过检查。The text was rejected.", labels=(verdict.value,)
        )


async def _sign(tx: Tx, topic: Row) -> None:
    await tx.insert(
        topic_supports, topic_id=topic["id"], member_id=tx.viewer.id, supported_at=tx.now
    )
    count = topic["support_count"] + 1
    await tx.update(topics, topic["id"], support_count=count)
    if count >= topic["goal"]:
        await take(tx, GOAL_REACHED, topic | {"support_count": count})


async def _made_of(tx: Tx, petition: Facts) -> UUID:
    topic = await begin(
        tx, CONVERTED, author_id=petition["author_id"] or tx.viewer.id,
        petition_id=petition["id"], title=petition["title"], body=petition["body"],
        support_count=petition["support_count"], **await _new(tx),
    )  # fmt: skip
    origin = [Step(OriginKind.PETITION, petition["id"], petition["submitted_at"])]
    if petition["post_id"] is not None:
        post = await tx.row(_POST, v_id=petition["post_id"])
        assert post is not None  # noqa: S101 # a post's row is never deleted
        origin.insert(0, Step(OriginKind.POST, petition["post_id"], post["created_at"]))
    await _led(tx, topic, *origin)
    return topic["id"]


async def _new(tx: Tx) -> Row:
    here = await tx.row(_HERE)
    assert here is not None  # noqa: S101 # a community is never deleted
    return {**here, "goal": GOAL, "is_important": False}


async def _led(tx: Tx, topic: Row, *origin: Step) -> None:
    await lead_to(tx, topic["id"], *origin, Step(OriginKind.TOPIC, topic["id"], tx.now))


_HERE = sa.select(communities.c.district_id, communities.c.street_id).where(
    communities.c.community_id == TENANT
)
_POST = sa.select(posts.c.created_at).where(
    posts.c.community_id == TENANT, posts.c.id == sa.bindparam("v_id", type_=posts.c.id.type)
)
_WITHDRAW = sa.delete(topic_supports).where(
    topic_supports.c.community_id == TENANT,
    topic_supports.c.topic_id == sa.bindparam("v_id", type_=topics.c.id.type),
    topic_supports.c.member_id == VIEWER,
)
PROPOSED = Quota(
    "topic.proposed",
    MOST_PROPOSED,
    sa.select(sa.func.count().label("count")).where(
        topics.c.community_id == TENANT,
        topics.c.author_id == VIEWER,
        among(topics.c.state, "PROPOSED", "SCREENING"),
    ),
    f"您已有 {MOST_PROPOSED} 个待审核的议题。{MOST_PROPOSED} of your topics wait already.",
)
