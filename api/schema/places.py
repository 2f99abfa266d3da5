"""District, street and community are places; a district admin changes communities."""

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
from api.engine.inputs import Retried, field, ref, text
from api.engine.lists import page_of, rows_of
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.permissions import can, permissions
from api.schema.query import Query
from api.schema.viewer import Viewer
from tenants.boards.service import founding
from tenants.columns import DISTRICT, TENANT
from tenants.places import service
from tenants.places.policy import RENAME_COMMUNITY, RESUME_COMMUNITY, SUSPEND_COMMUNITY
from tenants.places.tables import (
    NAME_LENGTH,
    CommunityKind,
    CommunityState,
    communities,
    community_counts,
    districts,
)
from tenants.places.tables import streets as street_rows
from tenants.places.views import (
    has_in_name,
    in_viewer_street,
    is_in_state,
    is_in_street,
    is_of_kind,
)
from tenants.scopes import Scope

node_over(districts, "dst", "District")
node_over(street_rows, "str", "Street")
node_over(communities, "com", "Community")

published(CommunityKind)
published(CommunityState)


def _directory(
    first: First = 20,
    after: After = None,
    street_id: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="只列出这个街镇的。List only those of this street."),
    ] = None,
    kind: Annotated[
        CommunityKind | None,
        strawberry.argument(description="只列出这一类的。List only those of this kind."),
    ] = None,
    state: Annotated[
        CommunityState | None,
        strawberry.argument(description="只列出这种状态的。List only those in this state."),
    ] = None,
    name: Annotated[
        str | None,
        strawberry.argument(
            description="只列出名称含有此字的。List only those whose name holds this text."
        ),
    ] = None,
) -> Any: ...


@object_type
class Street(Node):
    """街道或镇属于一个区，下有社区。
    A street (subdistrict) or town belongs to a district and has communities.
    """

    id: strawberry.ID = public_id()
    code: str = column("这是九位官方代码。It is the official code of 9 digits.", street_rows.c.code)
    name: str = column("这是街镇的名称。This is the street's name.", street_rows.c.name)


@object_type
class CommunityCounts:
    """社区概数只有数目，不含任何内容。The counts of a community are numbers only and show no content."""

    members: int = column(
        "社区有这么多在册成员。The community has so many active members.",
        community_counts.c.members,
    )
    posts: int = column(
        "社区有这么多已发布的帖子。The community has so many published posts.",
        community_counts.c.posts,
    )
    comments: int = column(
        "社区有这么多已发布的评论。The community has so many published comments.",
        community_counts.c.comments,
    )


CommunityPermissions = permissions(
    "Community", RENAME_COMMUNITY, SUSPEND_COMMUNITY, RESUME_COMMUNITY
)


@object_type
class Community(Node):
    """社区是一个居民区或村，是相互隔离的租户。
    A community is the area of one residents' or villagers' committee, and an isolated tenant.
    """

    id: strawberry.ID = public_id()
    code: str = column(
        "这是国家统计局十二位代码。This is the official code of twelve digits.", communities.c.code
    )
    name: str = column("这是社区的名称。This is the community's name.", communities.c.name)
    kind: CommunityKind = column(
        "它说明是居民区还是村。It says whether it is residential or a village.", communities.c.kind
    )
    state: CommunityState = column(
        "它说明社区是否在用。It says whether the community is at work.", communities.c.state
    )
    suspension_reason: str | None = column(
        "社区因此停用。The community is suspended for this reason.", communities.c.suspended_reason
    )
    created_at: datetime = column("这时设立。It was founded here then.", communities.c.created_at)
    street: Street | None = one(
        "社区属于这个街镇。The community belongs to this street or town.",
        street_rows,
        {"street_id": communities.c.street_id},
    )
    viewer_can: Any = can(CommunityPermissions)
    counts: CommunityCounts | None = one(
        "它说明这里有多少内容。It says how much goes on here.",
        community_counts,
        {"community_id": communities.c.community_id},
    )


@object_type
class District(Node):
    """区级看得到目录和概数，看不到社区里的内容。
    A district sees the directory and the counts, and no content of a community.
    """

    id: strawberry.ID = public_id()
    code: str = column("这是六位官方代码。It is the official code of 6 digits.", districts.c.code)
    name: str = column("这是区的名称。This is the district's name.", districts.c.name)
    streets: list[Street] = bound(
        "这里列出您管辖的街镇。This lists the streets and towns under you.",
        rows_of(
            street_rows,
            districts.c.district_id,
            street_rows.c.code,
            most=50,
            where=in_viewer_street,
        ),
    )
    communities: Connection[Community] | None = page(
        "这里列出您管辖的社区，按代码排列。This lists the communities under you, by code.",
        page_of(
            communities,
            districts.c.district_id,
            communities.c.code,
            communities.c.community_id,
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


@extend(Viewer)
class OfViewer:
    """It adds the place that the token is for."""

    community: Community | None = one(
        "令牌属于这个社区；区级令牌为空。"
        "The token is of this community; it is null for a district token.",
        communities,
        {"community_id": TENANT},
    )
    district: District | None = one(
        "令牌属于这个区；社区令牌为空。"
        "The token is of this district; it is null for a community token.",
        districts,
        {"district_id": DISTRICT},
    )


@extend(Query)
class OfQuery:
    """It adds the two places that a client begins at."""

    community: Community | None = one(
        "令牌属于这个社区；区级令牌为空。"
        "The token is of this community; it is null for a district token.",
        communities,
        {"community_id": TENANT},
    )
    district: District | None = one(
        "这是您管辖的区，或您管辖的街镇所属的区。\n"
        "This is the district under you, or that of the street under you.",
        districts,
        {"district_id": DISTRICT},
    )


COMMUNITY = {"community": link(Community, communities)}


@verb(Scope.DISTRICT_MANAGE, COMMUNITY, founding.create_community)
class CreateCommunity(Retried):
    """在您管辖的街镇设立社区，并设初始版块；代码已用则 ALREADY_DONE。
    Found a community in a street of yours, with the first boards of its kind.
    """

    street_id: UUID = ref(street_rows, "填写街镇的标识。Give the id of its street or town.")
    code: str = field("填写十二位代码，前九位为街镇代码。Give 12 digits; the street's 9 begin it.")
    name: str = text("名称", "the name", NAME_LENGTH)
    kind: CommunityKind = field("选择类别；它决定初始版块。Choose the kind of community.")


class _OnCommunity:
    community_id: UUID = ref(communities)


@verb(RENAME_COMMUNITY, COMMUNITY, service.rename)
class RenameCommunity(_OnCommunity):
    """社区改名。Give a community another name."""

    name: str = text("新名称", "the new name", NAME_LENGTH)


@verb(SUSPEND_COMMUNITY, COMMUNITY)
class SuspendCommunity(_OnCommunity):
    """停用社区：成员只能浏览，并可见理由。Stop all changes there; its members can read, and see why."""

    reason: str = text("理由，社区成员可见", "the reason, which its members see")


@verb(RESUME_COMMUNITY, COMMUNITY)
class ResumeCommunity(_OnCommunity):
    """恢复社区。Let a suspended community work again."""

    reason: str = text("理由，社区成员可见", "the reason, which its members see")
