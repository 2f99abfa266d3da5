"""What an author does with a petition: send it, sign another's, say whether it is solved."""

from typing import Annotated, Any

import strawberry

from api.engine.bindings import outcome
from api.engine.declare import Outcome, mutation, one
from api.engine.identifiers import decode_id
from api.schema.common import Keyed, Payload, Retried
from api.schema.images import upload_ids, uploads
from api.schema.petitions import Petition
from tenants.boards.service.check import Verdict
from tenants.catalogue.policy import FILE_UNDER
from tenants.images.tables import MOST_ON_PETITION
from tenants.petitions import policy, steps
from tenants.petitions.service import ending, supporting, writing
from tenants.petitions.tables import petitions
from tenants.petitions.words import Addressee, PetitionKind, Secrecy, Solved
from tenants.taking import act
from tenants.transaction import Tx
from tenants.viewer import Viewer

PETITION = "诉求。The petition."


@strawberry.input(description="提交诉求。Send a petition.")
class SubmitPetitionInput(Keyed):
    """Input of submitPetition."""

    kind: PetitionKind = strawberry.field(description="类别。What is asked for.")
    category_id: strawberry.ID = strawberry.field(description="分类。Its category.")
    title: str = strawberry.field(description="标题，1–100 字。Title, 1 to 100 characters.")
    body: str = strawberry.field(description="正文，1–10000 字。Body, 1 to 10000 characters.")
    location: str | None = strawberry.field(
        default=None, description="地点，≤200 字。Where, in words."
    )
    secrecy: Secrecy = strawberry.field(
        default=Secrecy.PRIVATE, description="谁能看。Who may read it: nobody else, by default."
    )
    addressee: Addressee = strawberry.field(
        default=Addressee.COMMUNITY,
        description="致居委，或越级。The committee; or past it, who then does not see a private one.",
    )
    department_id: strawberry.ID | None = strawberry.field(
        default=None, description="致部门时：哪个部门。Which department, if to one."
    )
    goal_rule_id: strawberry.ID | None = strawberry.field(
        default=None, description="联名依据的规则。The rule by which signatures are collected."
    )
    upload_ids: list[strawberry.ID] = uploads(MOST_ON_PETITION)


@strawberry.input(description="补充所要的信息。Give what was asked for.")
class ResubmitPetitionInput(Retried):
    """Input of resubmitPetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    body: str = strawberry.field(description="正文，可修改。The body, as it now is, 1 to 10000.")
    words: str | None = strawberry.field(default=None, description="补充说明。What to add.")
    upload_ids: list[strawberry.ID] = uploads(
        MOST_ON_PETITION, "\n加在原有之后，合计不超过上限。Added to the letter's: so many in all."
    )


@strawberry.input(description="撤回诉求。Take a petition back.")
class WithdrawPetitionInput:
    """Input of withdrawPetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    words: str | None = strawberry.field(default=None, description="原因。Why.")


@strawberry.input(description="回访：是否解决，是否满意。Say whether it is solved.")
class RecordCallbackInput(Retried):
    """Input of recordCallback."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    solved: Solved = strawberry.field(description="是否解决。Whether it is solved.")
    satisfaction: int = strawberry.field(description="满意度，1–5。Satisfaction, 1 to 5.")
    words: str | None = strawberry.field(default=None, description="意见，≤1000 字。In words.")


@strawberry.input(description="要求重办。Have it dealt with again.")
class ReopenPetitionInput(Retried):
    """Input of reopenPetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    reason: str = strawberry.field(description="为何未解决，1–1000 字。Why, 1 to 1000.")


@strawberry.input(description="申请复查。Ask for a review.")
class RequestPetitionReviewInput(Retried):
    """Input of requestPetitionReview."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)
    reason: str = strawberry.field(description="为何不服，1–1000 字。Why, 1 to 1000.")


@strawberry.input(description="联名。Sign a petition.")
class SupportPetitionInput:
    """Input of supportPetition."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)


@strawberry.input(description="撤回联名。Take a signature back.")
class WithdrawSupportInput:
    """Input of withdrawSupport."""

    petition_id: strawberry.ID = strawberry.field(description=PETITION)


@strawberry.type(description="对诉求所做之事的结果。What came of it.")
class PetitionPayload(Payload):
    """The petition as it is now, if the viewer still sees it."""

    petition: Petition | None = one(
        "该诉求。The petition.", petitions, {"id": outcome("petition", petitions)}
    )


async def _check(services: dict[str, Any], _: Viewer, input: Any) -> Verdict:
    """Have what neighbours will read be checked; a private letter is read by its desk alone."""
    if input.secrecy is Secrecy.PRIVATE:
        return Verdict.PASS
    return await services["text_check"].check(f"{input.title}\n{input.body}")


async def _check_again(services: dict[str, Any], _: Viewer, input: Any) -> Verdict:
    return await services["text_check"].check(input.body)


@mutation(
    FILE_UNDER,
    "提交诉求，两个时钟即开始；同一幂等键只提交一次。\n"
    "Send a petition: both clocks begin. NOT_FOUND or WRONG_STATE of its category or department; "
    "QUOTA_EXCEEDED with 20 open ones; CONTENT_REJECTED if it is not private and fails the check.",
    prepare=_check,
    example=(
        "mutation { submitPetition(input: {\n"
        '  kind: HELP, categoryId: "cat_AZrY3kQkdI2QAQIDBAUGBw", title: "路灯不亮",\n'
        '  body: "三号楼前路灯不亮。", idempotencyKey: "c7e1"\n'
        "}) { petition { id clocks { acknowledgeDueAt resolveDueAt } } userErrors { code message } } }"
    ),
)
async def submit_petition(
    tx: Tx, input: SubmitPetitionInput, prepared: Any
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    done = await writing.submit(
        tx,
        kind=input.kind.value,
        category_id=decode_id(input.category_id, "cat_"),
        title=input.title,
        body=input.body,
        location=input.location,
        secrecy=input.secrecy.value,
        addressee=input.addressee.value,
        department_id=decode_id(input.department_id, "dep_"),
        has_department=input.department_id is not None,
        goal_rule_id=decode_id(input.goal_rule_id, "gol_"),
        has_goal=input.goal_rule_id is not None,
        upload_ids=upload_ids(input.upload_ids),
        verdict=prepared,
    )
    return {"petition": done}


@mutation(
    steps.RESUBMIT,
    "补充信息后再次提交，时钟继续走。Give what was asked for; the clocks go on.",
    prepare=_check_again,
)
async def resubmit_petition(
    tx: Tx, input: ResubmitPetitionInput, prepared: Any
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    done = await writing.resubmit(
        tx,
        petition_id=decode_id(input.petition_id, "pet_"),
        body=input.body,
        words=input.words,
        upload_ids=upload_ids(input.upload_ids),
        verdict=prepared,
    )
    return {"petition": done}


@mutation(
    steps.WITHDRAW, "撤回未办结的诉求。Take an open petition back; neighbours see it no more."
)
async def withdraw_petition(
    tx: Tx, input: WithdrawPetitionInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    petition_id = decode_id(input.petition_id, "pet_")
    return {"petition": await writing.withdraw(tx, petition_id=petition_id, words=input.words)}


@mutation(
    steps.RECORD_CALLBACK,
    "答复后说明是否解决；只有本人的话计入解决率。\n"
    "After an answer, say whether it is solved: only its author's word counts in the rates.",
    example=(
        "mutation { recordCallback(input: {\n"
        '  petitionId: "pet_AZrY3kQkdI2QAQIDBAUGBw", solved: YES, satisfaction: 5\n'
        "}) { petition { state } userErrors { code message } } }"
    ),
)
async def record_callback(
    tx: Tx, input: RecordCallbackInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    done = await ending.record_callback(
        tx,
        petition_id=decode_id(input.petition_id, "pet_"),
        solved=input.solved,
        satisfaction=input.satisfaction,
        words=input.words,
    )
    return {"petition": done}


@mutation(
    steps.REOPEN,
    "要求重办，至多两次，答复后 30 天内。Have it dealt with again: twice, within 30 days of the answer.",
)
async def reopen_petition(
    tx: Tx, input: ReopenPetitionInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    petition_id = decode_id(input.petition_id, "pet_")
    return {"petition": await ending.reopen(tx, petition_id=petition_id, reason=input.reason)}


@mutation(
    steps.REQUEST_REVIEW,
    "对答复或不予受理申请上一级复查，一次，30 天内。\n"
    "Ask the level above to review an answer or a refusal: once, within 30 days.",
)
async def request_petition_review(
    tx: Tx, input: RequestPetitionReviewInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    petition_id = decode_id(input.petition_id, "pet_")
    done = await act(tx, steps.REQUEST_REVIEW, petition_id, input.reason)
    return {"petition": done}


@mutation(policy.SUPPORT, "联名，每人一次。Sign a petition, once; ALREADY_DONE if you have.")
async def support_petition(
    tx: Tx, input: SupportPetitionInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    petition_id = decode_id(input.petition_id, "pet_")
    return {"petition": await supporting.support(tx, petition_id=petition_id)}


@mutation(
    policy.WITHDRAW_SUPPORT, "达标前可撤回联名。Take a signature back, until the goal is reached."
)
async def withdraw_support(
    tx: Tx, input: WithdrawSupportInput
) -> Annotated[Outcome, PetitionPayload]:
    """Translate."""
    petition_id = decode_id(input.petition_id, "pet_")
    return {"petition": await supporting.withdraw(tx, petition_id=petition_id)}
