"""Members hold offices for a term; the district appoints secretaries in two steps."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine.declare import column, node_over, object_type, one, page, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Retried, field, ref, text
from api.engine.lists import page_of
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.permissions import Permission, can, permission, permissions
from api.schema.places import Community, CommunityPermissions, District
from tenants.membership.appointments import CONFIRM_APPOINTMENT, DECLINE_APPOINTMENT, PROPOSE
from tenants.membership.offices import (
    AppointmentAction,
    AppointmentState,
    GrantableRole,
    Office,
    Seat,
    appointments,
    office_terms,
)
from tenants.membership.service import appointing as service
from tenants.membership.tables import members
from tenants.places.tables import communities, districts

# no scope of its own: who may not appoint sees none, and asks for nodes of other kinds all the same
node_over(appointments, "apt", "Appointment")

published(Office, "CommunityOffice")
published(GrantableRole)
published(Seat, "CommunitySeat")
published(AppointmentAction)
published(AppointmentState)


@object_type
class OfficeTerm:
    """成员在一个任期内担任一项职务；成员都看得到。A member holds an office for a term; all members see it."""

    role: Office = column("这是职务。This is the office.", office_terms.c.role)
    seat: Seat | None = column(
        "这是专业席位的专业；其他职务为空。"
        "This is the profession of the seat; it is null of other offices.",
        office_terms.c.seat,
    )
    has_declared_no_relatives: bool | None = column(
        "监督委员已声明与居（村）委会成员不是近亲属；其他职务为空。\n"
        "The supervisor declared that no near relative is of the committee; it is null of other offices.",
        office_terms.c.declares_no_relatives,
    )
    starts_at: datetime = column("任期在这时起始。The term began then.", office_terms.c.starts_at)
    ends_at: datetime = column("任期在这时届满。The term runs out then.", office_terms.c.ends_at)
    ended_at: datetime | None = column(
        "任期在这时实际终止；任职中为空。The term ended at this time; it is null while it is held.",
        office_terms.c.ended_at,
    )


@object_type
class Appointment(Node):
    """书记由一位管理员提议任免，另一位确认。
    One admin proposes to appoint or remove a secretary, and another confirms it.
    """

    id: strawberry.ID = public_id()
    community: Community | None = one(
        "任免在这个社区。The appointment is in this community.",
        communities,
        {"community_id": appointments.c.community_id},
    )
    display_name: str = column(
        "这是成员提议时的称呼。This is the member's name at the time of the proposal.",
        appointments.c.display_name,
    )
    action: AppointmentAction = column(
        "它说明提议任命还是免去。It says whether an appointment or a removal is proposed.",
        appointments.c.action,
    )
    ends_at: datetime | None = column(
        "拟任至这时；免职为空。The term would end at this time; it is null of a removal.",
        appointments.c.ends_at,
    )
    reason: str | None = column(
        "提议因这个理由；该成员注销后为空。\n"
        "This is why it was proposed; it is null once the member was erased.",
        appointments.c.reason,
    )
    state: AppointmentState = column(
        "它说明提议的进展。It says how far the proposal is.", appointments.c.state
    )
    proposed_at: datetime = column("这时提议。It was proposed then.", appointments.c.proposed_at)
    decided_at: datetime | None = column(
        "提议在这时决定。It was decided at this time.", appointments.c.decided_at
    )
    decision_reason: str | None = column(
        "提议因此否决。It was declined for this reason.", appointments.c.decision_reason
    )
    viewer_can: Any = can(permissions("Appointment", CONFIRM_APPOINTMENT, DECLINE_APPOINTMENT))


@extend(CommunityPermissions)
class OfCommunityPermissions:
    """It says whether the viewer may propose the community's secretary."""

    propose_appointment: Permission = permission(PROPOSE)


@extend(District)
class OfDistrict:
    """It adds the appointments that the district's admins propose and confirm."""

    appointments: Connection[Appointment] | None = page(
        "这里列出您管辖的社区的书记任免，新的在前。\n"
        "This lists the appointments of secretaries under you, newest first.",
        page_of(appointments, districts.c.district_id, index="appointment_by_district"),
    )


_APPOINTMENT = {"appointment": link(Appointment, appointments)}


@verb(PROPOSE, _APPOINTMENT, service.propose)
class ProposeAppointment(Retried):
    """提议任免您管辖的社区的书记；不得提议本人。
    Propose whom to appoint or remove as secretary of a community under you; never yourself.
    """

    community_id: UUID = ref(communities)
    member_id: UUID = ref(members)
    action: AppointmentAction = field("选择任命或免去。Choose whether to appoint or to remove.")
    ends_at: datetime | None = field(
        "填写任期届满的时间，五年之内；不填则为五年；免去时不填。\n"
        "Give the end of the term: five years at most, and by default; leave it out of a "
        "removal."
    )
    reason: str = text("理由，记入审计", "the reason, which the audit keeps")


class _OnAppointment:
    appointment_id: UUID = ref(appointments)


@verb(CONFIRM_APPOINTMENT, _APPOINTMENT, service.confirm)
class ConfirmAppointment(_OnAppointment):
    """确认他人的提议，即时生效；旧令牌随即失效。
    Confirm what another admin proposed: it takes effect, and the member's old tokens end at once.
    """


@verb(DECLINE_APPOINTMENT, _APPOINTMENT)
class DeclineAppointment(_OnAppointment):
    """否决提议，或撤回自己的提议。Decline what was proposed, or take back what you proposed."""

    reason: str = text("理由，记入审计", "the reason, which the audit keeps")
