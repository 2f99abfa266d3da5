"""Residents complain to the street about open affairs."""

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
from api.engine.inputs import Keyed, either, field, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.permissions import can, permissions
from api.schema.places import Community, District
from tenants.affairs import procedure, views
from tenants.affairs.service import asking
from tenants.affairs.tables import affair_complaints, obligations, open_affairs
from tenants.affairs.words import AffairComplaintKind, AffairComplaintState
from tenants.places.tables import communities, districts
from tenants.transaction import Tx
from tenants.words import Words, word

node_over(affair_complaints, "afc", "AffairComplaint")

published(AffairComplaintKind)
published(AffairComplaintState)


class Finding(Words):
    """街镇这样办结反映。The street decides a complaint in this way."""

    UPHOLD = word("属实，责令依法公布", "It is true, and the item is to be posted as the law asks")
    DISMISS = word("不属实", "It is unfounded")


published(Finding, "AffairComplaintDecision")


@object_type
class AffairComplaint(Node):
    """这是居民就公开事项向街镇的反映；本人和街镇、区的管理员看得到，不具名，居委看不到。
    This is a complaint to the street about open affairs. Who complained sees it, and the admins above
    do without a name; the committee does not see it.
    """

    id: strawberry.ID = public_id()
    community: Community | None = one(
        "反映在这个社区。The complaint is in this community.",
        communities,
        {"community_id": affair_complaints.c.community_id},
    )
    kind: AffairComplaintKind = column(
        "它说明反映什么。It says what is complained of.", affair_complaints.c.kind
    )
    code: str = column("这是事项的代码。This is the item's code.", affair_complaints.c.code)
    title: str = column("反映关于这个事项。It is about this item.", affair_complaints.c.title)
    body: str = column("这是反映的内容。This is what is said.", affair_complaints.c.body)
    filed_at: datetime = column(
        "反映在这时提交。It was filed at this time.", affair_complaints.c.filed_at
    )
    due_at: datetime = column(
        "最迟在这时办结：15 日，本系统所定。\n"
        "A decision is owed by this time: 15 days, by this project's own rule.",
        affair_complaints.c.due_at,
    )
    state: AffairComplaintState = column(
        "它说明反映的进展。It says how far the complaint is.", affair_complaints.c.state
    )
    decided_at: datetime | None = column(
        "反映在这时办结。It was decided at this time.", affair_complaints.c.decided_at
    )
    decision_reason: str | None = column(
        "这是调查结果。This is what the street found.", affair_complaints.c.decision_reason
    )
    viewer_can: Any = can(permissions("AffairComplaint", procedure.DECIDE_COMPLAINT))


@extend(Community)
class OfCommunity:
    """It adds a member's own complaints."""

    affair_complaints: Connection[AffairComplaint] | None = page(
        "这里列出您向街镇的反映，新的在前。This lists your own complaints to the street, newest first.",
        b.Page(
            table=affair_complaints,
            on={"community_id": communities.c.community_id},
            order=(affair_complaints.c.id,),
            index="affair_complaint_pkey",
        ),
    )


def _of_state(
    first: First = 20,
    after: After = None,
    state: Annotated[
        AffairComplaintState | None,
        strawberry.argument(description="只列出处于此状态的。List only those in this state."),
    ] = None,
) -> Any: ...


@extend(District)
class OfDistrict:
    """It adds what residents under an officer complain of."""

    affair_complaints: Connection[AffairComplaint] | None = page(
        "这里列出居民向您的反映，新的在前。This lists what residents under you complain of, newest first.",
        b.Page(
            table=affair_complaints,
            on={"district_id": districts.c.district_id},
            order=(affair_complaints.c.id,),
            index="affair_complaint_of_district",
            filters=(b.Filter(b.text_argument("state"), views.is_in_state),),
        ),
        resolver=_of_state,
    )


_COMPLAINT = {"complaint": link(AffairComplaint, affair_complaints)}


@verb(procedure.COMPLAIN[open_affairs], _COMPLAINT, asking.complain)
class ComplainAboutAffair(Keyed):
    """向街镇反映：事项不真实，或应当公布而逾期未公布（城市法第35条、村法第36条）。居委看不到谁反映了什么。
    Tell the street that an item is not true, or that one that is owed is late. The committee does not \
learn of it.
    """

    about_id: UUID = either(
        "填写不真实的事项或逾期的义务的标识。Give the id of the item, or of the obligation that is late.",
        open_affairs,
        obligations,
    )
    body: str = text("反映的内容", "what is complained of")


@verb(procedure.DECIDE_COMPLAINT, _COMPLAINT)
class DecideAffairComplaint:
    """调查核实后答复，限街镇和区的管理员；属实的，责令七日内依法公布（七日为本系统所定）。
    Decide a complaint after investigating it; upheld, the item is owed anew within seven days, which \
is this project's own rule.
    """

    complaint_id: UUID = ref(affair_complaints)
    decision: Finding = field("填写结论。Give the conclusion.")
    reason: str = text("调查结果", "what was found")

    async def run(self, tx: Tx) -> UUID:
        """Decide it."""
        return await asking.decide_complaint(
            tx,
            complaint_id=self.complaint_id,
            uphold=self.decision is Finding.UPHOLD,
            reason=self.reason,
        )
