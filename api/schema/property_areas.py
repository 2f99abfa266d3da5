"""A property area has a register of owners, and the owners' own rules."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from api.engine.declare import (
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
from api.engine.payloads import link, told
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.members import Member
from api.schema.permissions import can, permissions
from api.schema.places import Community
from tenants.membership.tables import members
from tenants.owners import policy, views
from tenants.owners.service import areas, importing
from tenants.owners.tables import (
    DECISION_LENGTH,
    NAME_LENGTH,
    owners_rules,
    part_owners,
    property_areas,
    property_owners,
    property_parts,
)
from tenants.owners.words import AreaSource, OwnerKind, PartKind, Silence
from tenants.places.tables import communities
from tenants.scopes import Scope

node_over(property_areas, "pra", "PropertyArea")
node_over(property_parts, "prp", "PropertyPart")
node_over(property_owners, "pro", "PropertyOwner")

published(AreaSource)
published(OwnerKind)
published(PartKind, "PropertyPartKind")
published(Silence, "OwnersSilence")


SILENCE = (
    "它说明已送达而未投票的业主怎样算。\n"
    "It says how an owner counts who was served a ballot and returned none."
)
ELECTRONIC = "它说明是否准许线上投票。It says whether ballots may be cast online."
PARKING = "它说明车位是否计入面积和人数。It says whether parking spaces count."


@object_type
class OwnersRules:
    """业主自己的议事规则自某日起规定怎样计票。
    The owners' own rules of procedure say how votes are counted, from a day on.
    """

    effective_from: date = column(
        "规则自这一天施行。The rules are in force from this day.", owners_rules.c.effective_from
    )
    is_in_force: bool = column("规则已经施行。The rules are in force.", views.is_in_force)
    silence: Silence = column(SILENCE, owners_rules.c.silence)
    is_electronic_admitted: bool = column(ELECTRONIC, owners_rules.c.admits_electronic)
    is_parking_counted: bool = column(PARKING, owners_rules.c.counts_parking)
    decision: str = column(
        "规则由这次决定通过。The rules were adopted by this decision.", owners_rules.c.decision
    )


@object_type
class PropertyOwner(Node):
    """一位登记的业主有一个编号，不论有几处；自然人只留掩码姓名。
    A registered owner has one number, however many parts they own; of a natural person only the
    masked name is kept.
    """

    id: strawberry.ID = public_id()
    number: str = column("这是登记编号。It is the number registered.", property_owners.c.number)
    kind: OwnerKind = column("它说明是个人还是单位。It says who owns.", property_owners.c.kind)
    name: str = column("这是业主的姓名或名称。This is the owner's name.", property_owners.c.name)
    member: Member | None = one(
        "业主是这位成员，或由其代理该单位。"
        "The owner is this member, or this member acts for the company.",
        members,
        property_owners.c.member_id,
    )
    viewer_can: Any = can(permissions("PropertyOwner", policy.SET_MEMBER))


@object_type
class PartOwner:
    """一处专有部分可以有一位或几位业主，各有份额或共同共有。
    A part has one owner or several, each with a share or jointly.
    """

    owner: PropertyOwner | None = one(
        "这是业主。This is the owner.", property_owners, part_owners.c.owner_id
    )
    share: str | None = column(
        "这是份额，如 `1/2`；共同共有则为空。"
        "This is the share, as `1/2`; it is null where owned jointly.",
        views.share,
    )


@object_type
class PropertyPart(Node):
    """一处专有部分是登记的住宅、商铺或车位等。
    An exclusive part is a registered dwelling, shop or parking space.
    """

    id: strawberry.ID = public_id()
    building: str = column("这是楼号。This is the building.", property_parts.c.building)
    room: str = column("这是室号。This is the room.", property_parts.c.room)
    kind: PartKind = column(
        "它说明是哪一类。It says what kind of part it is.", property_parts.c.kind
    )
    area: int = column("面积以 0.01 平方米计。It is in 0.01 m².", property_parts.c.area)
    area_source: AreaSource = column(
        "它说明面积的来源。It says where the area comes from.", property_parts.c.area_source
    )
    is_developers: bool = column(
        "它说明是否由开发商持有：未售，或已售未交付。\n"
        "It says whether the developer holds it: unsold, or sold and not delivered.",
        property_parts.c.is_developers,
    )
    owners: list[PartOwner] = bound(
        "这里列出业主。This lists the owners.",
        rows_of(part_owners, {"part_id": property_parts.c.id}, part_owners.c.owner_id, most=20),
    )
    viewer_can: Any = can(permissions("PropertyPart", policy.DELETE_PART))


@object_type
class PropertyArea(Node):
    """物业区域（小区）是业主大会的范围，依登记的专有部分和面积表决。
    A property area has owners who decide together, by heads and by the registered area.
    """

    id: strawberry.ID = public_id()
    name: str = column("这是物业区域的名称。This is the area's name.", property_areas.c.name)
    rules_of_procedure: list[OwnersRules] = bound(
        (
            "这里列出业主的议事规则，早施行的在前；没有则从严：沉默不算参与，不准线上投票，"
            "车位不计。\n"
            "This lists the owners' own rules, the earliest first. Without any the strict ones "
            "hold: silence is no part, ballots are on paper only, and parking spaces do not "
            "count."
        ),
        rows_of(
            owners_rules, {"area_id": property_areas.c.id}, owners_rules.c.effective_from, most=50
        ),
    )
    parts: Connection[PropertyPart] = page(
        "这里列出登记的专有部分；居委看全部，业主看自己的。\n"
        "This lists the parts; the staff see all, and owners see their own.",
        page_of(
            property_parts,
            {"area_id": property_areas.c.id},
            property_parts.c.address,
            index="property_part_by_address",
            descending=False,
        ),
    )
    owners: Connection[PropertyOwner] = page(
        "这里列出登记的业主；居委看全部，业主看自己。\n"
        "This lists the owners; the staff see all, and owners see themselves.",
        page_of(
            property_owners,
            {"area_id": property_areas.c.id},
            property_owners.c.number,
            index="property_owner_by_number",
            descending=False,
        ),
    )
    viewer_can: Any = can(
        permissions("PropertyArea", policy.SET_RULES, policy.SET_ELECTION, policy.IMPORT)
    )


@extend(Community)
class OfCommunity:
    """It adds the property areas of a community."""

    property_areas: Connection[PropertyArea] | None = page(
        "这里列出物业区域；社区之外看不到。This lists the property areas; it is null from outside.",
        page_of(property_areas, communities.c.community_id, descending=False),
    )


_AREA = {"area": link(PropertyArea, property_areas)}
_OWNER = {"owner": link(PropertyOwner, property_owners)}


def _number(value: int | None) -> int:
    return value or 0


class _OnArea:
    area_id: UUID = ref(property_areas)


@verb(Scope.VOTE_MANAGE, _AREA, areas.create)
class CreatePropertyArea(Retried):
    """设立物业区域，名称不重复。Name a property area; no two have the same name."""

    name: str = text("名称", "the name", NAME_LENGTH)


@verb(policy.SET_RULES, _AREA, areas.set_rules)
class SetOwnersRules(_OnArea):
    """登记业主的议事规则自某日起的内容和依据；同一日再登记即替换。
    Enter what the owners' own rules say from a day on, and their decision; the same day's are replaced.
    """

    effective_from: date = field("填写施行的日期。Give the day from which they are in force.")
    silence: Silence = field(
        "选择已送达而未投票的业主怎样算。\n"
        "Choose how an owner counts who was served a ballot and returned none.",
        Silence.NOTHING,
    )
    admits_electronic: bool = field("选择是否准许。Choose whether it is allowed.", default=False)
    counts_parking: bool = field("选择车位是否计入。Choose whether they count.", default=False)
    document: str = text(
        "由哪次业主大会决定通过",
        "the decision of the owners by which they were adopted",
        DECISION_LENGTH,
    )


@verb(
    policy.IMPORT,
    {
        **_AREA,
        "added": told(int, "有这么多处是新增的。So many parts are new.", _number),
        "updated": told(int, "有这么多处有改动。So many parts were changed.", _number),
        "unchanged": told(int, "有这么多处原样不变。So many parts were as the file says.", _number),
    },
    importing.bring_in,
)
class ImportOwners(_OnArea):
    """导入业主登记，可重复导入；未列出的专有部分不动。有任何一行不合，全部不导入，每行一个错误，`path` 含行号和列名。
    Bring in a register of owners; again does no harm, and parts that are not named stay. If any line is \
wrong nothing is taken, and there is one error for each, with its line and column in `path`.
    """

    csv: str = field(
        f"填写 CSV 文本，至多 {importing.CSV_LENGTH} 字；首行为列名：楼号、室号、类型、面积、"
        "面积来源、开发商持有、业主编号、业主类型、业主姓名、份额。每位业主一行，"
        "共有的一处有多行；面积为平方米，至多两位小数；份额如 1/2，共同共有不填；"
        "同一编号是同一位业主。\n"
        f"Give the text of a CSV, in at most {importing.CSV_LENGTH} characters, with the "
        "columns building, room, kind, area, area_source, developer, owner_no, owner_kind, "
        "owner and share: one line for each owner of a part. Areas are in m² with two "
        "decimals at most, shares as 1/2 or empty where owned jointly; one number is one "
        "owner."
    )


@verb(policy.DELETE_PART, _AREA, areas.delete_part)
class DeletePropertyPart:
    """移除误登的一处；已编制的名册不变。
    Take a part off the register that was entered wrongly; rolls that are made keep it.
    """

    part_id: UUID = ref(property_parts, "填写这一处的标识。Give the id of the part.")


@verb(policy.SET_MEMBER, _OWNER, areas.set_member)
class SetOwnerMember:
    """登记某位业主是哪位成员，或由谁代理该单位；不填成员即解除。
    Say which member an owner is, or who acts for a company; without a member, nobody here.
    """

    owner_id: UUID = ref(property_owners, "填写业主的标识。Give the id of the owner.")
    member_id: UUID | None = ref(members, "填写成员的标识。Give the id of the member.")
