"""These rules say who sees invitations, and who changes departments, invites officers and dismisses them."""

import sqlalchemy as sa

from tenants.columns import NOW, VIEWER, below
from tenants.errors import Code
from tenants.membership.officers import MAY_APPOINT, is_same_person
from tenants.membership.tables import officers
from tenants.officers.tables import InvitationState, invitations
from tenants.places.tables import REASON_LENGTH, DepartmentState, departments
from tenants.policy import protect, rule
from tenants.procedure import Facts, Procedure, Row, with_reason
from tenants.scopes import Scope

protect(
    invitations,
    Scope.OFFICE_APPOINT,
    district=MAY_APPOINT & below(invitations),
)

UPDATE_DEPARTMENT = rule(
    "updateDepartment",
    Scope.DISTRICT_MANAGE,
    departments,
    (Code.WRONG_STATE, departments.c.state != "ACTIVE"),
)


def _of_street(action: str, row: Facts, reason: str | None) -> Row:
    """Return what was done about a department, in the audit above its street's communities."""
    return {**with_reason(action, row, reason), "street_id": row["street_id"]}


DEPARTMENTS = Procedure(
    noun="department",
    table=departments,
    states=DepartmentState,
    id_field="departmentId",
    audited=_of_street,
)
CREATE_DEPARTMENT = DEPARTMENTS.move("CREATED", (), "ACTIVE", at="created_at")
CLOSE_DEPARTMENT = DEPARTMENTS.step(
    "closeDepartment", Scope.DISTRICT_MANAGE, "ACTIVE", "CLOSED",
    (
        Code.WRONG_STATE,
        departments.c.handlers > sa.literal_column("0"),
        "尚有经办人，须先免去。It has handlers: dismiss them first.",
    ),
    said="reason", most=REASON_LENGTH,
)  # fmt: skip


def _audited(action: str, invitation: Facts, reason: str | None) -> Row:
    """Return what was done about an invitation; who accepts it acts as the officer they become."""
    return {**_of_street(action, invitation, reason), "actor": dict(invitation).get("officer_id")}


INVITATIONS = Procedure(
    noun="invitation",
    table=invitations,
    states=InvitationState,
    id_field="invitationId",
    audited=_audited,
)
# A handler is invited to a department, which is asked; an admin to a place, looked up with its street.
INVITE = INVITATIONS.step(
    "inviteOfficer", Scope.OFFICE_APPOINT, (), ("PROPOSED", "OPEN"),
    (Code.WRONG_STATE, departments.c.state != "ACTIVE"),
    on=departments, event="CREATED", at="invited_at", by="invited_by", words="reason", said="reason",
    more=(Code.IDEMPOTENCY_MISMATCH,),
)  # fmt: skip
CONFIRM_INVITATION = INVITATIONS.step(
    "confirmInvitation", Scope.OFFICE_APPOINT, "PROPOSED", "OPEN",
    (
        Code.FORBIDDEN,
        # one person may be officer of a district and of a street
        (invitations.c.invited_by == VIEWER) | is_same_person(invitations.c.invited_by),
        "须由另一位管理员确认。Another than who invited confirms.",
    ),
    then=((Code.WRONG_STATE, invitations.c.expires_at <= NOW),),
    event="CONFIRMED", at="decided_at", by="decided_by",
)  # fmt: skip
DECLINE_INVITATION = INVITATIONS.step(
    "declineInvitation", Scope.OFFICE_APPOINT, ("PROPOSED", "OPEN"), "DECLINED",
    at="decided_at", by="decided_by", words="decision_reason", said="reason",
)  # fmt: skip
# At the door, with the code: whoever it was handed to is no officer yet.
ACCEPT_INVITATION = INVITATIONS.move("ACCEPTED", "OPEN", "ACCEPTED", at="accepted_at")

# A handler is dismissed by one admin. An admin is dismissed when a second one asks the same within a
# week: one alone can take nobody's place.
ASKED_FOR_DAYS = 7
_IS_ASKED_BY_VIEWER = (officers.c.dismissal_asked_by == VIEWER) & (
    officers.c.dismissal_asked_at > NOW - sa.text(f"interval '{ASKED_FOR_DAYS} days'")
)
DISMISS_OFFICER = rule(
    "dismissOfficer",
    Scope.OFFICE_APPOINT,
    officers,
    (Code.FORBIDDEN, officers.c.id == VIEWER, "不能免去自己。Not yourself."),
    (Code.WRONG_STATE, officers.c.ended_at.is_not(None)),
    (
        Code.ALREADY_DONE,
        sa.func.coalesce(_IS_ASKED_BY_VIEWER, sa.false()),
        "您已提出，待另一位管理员同意。You asked already: another admin must ask the same.",
    ),
)

# What concerns the officer alone; the service looks that a district keeps an admin, under a lock.
EXPORT_OFFICER = rule("exportMyData", Scope.SELF_DATA, officers)
ERASE_OFFICER = rule("eraseMe", Scope.SELF_DATA, officers)
