"""The street reviews drafts of pacts, and sees what was filed with it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    bound,
    column,
    input_type,
    node_over,
    object_type,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.engine.inputs import field, limited, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.pact_parts import PactReviewFinding
from api.schema.pact_versions import PactVersion
from api.schema.pacts import Pact
from api.schema.places import District
from tenants.pacts import procedure, views
from tenants.pacts.service import reviewing
from tenants.pacts.submissions import pact_submissions, review_items
from tenants.pacts.tables import REASON_LENGTH, pacts
from tenants.pacts.versions import pact_versions
from tenants.pacts.words import ReviewDecision, ReviewItem, ReviewOutcome, SubmissionPurpose
from tenants.places.tables import districts
from tenants.transaction import Tx

node_over(pact_submissions, "psb", "PactSubmission")

published(ReviewDecision, "PactReviewDecision")


@object_type
class PactSubmission(Node):
    """公约的一个文本报送街镇，请审核或备案；街镇只看得到这些文本。
    A text of a pact was handed to the street, to be reviewed or filed; the street sees these texts only.
    """

    id: strawberry.ID = public_id()
    pact: Pact | None = one(
        "这是该公约。This is the pact.",
        pacts,
        {"community_id": pact_submissions.c.community_id, "id": pact_submissions.c.pact_id},
    )
    version: PactVersion | None = one(
        "这是报送的文本。This is the text.",
        pact_versions,
        {"community_id": pact_submissions.c.community_id, "id": pact_submissions.c.version_id},
    )
    text_hash: str = column(
        "这是报送文本的哈希。This is the hash of the text.", pact_submissions.c.text_hash
    )
    purpose: SubmissionPurpose = column(
        "它说明为何报送。It says why it was handed in.", pact_submissions.c.purpose
    )
    submitted_at: datetime = column(
        "它在这时报送。It was handed in then.", pact_submissions.c.submitted_at
    )
    due_at: datetime | None = column(
        (
            "街镇应在这时之前答复（本系统所定）；备案无须答复。\n"
            "The street owes an answer by then, which is a house rule; a filing needs none."
        ),
        pact_submissions.c.due_at,
    )
    is_overdue: bool = column(
        "答复已逾期；逾期不算通过。The answer is overdue, which approves nothing.",
        views.is_submission_overdue,
    )
    answered_at: datetime | None = column(
        "街镇在这时答复。The street answered then.", pact_submissions.c.answered_at
    )
    outcome: ReviewOutcome | None = column(
        "这是街镇的答复。This is what the street said.", pact_submissions.c.outcome
    )
    reason: str | None = column("这是答复的理由。This is why.", pact_submissions.c.reason)
    findings: list[PactReviewFinding] = bound(
        "这里逐项列出审核清单。This lists the checklist item by item.",
        b.Rows(
            table=review_items,
            on={
                "community_id": pact_submissions.c.community_id,
                "submission_id": pact_submissions.c.id,
            },
            order=(review_items.c.item,),
            most=len(ReviewItem),
        ),
    )


@extend(Pact)
class OfPact:
    """A pact was handed to the street once or more."""

    submissions: Connection[PactSubmission] = page(
        "这里列出报送街镇的文本，先报送的在前。This lists what was handed to the street, oldest first.",
        b.Page(
            table=pact_submissions,
            on={"community_id": pacts.c.community_id, "pact_id": pacts.c.id},
            order=(pact_submissions.c.id,),
            index="pact_submission_of_pact",
            descending=False,
        ),
    )


@extend(District)
class OfDistrict:
    """A district or street gets texts of pacts."""

    pact_submissions: Connection[PactSubmission] | None = page(
        "这里列出报送给您的公约，新的在前。This lists the pacts handed to you, newest first.",
        b.Page(
            table=pact_submissions,
            on={"district_id": districts.c.district_id},
            order=(pact_submissions.c.id,),
            index="pact_submission_by_district",
        ),
    )


@input_type
class PactFindingInput:
    """这是审核清单的一项。This is an item of the checklist."""

    item: ReviewItem = strawberry.field(description="选择所看的一项。Choose what is looked at.")
    is_met: bool = strawberry.field(
        description="说明文本是否符合这一项。Say whether the text meets this item."
    )
    note: str | None = strawberry.field(
        default=None,
        description=limited(
            "何处不符合，不符合时必填",
            "where it is not met, which is required then",
            REASON_LENGTH,
            is_optional=True,
        ),
    )


def _checked(given: Sequence[PactFindingInput]) -> list[reviewing.Checked]:
    return [reviewing.Checked(each.item, each.is_met, each.note) for each in given]


_PACT = {"pact": link(Pact, pacts)}


class _OnPact:
    pact_id: UUID = ref(pacts)


@verb(procedure.SUBMIT, _PACT, reviewing.submit)
class SubmitPactForReview(_OnPact):
    """把公布的草案提请街镇审核；须已逐条答复建议。街镇逾期不答复不算通过，但成员和上级都看得到。
    Submit the published draft to the street, once every suggestion is answered. Silence approves nothing, \
and members and those above see that it is overdue.
    """


@verb(procedure.DECIDE_REVIEW, _PACT)
class DecidePactReview(_OnPact):
    """审核一份草案：清单各项各填一次，通过须全部符合，退回须说明理由。
    Answer a draft: every item of the checklist once; a draft that passes meets all, and one that is \
returned is so for a reason.
    """

    decision: ReviewDecision = field("选择通过或退回。Choose to pass or to return it.")
    checklist: list[PactFindingInput] = field(
        "填写清单的全部各项。Give all items of the checklist."
    )
    reason: str | None = text("理由，成员可见", "the reason, which members see")

    async def run(self, tx: Tx) -> UUID:
        """Answer it."""
        return await reviewing.decide(
            tx, pact_id=self.pact_id, decision=self.decision,
            checklist=_checked(self.checklist), reason=self.reason,
        )  # fmt: skip


@verb(procedure.ORDER_CORRECTION, _PACT, reviewing.order_correction)
class OrderPactCorrection(_OnPact):
    """责令改正已备案或施行中的公约，须写明依据；它随即停止施行，居委可修订后再报。
    Order that a pact that was filed or is in force be corrected, and say why: it ends, and the committee \
may amend it.
    """

    reason: str = text("理由和依据，成员可见", "the reason and the article, which members see")
