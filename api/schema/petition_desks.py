"""A desk deals with a petition: the committee's, a street's, the district's or a department's."""

from datetime import datetime
from uuid import UUID

from api.engine.declare import published
from api.engine.inputs import Keyed, Retried, field, ref, text
from api.engine.payloads import link, told_ids
from api.engine.verbs import verb
from api.schema.answer_templates import AnswerTemplate
from api.schema.images import uploads
from api.schema.petition_authors import PETITION, OnPetition
from api.schema.places import COMMUNITY
from tenants.acting import MOST_COMMUNITIES
from tenants.catalogue.tables import Urgency
from tenants.images.tables import MOST_ON_PETITION
from tenants.membership.tables import members
from tenants.petitions import policy, steps
from tenants.petitions.desks import answer_templates
from tenants.petitions.service import answering, ending, handling, merging, population
from tenants.petitions.tables import ANSWER_LENGTH, ROUTE_LENGTH, TITLE_LENGTH, petitions
from tenants.petitions.words import Outcome, RefusalCode
from tenants.places.tables import departments
from tenants.transaction import Tx
from tenants.words import Words, word


class _Explained(OnPetition):
    note: str | None = text("说明", "a note")


class _Reasoned(OnPetition):
    reason: str = text("理由，诉求人可见", "the reason, which its author is told")


@verb(steps.ACCEPT, PETITION, handling.accept)
class AcceptPetition(_Explained):
    """受理；算作首次响应，待查看的公开诉求随即展示。
    Take a petition on: the first response. One whose words waited for a reader is shown now.
    """

    urgency: Urgency | None = field(
        "可更改紧急程度，期限随之更改。You may choose another urgency, with its limits."
    )


@verb(steps.REQUEST_INFORMATION, PETITION)
class RequestPetitionInformation(OnPetition):
    """要求补充；时钟暂停，人人可见。Ask its author for what is missing; the clocks stand."""

    question: str = text("须补充什么", "what is missing")


@verb(steps.REFUSE, PETITION, handling.refuse)
class RefusePetition(_Reasoned):
    """不予受理，说明理由和应走的途径；可申请复查。
    Refuse it with the reason and the route that is open; its author may ask for a review.
    """

    code: RefusalCode = field("选择原因类别。Choose the kind of reason.")
    legal_route: str | None = text(
        "应走的途径，紧急事项、其他法定途径必填",
        "the way that is open, required for EMERGENCY and OTHER_LEGAL_ROUTE",
        ROUTE_LENGTH,
    )


@verb(steps.MERGE, PETITION, merging.merge)
class MergePetition(_Reasoned):
    """并案，联名随之；原诉求人须看得到并入的那件。
    Merge the same matter; who signed moves along, and its author must be able to read the other.
    """

    into_id: UUID = ref(petitions, "填写要并入的诉求的标识。Give the id of the other petition.")


@verb(steps.ASSIGN, PETITION, handling.assign)
class AssignPetition(_Explained):
    """派单：社区派给居委成员，默认值班人；街镇和区派给部门，可有协办。异议由此裁定。
    Assign it: to one of the staff, by default who is on duty; above, to a department. This also
    decides an objection.
    """

    handler_id: UUID | None = ref(
        members,
        "在社区填写承办人的标识；不填则为值班人。\n"
        "At the community, give the id of the handler; by default it is who is on duty.",
    )
    department_id: UUID | None = ref(
        departments,
        "在街镇或区填写承办部门的标识。Give the id of the department, above the community.",
    )
    assisting_ids: list[UUID] = ref(
        departments,
        f"填写协办部门的标识，至多 {handling.MOST_ASSISTING} 个。\n"
        f"Give the ids of departments that assist, at most {handling.MOST_ASSISTING}.",
        list,
    )


@verb(steps.DISPUTE, PETITION)
class DisputeAssignment(OnPetition):
    """派单异议，由派单者裁定，一次；时钟暂停。Object to an assignment, once; the clocks stand."""

    reason: str = text("理由", "the reason")


@verb(steps.START, PETITION)
class StartPetition(_Explained):
    """开始办理。Begin to work on it."""


@verb(steps.EXTEND, PETITION, handling.extend)
class ExtendPetition(_Reasoned):
    """延期一次，理由告知诉求人。Put off the day of the answer, once, for a reason its author is told."""

    due_at: datetime = field(
        "填写新期限，至多再延 15 个工作日（本系统所定，非法定）。\n"
        "Give the new day, 15 working days later at most, by Linli's own rule and no "
        "statute's."
    )


@verb(steps.ESCALATE, PETITION, handling.escalate)
class EscalatePetition(_Reasoned):
    """上报上一级，其须在同样期限内受理。
    Report it to the level above, which must acknowledge it in time.
    """


class _Answer(Retried):
    body: str = text("答复", "the answer", ANSWER_LENGTH)
    outcome: Outcome = field("如实选择结果。Choose honestly what came of it.")
    planned_for: datetime | None = field("列入计划的，填写日期。Give the day if it is planned.")


@verb(
    steps.ANSWER,
    PETITION,
    answering.answer,
    example=(
        "mutation { answerPetition(input: {\n"
        '  petitionId: "pet_AZrY3kQkdI2QAQIDBAUGBw", body: "路灯已修复。", outcome: SOLVED\n'
        "}) { petition { state } userErrors { code message } } }"
    ),
)
class AnswerPetition(_Answer, OnPetition):
    """答复，结果如实；之后由系统回访。Answer it, honestly; the system then asks its author."""

    upload_ids: list[UUID] = uploads(MOST_ON_PETITION)


@verb(
    steps.ANSWER,
    {
        "answered_ids": told_ids(
            petitions,
            "这里列出已答复的诉求的标识。This lists the ids of the petitions that were answered.",
        )
    },
    answering.answer_many,
)
class AnswerPetitions(_Answer):
    """批量答复：要么全部，要么都不；`path` 指出第一件不行的。
    Answer many alike: all of them or none; `path` names the first that cannot be.
    """

    petition_ids: list[UUID] = ref(
        petitions,
        f"填写诉求的标识，1–{answering.MOST_AT_ONCE} 件；上级一次至多 {MOST_COMMUNITIES} "
        "个社区。\n"
        f"Give the ids of 1 to {answering.MOST_AT_ONCE} petitions; an officer answers those "
        f"of at most {MOST_COMMUNITIES} communities at once.",
    )


@verb(steps.NOTE, PETITION, handling.add_note, claims_itself=True)
class AddPetitionNote(OnPetition, Keyed):
    """在时间线上记录，公开或只给办理台。Add to the timeline."""

    body: str = text("内容", "the note")
    is_public: bool = field(
        "选择公开，或只给办理台。"
        "Choose whether all who see the petition see it, or the desks alone.",
        False,
    )


class ReviewDecision(Words):
    """上一级这样决定复查。The level above decides a review in this way."""

    UPHOLD = word("维持原答复", "It leaves the answer as it is")
    REDO = word("由本级重办", "It has the petition done again at this level")


published(ReviewDecision, "PetitionReviewDecision")


@verb(steps.DECIDE_REVIEW, PETITION)
class DecidePetitionReview(_Reasoned):
    """裁定复查：维持，或由本级重办；答复者不得裁定。
    Decide a review: uphold the answer or take it on here; never who answered it.
    """

    decision: ReviewDecision = field("选择裁定。Choose the decision.")

    async def run(self, tx: Tx) -> UUID:
        """Decide the review; return the id of the petition."""
        upheld = self.decision is ReviewDecision.UPHOLD
        return await ending.decide_review(
            tx, petition_id=self.petition_id, upheld=upheld, reason=self.reason
        )


_TEMPLATE = {"template": link(AnswerTemplate, answer_templates)}


@verb(policy.CREATE_TEMPLATE, _TEMPLATE, answering.create_template)
class CreateAnswerTemplate(Keyed):
    """新建答复模板，同一办理台共用；同名则 ALREADY_DONE。
    Keep an answer for use again by the people of your desk; ALREADY_DONE where it has one of that name.
    """

    name: str = text("名称", "the name", TITLE_LENGTH)
    body: str = text("内容", "the text", ANSWER_LENGTH)


@verb(policy.DELETE_TEMPLATE, _TEMPLATE, answering.delete_template)
class DeleteAnswerTemplate:
    """删除模板。Drop a template."""

    template_id: UUID = ref(answer_templates)


@verb(policy.RECORD_POPULATION, COMMUNITY, population.record)
class RecordPopulation:
    """登记成年居民和户数，联名比例由此计算。Record the count that shares of all are reckoned from."""

    adults: int = field("填写成年居民的人数。Give the number of adults.")
    households: int = field("填写户数。Give the number of households.")
    source: str = text("来源", "where the count comes from", ROUTE_LENGTH)
