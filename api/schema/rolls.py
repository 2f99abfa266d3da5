"""Rolls: their entries, who are persons, or owners with what they own."""

from datetime import datetime

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, one, public_id, published
from api.schema.members import Member
from tenants.membership.tables import members
from tenants.votes.assemblies import (
    MOST_PARTS,
    ServiceWay,
    ballot_services,
    roll_owners,
    roll_parts,
)
from tenants.votes.meetings import voters

b.set_prefix(voters, "vtr")

published(ServiceWay, "BallotServiceWay")


@object_type
class RollOwner:
    """名册上写有业主的姓名（自然人只留掩码）或名称。
    A roll names the owner; of a natural person it has the masked name.
    """

    name: str = column("姓名或名称。The name.", roll_owners.c.name)


@object_type
class RollPart:
    """名册上的专有部分以编制时的登记为准。
    An exclusive part stands on a roll as the register had it when the roll was made.
    """

    building: str = column("楼号。The building.", roll_parts.c.building)
    room: str = column("室号。The room.", roll_parts.c.room)
    area: int = column("面积，以 0.01 平方米计。Its area, in 0.01 m².", roll_parts.c.area)


@object_type
class BallotService:
    """居委登记了选票的送达。The staff recorded that a ballot was served."""

    way: ServiceWay = column("怎样送达。How.", ballot_services.c.way)
    served_at: datetime = column("何时送达。When.", ballot_services.c.served_at)
    note: str | None = column("说明。A note.", ballot_services.c.note)
    entered_by: Member | None = one(
        "由谁登记；已迁出则为空。Who entered it; null once gone.",
        members,
        {"id": ballot_services.c.entered_by},
    )


@object_type
class RollEntry:
    """名册上的一户是一个人，或一位业主或共有的几位及其专有部分；名册随公告公布。
    An entry of a roll is a person, or one owner or several co-owners with their parts; the roll
    is published with the notice.
    """

    id: strawberry.ID = public_id(
        "标识，投票和录入时用。Its id, for casting and entering.", key=voters.c.voter_id
    )
    voter: Member | None = one(
        "由谁投票；已迁出或未推定则为空。Who casts; null once gone, or where nobody is named yet.",
        members,
        {"id": voters.c.member_id},
    )
    document: str | None = column(
        "共有人或开发商推定投票人的书面依据。The paper by which co-owners or a developer named them.",
        voters.c.document,
    )
    area: int | None = column(
        "专有部分面积，以 0.01 平方米计；不计面积则为空。The area, in 0.01 m²; null where none counts.",
        voters.c.area,
    )
    owners: list[RollOwner] = bound(
        "业主；开发商持有的为空。The owners; none where the developer holds the parts.",
        b.Rows(
            table=roll_owners,
            on={"roll_id": voters.c.roll_id, "voter_id": voters.c.voter_id},
            order=(roll_owners.c.owner_id,),
            most=20,
        ),
    )
    parts: list[RollPart] = bound(
        f"专有部分，至多列 {MOST_PARTS} 处。The parts, at most {MOST_PARTS} of them.",
        b.Rows(
            table=roll_parts,
            on={"roll_id": voters.c.roll_id, "voter_id": voters.c.voter_id},
            order=(roll_parts.c.part_id,),
            most=MOST_PARTS,
        ),
    )
    service: BallotService | None = one(
        "选票的送达；居委和本户可见。The service of its ballot, told to the staff and to the voter.",
        ballot_services,
        {"roll_id": voters.c.roll_id, "voter_id": voters.c.voter_id},
    )
