"""Property areas: the register of owners, and the owners' own rules."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
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


@object_type
class OwnersRules:
    """业主自己的议事规则自某日起规定怎样计票。
    The owners' own rules of procedure say how votes are counted, from a day on.
    """

    effective_from: date = column(
        "何日起施行。In force from this day.", owners_rules.c.effective_from
    )
    is_in_force: bool = column("已经施行。Whether that day has come.", views.is_in_force)
    silence: Silence = column(
        "已送达而未投票的业主怎样算。What silence counts as.", owners_rules.c.silence
    )
    is_electronic_admitted: bool = column(
        "准许线上投票。Whether ballots may be cast online.", owners_rules.c.admits_electronic
    )
    is_parking_counted: bool = column(
        "车位计入面积和人数。Whether parking spaces count.", owners_rules.c.counts_parking
    )
    decision: str = column("由哪次决定通过。By which decision.", owners_rules.c.decision)


@object_type
class PropertyOwner(Node):
    """一位登记的业主有一个编号，不论有几处；自然人只留掩码姓名。
    A registered owner has one number, however many parts they own; of a natural person only the
    masked name is kept.
    """

    id: strawberry.ID = public_id()
    number: str = column("登记中的编号。The number in the register.", property_owners.c.number)
    kind: OwnerKind = column("类型。Who it is.", property_owners.c.kind)
    name: str = column("姓名或名称。The name.", property_owners.c.name)
    member: Member | None = one(
        "是哪位成员，或谁代理该单位。Which member it is, or who acts for the company.",
        members,
        {"id": property_owners.c.member_id},
    )
    viewer_can: Any = can(permissions("PropertyOwner", policy.SET_MEMBER))


@object_type
class PartOwner:
    """一处专有部分可以有一位或几位业主，各有份额或共同共有。
    A part has one owner or several, each with a share or jointly.
    """

    owner: PropertyOwner | None = one("谁。Who.", property_owners, {"id": part_owners.c.owner_id})
    share: str | None = column(
        "份额，如 `1/2`；共同共有则为空。The share, as `1/2`; null where owned jointly.",
        views.share,
    )


@object_type
class PropertyPart(Node):
    """一处专有部分是登记的住宅、商铺或车位等。
    An exclusive part is a registered dwelling, shop or parking space.
    """

    id: strawberry.ID = public_id()
    building: str = column("楼号。The building.", property_parts.c.building)
    room: str = column("室号。The room.", property_parts.c.room)
    kind: PartKind = column("类型。What it is.", property_parts.c.kind)
    area: int = column("面积，以 0.01 平方米计。Its area, in 0.01 m².", property_parts.c.area)
    area_source: AreaSource = column(
        "面积的来源。Where the area comes from.", property_parts.c.area_source
    )
    is_developers: bool = column(
        "开发商持有：未售，或已售未交付。Held by the developer: unsold, or sold and not delivered.",
        property_parts.c.is_developers,
    )
    owners: list[PartOwner] = bound(
        "业主。Its owners.",
        b.Rows(
            table=part_owners,
            on={"part_id": property_parts.c.id},
            order=(part_owners.c.owner_id,),
            most=20,
        ),
    )
    viewer_can: Any = can(permissions("PropertyPart", policy.DELETE_PART))


@object_type
class PropertyArea(Node):
    """物业区域（小区）是业主大会的范围，依登记的专有部分和面积表决。
    The owners of a property area decide together, by heads and by the registered area.
    """

    id: strawberry.ID = public_id()
    name: str = column("名称。Its name.", property_areas.c.name)
    rules_of_procedure: list[OwnersRules] = bound(
        (
            "业主的议事规则，早施行的在前；没有则从严：沉默不算参与，不准线上投票，车位不计。\n"
            "The owners' own rules, the earliest first. Without any the strict ones hold: silence is no part, "
            "paper only, parking spaces do not count."
        ),
        b.Rows(
            table=owners_rules,
            on={"area_id": property_areas.c.id},
            order=(owners_rules.c.effective_from,),
            most=50,
        ),
    )
    parts: Connection[PropertyPart] = page(
        "登记的专有部分；居委看全部，业主看自己的。The parts: all for the staff, their own for owners.",
        b.Page(
            table=property_parts,
            on={"area_id": property_areas.c.id},
            order=(property_parts.c.address,),
            index="property_part_by_address",
            descending=False,
        ),
    )
    owners: Connection[PropertyOwner] = page(
        "登记的业主；居委看全部，业主看自己。The owners: all for the staff, themselves for owners.",
        b.Page(
            table=property_owners,
            on={"area_id": property_areas.c.id},
            order=(property_owners.c.number,),
            index="property_owner_by_number",
            descending=False,
        ),
    )
    viewer_can: Any = can(permissions("PropertyArea", policy.SET_RULES, policy.IMPORT))


@extend(Community)
class OfCommunity:
    """The property areas of a community."""

    property_areas: Connection[PropertyArea] | None = page(
        "物业区域；社区之外看不到。Property areas; null from outside.",
        b.Page(
            table=property_areas,
            on={"community_id": communities.c.community_id},
            order=(property_areas.c.id,),
            index="property_area_pkey",
            descending=False,
        ),
    )


_AREA = {"area": link(PropertyArea, property_areas, "该物业区域。The area.")}
_OWNER = {"owner": link(PropertyOwner, property_owners, "该业主。The owner.")}


def _number(value: int | None) -> int:
    return value or 0


class _OnArea:
    area_id: UUID = ref(property_areas, "物业区域。The property area.")


@verb(Scope.VOTE_MANAGE, _AREA, areas.create)
class CreatePropertyArea(Retried):
    """设立物业区域，名称不重复。Name a property area; no two have the same name."""

    name: str = text("名称", "Its name", NAME_LENGTH)


@verb(policy.SET_RULES, _AREA, areas.set_rules)
class SetOwnersRules(_OnArea):
    """登记业主的议事规则自某日起的内容和依据；同一日再登记即替换。
    Enter what the owners' own rules say from a day on, and their decision; the same day's are replaced.
    """

    effective_from: date = field("何日起施行。In force from this day.")
    silence: Silence = field("已送达而未投票的业主怎样算。What silence counts as.", Silence.NOTHING)
    admits_electronic: bool = field(
        "准许线上投票。Whether ballots may be cast online.", default=False
    )
    counts_parking: bool = field("车位计入面积和人数。Whether parking spaces count.", default=False)
    document: str = text(
        "由哪次业主大会决定通过", "By which decision of the owners", DECISION_LENGTH
    )


@verb(
    policy.IMPORT,
    {
        **_AREA,
        "added": told(int, "新增的专有部分。Parts that are new.", _number),
        "updated": told(int, "有改动的。Parts that were changed.", _number),
        "unchanged": told(int, "原样的。Parts that were as the file says.", _number),
    },
    importing.bring_in,
)
class ImportOwners(_OnArea):
    """导入业主登记，可重复导入；未列出的专有部分不动。有任何一行不合，全部不导入，每行一个错误，`path` 含行号和列名。
    Bring in a register of owners; again does no harm, and parts that are not named stay. If any line is \
wrong nothing is taken, and there is one error for each, with its line and column in `path`.
    """

    csv: str = field(
        f"CSV 文本，≤{importing.CSV_LENGTH} 字；首行为列名：楼号、室号、类型、面积、面积来源、开发商持有、业主编号、"
        "业主类型、业主姓名、份额。每位业主一行，共有的一处有多行；面积为平方米，至多两位小数；"
        "份额如 1/2，共同共有不填；同一编号是同一位业主。\n"
        f"The text of a CSV, at most {importing.CSV_LENGTH} characters, with the columns building, room, "
        "kind, area, area_source, developer, owner_no, owner_kind, owner and share: one line for each "
        "owner of a part. Areas are in m² with two decimals at most, shares as 1/2 or empty where owned "
        "jointly; one number is one owner."
    )


@verb(policy.DELETE_PART, _AREA, areas.delete_part)
class DeletePropertyPart:
    """移除误登的一处；已编制的名册不变。
    Take a part off the register that was entered wrongly; rolls that are made keep it.
    """

    part_id: UUID = ref(property_parts, "哪一处。The part.")


@verb(policy.SET_MEMBER, _OWNER, areas.set_member)
class SetOwnerMember:
    """登记某位业主是哪位成员，或由谁代理该单位；不填成员即解除。
    Say which member an owner is, or who acts for a company; without a member, nobody here.
    """

    owner_id: UUID = ref(property_owners, "业主。The owner.")
    member_id: UUID | None = ref(members, "成员。The member.")
