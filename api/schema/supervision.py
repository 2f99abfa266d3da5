"""Supervision orders are issued on overdue petitions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine.declare import column, node_over, object_type, one, page, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
from api.engine.lists import page_of
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.departments import Department
from api.schema.overdue_petitions import OverduePetition
from api.schema.permissions import can, permissions
from api.schema.petitions import Petition
from api.schema.places import Community, District
from tenants.petitions.facts import petition_facts
from tenants.petitions.tables import petitions
from tenants.places.tables import communities, departments, districts
from tenants.supervision import policy, service, views
from tenants.supervision.tables import SupervisionState, supervision_orders, supervision_steps

node_over(supervision_orders, "sup", "SupervisionOrder")

published(SupervisionState)


@object_type
class SupervisionEvent:
    """督办经过的每一项只增加，不更改。An event of a supervision order is added and never changed."""

    at: datetime = column("事情在这时发生。It happened at this time.", supervision_steps.c.at)
    state: SupervisionState = column(
        "督办到了这一步。The order was in this state afterwards.", supervision_steps.c.state
    )
    body: str | None = column(
        "这是要求、报告或退回的理由。"
        "This is what was demanded or reported, or why it was returned.",
        supervision_steps.c.words,
    )


@object_type
class SupervisionOrder(Node):
    """街镇或区就逾期诉求向办理台发出督办单；办理台签收、报告，上级通过或退回。
    A street or district issues a supervision order on an overdue petition to the desk that has
    it; the desk acknowledges and reports, and the issuer accepts or returns the report.
    """

    id: strawberry.ID = public_id()
    community: Community | None = one(
        "督办在这个社区。The order is in this community.",
        communities,
        {"community_id": supervision_orders.c.community_id},
    )
    overdue_petition: OverduePetition | None = one(
        "这是逾期诉求；社区之内及部门看不到。"
        "This is the overdue petition; only admins above see it.",
        petition_facts,
        {"community_id": supervision_orders.c.community_id, "id": supervision_orders.c.petition_id},
    )
    petition: Petition | None = one(
        "这是诉求；看不到则为空。This is the petition; it is null if you may not read it.",
        petitions,
        {"community_id": supervision_orders.c.community_id, "id": supervision_orders.c.petition_id},
    )
    department: Department | None = one(
        "督办发给这个部门；发给居委或街镇则为空。\n"
        "The order is addressed to this department; it is null of a committee or street.",
        departments,
        {"department_id": views.department},
    )
    state: SupervisionState = column(
        "它说明督办的进展。It says how far the order is.", supervision_orders.c.state
    )
    body: str = column("这是督办的要求。This is what is demanded.", supervision_orders.c.words)
    issued_at: datetime = column("这时发出。It was issued then.", supervision_orders.c.issued_at)
    due_at: datetime = column(
        "最迟在这时报告。A report is owed by this time.", supervision_orders.c.due_at
    )
    is_overdue: bool = column("报告已逾期。The report is overdue.", views.is_overdue)
    acknowledged_at: datetime | None = column(
        "督办在这时签收。The order was acknowledged at this time.", supervision_orders.c.acked_at
    )
    report: str | None = column(
        "这是最近的报告。This is the latest report.", supervision_orders.c.report
    )
    reported_at: datetime | None = column(
        "最近的报告在这时提交。The latest report was made at this time.",
        supervision_orders.c.reported_at,
    )
    return_reason: str | None = column(
        "报告最近因此退回。A report was last returned for this reason.",
        supervision_orders.c.return_reason,
    )
    accepted_at: datetime | None = column(
        "报告在这时通过。The report was accepted at this time.", supervision_orders.c.accepted_at
    )
    viewer_can: Any = can(
        permissions(
            "SupervisionOrder", policy.ACKNOWLEDGE, policy.REPORT, policy.ACCEPT, policy.RETURN
        )
    )
    events: Connection[SupervisionEvent] = page(
        "这里列出经过，先发生的在前。This lists what was done, oldest first.",
        page_of(
            supervision_steps,
            {"order_id": supervision_orders.c.id},
            index="supervision_step_of_order",
            descending=False,
        ),
    )


@extend(Community)
class OfCommunity:
    """It adds the orders that are addressed to the committee."""

    supervision_orders: Connection[SupervisionOrder] | None = page(
        "这里列出发给居委的督办，新的在前；只有居委和书记可见。\n"
        "This lists the orders to the committee, newest first; only the staff see them.",
        page_of(supervision_orders, communities.c.community_id),
    )


@extend(District)
class OfDistrict:
    """It adds the orders that the viewer's desk issued or was issued."""

    supervision_orders: Connection[SupervisionOrder] | None = page(
        "这里列出您发出和收到的督办，新的在前。\n"
        "This lists the orders that you issued or were issued, newest first.",
        page_of(supervision_orders, districts.c.district_id, index="supervision_order_by_district"),
    )


_ORDER = {"order": link(SupervisionOrder, supervision_orders)}


@verb(policy.ISSUE, _ORDER, service.issue, claims_itself=True)
class IssueSupervisionOrder(Keyed):
    """就逾期诉求督办现有办理台；诉求人在时间线上看得到。
    Issue an order on an overdue petition to the desk that has it; the timeline tells its author.
    """

    overdue_petition_id: UUID = ref(
        petition_facts, "填写逾期诉求的标识。Give the id of the overdue petition."
    )
    body: str = text("要求", "what is demanded")
    due_at: datetime = field("填写报告期限。Give the time by which a report is owed.")


class _OnOrder:
    order_id: UUID = ref(supervision_orders)


@verb(policy.ACKNOWLEDGE, _ORDER)
class AcknowledgeSupervisionOrder(_OnOrder):
    """签收督办。Acknowledge an order to your desk."""


@verb(policy.REPORT, _ORDER)
class ReportSupervisionOrder(_OnOrder):
    """报告办理情况；退回后可再报。Report what was done; again if it was returned."""

    report: str = text("报告", "the report")


@verb(policy.ACCEPT, _ORDER)
class AcceptSupervisionReport(_OnOrder):
    """通过报告，督办办结。Accept the report: the order is ended."""


@verb(policy.RETURN, _ORDER)
class ReturnSupervisionReport(_OnOrder):
    """退回报告，须重报。Return the report with a reason: another is owed."""

    reason: str = text("理由", "the reason")
