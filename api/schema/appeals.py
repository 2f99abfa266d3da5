"""Appeals to the street: against a suspension, or a hiding that nobody in the community may decide."""

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

    LIFT = word("撤销原处理", "The suspension or hiding ends")
    UPHOLD = word("维持原处理", "The suspension or hiding stays")


published(StreetDecision, "StreetAppealDecision")


@object_type
class StreetAppeal(Node):
    """这是向街镇提出的申诉；本人、本社区居委和书记、所属街镇和区的管理员看得到。
    This is an appeal to the street; the person who appealed, the staff and the admins above see
    it.
    """

    id: strawberry.ID = public_id()
    kind: StreetAppealKind = column("针对什么。What it is against.", street_appeals.c.kind)
    state: StreetAppealState = column("进展。How far it is.", state_now)
    community: Community | None = one(
        "社区。The community.", communities, {"community_id": street_appeals.c.community_id}
    )
    display_name: str | None = column(
        "被暂停者的称呼；内容申诉不具名。Who is suspended; null where content is judged.",
        street_appeals.c.display_name,
    )
    suspended_until: datetime | None = column(
        "暂停至。Until when they are suspended.", street_appeals.c.suspended_until
    )
    content: str | None = column(
        "被隐藏的文字，裁定后清除。The text as it was hidden; cleared once decided.",
        street_appeals.c.content,
    )
    reason: str | None = column(
        "暂停或隐藏的理由；内容申诉裁定后清除。Why they were suspended, or it was hidden.",
        street_appeals.c.reason,
    )
    body: str | None = column(
        "申诉内容；居委和书记看不到，内容申诉裁定后清除。What is asked; not for the staff to read.",
        words_for_viewer,
    )
    created_at: datetime = column("提交时间。When it was made.", street_appeals.c.created_at)
    due_at: datetime = column(
        (
            "最迟答复时间：三个工作日（本系统所定，非法定）。\n"
            "When an answer is owed: three working days, by Linli's own rule and no statute's."
        ),
        street_appeals.c.due_at,
    )
    is_overdue: bool = column("街镇已逾期。The street is late.", is_overdue)
    decided_at: datetime | None = column("结束时间。When it ended.", street_appeals.c.decided_at)
    decision_reason: str | None = column(
        "裁定的理由；申诉人注销后为空。Why it was so decided; null once they were erased.",
        street_appeals.c.decision_reason,
    )
    viewer_can: Any = can(permissions("StreetAppeal", DECIDE_STREET_APPEAL))


def _in_state(
    first: First = 20,
    after: After = None,
    state: Annotated[
        StreetAppealState, strawberry.argument(description="进展。How far they are.")
    ] = StreetAppealState.OPEN,
) -> Any: ...


@extend(District)
class OfDistrict:
    """What its admins decide."""

    appeals: Connection[StreetAppeal] | None = page(
        "居民向您的申诉，最急的在前。What residents under you appeal against, most urgent first.",
        b.Page(
            table=street_appeals,
            on={"district_id": districts.c.district_id, "state": b.text_argument("state")},
            order=(street_appeals.c.due_at, street_appeals.c.id),
            index="street_appeal_by_district",
            descending=False,
            where=~has_lapsed,
        ),
        resolver=_in_state,
    )


_APPEAL = {"appeal": link(StreetAppeal, street_appeals, "该申诉。The appeal.")}


@verb(APPEAL_SUSPENSION, _APPEAL, service.appeal_suspension)
class AppealSuspension(Keyed):
    """被暂停的成员向街镇申诉，每次暂停一次；三个工作日内答复。
    Appeal to the street against your suspension, once for each: it owes an answer in three days.
    """

    body: str = text("申诉内容", "The appeal", NOTE_LENGTH)


@verb(TAKE_TO_STREET, _APPEAL, service.take_to_street)
class TakeAppealToStreet(Keyed):
    """本社区没有可裁定的书记，或三个工作日内未裁定，作者可将申诉提交街镇。
    Take your appeal to the street where no secretary may decide it, or none did in three days.
    """

    case_id: UUID = ref(cases, "审核。The case.")


@verb(DECIDE_STREET_APPEAL, _APPEAL)
class DecideStreetAppeal:
    """裁定您管辖的社区的申诉，即时生效；当事人不得裁定。
    Decide an appeal from a community under you: it takes effect at once. Never in your own case.
    """

    appeal_id: UUID = ref(street_appeals, "申诉。The appeal.")
    decision: StreetDecision = field("裁定。The decision.")
    reason: str = text("理由，申诉人可见", "Why, told to who appealed", NOTE_LENGTH)

    async def run(self, tx: Tx) -> UUID:
        """Decide it."""
        lift = self.decision is StreetDecision.LIFT
        return await service.decide(tx, appeal_id=self.appeal_id, lift=lift, reason=self.reason)
