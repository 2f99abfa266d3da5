"""Members belong to a community; they get roles and lose them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    After,
    First,
    bound,
    column,
    node_over,
    object_type,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.engine.inputs import field, ref, text
from api.engine.lists import page_of, rows_of
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.member_records import MemberRecord
from api.schema.offices import OfficeTerm
from api.schema.permissions import Permission, can, permission, permissions
from api.schema.places import Community, CommunityPermissions
from api.schema.query import Query
from api.schema.viewer import Viewer
from tenants.boards.service import boards
from tenants.boards.tables import boards as board_rows
from tenants.columns import TENANT, VIEWER
from tenants.duty.policy import SCHEDULE
from tenants.membership.offices import GrantableRole, Seat, office_terms
from tenants.membership.policy import GRANT_ROLE, REISSUE_JOIN_CODE, REVEAL, REVOKE_ROLE
from tenants.membership.procedure import APPROVE, CONFIRM_IDENTITY, RESUME, RETURN, SUSPEND
from tenants.membership.service import roles as service
from tenants.membership.tables import MemberState, join_codes, member_records, members
from tenants.membership.views import has_role, is_active
from tenants.places.tables import REASON_LENGTH, communities
from tenants.scopes import Role, Scope
from tenants.transaction import Tx

node_over(members, "mem", "Member")


published(MemberState)


@object_type
class JoinCode:
    """加入码是公告栏二维码的内容，每个社区只有一个有效。
    A join code is the text of the QR code on the notice board; each community has one that is
    good.
    """

    code: str = column(
        "加入码至多 32 个字符；二维码在 `/join/{code}.svg` 和 `.png`。\n"
        "The code has at most 32 characters; `/join/{code}.svg` and `.png` draw it.",
        join_codes.c.code,
    )
    issued_at: datetime = column("这时签发。The code was issued then.", join_codes.c.issued_at)


@object_type
class Member(Node):
    """邻居看到的成员没有真实姓名和电话。Neighbours see a member without their real name and phone."""

    id: strawberry.ID = public_id()
    display_name: str = column(
        "这是成员的称呼。This is the name that the member goes by.", members.c.display_name
    )
    building: str | None = column(
        "成员住在这栋楼。The member lives in this building.", members.c.building
    )
    roles: list[Role] = column("成员有这些角色。The member has these roles.", members.c.roles)
    state: MemberState = column(
        "它说明成员资格的状态。It says how far the membership is.", members.c.state
    )
    joined_at: datetime = column("成员在这时加入。The member joined then.", members.c.joined_at)
    record: MemberRecord | None = one(
        "这是成员的档案；只有本人、居委和书记可见。\n"
        "This is the member's record; the member and the staff see it, and it is null for "
        "others.",
        member_records,
        members.c.id,
    )
    terms: list[OfficeTerm] = bound(
        "这里依次列出现任和曾任的职务。This lists the offices held now and before, oldest first.",
        rows_of(office_terms, {"member_id": members.c.id}, most=50),
    )
    viewer_can: Any = can(
        permissions(
            "Member",
            CONFIRM_IDENTITY,
            APPROVE,
            RETURN,
            SUSPEND,
            RESUME,
            REVEAL,
            tuple(GRANT_ROLE.values()),
            tuple(REVOKE_ROLE.values()),
            SCHEDULE,
        )
    )


def _by_role(
    first: First = 20,
    after: After = None,
    role: Annotated[
        Role | None,
        strawberry.argument(description="只列出有此角色的。List only those with this role."),
    ] = None,
) -> Any: ...


def _in_state(
    first: First = 20,
    after: After = None,
    state: Annotated[
        MemberState,
        strawberry.argument(description="只列出这种状态的。List only those of this state."),
    ] = MemberState.UNDER_REVIEW,
) -> Any: ...


@extend(CommunityPermissions)
class OfCommunityPermissions:
    """It says whether the viewer may issue another join code."""

    reissue_join_code: Permission = permission(REISSUE_JOIN_CODE)


@extend(Community)
class OfCommunity:
    """It adds the members of a community."""

    members: Connection[Member] | None = page(
        "这里列出成员，先加入的在前；社区之外看不到。\n"
        "This lists the members who joined, the first ones first; it is null from outside.",
        page_of(
            members,
            communities.c.community_id,
            descending=False,
            where=is_active,
            filters=(b.Filter(b.text_argument("role"), has_role),),
        ),
        resolver=_by_role,
    )


@extend(Viewer)
class OfViewer:
    """It adds the viewer as a member of the community."""

    member: Member | None = one(
        "这是您在社区中的身份；区级令牌为空。"
        "This is you as a member; it is null for a district token.",
        members,
        VIEWER,
    )


@extend(Query)
class OfQuery:
    """It adds the applications and the join code, which the staff needs to let people in."""

    applications: Connection[Member] | None = page(
        "这里列出入驻申请，先到的在前。This lists the applications for membership, oldest first.",
        page_of(
            members, {"state": b.text_argument("state")}, index="member_by_state", descending=False
        ),
        requires=Scope.MEMBER_REVIEW,
        resolver=_in_state,
    )
    join_code: JoinCode | None = one(
        "这是本社区的加入码；只有居委和书记可见。"
        "This is the community's join code; only the staff see it.",
        join_codes,
        {"community_id": TENANT},
    )


MEMBER = {"member": link(Member, members)}


class OnMember:
    """It is the input of a mutation of one member."""

    member_id: UUID = ref(members)


class _OnRole(OnMember):
    reason: str = text("理由，记入审计", "the reason, which the audit keeps", REASON_LENGTH)
    role: GrantableRole = field(
        "选择职务；不填则为居委委员。"
        "Choose the office; by default it is that of a committee member.",
        default=GrantableRole.COMMITTEE_MEMBER,
    )


@verb(GRANT_ROLE[GrantableRole.COMMITTEE_MEMBER], MEMBER)
class GrantRole(_OnRole):
    """授予有任期的职务，限书记，不得授予本人或其他书记；旧令牌随即失效。
    Give a member an office for a term: never oneself or a secretary; old tokens end at once.
    """

    ends_at: datetime | None = field(
        "填写任期届满的时间，五年之内；不填则为五年。\n"
        "Give the end of the term: five years at most, and by default."
    )
    seat: Seat | None = field(
        "选择席位，仅限 SEAT 且必填。\n"
        "Choose whose seat it is: for SEAT this is required, and for others not allowed."
    )
    board_id: UUID | None = ref(
        board_rows,
        "填写版块的标识，仅限 SEAT 且必填。\n"
        "Give the id of its board: for SEAT this is required, and for others not allowed.",
    )
    declares_no_relatives: bool = field(
        "授予监督委员须填写 true，声明与居（村）委会成员不是近亲属。\n"
        "Give true for a SUPERVISOR, to declare that no near relative is of the committee.",
        default=False,
    )

    async def run(self, tx: Tx) -> UUID:
        """Look at the board, which lies above the members, and grant the role."""
        board_id = self.board_id and await boards.for_seat(tx, self.board_id)
        return await service.grant_role(
            tx,
            member_id=self.member_id,
            role=self.role,
            ends_at=self.ends_at,
            reason=self.reason,
            seat=self.seat,
            board_id=board_id,
            declares_no_relatives=self.declares_no_relatives,
        )


@verb(REVOKE_ROLE[GrantableRole.COMMITTEE_MEMBER], MEMBER, service.revoke_role)
class RevokeRole(_OnRole):
    """提前收回职务；旧令牌随即失效。Take an office before its term is over; old tokens end at once."""
