"""Secretaries are appointed and removed by two officers: one proposes, another confirms."""

from tenants.columns import VIEWER, below
from tenants.errors import Code
from tenants.membership.officers import MAY_APPOINT, is_same_person
from tenants.membership.offices import AppointmentAction, AppointmentState, Office, appointments
from tenants.membership.policy import apart, is_secretary, is_viewers_person, not_in
from tenants.membership.tables import members
from tenants.places.tables import communities
from tenants.policy import never_own, protect, rule
from tenants.procedure import Facts, Procedure, Row
from tenants.scopes import Scope

# Those who appoint read appointments, also inside the community (tenants.acting); members see the term.
protect(
    appointments,
    Scope.OFFICE_APPOINT,
    community=MAY_APPOINT,
    district=MAY_APPOINT & below(appointments),
)
never_own(appointments, is_viewers_person(appointments.c.member_id))


def _audited(action: str, appointment: Facts, reason: str | None) -> Row:
    """Return what was proposed or decided about a member, with the reason of either."""
    reason = reason or appointment["reason"]
    return {"action": action, "subject": appointment["member_id"], "reason": reason}


APPOINTMENTS = Procedure(
    noun="appointment",
    table=appointments,
    states=AppointmentState,
    id_field="appointmentId",
    audited=_audited,
)
CHANGE_SECRETARY = {
    AppointmentAction.APPOINT: rule(
        "appoint",
        Scope.OFFICE_APPOINT,
        members,
        not_in("ACTIVE"),
        (Code.ALREADY_DONE, is_secretary),
        apart(Office.SUPERVISOR),
    ),
    AppointmentAction.REMOVE: rule(
        "remove",
        Scope.OFFICE_APPOINT,
        members,
        not_in("ACTIVE"),
        (Code.WRONG_STATE, ~is_secretary),
    ),
}
PROPOSE = APPOINTMENTS.step(
    "proposeAppointment", Scope.OFFICE_APPOINT, (), "PROPOSED",
    on=communities, at="proposed_at", by="proposed_by", words="reason", said="reason",
    more=(Code.ALREADY_DONE, *CHANGE_SECRETARY.values()),
)  # fmt: skip
_NOT_ANOTHER = "须由另一位管理员确认。Another than who proposed it confirms."
CONFIRM_APPOINTMENT = APPOINTMENTS.step(
    "confirmAppointment", Scope.OFFICE_APPOINT, "PROPOSED", "CONFIRMED",
    (Code.FORBIDDEN, appointments.c.proposed_by == VIEWER, _NOT_ANOTHER),
    # one person may be an officer of a district and of a street; a community cannot read officers
    above=((Code.FORBIDDEN, is_same_person(appointments.c.proposed_by), _NOT_ANOTHER),),
    at="decided_at", by="decided_by", more=tuple(CHANGE_SECRETARY.values()),
)  # fmt: skip
DECLINE_APPOINTMENT = APPOINTMENTS.step(
    "declineAppointment", Scope.OFFICE_APPOINT, "PROPOSED", "DECLINED",
    at="decided_at", by="decided_by", words="decision_reason", said="reason",
)  # fmt: skip
