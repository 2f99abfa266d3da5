"""Rolls: their entries, who are persons, or owners with what they own."""

from datetime import datetime

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, one, public_id, published
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

published(ServiceWay, "BallotServiceWay", "选票怎样送达。How a ballot was served.")


@strawberry.type(description="名册上一位业主的姓名或名称。The name of an owner on a roll.")
class RollOwner:
    """Of a person, masked."""

    name: str = column("姓名或名称。The name.", roll_owners.c.name)


@strawberry.type(description="名册上的一处专有部分。An exclusive part on a roll.")
class RollPart:
    """As the register said when the roll was made."""

    building: str = column("楼号。The building.", roll_parts.c.building)
    room: str = column("室号。The room.", roll_parts.c.room)
    area: int = column("面积，以 0.01 平方米计。Its area, in 0.01 m².", roll_parts.c.area)


@strawberry.type(description="选票的送达。That a ballot was served.")
class BallotService:
    """As the staff entered it."""

    way: ServiceWay = column("怎样送达。How.", ballot_services.c.way)
    served_at: datetime = column("何时送达。When.", ballot_services.c.served_at)
    note: str | None = column("说明。A note.", ballot_services.c.note)
    entered_by: Member | None = one(
        "由谁登记；已迁出则为空。Who entered it; null once gone.",
        members,
        {"id": ballot_services.c.entered_by},
    )


@strawberry.type(
    description=(
        "名册上的一户：一个人，或业主表决中的一个计票人（一位业主，或共有的几位）及其专有部分。\n"
        "An entry of a roll: a person, or a head of owners, who are one or own together, with their parts."
    )
)
class RollEntry:
    """As it is published with the notice."""

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
