"""What a desk does with a petition: the committee's, a street's, the district's or a department's."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.engine import bindings as b
from api.engine.bindings import outcome
from api.engine.declare import Outcome, bound, mutation, one, published
from api.engine.identifiers import decode_id, encode_id
from api.schema.answer_templates import AnswerTemplate
from api.schema.catalogue import Urgency
from api.schema.common import Keyed, Payload, Retried
from api.schema.images import upload_ids, uploads
from api.schema.petition_authors import PETITION, PetitionPayload
from api.schema.places import CommunityPayload
from tenants.images.tables import MOST_ON_PETITION
from tenants.petitions import policy, steps
from tenants.petitions.desks import answer_templates
from tenants.petitions.service import answering, ending, handling, importing, merging, population
from tenants.petitions.words import Outcome as PetitionOutcome
from tenants.petitions.words import RefusalCode, Secrecy
from tenants.taking import act
from tenants.transaction import Tx
from tenants.words import Words, word

_WORDS = "说明，≤1000 字。In words."
_REASON = "理由，诉求人可见，1–1000 字。Why, told to its author, 1 to 1000."


@strawberry.input(description="受理。Take a petition on.")
class AcceptPetitionInput:
    """Input of acceptPetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    urgency: Urgency | None = strawberry.field(
        default=None, description="更改紧急程度，期限随之。Another urgency, and its limits."
    )
    words: str | None = strawberry.field(default=None, description=_WORDS)


@strawberry.input(description="要求补充信息。Ask for what is missing.")
class RequestPetitionInformationInput:
    """Input of requestPetitionInformation."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    question: str = strawberry.field(description="须补充什么，1–1000 字。What is missing.")


@strawberry.input(description="不予受理。Refuse a petition.")
class RefusePetitionInput:
    """Input of refusePetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    code: RefusalCode = strawberry.field(description="原因类别。The reason's kind.")
    reason: str = strawberry.field(description=_REASON)
    legal_route: str | None = strawberry.field(
        default=None,
        description="应走的途径；紧急事项、其他法定途径必填。The route that is open; required of those.",
    )


@strawberry.input(description="并案。Merge a petition into another.")
class MergePetitionInput:
    """Input of mergePetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    into_id: strawberry.ID = strawberry.field(description="并入哪件。The other one.")
    reason: str = strawberry.field(description=_REASON)


@strawberry.input(description="派单。Assign a petition.")
class AssignPetitionInput:
    """Input of assignPetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    handler_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="社区：派给谁；默认值班人。At the community: to whom; by default who is on duty.",
    )
    department_id: strawberry.ID | None = strawberry.field(
        default=None, description="街镇或区：派给哪个部门。Above it: to which department."
    )
    assisting_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="协办部门，至多 5 个。Departments that assist, at most 5."
    )
    words: str | None = strawberry.field(default=None, description=_WORDS)


@strawberry.input(description="派单异议。Object to an assignment.")
class DisputeAssignmentInput:
    """Input of disputeAssignment."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    reason: str = strawberry.field(description="理由，1–1000 字。Why, 1 to 1000.")


@strawberry.input(description="开始办理。Begin to work on it.")
class StartPetitionInput:
    """Input of startPetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    words: str | None = strawberry.field(default=None, description=_WORDS)


@strawberry.input(description="延期。Put off the day of the answer.")
class ExtendPetitionInput:
    """Input of extendPetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    until: datetime = strawberry.field(
        description=(
            "新期限，至多再延 15 个工作日（本系统所定，非法定）。\n"
            "The new day, 15 working days later at most: Linli's own rule, no statute's."
        )
    )
    reason: str = strawberry.field(description=_REASON)


@strawberry.input(description="上报。Report it to the level above.")
class EscalatePetitionInput:
    """Input of escalatePetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    reason: str = strawberry.field(description=_REASON)


@strawberry.input(description="答复。Answer a petition.")
class AnswerPetitionInput(Retried):
    """Input of answerPetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    words: str = strawberry.field(description="答复，1–10000 字。The answer, 1 to 10000.")
    outcome: PetitionOutcome = strawberry.field(
        description="结果，如实。What came of it, honestly."
    )
    planned_for: datetime | None = strawberry.field(
        default=None, description="列入计划的日期。By when, if it is planned."
    )
    upload_ids: list[strawberry.ID] = uploads(MOST_ON_PETITION)


@strawberry.input(description="批量答复。Answer many petitions alike.")
class AnswerPetitionsInput(Retried):
    """Input of answerPetitions."""

    petition_ids: list[strawberry.ID] = strawberry.field(
        description=(
            "诉求，1–50 件；上级一次至多 4 个社区。"
            "The petitions, 1 to 50; of at most 4 communities where an officer answers."
        )
    )
    words: str = strawberry.field(description="答复，1–10000 字。The answer, 1 to 10000.")
    outcome: PetitionOutcome = strawberry.field(
        description="结果，如实。What came of it, honestly."
    )
    planned_for: datetime | None = strawberry.field(
        default=None, description="列入计划的日期。By when, if it is planned."
    )


@strawberry.input(description="记录一条。Add to the timeline.")
class AddPetitionNoteInput(Keyed):
    """Input of addPetitionNote."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    words: str = strawberry.field(description="内容，1–10000 字。The words, 1 to 10000.")
    is_public: bool = strawberry.field(
        default=False, description="公开，或只给办理台。For all who see it, or the desks alone."
    )


class ReviewDecision(Words):
    """What a review decides."""

    UPHOLD = word("维持原答复", "The answer stands")
    REDO = word("由本级重办", "It is done again at this level")


published(
    ReviewDecision,
    "PetitionReviewDecision",
    "复查的决定。What the level above decides on a review.",
)


@strawberry.input(description="裁定复查。Decide a review.")
class DecidePetitionReviewInput:
    """Input of decidePetitionReview."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    decision: ReviewDecision = strawberry.field(description="裁定。The decision.")
    reason: str = strawberry.field(description=_REASON)


@strawberry.input(description="新建模板。Keep an answer for use again.")
class CreateAnswerTemplateInput(Keyed):
    """Input of createAnswerTemplate."""

    name: str = strawberry.field(description="名称，1–100 字。Name, 1 to 100 characters.")
    words: str = strawberry.field(description="内容，1–10000 字。The words, 1 to 10000.")


@strawberry.input(description="删除模板。Delete a template of your desk.")
class DeleteAnswerTemplateInput:
    """Input of deleteAnswerTemplate."""

    template_id: strawberry.ID = strawberry.field(description="模板。The template.")


@strawberry.input(description="登记人口。Record how many live there.")
class RecordPopulationInput:
    """Input of recordPopulation."""

    adults: int = strawberry.field(description="成年居民。Adults.")
    households: int = strawberry.field(description="户数。Households.")
    source: str = strawberry.field(description="来源，1–200 字。Where the count comes from.")


@strawberry.input(
    description="一封历史来信，文字逐字保留。A historic letter, kept to the character."
)
class HistoricLetterInput:
    """One of importPetitions."""

    source_id: str = strawberry.field(description="来源中的编号，1–64 字符。Its id there.")
    author: str | None = strawberry.field(
        default=None, description="来源中的署名，≤40 字。How it is signed there."
    )
    submitted_at: datetime = strawberry.field(description="提交时间。When it was sent.")
    title: str = strawberry.field(description="标题，1–100 字。Title, 1 to 100 characters.")
    body: str = strawberry.field(description="正文，1–10000 字。Body, 1 to 10000 characters.")
    answered_at: datetime | None = strawberry.field(
        default=None, description="答复时间。When answered."
    )
    answer: str | None = strawberry.field(default=None, description="答复，≤10000 字。The answer.")


@strawberry.input(description="导入历史来信。Import historic letters.")
class ImportPetitionsInput:
    """Input of importPetitions."""

    source: str = strawberry.field(description="来源，1–40 字。Where they come from.")
    category_id: strawberry.ID = strawberry.field(
        description="归入的分类。The category they go to."
    )
    secrecy: Secrecy = strawberry.field(
        default=Secrecy.MEMBERS, description="谁能看。Who may read them."
    )
    letters: list[HistoricLetterInput] = strawberry.field(description="来信，1–50 封。The letters.")


@strawberry.type(description="批量答复的结果。What came of it.")
class AnswerPetitionsPayload(Payload):
    """Which were answered."""

    answered_ids: list[strawberry.ID] = bound(
        "已答复的。What was answered.",
        b.Given(lambda env: [encode_id(each, "pet_") for each in env.outcome.get("answered", [])]),
    )


@strawberry.type(description="导入的结果。What came of it.")
class ImportPetitionsPayload(Payload):
    """Which are new, and which were here."""

    imported_ids: list[strawberry.ID] = bound(
        "新导入的。What is new.", b.Given(lambda env: env.outcome.get("imported", []))
    )
    known_ids: list[strawberry.ID] = bound(
        "早已导入的，未作改动。What was here already, left as it is.",
        b.Given(lambda env: env.outcome.get("known", [])),
    )


@strawberry.type(description="对模板所做之事的结果。What came of it.")
class AnswerTemplatePayload(Payload):
    """The template; null once deleted."""

    template: AnswerTemplate | None = one(
        "该模板。The template.", answer_templates, {"id": outcome("template", answer_templates)}
    )


@mutation(
    steps.ACCEPT,
    "受理；算作首次响应，待查看的公开诉求随即展示。\n"
    "Take a petition on: the first response. One whose words waited for a reader is shown now.",
)
async def accept_petition(
    tx: Tx, input: AcceptPetitionInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    done = await handling.accept(
        tx,
        petition_id=decode_id(input.petition_id, "pet_"),
        urgency=input.urgency,
        words=input.words,
    )
    return {"petition": done}


@mutation(
    steps.REQUEST_INFORMATION,
    "要求补充；时钟暂停，人人可见。Ask its author for what is missing; the clocks stand.",
)
async def request_petition_information(
    tx: Tx, input: RequestPetitionInformationInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    petition_id = decode_id(input.petition_id, "pet_")
    return {"petition": await act(tx, steps.REQUEST_INFORMATION, petition_id, input.question)}


@mutation(
    steps.REFUSE,
    "不予受理，说明理由和应走的途径；可申请复查。\n"
    "Refuse it with the reason and the route that is open; its author may ask for a review.",
)
async def refuse_petition(
    tx: Tx, input: RefusePetitionInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    done = await handling.refuse(
        tx,
        petition_id=decode_id(input.petition_id, "pet_"),
        code=input.code,
        reason=input.reason,
        legal_route=input.legal_route,
    )
    return {"petition": done}


@mutation(
    steps.MERGE,
    "并案，联名随之；原诉求人须看得到并入的那件。\n"
    "Merge the same matter; who signed moves along, and its author must be able to read the other.",
)
async def merge_petition(tx: Tx, input: MergePetitionInput) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    done = await merging.merge(
        tx,
        petition_id=decode_id(input.petition_id, "pet_"),
        into_id=decode_id(input.into_id, "pet_"),
        reason=input.reason,
    )
    return {"petition": done}


@mutation(
    steps.ASSIGN,
    "派单：社区派给居委成员，默认值班人；街镇和区派给部门，可有协办。异议由此裁定。\n"
    "Assign it: to one of the staff, by default who is on duty; above, to a department. This also "
    "decides an objection.",
)
async def assign_petition(
    tx: Tx, input: AssignPetitionInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    done = await handling.assign(
        tx,
        petition_id=decode_id(input.petition_id, "pet_"),
        handler_id=decode_id(input.handler_id, "mem_"),
        has_handler=input.handler_id is not None,
        department_id=decode_id(input.department_id, "dep_"),
        has_department=input.department_id is not None,
        assisting_ids=[decode_id(each, "dep_") for each in input.assisting_ids],
        words=input.words,
    )
    return {"petition": done}


@mutation(
    steps.DISPUTE,
    "派单异议，由派单者裁定，一次；时钟暂停。Object to an assignment, once; the clocks stand.",
)
async def dispute_assignment(
    tx: Tx, input: DisputeAssignmentInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    petition_id = decode_id(input.petition_id, "pet_")
    return {"petition": await act(tx, steps.DISPUTE, petition_id, input.reason)}


@mutation(steps.START, "开始办理。Begin to work on it.")
async def start_petition(tx: Tx, input: StartPetitionInput) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    petition_id = decode_id(input.petition_id, "pet_")
    return {"petition": await act(tx, steps.START, petition_id, input.words)}


@mutation(
    steps.EXTEND,
    "延期一次，理由告知诉求人。Put off the day of the answer, once, for a reason its author is told.",
)
async def extend_petition(
    tx: Tx, input: ExtendPetitionInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    done = await handling.extend(
        tx,
        petition_id=decode_id(input.petition_id, "pet_"),
        until=input.until,
        reason=input.reason,
    )
    return {"petition": done}


@mutation(
    steps.ESCALATE,
    "上报上一级，其须在同样期限内受理。Report it to the level above, which must acknowledge it in time.",
)
async def escalate_petition(
    tx: Tx, input: EscalatePetitionInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    petition_id = decode_id(input.petition_id, "pet_")
    return {"petition": await handling.escalate(tx, petition_id=petition_id, reason=input.reason)}


@mutation(
    steps.ANSWER,
    "答复，结果如实；之后由系统回访。Answer it, honestly; the system then asks its author.",
    example=(
        "mutation { answerPetition(input: {\n"
        '  petitionId: "pet_AZrY3kQkdI2QAQIDBAUGBw", words: "路灯已修复。", outcome: SOLVED\n'
        "}) { petition { state } userErrors { code message } } }"
    ),
)
async def answer_petition(
    tx: Tx, input: AnswerPetitionInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    done = await answering.answer(
        tx,
        petition_id=decode_id(input.petition_id, "pet_"),
        words=input.words,
        outcome=input.outcome,
        planned_for=input.planned_for,
        upload_ids=upload_ids(input.upload_ids),
    )
    return {"petition": done}


@mutation(
    steps.ANSWER,
    "批量答复：要么全部，要么都不；`path` 指出第一件不行的。\n"
    "Answer many alike: all of them or none; `path` names the first that cannot be.",
)
async def answer_petitions(
    tx: Tx, input: AnswerPetitionsInput
) -> Annotated[Outcome, AnswerPetitionsPayload]:
    """Translate."""
    done = await answering.answer_many(
        tx,
        petition_ids=[decode_id(each, "pet_") for each in input.petition_ids],
        words=input.words,
        outcome=input.outcome,
        planned_for=input.planned_for,
    )
    return {"answered": done}


@mutation(steps.NOTE, "在时间线上记录，公开或只给办理台。Add to the timeline.", claims_itself=True)
async def add_petition_note(
    tx: Tx, input: AddPetitionNoteInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    done = await handling.add_note(
        tx,
        petition_id=decode_id(input.petition_id, "pet_"),
        words=input.words,
        is_public=input.is_public,
        key=input.idempotency_key,
    )
    return {"petition": done}


@mutation(
    steps.DECIDE_REVIEW,
    "裁定复查：维持，或由本级重办；答复者不得裁定。\n"
    "Decide a review: uphold the answer or take it on here; never who answered it.",
)
async def decide_petition_review(
    tx: Tx, input: DecidePetitionReviewInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    done = await ending.decide_review(
        tx,
        petition_id=decode_id(input.petition_id, "pet_"),
        upheld=input.decision is ReviewDecision.UPHOLD,
        reason=input.reason,
    )
    return {"petition": done}


@mutation(
    policy.CREATE_TEMPLATE,
    "新建答复模板，同一办理台共用；同名则 ALREADY_DONE。\n"
    "Keep an answer for use again by the people of your desk; ALREADY_DONE where it has one of that name.",
)
async def create_answer_template(
    tx: Tx, input: CreateAnswerTemplateInput
) -> Annotated[Outcome, AnswerTemplatePayload]:
    """Translate."""
    done = await answering.create_template(tx, name=input.name, words=input.words)
    return {"template": done}


@mutation(policy.DELETE_TEMPLATE, "删除模板。Drop a template.")
async def delete_answer_template(
    tx: Tx, input: DeleteAnswerTemplateInput
) -> Annotated[Outcome, AnswerTemplatePayload]:
    """Translate."""
    template_id = decode_id(input.template_id, "tpl_")
    return {"template": await answering.delete_template(tx, template_id=template_id)}


@mutation(
    policy.RECORD_POPULATION,
    "登记成年居民和户数，联名比例由此计算。Record the count that shares of all are reckoned from.",
)
async def record_population(
    tx: Tx, input: RecordPopulationInput
) -> Annotated[Outcome, CommunityPayload]:
    """Translate."""
    done = await population.record(
        tx, adults=input.adults, households=input.households, source=input.source
    )
    return {"community": done}


@mutation(
    policy.IMPORT,
    "导入历史来信，文字和时间不变；同一来源的编号只导入一次，再送来的不论内容都算已有，不改原件。\n"
    "Import historic letters, texts and times unchanged; each id of a source once: sent again it is "
    "known, and what is here stays as it is, whatever the text now.",
)
async def import_petitions(
    tx: Tx, input: ImportPetitionsInput
) -> Annotated[Outcome, ImportPetitionsPayload]:
    """Translate."""
    new, known = await importing.bring_in(
        tx,
        source=input.source,
        category_id=decode_id(input.category_id, "cat_"),
        secrecy=input.secrecy,
        letters=[
            importing.Letter(
                source_id=each.source_id,
                author=each.author,
                submitted_at=each.submitted_at,
                title=each.title,
                body=each.body,
                answered_at=each.answered_at,
                answer=each.answer,
            )
            for each in input.letters
        ],
    )
    return {
        "imported": [encode_id(each, "pet_") for each in new],
        "known": [encode_id(each, "pet_") for each in known],
    }
