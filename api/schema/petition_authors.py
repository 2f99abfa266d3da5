"""An author sends a petition, supports another's, and says whether it is solved."""

from typing import Any
from uuid import UUID

from api.engine.inputs import Keyed, Retried, field, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import checked
from api.schema.images import uploads
from api.schema.petitions import Petition
from tenants.boards.service.check import Verdict
from tenants.boards.tables import posts
from tenants.catalogue.policy import FILE_UNDER
from tenants.catalogue.tables import petition_categories, support_rules
from tenants.images.tables import MOST_ON_PETITION
from tenants.owners.tables import property_areas
from tenants.petitions import policy, steps
from tenants.petitions.service import ending, supporting, writing
from tenants.petitions.tables import BODY_LENGTH, LOCATION_LENGTH, TITLE_LENGTH, petitions
from tenants.petitions.words import Addressee, PetitionKind, Secrecy, Solved
from tenants.places.tables import departments
from tenants.viewer import Viewer

PETITION = {"petition": link(Petition, petitions)}


class OnPetition:
    """It is the input of a mutation of one petition."""

    petition_id: UUID = ref(petitions)


@verb(
    FILE_UNDER,
    PETITION,
    writing.submit,
    example=(
        "mutation { submitPetition(input: {\n"
        '  kind: HELP, categoryId: "cat_AZrY3kQkdI2QAQIDBAUGBw", title: "路灯不亮",\n'
        '  body: "三号楼前路灯不亮。", idempotencyKey: "c7e1"\n'
        "}) { petition { id clocks { acknowledgeDueAt resolveDueAt } } userErrors { code message } } }"
    ),
)
class SubmitPetition(Keyed):
    """提交诉求，两个时钟即开始；同一幂等键只提交一次。
    Send a petition: both clocks begin. NOT_FOUND or WRONG_STATE of its category or department;
    QUOTA_EXCEEDED with 20 open ones; CONTENT_REJECTED if it is not private and fails the check.
    """

    kind: PetitionKind = field("选择类别。Choose what is asked for.")
    category_id: UUID = ref(petition_categories, "填写分类的标识。Give the id of its category.")
    title: str = text("标题", "the title", TITLE_LENGTH)
    body: str = text("正文", "the body", BODY_LENGTH)
    location: str | None = text("地点", "where it is, in words", LOCATION_LENGTH)
    secrecy: Secrecy = field(
        "选择谁能看；不填则只有诉求人和办理台。\n"
        "Choose who may read it; by default only its author and its desks may.",
        default=Secrecy.PRIVATE,
    )
    addressee: Addressee = field(
        "选择致居委，或越级；越级的不公开诉求居委看不到。\n"
        "Choose the committee, or a desk past it; the committee does not see a private "
        "petition that goes past it.",
        default=Addressee.COMMUNITY,
    )
    department_id: UUID | None = ref(
        departments,
        "致部门时，填写部门的标识。Give the id of the department if it is addressed to one.",
    )
    goal_rule_id: UUID | None = ref(
        support_rules,
        "填写联名所依规则的标识。Give the id of the rule by which support is collected.",
    )
    post_id: UUID | None = ref(
        posts, "可填写由哪条帖子提起。You may give the id of the post that it is about."
    )
    property_area_id: UUID | None = ref(
        property_areas,
        "业主联名提请召开业主大会时，填写物业区域的标识。\n"
        "Give the id of the property area if its owners ask for their assembly.",
    )
    upload_ids: list[UUID] = uploads(MOST_ON_PETITION)

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, Verdict]:
        """Have checked what neighbours will read; a private letter is read by its desk only."""
        if self.secrecy is Secrecy.PRIVATE:
            return {"verdict": Verdict.PASS}
        return await checked(services, f"{self.title}\n{self.body}")


@verb(steps.RESUBMIT, PETITION, writing.resubmit)
class ResubmitPetition(OnPetition, Retried):
    """补充信息后再次提交，时钟继续走。Give what was asked for; the clocks go on."""

    body: str = text("正文，可修改", "the body as it is now", BODY_LENGTH)
    note: str | None = text("补充说明", "what you add")
    upload_ids: list[UUID] = uploads(
        MOST_ON_PETITION,
        "\n加在原有之后，合计不超过上限。They are added to those that it has; the limit is "
        "for all of them.",
    )

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, Verdict]:
        """Have the body checked."""
        return await checked(services, self.body)


@verb(steps.WITHDRAW, PETITION, writing.withdraw)
class WithdrawPetition(OnPetition):
    """撤回未办结的诉求。Take an open petition back; neighbours see it no more."""

    reason: str | None = text("原因", "the reason")


@verb(
    steps.RECORD_CALLBACK,
    PETITION,
    ending.record_callback,
    example=(
        "mutation { recordCallback(input: {\n"
        '  petitionId: "pet_AZrY3kQkdI2QAQIDBAUGBw", solved: YES, satisfaction: 5\n'
        "}) { petition { state } userErrors { code message } } }"
    ),
)
class RecordCallback(OnPetition, Retried):
    """答复后说明是否解决；只有本人的话计入解决率。
    After an answer, say whether it is solved: only its author's word counts in the rates.
    """

    solved: Solved = field("选择是否解决。Choose whether it is solved.")
    satisfaction: int = field("填写满意度，1–5。Give your satisfaction, from 1 to 5.")
    note: str | None = text("意见", "your opinion in words")


@verb(steps.REOPEN, PETITION, ending.reopen)
class ReopenPetition(OnPetition, Retried):
    """要求重办，至多两次，答复后 30 天内。Have it dealt with again: twice, within 30 days of the answer."""

    reason: str = text("为何未解决", "why it is not solved")


@verb(steps.REQUEST_REVIEW, PETITION)
class RequestPetitionReview(OnPetition, Retried):
    """对答复或不予受理申请上一级复查，一次，30 天内。
    Ask the level above to review an answer or a refusal: once, within 30 days.
    """

    reason: str = text("为何不服", "why you disagree")


@verb(policy.SUPPORT, PETITION, supporting.support)
class SupportPetition(OnPetition):
    """联名，每人一次。Sign a petition, once; ALREADY_DONE if you have."""


@verb(policy.WITHDRAW_SUPPORT, PETITION, supporting.withdraw)
class WithdrawSupport(OnPetition):
    """达标前可撤回联名。Take a signature back, until the goal is reached."""
