"""Officers of a district, its streets and departments: invited, confirmed, dismissed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import column, node_over, object_type, one, page, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
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

_STREET = "所在街镇；区级为空。Of which street or town; null at the district."
_IN_DEPARTMENT = "所在部门；管理员为空。Of which department; null of an admin."


@object_type
class Officer(Node):
    """管理员任职于区或街镇，经办人任职于部门。
    An officer is an admin of a district or street, or a handler of a department.
    """

    id: strawberry.ID = public_id()
    display_name: str = column("称呼。The name they go by.", officers.c.display_name)
    roles: list[Role] = column("角色。Their role.", officers.c.roles)
    state: OfficerState = column("状态。State.", officers.c.state)
    street: Street | None = one(_STREET, streets, {"street_id": officers.c.street_id})
    department: Department | None = one(
        _IN_DEPARTMENT, departments, {"department_id": officers.c.department_id}
    )
    ends_at: datetime | None = column(
        "任期届满；未定则空。When their term runs out; null where it has no end.",
        officers.c.ends_at,
    )
    ended_at: datetime | None = column(
        "实际终止；在任为空。When it ended; null while they serve.", officers.c.ended_at
    )
    dismissal_requested_at: datetime | None = column(
        "何时有管理员提出免职，七日内有效。When an admin asked to dismiss them; good for seven days.",
        officers.c.dismissal_asked_at,
    )
    viewer_can: Any = can(permissions("Officer", DISMISS_OFFICER))


@object_type
class Invitation(Node):
    """它邀请一人任职；邀请码只给邀请人看一次。
    It invites one person to serve; the inviter is shown its code once.
    """

    id: strawberry.ID = public_id()
    role: OfficerRole = column("角色。To which role.", invitations.c.role)
    display_name: str = column("受邀人。Whom it is for.", invitations.c.display_name)
    street: Street | None = one(_STREET, streets, {"street_id": invitations.c.street_id})
    department: Department | None = one(
        _IN_DEPARTMENT, departments, {"department_id": invitations.c.department_id}
    )
    ends_at: datetime | None = column(
        "任期届满；未定则空。Until when they would serve; null for no end.", invitations.c.ends_at
    )
    reason: str | None = column(
        "理由；受邀人注销后为空。Why; null once whom it was for was erased.", invitations.c.reason
    )
    state: InvitationState = column("进展。How far it is.", invitations.c.state)
    invited_at: datetime = column("邀请时间。When it was made.", invitations.c.invited_at)
    expires_at: datetime = column(
        "邀请码的期限。Until when the code may be used.", invitations.c.expires_at
    )
    decided_at: datetime | None = column(
        "确认或否决时间。When it was confirmed or declined.", invitations.c.decided_at
    )
    decision_reason: str | None = column(
        "否决理由。Why it was declined.", invitations.c.decision_reason
    )
    officer: Officer | None = one(
        "接受后的任职人。Who came of it.", officers, {"id": invitations.c.officer_id}
    )
    viewer_can: Any = can(permissions("Invitation", CONFIRM_INVITATION, DECLINE_INVITATION))


@extend(District)
class OfDistrict:
    """Who serves it, and who is asked to."""

    officers: Connection[Officer] | None = page(
        "您管辖的任职人，含已卸任的，新的在前。The officers under you, former ones too, newest first.",
        b.Page(
            table=officers,
            on={"district_id": districts.c.district_id},
            order=(officers.c.id,),
            index="officer_pkey",
        ),
    )
    invitations: Connection[Invitation] | None = page(
        "您管辖的任职邀请，新的在前。The invitations to serve under you, newest first.",
        b.Page(
            table=invitations,
            on={"district_id": districts.c.district_id},
            order=(invitations.c.id,),
            index="invitation_pkey",
        ),
    )


@extend(viewer_fields.Viewer)
class OfViewer:
    """You above the communities."""

    officer: Officer | None = one(
        "您在区、街镇或部门的任职；社区令牌为空。You as an officer; null for a community's token.",
        officers,
        {"id": VIEWER},
    )


_INVITATION = {"invitation": link(Invitation, invitations, "该邀请。The invitation.")}


@verb(
    INVITE,
    {
        **_INVITATION,
        "code": told(
            str | None,
            "邀请码，只在初次邀请时示出；七日内由受邀人在 /auth/accept 使用一次。\n"
            "The code, shown by the first inviteOfficer only; used once at /auth/accept within seven days.",
        ),
    },
    inviting.invite,
    claims_itself=True,
)
class InviteOfficer(Keyed):
    """邀请他人任职，限您同级或以下；管理员须另一位管理员确认，邀请码方可使用。
    Invite someone to serve, at your level or below; an admin's code waits for another's confirmation.
    """

    role: OfficerRole = field("角色。To which role.")
    street_id: UUID | None = ref(
        streets,
        "管理员所在街镇；默认为您所管辖的区或街镇。\n"
        "An admin's street; by default what you administer. Not for a handler.",
    )
    department_id: UUID | None = ref(departments, "经办人所在部门。A handler's department.")
    display_name: str = text("称呼", "The name they go by", DISPLAY_NAME_LENGTH)
    ends_at: datetime | None = field(
        "任期届满，五年之内；不填则无期。Until when, within five years; else without end."
    )
    reason: str = text("理由，记入审计", "Why, as the audit keeps it")


class _OnInvitation:
    invitation_id: UUID = ref(invitations, "邀请。The invitation.")


@verb(CONFIRM_INVITATION, _INVITATION)
class ConfirmInvitation(_OnInvitation):
    """确认他人的邀请，邀请码即可使用。Confirm what another admin invited: the code may be used."""


@verb(DECLINE_INVITATION, _INVITATION)
class DeclineInvitation(_OnInvitation):
    """否决邀请，或撤回自己的邀请；邀请码即作废。Decline an invitation, or take yours back: its code is void."""

    reason: str = text("理由，记入审计", "Why, as the audit keeps it")


@verb(
    DISMISS_OFFICER,
    {"officer": link(Officer, officers, "该任职人。The officer.")},
    dismissing.dismiss,
)
class DismissOfficer:
    """免职，即时生效；管理员须两位管理员先后提出，七日内有效。
    Dismiss an officer at once; an admin only when two admins ask it within seven days.
    """

    officer_id: UUID = ref(officers, "任职人。The officer.")
    reason: str = text("理由，记入审计", "Why, as the audit keeps it", REASON_LENGTH)

    def make_outcome(self, done: tuple[UUID, bool]) -> Outcome:
        """Return the officer, and whether they are dismissed."""
        return dict(zip(("officer", "is_dismissed"), done, strict=True))

    @staticmethod
    async def finish(services: dict[str, Any], _: Viewer, done: Outcome) -> None:
        """End the person's affiliation with the place that they served."""
        if done["is_dismissed"]:
            async with identity(services["database"]) as store:
                await persons.leave(store, done["officer"])
