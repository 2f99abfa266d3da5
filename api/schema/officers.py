"""Officers serve a district, its streets and departments; they are invited, confirmed and dismissed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine.declare import column, node_over, object_type, one, page, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
from api.engine.lists import page_of
from api.engine.payloads import link, told
from api.engine.verbs import Outcome, verb
from api.schema import viewer as viewer_fields
from api.schema.common import Connection, Node
from api.schema.departments import Department
from api.schema.permissions import can, permissions
from api.schema.places import District, Street
from tenants.columns import VIEWER
from tenants.identity import persons
from tenants.identity.store import identity
from tenants.membership.tables import DISPLAY_NAME_LENGTH, OfficerRole, OfficerState, officers
from tenants.officers.policy import CONFIRM_INVITATION, DECLINE_INVITATION, DISMISS_OFFICER, INVITE
from tenants.officers.service import dismissing, inviting
from tenants.officers.tables import InvitationState, invitations
from tenants.places.tables import REASON_LENGTH, departments, districts, streets
from tenants.scopes import Role
from tenants.viewer import Viewer

node_over(officers, "off", "Officer")
node_over(invitations, "inv", "Invitation")

published(OfficerRole)
published(OfficerState)
published(InvitationState)

_STREET = "任职在这个街镇；区级为空。They serve this street or town; it is null at the district."
_IN_DEPARTMENT = "任职在这个部门；管理员为空。They serve this department; it is null of an admin."


@object_type
class Officer(Node):
    """管理员任职于区或街镇，经办人任职于部门。
    An officer is an admin of a district or street, or a handler of a department.
    """

    id: strawberry.ID = public_id()
    display_name: str = column(
        "这是任职人的称呼。This is the name that the officer goes by.", officers.c.display_name
    )
    roles: list[Role] = column("任职人有这些角色。The officer has these roles.", officers.c.roles)
    state: OfficerState = column(
        "它说明是否在任。It says whether the officer serves.", officers.c.state
    )
    street: Street | None = one(_STREET, streets, {"street_id": officers.c.street_id})
    department: Department | None = one(
        _IN_DEPARTMENT, departments, {"department_id": officers.c.department_id}
    )
    ends_at: datetime | None = column(
        "任期在这时届满；未定则为空。"
        "The term runs out at this time; it is null where it has no end.",
        officers.c.ends_at,
    )
    ended_at: datetime | None = column(
        "任职在这时实际终止；在任则为空。"
        "The office ended at this time; it is null while they serve.",
        officers.c.ended_at,
    )
    dismissal_requested_at: datetime | None = column(
        "有管理员在这时提出免职，七日内有效。\n"
        "An admin asked to dismiss them at this time; this is good for seven days.",
        officers.c.dismissal_asked_at,
    )
    viewer_can: Any = can(permissions("Officer", DISMISS_OFFICER))


@object_type
class Invitation(Node):
    """它邀请一人任职；邀请码只给邀请人看一次。
    It invites one person to serve; the inviter is shown its code once.
    """

    id: strawberry.ID = public_id()
    role: OfficerRole = column(
        "受邀人将有这个角色。The invited person would have this role.", invitations.c.role
    )
    display_name: str = column(
        "邀请给这位受邀人。The invitation is for the person of this name.",
        invitations.c.display_name,
    )
    street: Street | None = one(_STREET, streets, {"street_id": invitations.c.street_id})
    department: Department | None = one(
        _IN_DEPARTMENT, departments, {"department_id": invitations.c.department_id}
    )
    ends_at: datetime | None = column(
        "任期将在这时届满；未定则为空。They would serve until this time; it is null for no end.",
        invitations.c.ends_at,
    )
    reason: str | None = column(
        "邀请因这个理由；受邀人注销后为空。\n"
        "This is why they were invited; it is null once the invited person was erased.",
        invitations.c.reason,
    )
    state: InvitationState = column(
        "它说明邀请的进展。It says how far the invitation is.", invitations.c.state
    )
    invited_at: datetime = column("这时提出。It was made then.", invitations.c.invited_at)
    expires_at: datetime = column(
        "邀请码可用至这时。The code may be used until this time.", invitations.c.expires_at
    )
    decided_at: datetime | None = column(
        "邀请在这时确认或否决。The invitation was confirmed or declined at this time.",
        invitations.c.decided_at,
    )
    decision_reason: str | None = column(
        "邀请因此否决。The invitation was declined for this reason.", invitations.c.decision_reason
    )
    officer: Officer | None = one(
        "这位任职人接受了邀请。This officer accepted the invitation.",
        officers,
        invitations.c.officer_id,
    )
    viewer_can: Any = can(permissions("Invitation", CONFIRM_INVITATION, DECLINE_INVITATION))


@extend(District)
class OfDistrict:
    """It adds the officers of a district, and who is invited to serve."""

    officers: Connection[Officer] | None = page(
        "这里列出您管辖的任职人，含已卸任的，新的在前。\n"
        "This lists the officers under you, former ones included, newest first.",
        page_of(officers, districts.c.district_id),
    )
    invitations: Connection[Invitation] | None = page(
        "这里列出您管辖的任职邀请，新的在前。"
        "This lists the invitations to serve under you, newest first.",
        page_of(invitations, districts.c.district_id),
    )


@extend(viewer_fields.Viewer)
class OfViewer:
    """It adds the viewer as an officer above the communities."""

    officer: Officer | None = one(
        "这是您在区、街镇或部门的任职；社区令牌为空。\n"
        "This is you as an officer; it is null for a community's token.",
        officers,
        VIEWER,
    )


_INVITATION = {"invitation": link(Invitation, invitations)}


@verb(
    INVITE,
    {
        **_INVITATION,
        "code": told(
            str | None,
            "邀请码只在初次邀请时示出；七日内由受邀人在 /auth/accept 使用一次。\n"
            "The code is shown by the first `inviteOfficer` only; it is used once at "
            "/auth/accept within seven days.",
        ),
    },
    inviting.invite,
    claims_itself=True,
)
class InviteOfficer(Keyed):
    """邀请他人任职，限您同级或以下；管理员须另一位管理员确认，邀请码方可使用。
    Invite someone to serve, at your level or below; an admin's code waits for another's confirmation.
    """

    role: OfficerRole = field("选择角色。Choose the role.")
    street_id: UUID | None = ref(
        streets,
        "填写管理员所在街镇的标识；不填则为您所管辖的区或街镇。\n"
        "Give the id of an admin's street; by default it is what you administer. Leave it "
        "out for a handler.",
    )
    department_id: UUID | None = ref(
        departments, "填写经办人所在部门的标识。Give the id of a handler's department."
    )
    display_name: str = text("称呼", "the name that they go by", DISPLAY_NAME_LENGTH)
    ends_at: datetime | None = field(
        "填写任期届满的时间，五年之内；不填则无期。\n"
        "Give the end of the term, within five years; without it the term has no end."
    )
    reason: str = text("理由，记入审计", "the reason, which the audit keeps")


class _OnInvitation:
    invitation_id: UUID = ref(invitations)


@verb(CONFIRM_INVITATION, _INVITATION)
class ConfirmInvitation(_OnInvitation):
    """确认他人的邀请，邀请码即可使用。Confirm what another admin invited: the code may be used."""


@verb(DECLINE_INVITATION, _INVITATION)
class DeclineInvitation(_OnInvitation):
    """否决邀请，或撤回自己的邀请；邀请码即作废。Decline an invitation, or take yours back: its code is void."""

    reason: str = text("理由，记入审计", "the reason, which the audit keeps")


@verb(DISMISS_OFFICER, {"officer": link(Officer, officers)}, dismissing.dismiss)
class DismissOfficer:
    """免职，即时生效；管理员须两位管理员先后提出，七日内有效。
    Dismiss an officer at once; an admin only when two admins ask it within seven days.
    """

    officer_id: UUID = ref(officers)
    reason: str = text("理由，记入审计", "the reason, which the audit keeps", REASON_LENGTH)

    def make_outcome(self, done: tuple[UUID, bool]) -> Outcome:
        """Return the officer, and whether they are dismissed."""
        return dict(zip(("officer", "is_dismissed"), done, strict=True))

    @staticmethod
    async def finish(services: dict[str, Any], _: Viewer, done: Outcome) -> None:
        """End the person's affiliation with the place that they served."""
        if done["is_dismissed"]:
            async with identity(services["database"]) as store:
                await persons.leave(store, done["officer"])
