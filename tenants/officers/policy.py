"""Who sees invitations, and who shapes departments, invites officers and dismisses them."""

import sqlalchemy as sa

from tenants.columns import DISTRICT, NOW, STREET, VIEWER, among
from tenants.errors import Code
from tenants.membership.policy import MAY_APPOINT
from tenants.membership.tables import officers
from tenants.officers.tables import invitations
from tenants.places.tables import departments
from tenants.policy import protect, rule
from tenants.scopes import Scope

protect(
    invitations,
    Scope.OFFICE_APPOINT,
    district=MAY_APPOINT
    & (invitations.c.district_id == DISTRICT)
    & ((sa.literal_column("0") == STREET) | (invitations.c.street_id == STREET)),
)

CHANGE_DEPARTMENT = rule(
    "changeDepartment",
    Scope.DISTRICT_MANAGE,
    departments,
    (Code.WRONG_STATE, departments.c.state != "ACTIVE"),
)
CLOSE_DEPARTMENT = rule(
    "closeDepartment",
    Scope.DISTRICT_MANAGE,
    departments,
    (Code.ALREADY_DONE, departments.c.state != "ACTIVE"),
    (
        Code.WRONG_STATE,
        departments.c.handlers > sa.literal_column("0"),
        "尚有经办人，须先免去。It has handlers: dismiss them first.",
    ),
)

# Whom to invite to a department; an admin is invited to a place, which is looked up with its street.
INVITE_HANDLER = rule(
    "inviteOfficer",
    Scope.OFFICE_APPOINT,
    departments,
    (Code.WRONG_STATE, departments.c.state != "ACTIVE"),
)
_IS_OVER = invitations.c.expires_at <= NOW
CONFIRM_INVITATION = rule(
    "confirmInvitation",
    Scope.OFFICE_APPOINT,
    invitations,
    (
        Code.FORBIDDEN,
        invitations.c.invited_by == VIEWER,
        "须由另一位管理员确认。Another than who invited confirms.",
    ),
    (Code.WRONG_STATE, (invitations.c.state != "PROPOSED") | _IS_OVER),
)
DECLINE_INVITATION = rule(
    "declineInvitation",
    Scope.OFFICE_APPOINT,
    invitations,
    (Code.WRONG_STATE, ~among(invitations.c.state, "PROPOSED", "OPEN")),
)

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
