"""Members of a community, and their roles given and taken."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.bindings import outcome
from api.engine.declare import (
    After,
    First,
    Outcome,
    bound,
    column,
    mutation,
    node_over,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.engine.identifiers import decode_id
from api.schema.appeals import StreetAppeal
from api.schema.common import Connection, Node, Payload, Permission
from api.schema.offices import OfficeTerm
from api.schema.places import Community
from api.schema.query import Query
from api.schema.viewer import Viewer
from tenants.appeals.policy import APPEAL_SUSPENSION
from tenants.appeals.views import is_of_suspension
from tenants.boards.service import boards
from tenants.columns import IS_STAFF, TENANT, VIEWER
from tenants.membership.offices import GrantableRole, Seat, office_terms
from tenants.membership.policy import GRANT_ROLE, REVOKE_ROLE
from tenants.membership.service import roles as service
from tenants.membership.street_appeals import street_appeals
from tenants.membership.tables import (
    IdentityCheck,
    MemberState,
    Purpose,
    ResidentKind,
    consents,
    households,
    join_codes,
    member_records,
    members,
)
from tenants.membership.views import has_role, is_active, is_review_overdue
from tenants.places.tables import communities
from tenants.scopes import Role, Scope
from tenants.transaction import Tx

node_over(members, "mem", "Member")


published(Purpose, "ConsentPurpose", "个人信息的用途。What personal data is used for.")
published(
    MemberState,
    "MemberState",
    "成员资格的状态；只有 ACTIVE 可发言、提诉求、表决。\n"
    "The state of a membership; only ACTIVE members may post, petition and vote.",
)
published(ResidentKind, "ResidentKind", "居民与住所的关系。How a resident relates to the home.")
published(IdentityCheck, "IdentityCheck", "实名如何核实。How the real name was checked.")


@strawberry.type(
    description=(
        "门牌相同或写法相近的一户。A household whose address is this one or may be: for the staff to look at."
    )
)
class NearHousehold:
    """An address beside another."""

    building: str = column("楼栋。Building.", households.c.building)
    room: str = column("室号。Room.", households.c.room)
    member_count: int = bound(
        "登记在该户的档案数，至多 20。How many records are of it, 20 at most.",
        b.Count(table=member_records, on={"household_id": households.c.id}, most=20),
    )


@strawberry.type(
    description=("户：一个门牌，写法不同也是一户。A household: one address, however it is written.")
)
class Household:
    """An address."""

    building: str = column(
        "楼栋，按首次所写。Building, as it was first written.", households.c.building
    )
    room: str = column("室号，按首次所写。Room, as it was first written.", households.c.room)
    near: list[NearHousehold] = bound(
        (
            "数字和字母相同的各户，含本户，至多 10；限居委和书记，他人为空。\n"
            "Those of the same figures and letters, this one included, 10 at most; none but to the staff."
        ),
        b.Rows(
            table=households,
            on={"near": households.c.near},
            order=(households.c.id,),
            most=10,
            where=IS_STAFF,
        ),
    )


@strawberry.type(description="一次同意。One consent.")
class Consent:
    """What was agreed to and when."""

    purpose: Purpose = column("用途。Purpose.", consents.c.purpose)
    text_version: str = column("文本版本。Version of the text.", consents.c.text_version)
    given_at: datetime = column("同意时间。When given.", consents.c.given_at)
    withdrawn_at: datetime | None = column("撤回时间。When taken back.", consents.c.withdrawn_at)


@strawberry.type(
    description=(
        "成员档案：本人、居委和书记可见，联系方式已遮盖。\n"
        "What the community keeps of a member: seen by themselves and the staff, contacts masked."
    )
)
class MemberRecord:
    """The staff's side of a membership."""

    kind: ResidentKind = column("居住情况。How they belong.", member_records.c.kind)
    household: Household | None = one(
        "住址。The household.", households, {"id": member_records.c.household_id}
    )
    real_name: str | None = column(
        "真实姓名，已遮盖。Real name, masked: see revealContact.", member_records.c.real_name_masked
    )
    phone: str | None = column("手机号，已遮盖。Phone, masked.", member_records.c.phone_masked)
    id_number: str | None = column(
        "证件号，已遮盖。Id number, masked.", member_records.c.id_number_masked
    )
    same_phone_count: int = bound(
        "本社区用此手机号的档案数，含本人，至多 20。How many here gave this phone, themselves included.",
        b.Count(
            table=member_records,
            on={"phone_index": member_records.c.phone_index},
            most=20,
        ),
    )
    identity_check: IdentityCheck | None = column(
        "实名核实方式。Who vouched.", member_records.c.identity_check
    )
    identity_checked_at: datetime | None = column(
        "核实时间。When.", member_records.c.identity_checked_at
    )
    applied_at: datetime = column("申请时间。When they applied.", member_records.c.applied_at)
    submitted_at: datetime | None = column(
        "提交审核时间。When put before the committee.", member_records.c.submitted_at
    )
    review_due_at: datetime | None = column(
        (
            "最迟答复时间：三个工作日（本系统所定，非法定）。\n"
            "When an answer is owed: three working days, by Linli's own rule and no statute's."
        ),
        member_records.c.review_due_at,
    )
    is_review_overdue: bool = column("已逾期未审。The answer is overdue.", is_review_overdue)
    reviewed_at: datetime | None = column("审核时间。When reviewed.", member_records.c.reviewed_at)
    return_reason: str | None = column(
        "退回理由。Why it was sent back.", member_records.c.return_reason
    )
    suspended_reason: str | None = column(
        "暂停理由。Why they are suspended.", member_records.c.suspended_reason
    )
    suspended_until: datetime | None = column(
        "暂停至。Until when.", member_records.c.suspended_until
    )
    suspension_appeal: StreetAppeal | None = one(
        "对本次暂停的申诉。The appeal against the present suspension.",
        street_appeals,
        {"id": member_records.c.suspension_appeal_id},
    )
    suspension_appeals: list[StreetAppeal] = bound(
        "历次对暂停的申诉，先后为序。All appeals against suspensions, oldest first.",
        b.Rows(
            table=street_appeals,
            on={"member_id": member_records.c.id},
            order=(street_appeals.c.id,),
            most=50,
            where=is_of_suspension,
        ),
    )
    viewer_can_appeal_suspension: Permission = bound(
        "您能否对暂停申诉。Whether you may appeal against the suspension.",
        b.Permit.of(APPEAL_SUSPENSION),
    )
    consents: list[Consent] = bound(
        "您的同意记录，先后为序；他人看不到。Your consents, oldest first; nobody else sees them.",
        b.Rows(
            table=consents,
            on={"member_id": member_records.c.id},
            order=(consents.c.id,),
            most=50,
        ),
    )


@strawberry.type(
    description="加入码：公告栏二维码的内容。What the QR code on the notice board says."
)
class JoinCode:
    """A community's one good code."""

    code: str = column(
        "至多 32 个字符；二维码在 `/join/{code}.svg` 和 `.png`。At most 32 characters.",
        join_codes.c.code,
    )
    issued_at: datetime = column("签发时间。When it was issued.", join_codes.c.issued_at)


@strawberry.type(
    description=(
        "成员：邻居所见的一个人，没有真实姓名和电话。\n"
        "What neighbours see of a person: no real name, no phone."
    )
)
class Member(Node):
    """One membership."""

    id: strawberry.ID = public_id()
    display_name: str = column("称呼。The name they go by.", members.c.display_name)
    building: str | None = column("楼栋。Building.", members.c.building)
    roles: list[Role] = column("角色。Roles.", members.c.roles)
    state: MemberState = column("状态。How far they are.", members.c.state)
    joined_at: datetime = column("加入时间。When they joined.", members.c.joined_at)
    record: MemberRecord | None = one(
        "档案，限本人、居委和书记。What is kept: for themselves and the staff; null for others.",
        member_records,
        {"id": members.c.id},
    )
    terms: list[OfficeTerm] = bound(
        "现任和曾任职务，先后为序。Offices held now and before, oldest first.",
        b.Rows(
            table=office_terms,
            on={"member_id": members.c.id},
            order=(office_terms.c.id,),
            most=50,
        ),
    )


def _by_role(
    first: First = 20,
    after: After = None,
    role: Annotated[
        Role | None, strawberry.argument(description="只列此角色。Only those with this role.")
    ] = None,
) -> Any: ...


def _in_state(
    first: First = 20,
    after: After = None,
    state: Annotated[
        MemberState, strawberry.argument(description="走到哪一步。How far they are.")
    ] = MemberState.UNDER_REVIEW,
) -> Any: ...


@extend(Community)
class OfCommunity:
    """Who belongs to it."""

    members: Connection[Member] | None = page(
        "成员，先加入的在前；社区之外看不到。Members, first joined first; null from outside.",
        b.Page(
            table=members,
            on={"community_id": communities.c.community_id},
            order=(members.c.id,),
            index="member_pkey",
            descending=False,
            where=is_active,
            filters=(b.Filter(b.text_argument("role"), has_role),),
        ),
        resolver=_by_role,
    )


@extend(Viewer)
class OfViewer:
    """You inside a community."""

    member: Member | None = one(
        "您在社区中的身份；区级令牌为空。You as a member; null for a district token.",
        members,
        {"id": VIEWER},
    )


@extend(Query)
class OfQuery:
    """What the staff needs to let people in."""

    applications: Connection[Member] | None = page(
        "入驻申请，先到的在前。Applications for membership, oldest first.",
        b.Page(
            table=members,
            on={"state": b.text_argument("state")},
            order=(members.c.id,),
            index="member_by_state",
            descending=False,
        ),
        requires=Scope.MEMBER_REVIEW,
        resolver=_in_state,
    )
    join_code: JoinCode | None = one(
        "本社区的加入码，限居委和书记。The community's join code, for the staff.",
        join_codes,
        {"community_id": TENANT},
    )


_ROLE = "职务，默认居委委员。The office; a committee member's unless you say."


@strawberry.input(description="授予职务。Give a member an office.")
class GrantRoleInput:
    """Input of grantRole."""

    member_id: strawberry.ID = strawberry.field(description="成员。The member.")
    reason: str = strawberry.field(description="理由，记入审计。Why; kept in the audit.")
    role: GrantableRole = strawberry.field(
        default=GrantableRole.COMMITTEE_MEMBER, description=_ROLE
    )
    until: datetime | None = strawberry.field(
        default=None,
        description="任至，五年之内；默认五年。Until when: five years at most, and by default.",
    )
    seat: Seat | None = strawberry.field(
        default=None, description="席位，仅限 SEAT 且必填。Whose seat: for SEAT, and only there."
    )
    board_id: strawberry.ID | None = strawberry.field(
        default=None, description="版块，仅限 SEAT 且必填。Its board: for SEAT, and only there."
    )


@strawberry.input(description="收回职务。Take a member's office.")
class RevokeRoleInput:
    """Input of revokeRole."""

    member_id: strawberry.ID = strawberry.field(description="成员。The member.")
    reason: str = strawberry.field(description="理由，记入审计。Why; kept in the audit.")
    role: GrantableRole = strawberry.field(
        default=GrantableRole.COMMITTEE_MEMBER, description=_ROLE
    )


@strawberry.type(description="`grantRole` 和 `revokeRole` 的结果。What came of it.")
class MemberPayload(Payload):
    """The member as they are now."""

    member: Member | None = one("该成员。The member.", members, {"id": outcome("member", members)})


@strawberry.type(description="`reissueJoinCode` 的结果。What came of it.")
class JoinCodePayload(Payload):
    """The new code."""

    join_code: JoinCode | None = one(
        "新加入码。The new code.", join_codes, {"id": outcome("joinCode", join_codes)}
    )


@mutation(
    GRANT_ROLE[GrantableRole.COMMITTEE_MEMBER],
    "授予有任期的职务，限书记，不得授予本人或其他书记；旧令牌随即失效。\n"
    "Give a member an office for a term: never oneself or a secretary; old tokens end at once.",
)
async def grant_role(tx: Tx, input: GrantRoleInput) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    member = decode_id(input.member_id, "mem_")
    board = None
    if input.board_id is not None:
        board = await boards.for_seat(tx, decode_id(input.board_id, "brd_"))
    granted = await service.grant_role(
        tx,
        member_id=member,
        role=input.role,
        until=input.until,
        reason=input.reason,
        seat=input.seat,
        board_id=board,
    )
    return {"member": granted}


@mutation(
    REVOKE_ROLE[GrantableRole.COMMITTEE_MEMBER],
    "提前收回职务；旧令牌随即失效。Take an office before its term is over; old tokens end at once.",
)
async def revoke_role(tx: Tx, input: RevokeRoleInput) -> Annotated[Outcome, MemberPayload]:
    """Translate."""
    member = decode_id(input.member_id, "mem_")
    revoked = await service.revoke_role(tx, member_id=member, role=input.role, reason=input.reason)
    return {"member": revoked}
