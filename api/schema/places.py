"""Places: district, street, community; and what a district admin may do to a community."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.bindings import outcome
from api.engine.declare import (
    Cursor,
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
from api.engine.identifiers import decode_id
from api.schema.appeals import StreetAppeal
from api.schema.apps import ThirdPartyApp
from api.schema.boards import Board
from api.schema.catalogue import (
    PetitionCategory,
    PetitionSupportRule,
    PetitionTimeLimit,
    all_limits,
)
from api.schema.common import Connection, Node, Payload, Permission, Retried
from api.schema.departments import Department
from api.schema.duty import DutyGap, DutyShift, gaps_ahead, on_duty, roster
from api.schema.inspections import Inspection
from api.schema.members import Member
from api.schema.officers import Invitation, Officer
from api.schema.offices import Appointment
from api.schema.petitions import CommunityPopulation, Petition, listed, queue
from api.schema.rates import (
    DistrictPetitionRates,
    MonthlyPetitionRates,
    RankedCommunity,
    by_category,
    of_district,
    ranking,
    trend,
)
from api.schema.supervision import (
    OverduePetition,
    SupervisionOrder,
    of_community,
    overdue_cases,
)
from api.schema.supervision import of_district as orders_of_district
from tenants.appeals.policy import has_lapsed
from tenants.apps.tables import apps as app_rows
from tenants.boards.service import founding
from tenants.boards.tables import boards as board_rows
from tenants.catalogue.tables import petition_categories, support_rules
from tenants.catalogue.views import is_in_force, is_in_use
from tenants.inspections.policy import INSPECT
from tenants.inspections.tables import inspections as inspection_rows
from tenants.membership.offices import appointments as appointment_rows
from tenants.membership.street_appeals import StreetAppealState, street_appeals
from tenants.membership.tables import members as member_rows
from tenants.membership.tables import officers as officer_rows
from tenants.membership.views import has_role, is_active
from tenants.officers.tables import invitations as invitation_rows
from tenants.petitions.tables import populations
from tenants.places import service
from tenants.places.policy import RENAME_COMMUNITY, RESUME_COMMUNITY, SUSPEND_COMMUNITY
from tenants.places.tables import (
    CommunityKind,
    CommunityState,
    communities,
    community_counts,
    districts,
)
from tenants.places.tables import departments as department_rows
from tenants.places.tables import streets as street_rows
from tenants.places.views import (
    has_in_name,
    in_viewer_street,
    is_at_work,
    is_in_state,
    is_in_street,
    is_of_kind,
    its_street_or_none,
)
from tenants.scopes import Role, Scope
from tenants.transaction import Tx

node_over(districts, "dst", "District")
node_over(street_rows, "str", "Street")
node_over(communities, "com", "Community")

published(CommunityKind, "CommunityKind", "社区的种类。The kind of community.")
published(CommunityState, "CommunityState", "社区是否在用。Whether a community is at work.")

First = Annotated[int | None, strawberry.argument(description="每页条数，0–50。How many, 0 to 50.")]
After = Annotated[
    Cursor | None, strawberry.argument(description="从此之后。Begin after this place.")
]


def by_slug(
    slug: Annotated[str, strawberry.argument(description="版块标识。The board's slug.")],
) -> Any: ...


def _by_role(
    first: First = 20,
    after: After = None,
    role: Annotated[
        Role | None, strawberry.argument(description="只列此角色。Only those with this role.")
    ] = None,
) -> Any: ...


def _appeals(
    first: First = 20,
    after: After = None,
    state: Annotated[
        StreetAppealState, strawberry.argument(description="进展。How far they are.")
    ] = StreetAppealState.OPEN,
) -> Any: ...


def _directory(
    first: First = 20,
    after: After = None,
    street_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="只列此街镇。Of this street only.")
    ] = None,
    kind: Annotated[
        CommunityKind | None, strawberry.argument(description="只列此类。Of this kind only.")
    ] = None,
    state: Annotated[
        CommunityState | None, strawberry.argument(description="只列此状态。In this state only.")
    ] = None,
    name: Annotated[
        str | None, strawberry.argument(description="名称含此字。Whose name holds this text.")
    ] = None,
) -> Any: ...


@strawberry.type(description="街道或镇。A street (subdistrict) or town.")
class Street(Node):
    """One street or town of a district."""

    id: strawberry.ID = public_id()
    code: str = column("国家统计局九位代码。Nine-digit official code.", street_rows.c.code)
    name: str = column("名称。Name.", street_rows.c.name)


@strawberry.type(description="社区概数，不含任何内容。How much goes on in a community, never what.")
class CommunityCounts:
    """Numbers only."""

    members: int = column("在册成员。Active members.", community_counts.c.members)
    posts: int = column("已发布的帖子。Published posts.", community_counts.c.posts)
    comments: int = column("已发布的评论。Published comments.", community_counts.c.comments)


@strawberry.type(
    description=(
        "社区：一个居民区或村，是相互隔离的租户。\n"
        "A community: one residents' or villagers' committee area, the isolated tenant."
    )
)
class Community(Node):
    """A tenant. Boards and members are seen from inside only."""

    id: strawberry.ID = public_id()
    code: str = column("国家统计局十二位代码。Twelve-digit official code.", communities.c.code)
    name: str = column("名称。Name.", communities.c.name)
    kind: CommunityKind = column("居民区或村。Residential or village.", communities.c.kind)
    state: CommunityState = column("状态。State.", communities.c.state)
    suspended_reason: str | None = column(
        "停用原因。Why it is suspended.", communities.c.suspended_reason
    )
    created_at: datetime = column("设立时间。When it was founded here.", communities.c.created_at)
    street: Street | None = one(
        "所属街镇。Its street or town.", street_rows, {"street_id": communities.c.street_id}
    )
    counts: CommunityCounts | None = one(
        "概数。How much goes on here.",
        community_counts,
        {"community_id": communities.c.community_id},
    )
    boards: list[Board] = bound(
        "全部版块，按次序；社区之外看不到。All boards, in order; empty from outside.",
        b.Rows(
            table=board_rows,
            on={"community_id": communities.c.community_id},
            order=(board_rows.c.position, board_rows.c.id),
            most=50,
        ),
    )
    board: Board | None = one(
        "按标识取版块。One board by its slug.",
        board_rows,
        {"slug": b.text_argument("slug")},
        resolver=by_slug,
    )
    departments: list[Department] = bound(
        "所属区和街镇现设的职能部门。The departments at work of its district and of its street.",
        b.Rows(
            table=department_rows,
            on={"district_id": communities.c.district_id, "street_id": its_street_or_none},
            order=(department_rows.c.department_id,),
            most=100,
            where=is_at_work,
        ),
    )
    members: Connection[Member] | None = page(
        "成员，先加入的在前；社区之外看不到。Members, first joined first; null from outside.",
        b.Page(
            table=member_rows,
            on={"community_id": communities.c.community_id},
            order=(member_rows.c.id,),
            index="member_pkey",
            descending=False,
            where=is_active,
            filters=(b.Filter(b.text_argument("role"), has_role),),
        ),
        resolver=_by_role,
    )
    petitions: Connection[Petition] | None = listed()
    petition_categories: list[PetitionCategory] = bound(
        "在用的诉求分类。The categories in use.",
        b.Rows(
            table=petition_categories,
            on={"district_id": communities.c.district_id},
            order=(
                petition_categories.c.topic,
                petition_categories.c.name,
                petition_categories.c.id,
            ),
            most=300,
            where=is_in_use,
        ),
    )
    time_limits: list[PetitionTimeLimit] = all_limits()
    support_rules: list[PetitionSupportRule] = bound(
        "现行的联名规则。The rules of signatures in force for its kind.",
        b.Rows(
            table=support_rules,
            on={"community_kind": communities.c.kind},
            order=(support_rules.c.basis, support_rules.c.id),
            most=10,
            where=is_in_force,
        ),
    )
    duty_roster: Connection[DutyShift] | None = roster()
    on_duty: list[DutyShift] = on_duty()
    duty_gaps: list[DutyGap] = gaps_ahead()
    population: CommunityPopulation | None = one(
        "登记的人口。How many live there by an official count.",
        populations,
        {"community_id": communities.c.community_id},
    )
    petition_trend: Connection[MonthlyPetitionRates] | None = trend()
    petition_rates: Connection[MonthlyPetitionRates] | None = by_category()
    supervision_orders: Connection[SupervisionOrder] | None = of_community()
    viewer_can_inspect: Permission = bound(
        "您能否查看（/auth/token，附理由，至多三十分钟，成员可见）。\n"
        "Whether you may look into it: at /auth/token, for a reason that its members read.",
        b.Permit.of(INSPECT),
    )
    apps: Connection[ThirdPartyApp] | None = page(
        "读取本社区的第三方应用，新的在前。The apps that read this community, newest first.",
        b.Page(
            table=app_rows,
            on={"community_id": communities.c.community_id},
            order=(app_rows.c.id,),
            index="app_pkey",
        ),
    )
    inspections: Connection[Inspection] | None = page(
        "街镇和区对本社区的查看，新的在前。Who looked in from above, newest first.",
        b.Page(
            table=inspection_rows,
            on={"community_id": communities.c.community_id},
            order=(inspection_rows.c.id,),
            index="inspection_pkey",
        ),
    )


@strawberry.type(
    description="区：看得到目录和概数，看不到社区里的内容。A district: directory and counts."
)
class District(Node):
    """What a district or street admin sees of the places under them."""

    id: strawberry.ID = public_id()
    code: str = column("六位行政区划代码。Six-digit official code.", districts.c.code)
    name: str = column("名称。Name.", districts.c.name)
    streets: list[Street] = bound(
        "您管辖的街镇。The streets and towns under you.",
        b.Rows(
            table=street_rows,
            on={"district_id": districts.c.district_id},
            order=(street_rows.c.code,),
            most=50,
            where=in_viewer_street,
        ),
    )
    departments: Connection[Department] | None = page(
        "您管辖的职能部门，含已撤销的，先设的在前。The departments under you, closed ones too.",
        b.Page(
            table=department_rows,
            on={"district_id": districts.c.district_id},
            order=(department_rows.c.department_id,),
            index="department_of_a_district",
            descending=False,
        ),
    )
    communities: Connection[Community] | None = page(
        "您管辖的社区，按代码排列。The communities under you, by code.",
        b.Page(
            table=communities,
            on={"district_id": districts.c.district_id},
            order=(communities.c.code, communities.c.community_id),
            index="community_by_code",
            descending=False,
            filters=(
                b.Filter(b.id_argument("streetId", street_rows), is_in_street),
                b.Filter(b.text_argument("kind"), is_of_kind),
                b.Filter(b.text_argument("state"), is_in_state),
                b.Filter(b.text_argument("name"), has_in_name),
            ),
        ),
        resolver=_directory,
    )
    petitions: Connection[Petition] | None = queue()
    petition_trend: list[DistrictPetitionRates] = of_district()
    petition_ranking: Connection[RankedCommunity] | None = ranking()
    overdue_cases: Connection[OverduePetition] | None = overdue_cases()
    supervision_orders: Connection[SupervisionOrder] | None = orders_of_district()
    time_limits: list[PetitionTimeLimit] = all_limits()
    petition_categories: list[PetitionCategory] = bound(
        "全部诉求分类，含已停用的。All categories, retired ones too.",
        b.Rows(
            table=petition_categories,
            on={"district_id": districts.c.district_id},
            order=(
                petition_categories.c.topic,
                petition_categories.c.name,
                petition_categories.c.id,
            ),
            most=500,
        ),
    )
    officers: Connection[Officer] | None = page(
        "您管辖的任职人，含已卸任的，新的在前。The officers under you, former ones too, newest first.",
        b.Page(
            table=officer_rows,
            on={"district_id": districts.c.district_id},
            order=(officer_rows.c.id,),
            index="officer_pkey",
        ),
    )
    invitations: Connection[Invitation] | None = page(
        "您管辖的任职邀请，新的在前。The invitations to serve under you, newest first.",
        b.Page(
            table=invitation_rows,
            on={"district_id": districts.c.district_id},
            order=(invitation_rows.c.id,),
            index="invitation_pkey",
        ),
    )
    apps: Connection[ThirdPartyApp] | None = page(
        "您管辖的社区的第三方应用，新的在前。The apps that read communities under you, newest first.",
        b.Page(
            table=app_rows,
            on={"district_id": districts.c.district_id},
            order=(app_rows.c.id,),
            index="app_by_district",
        ),
    )
    appointments: Connection[Appointment] | None = page(
        "您管辖的社区的书记任免，新的在前。Appointments of secretaries under you, newest first.",
        b.Page(
            table=appointment_rows,
            on={"district_id": districts.c.district_id},
            order=(appointment_rows.c.id,),
            index="appointment_by_district",
        ),
    )
    appeals: Connection[StreetAppeal] | None = page(
        "居民向您的申诉，最急的在前。What residents under you appeal against, most urgent first.",
        b.Page(
            table=street_appeals,
            on={"district_id": districts.c.district_id, "state": b.text_argument("state")},
            order=(street_appeals.c.due_at, street_appeals.c.id),
            index="street_appeal_by_district",
            descending=False,
            where=~has_lapsed,
        ),
        resolver=_appeals,
    )


_COMMUNITY = "社区。The community."
_REASON = "理由，1–500 字，社区成员可见。Why, 1 to 500 characters; its members see it."


@strawberry.input(description="设立社区。Found a community.")
class CreateCommunityInput(Retried):
    """Input of createCommunity."""

    street_id: strawberry.ID = strawberry.field(description="街镇。Its street or town.")
    code: str = strawberry.field(
        description="十二位代码，前九位为街镇代码。Twelve digits that begin with the street's nine."
    )
    name: str = strawberry.field(description="名称，1–60 字。Name, 1 to 60 characters.")
    kind: CommunityKind = strawberry.field(
        description="类别，决定初始版块。Decides its first boards."
    )


@strawberry.input(description="社区改名。Rename a community.")
class RenameCommunityInput:
    """Input of renameCommunity."""

    community_id: strawberry.ID = strawberry.field(description=_COMMUNITY)
    name: str = strawberry.field(description="新名称，1–60 字。New name, 1 to 60 characters.")


@strawberry.input(description="停用社区。Suspend a community.")
class SuspendCommunityInput:
    """Input of suspendCommunity."""

    community_id: strawberry.ID = strawberry.field(description=_COMMUNITY)
    reason: str = strawberry.field(description=_REASON)


@strawberry.input(description="恢复社区。Resume a community.")
class ResumeCommunityInput:
    """Input of resumeCommunity."""

    community_id: strawberry.ID = strawberry.field(description=_COMMUNITY)
    reason: str = strawberry.field(description=_REASON)


@strawberry.type(description="对社区所做之事的结果。What came of it.")
class CommunityPayload(Payload):
    """The community as it is now."""

    community: Community | None = one(
        "该社区。The community.", communities, {"id": outcome("community", communities)}
    )


@mutation(
    Scope.DISTRICT_MANAGE,
    "在您管辖的街镇设立社区，并设初始版块；代码已用则 ALREADY_DONE。\n"
    "Found a community in a street of yours, with the first boards of its kind.",
)
async def create_community(
    tx: Tx, input: CreateCommunityInput
) -> Annotated[Outcome, CommunityPayload]:
    """Translate."""
    community = await founding.create_community(
        tx,
        street_id=decode_id(input.street_id, "str_"),
        code=input.code,
        name=input.name,
        kind=input.kind.value,
    )
    return {"community": community}


@mutation(RENAME_COMMUNITY, "社区改名。Give a community another name.")
async def rename_community(
    tx: Tx, input: RenameCommunityInput
) -> Annotated[Outcome, CommunityPayload]:
    """Translate."""
    community_id = decode_id(input.community_id, "com_")
    return {"community": await service.rename(tx, community_id=community_id, name=input.name)}


@mutation(
    SUSPEND_COMMUNITY,
    "停用社区：成员只能浏览，并可见理由。Stop all changes there; its members can read, and see why.",
)
async def suspend_community(
    tx: Tx, input: SuspendCommunityInput
) -> Annotated[Outcome, CommunityPayload]:
    """Translate."""
    community_id = decode_id(input.community_id, "com_")
    done = await service.suspend(tx, community_id=community_id, reason=input.reason)
    return {"community": done}


@mutation(RESUME_COMMUNITY, "恢复社区。Let a suspended community work again.")
async def resume_community(
    tx: Tx, input: ResumeCommunityInput
) -> Annotated[Outcome, CommunityPayload]:
    """Translate."""
    community_id = decode_id(input.community_id, "com_")
    done = await service.resume(tx, community_id=community_id, reason=input.reason)
    return {"community": done}
