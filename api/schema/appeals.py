"""Appeals to the street are against a suspension, or a hiding that nobody in the community may decide."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    After,
    First,
    column,
    node_over,
    object_type,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
from api.engine.lists import page_of
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.permissions import can, permissions
from api.schema.places import Community, District
from tenants.appeals import service
from tenants.appeals.policy import (
    APPEAL_SUSPENSION,
    DECIDE_STREET_APPEAL,
    TAKE_TO_STREET,
    has_lapsed,
)
from tenants.appeals.views import is_overdue, state_now, words_for_viewer
from tenants.boards.tables import cases
from tenants.membership.street_appeals import StreetAppealKind, StreetAppealState, street_appeals
from tenants.membership.tables import NOTE_LENGTH
from tenants.places.tables import communities, districts
from tenants.transaction import Tx
from tenants.words import Words, word

node_over(street_appeals, "apl", "StreetAppeal")

published(StreetAppealKind)
published(StreetAppealState)


class StreetDecision(Words):
    """街镇这样裁定申诉。The street decides an appeal in this way."""

    LIFT = word("撤销原处理", "It ends the suspension or hiding")
    UPHOLD = word("维持原处理", "It leaves the suspension or hiding as it is")


published(StreetDecision, "StreetAppealDecision")


@object_type
class StreetAppeal(Node):
    """这是向街镇提出的申诉；本人、本社区居委和书记、所属街镇和区的管理员看得到。
    This is an appeal to the street; the person who appealed, the staff and the admins above see
    it.
    """

    id: strawberry.ID = public_id()
    kind: StreetAppealKind = column(
        "它说明申诉针对什么。It says what the appeal is against.", street_appeals.c.kind
    )
    state: StreetAppealState = column("它说明申诉的进展。It says how far the appeal is.", state_now)
    community: Community | None = one(
        "这是申诉所在的社区。This is the community of the appeal.",
        communities,
        {"community_id": street_appeals.c.community_id},
    )
    display_name: str | None = column(
        "这是被暂停者的称呼；内容申诉不具名，为空。\n"
        "This is the name of the suspended member; it is null where content is judged.",
        street_appeals.c.display_name,
    )
    suspended_until: datetime | None = column(
        "被暂停者暂停至这时。The member is suspended until this time.",
        street_appeals.c.suspended_until,
    )
    content: str | None = column(
        "这是被隐藏的文字，裁定后清除。\n"
        "This is the text that was hidden; it is cleared once the appeal is decided.",
        street_appeals.c.content,
    )
    reason: str | None = column(
        "这是暂停或隐藏的理由；内容申诉裁定后清除。\n"
        "This is why the member was suspended or the text hidden; for content it is cleared "
        "once decided.",
        street_appeals.c.reason,
    )
    body: str | None = column(
        "这是申诉内容；居委和书记看不到，内容申诉裁定后清除。\n"
        "This is what the appeal says; the staff cannot read it, and for content it is "
        "cleared once decided.",
        words_for_viewer,
    )
    created_at: datetime = column("这时提交。It was made then.", street_appeals.c.created_at)
    due_at: datetime = column(
        (
            "街镇最迟在这时答复：三个工作日（本系统所定，非法定）。\n"
            "The street owes an answer by this time: three working days, by Linli's own rule and "
            "no statute's."
        ),
        street_appeals.c.due_at,
    )
    is_overdue: bool = column("街镇已逾期。The street is late with its answer.", is_overdue)
    decided_at: datetime | None = column("这时结束。It ended then.", street_appeals.c.decided_at)
    decision_reason: str | None = column(
        "这是裁定的理由；申诉人注销后为空。\n"
        "This is why it was so decided; it is null once the member was erased.",
        street_appeals.c.decision_reason,
    )
    viewer_can: Any = can(permissions("StreetAppeal", DECIDE_STREET_APPEAL))


def _in_state(
    first: First = 20,
    after: After = None,
    state: Annotated[
        StreetAppealState,
        strawberry.argument(description="只列出这种进展的。List only those of this state."),
    ] = StreetAppealState.OPEN,
) -> Any: ...


@extend(District)
class OfDistrict:
    """It adds the appeals that the admins decide."""

    appeals: Connection[StreetAppeal] | None = page(
        "这里列出居民向您的申诉，最急的在前。\n"
        "This lists what residents under you appeal against, most urgent first.",
        page_of(
            street_appeals,
            {"district_id": districts.c.district_id, "state": b.text_argument("state")},
            street_appeals.c.due_at,
            street_appeals.c.id,
            index="street_appeal_by_district",
            descending=False,
            where=~has_lapsed,
        ),
        resolver=_in_state,
    )


_APPEAL = {"appeal": link(StreetAppeal, street_appeals)}


@verb(APPEAL_SUSPENSION, _APPEAL, service.appeal_suspension)
class AppealSuspension(Keyed):
    """被暂停的成员向街镇申诉，每次暂停一次；三个工作日内答复。
    Appeal to the street against your suspension, once for each: it owes an answer in three days.
    """

    body: str = text("申诉内容", "the appeal", NOTE_LENGTH)


@verb(TAKE_TO_STREET, _APPEAL, service.take_to_street)
class TakeAppealToStreet(Keyed):
    """本社区没有可裁定的书记，或三个工作日内未裁定，作者可将申诉提交街镇。
    Take your appeal to the street where no secretary may decide it, or none did in three days.
    """

    case_id: UUID = ref(cases)


@verb(DECIDE_STREET_APPEAL, _APPEAL)
class DecideStreetAppeal:
    """裁定您管辖的社区的申诉，即时生效；当事人不得裁定。
    Decide an appeal from a community under you: it takes effect at once. Never in your own case.
    """

    appeal_id: UUID = ref(street_appeals)
    decision: StreetDecision = field("选择裁定。Choose the decision.")
    reason: str = text(
        "理由，申诉人可见", "the reason, which the member who appealed sees", NOTE_LENGTH
    )

    async def run(self, tx: Tx) -> UUID:
        """Decide the appeal; return its id."""
        lift = self.decision is StreetDecision.LIFT
        return await service.decide(tx, appeal_id=self.appeal_id, lift=lift, reason=self.reason)
