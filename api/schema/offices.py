"""Offices: terms that members serve, and secretaries appointed by the district in two steps."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import column, node_over, object_type, one, page, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Retried, field, ref, text
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

    role: Office = column("职务。The office.", office_terms.c.role)
    seat: Seat | None = column("哪个席位。Which seat.", office_terms.c.seat)
    starts_at: datetime = column("起始。When it began.", office_terms.c.starts_at)
    ends_at: datetime = column("届满。When it runs out.", office_terms.c.ends_at)
    ended_at: datetime | None = column(
        "实际终止；任职中为空。When it ended; null while it is held.", office_terms.c.ended_at
    )


@object_type
class Appointment(Node):
    """书记由一位管理员提议任免，另一位确认。
    One admin proposes to appoint or remove a secretary, and another confirms it.
    """

    id: strawberry.ID = public_id()
    community: Community | None = one(
        "社区。The community.", communities, {"community_id": appointments.c.community_id}
    )
    display_name: str = column("提议时的称呼。Their name at the time.", appointments.c.display_name)
    action: AppointmentAction = column("任或免。What is proposed.", appointments.c.action)
    ends_at: datetime | None = column(
        "拟任至；免职为空。Until when; null of a removal.", appointments.c.ends_at
    )
    reason: str | None = column(
        "理由；该成员注销后为空。Why; null once the member was erased.", appointments.c.reason
    )
    state: AppointmentState = column("进展。How far it is.", appointments.c.state)
    proposed_at: datetime = column("提议时间。When proposed.", appointments.c.proposed_at)
    decided_at: datetime | None = column("决定时间。When decided.", appointments.c.decided_at)
    decision_reason: str | None = column(
        "否决理由。Why it was declined.", appointments.c.decision_reason
    )
    viewer_can: Any = can(permissions("Appointment", CONFIRM_APPOINTMENT, DECLINE_APPOINTMENT))


@extend(CommunityPermissions)
class OfCommunityPermissions:
    """Whether the viewer may propose its secretary."""

    propose_appointment: Permission = permission(PROPOSE)


@extend(District)
class OfDistrict:
    """What its admins propose and confirm."""

    appointments: Connection[Appointment] | None = page(
        "您管辖的社区的书记任免，新的在前。Appointments of secretaries under you, newest first.",
        b.Page(
            table=appointments,
            on={"district_id": districts.c.district_id},
            order=(appointments.c.id,),
            index="appointment_by_district",
        ),
    )


_APPOINTMENT = {"appointment": link(Appointment, appointments, "该任免。The appointment.")}


@verb(PROPOSE, _APPOINTMENT, service.propose)
class ProposeAppointment(Retried):
    """提议任免您管辖的社区的书记；不得提议本人。
    Propose whom to appoint or remove as secretary of a community under you; never yourself.
    """

    community_id: UUID = ref(communities, "社区。The community.")
    member_id: UUID = ref(members, "成员。The member.")
    action: AppointmentAction = field("任命或免去。Appoint or remove.")
    ends_at: datetime | None = field(
        "任至，五年之内；默认五年；免去时不填。Until when: five years at most, and by default."
    )
    reason: str = text("理由，记入审计", "Why, as the audit keeps it")


class _OnAppointment:
    appointment_id: UUID = ref(appointments, "任免。The appointment.")


@verb(CONFIRM_APPOINTMENT, _APPOINTMENT, service.confirm)
class ConfirmAppointment(_OnAppointment):
    """确认他人的提议，即时生效；旧令牌随即失效。
    Confirm what another admin proposed: it takes effect, and the member's old tokens end at once.
    """


@verb(DECLINE_APPOINTMENT, _APPOINTMENT)
class DeclineAppointment(_OnAppointment):
    """否决提议，或撤回自己的提议。Decline what was proposed, or take back what you proposed."""

    reason: str = text("理由，记入审计", "Why, as the audit keeps it")
