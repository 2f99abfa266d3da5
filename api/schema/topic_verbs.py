"""These are the mutations of topics."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from api.engine.declare import published
from api.engine.inputs import Keyed, Retried, field, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import checked
from api.schema.petition_authors import OnPetition
from api.schema.topic_parts import TopicContribution
from api.schema.topics import Topic
from tenants.boards.service.check import Verdict
from tenants.boards.tables import posts
from tenants.catalogue.tables import petition_categories
from tenants.petitions.steps import CONVERT
from tenants.topics import policy, procedure
from tenants.topics.consultations import consultations
from tenants.topics.service import consulting, deciding, proposing, screening
from tenants.topics.tables import (
    ANSWER_LENGTH,
    BODY_LENGTH,
    CONTRIBUTION_LENGTH,
    NOTE_LENGTH,
    TITLE_LENGTH,
    topic_contributions,
    topics,
)
from tenants.topics.words import DiscussionKind, Execution, Screening, Stance
from tenants.viewer import Viewer
from tenants.votes.tables import votes

published(Screening, "TopicScreening")

_TOPIC = {"topic": link(Topic, topics)}
_CONTRIBUTION = {"contribution": link(TopicContribution, topic_contributions)}


class OnTopic:
    """It is the input of a mutation of one topic."""

    topic_id: UUID = ref(topics)


@verb(procedure.PROPOSE, _TOPIC, proposing.propose)
class ProposeTopic(Keyed):
    """提议一个议题，您即第一位附议人；满 5 人附议交书记审核，90 天内不满则失效（本系统所定）。
    Propose a topic; you are the first to support it. With 5 it goes to the secretary, and lapses after \
90 days without (house rules).
    """

    title: str = text("标题", "the title", TITLE_LENGTH)
    body: str = text("内容", "the text", BODY_LENGTH)
    post_id: UUID | None = ref(
        posts, "可填写由哪条帖子提起。You may give the id of the post that it is about."
    )

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, Verdict]:
        """Have the text checked."""
        return await checked(services, f"{self.title}\n{self.body}")


@verb(CONVERT, _TOPIC, proposing.convert)
class ConvertToTopic(OnPetition, Retried):
    """把涉及众人的诉求转为议题，限居委的办理台；即为对诉求的答复，随后回访诉求人。
    Make a topic of a petition that concerns many, at the committee's desk. It is the answer to the \
petition, whose author is asked back.
    """

    reason: str = text("答复诉求人的话", "what its author is told")


@verb(policy.SUPPORT, _TOPIC, proposing.support)
class SupportTopic(OnTopic):
    """附议，每人一次。Support a topic, once."""


@verb(policy.WITHDRAW_SUPPORT, _TOPIC, proposing.withdraw_support)
class WithdrawTopicSupport(OnTopic):
    """附议满额之前可以撤回。Support it no more, until its goal is reached."""


@verb(procedure.WITHDRAW, _TOPIC)
class WithdrawTopic(OnTopic):
    """审核之前撤回自己的议题。Take one's own topic back before it is screened."""


@verb(procedure.SCREEN, _TOPIC, screening.screen)
class ScreenTopic(OnTopic):
    """审核议题，限书记，须说明理由；10 天内不审核，自动列入居委议程。
    Decide whether a topic is taken up, for a reason: the secretary only. After 10 days without a \
decision it goes to the committee by itself.
    """

    decision: Screening = field("填写决定。Give the decision.")
    reason: str = text("理由，成员可见", "the reason, which members read")


@verb(procedure.TO_PETITION, _TOPIC, screening.convert_to_petition)
class ConvertToPetition(OnTopic):
    """单户的事项，转为提议人的不公开诉求。Make the matter of one household a private petition of its author."""

    category_id: UUID = ref(
        petition_categories, "填写诉求的分类。Give the id of the petition's category."
    )
    reason: str = text("理由，成员可见", "the reason, which members read")


@verb(procedure.SOLICIT, _TOPIC, consulting.solicit)
class SolicitViews(OnTopic):
    """就议程上的议题征询居民意见，60 天以内。
    Ask residents what they think of a topic on the agenda, for 60 days at most.
    """

    closes_at: datetime = field("填写截止时间。Give the time at which it ends.")
    is_important: bool = field(
        "填写是否重大事项：须经四议两公开，由会议表决决定。\n"
        "Say whether the matter is important, so that a meeting decides it after three discussions.",
        default=False,
    )


@verb(policy.CONTRIBUTE, _CONTRIBUTION, consulting.contribute)
class ContributeToTopic(OnTopic, Keyed):
    """征询期内发表意见或提问。Say what you think of a topic, or ask, while residents are asked."""

    stance: Stance = field("填写赞成、反对或提问。Say whether it is for, against, or a question.")
    body: str = text("内容", "what you think", CONTRIBUTION_LENGTH)

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, Verdict]:
        """Have the text checked."""
        return await checked(services, self.body)


@verb(policy.ANSWER_CONTRIBUTION, _CONTRIBUTION, consulting.answer)
class AnswerContribution:
    """答复一个提问，一次。Answer a question, once."""

    contribution_id: UUID = ref(topic_contributions)
    answer: str = text("答复", "the answer", ANSWER_LENGTH)


@verb(procedure.RECORD_DISCUSSION, _TOPIC, deciding.record_discussion)
class RecordTopicDiscussion(OnTopic):
    """登记党组织提议、两委商议或党员审议，依次进行。
    Record one of the three discussions of an important matter, in their order.
    """

    kind: DiscussionKind = field("填写哪一种讨论。Give the kind of the discussion.")
    held_on: date = field("填写日期。Give the day on which it was held.")
    body: str = text("记录", "the record")


@verb(procedure.SUBMIT, _TOPIC, deciding.submit)
class SubmitTopicToMeeting(OnTopic):
    """协商之后提请会议表决：指明会议的哪一项。未经协商，或重大事项未经三次讨论的，不予提请。
    Put a topic to the vote of a meeting, after a consultation, and an important one after its three \
discussions.
    """

    vote_id: UUID = ref(
        votes,
        "填写会议的哪一项表决，尚未开始。Give the id of the matter of a meeting, which is not open yet.",
    )


@verb(procedure.RESOLVE, _TOPIC, deciding.publish_resolution)
class PublishResolution(OnTopic):
    """公开决议：依据已生效的会议表决，或协商一致的记录；不再更改。
    Publish what was decided, by a final vote that passed or by the agreement of a consultation. It \
does not change.
    """

    consultation_id: UUID | None = ref(
        consultations,
        "填写依据的协商；依据表决的不填。\n"
        "Give the id of the consultation that agreed; leave it out after a vote.",
    )
    body: str = text("决议内容", "the resolution")
    execution: Execution = field(
        "填写由谁实施。Say who carries it out.", default=Execution.CARRY_OUT
    )
    due_on: date = field("填写应于何日之前实施。Give the day by which it is to be carried out.")


@verb(procedure.START, _TOPIC)
class StartTopic(OnTopic):
    """决议公开之后开始实施。Begin to carry a resolution out."""


@verb(procedure.REPORT, _TOPIC)
class ReportTopic(OnTopic):
    """报告实施情况，居民评议 7 天（本系统所定）。Report what was done; residents judge it for 7 days (house rule)."""

    report: str = text("报告", "what was done")


@verb(policy.EVALUATE, _TOPIC, deciding.evaluate)
class EvaluateTopic(OnTopic):
    """评议实施情况，每人一次，不公开姓名。Judge what was done, once; no name is shown."""

    satisfaction: int = field("填写满意度，1–5。Give the satisfaction, 1 to 5.")
    note: str | None = text("意见", "your opinion", NOTE_LENGTH)

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, Verdict]:
        """Have the note checked."""
        return await checked(services, self.note or "")


@verb(procedure.CONCLUDE, _TOPIC)
class PublishOutcome(OnTopic):
    """评议期满，公开实施结果。Publish the outcome once the evaluation is over."""

    body: str = text("实施结果", "the outcome")


@verb(procedure.SHELVE, _TOPIC, deciding.shelve)
class ShelveTopic(OnTopic):
    """暂缓，须说明理由和恢复的时间，至多一年；到期自动恢复议程。
    Put a topic off for a reason, for a year at most; it comes back on the agenda by itself.
    """

    until: datetime = field("填写暂缓到何时。Give the time at which it comes back.")
    reason: str = text("理由，成员可见", "the reason, which members read")
