"""Who sees a topic and what belongs to it, and what members may do to one besides its steps."""

import sqlalchemy as sa

from tenants.boards.tables import posts
from tenants.columns import IS_STAFF, NOW, TENANT, VIEWER, among
from tenants.errors import Code
from tenants.policy import PART, Condition, Ground, protect, rule
from tenants.scopes import Scope
from tenants.topics.consultations import consultation_parties, consultations, resolutions
from tenants.topics.tables import (
    topic_contributions,
    topic_discussions,
    topic_evaluations,
    topic_events,
    topic_supports,
    topics,
)
from tenants.votes.tables import votes

_ONE = sa.literal_column("1")
IS_AUTHOR = topics.c.author_id == VIEWER

# Members see every topic, and all that was said and decided on it; who supports one is a number, and
# to each their own support.
for _open in (topics, topic_contributions, consultations, resolutions):
    protect(_open, Scope.TOPIC_READ, community=sa.true())
for _of_topic in (
    topic_events, topic_discussions, topic_evaluations, consultation_parties,
):  # fmt: skip
    protect(_of_topic, PART, community=sa.true())
protect(topic_supports, Scope.TOPIC_READ, community=topic_supports.c.member_id == VIEWER)

NOT_STAFF: Ground = (Code.FORBIDDEN, ~IS_STAFF, "限居委和书记。Only the committee's staff may.")


def has_own(table: sa.Table) -> Condition:
    """Return the condition that the viewer has a row of this table with the topic."""
    return sa.exists(
        sa.select(_ONE).where(
            table.c.community_id == TENANT,
            table.c.topic_id == topics.c.id,
            table.c.member_id == VIEWER,
        )
    )


RAISE_POST = rule(
    "proposeTopic", Scope.TOPIC_WRITE, posts, (Code.WRONG_STATE, posts.c.state != "PUBLISHED")
)
HAS_SUPPORTED = has_own(topic_supports)
SUPPORT = rule(
    "supportTopic", Scope.TOPIC_WRITE, topics,
    (Code.WRONG_STATE, topics.c.state != "PROPOSED", "已不在征集附议。It collects no more support."),
    (Code.ALREADY_DONE, HAS_SUPPORTED, "您已附议。You support it already."),
)  # fmt: skip
WITHDRAW_SUPPORT = rule(
    "withdrawTopicSupport", Scope.TOPIC_WRITE, topics,
    (Code.WRONG_STATE, topics.c.state != "PROPOSED", "附议已达人数。Its goal has been reached."),
    (Code.WRONG_STATE, ~HAS_SUPPORTED, "您没有附议。You do not support it."),
    (Code.FORBIDDEN, IS_AUTHOR, "提议人可撤回议题。Its author withdraws the topic itself."),
)  # fmt: skip
CONTRIBUTE = rule(
    "contributeToTopic", Scope.TOPIC_WRITE, topics,
    (
        Code.WRONG_STATE,
        (topics.c.state != "SOLICITING") | (topics.c.solicited_until <= NOW),
        "不在征询期内。Residents are not asked now.",
    ),
)  # fmt: skip
ANSWER_CONTRIBUTION = rule(
    "answerContribution", Scope.TOPIC_MANAGE, topic_contributions, NOT_STAFF,
    (
        Code.WRONG_STATE,
        topic_contributions.c.stance != "QUESTION",
        "只答复提问。Only a question is answered.",
    ),
    (Code.ALREADY_DONE, topic_contributions.c.answered_at.is_not(None)),
)  # fmt: skip
EVALUATE = rule(
    "evaluateTopic", Scope.TOPIC_WRITE, topics,
    (
        Code.WRONG_STATE,
        (topics.c.state != "EVALUATING") | (topics.c.evaluated_until <= NOW),
        "不在评议期内。It is not evaluated now.",
    ),
    (Code.ALREADY_DONE, has_own(topic_evaluations), "您已评议。You evaluated it already."),
)  # fmt: skip
# Any member may sit in; a supervisor by right (城市居民委员会组织法 36).
JOIN_CONSULTATION = rule(
    "joinConsultation", Scope.TOPIC_WRITE, consultations,
    (
        Code.WRONG_STATE,
        ~among(consultations.c.state, "SCHEDULED"),
        "已召开或已取消。It was held or cancelled.",
    ),
    (
        Code.ALREADY_DONE,
        sa.exists(
            sa.select(_ONE).where(
                consultation_parties.c.community_id == TENANT,
                consultation_parties.c.consultation_id == consultations.c.id,
                consultation_parties.c.member_id == VIEWER,
            )
        ),
        "您已在名单上。You are on its list.",
    ),
)  # fmt: skip
# Which vote may decide a topic.
DECIDE_BY = rule(
    "submitTopicToMeeting", Scope.TOPIC_MANAGE, votes,
    (Code.INVALID, ~among(votes.c.track, "DECISION"), "意见征询不作决定。A poll decides nothing."),
    (
        Code.WRONG_STATE,
        ~among(votes.c.state, "DRAFT", "NOTICED"),
        "须在投票开始之前提请。It is put to a vote before the vote opens.",
    ),
)  # fmt: skip
