"""A roll has entries, which are persons, or owners with what they own."""

from datetime import datetime

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, one, public_id, published
from api.engine.lists import rows_of
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

    name: str = column("这是姓名或名称。This is the name.", roll_owners.c.name)


@object_type
class RollPart:
    """名册上的专有部分以编制时的登记为准。
    An exclusive part stands on a roll as the register had it when the roll was made.
    """

    building: str = column("这是楼号。This is the building.", roll_parts.c.building)
    room: str = column("这是室号。This is the room.", roll_parts.c.room)
    area: int = column("面积以 0.01 平方米计。The area is in 0.01 m².", roll_parts.c.area)


@object_type
class BallotService:
    """居委登记了选票的送达。The staff recorded that a ballot was served."""

    way: ServiceWay = column(
        "它说明怎样送达。It says how the ballot was served.", ballot_services.c.way
    )
    served_at: datetime = column("这时送达。It was served then.", ballot_services.c.served_at)
    note: str | None = column(
        "这是居委的说明。This is a note of the staff.", ballot_services.c.note
    )
    entered_by: Member | None = one(
        "这位成员登记了送达；已迁出则为空。This member recorded it; it is null once they are gone.",
        members,
        ballot_services.c.entered_by,
    )


@object_type
class RollEntry:
    """名册上的一户是一个人，或一位业主或共有的几位及其专有部分；名册随公告公布。
    An entry of a roll is a person, or one owner or several co-owners with their parts; the roll
    is published with the notice.
    """

    id: strawberry.ID = public_id(
        "这是标识，投票和录入时用。This is the entry's id, which casting and entering ask for.",
        key=voters.c.voter_id,
    )
    voter: Member | None = one(
        "由这位成员投票；已迁出或未推定则为空。\n"
        "This member casts; it is null once they are gone, or where nobody is named yet.",
        members,
        voters.c.member_id,
    )
    document: str | None = column(
        "共有人或开发商依这份书面依据推定投票人。"
        "Co-owners or a developer named who casts by this paper.",
        voters.c.document,
    )
    area: int | None = column(
        "这是专有部分面积，以 0.01 平方米计；不计面积则为空。\n"
        "This is the area of the parts, in 0.01 m²; it is null where none counts.",
        voters.c.area,
    )
    owners: list[RollOwner] = bound(
        "这里列出业主；开发商持有的为空。\n"
        "This lists the owners; it is empty where the developer holds the parts.",
        rows_of(
            roll_owners,
            {"roll_id": voters.c.roll_id, "voter_id": voters.c.voter_id},
            roll_owners.c.owner_id,
            most=20,
        ),
    )
    parts: list[RollPart] = bound(
        f"这里列出专有部分，至多 {MOST_PARTS} 处。"
        f"This lists the parts, at most {MOST_PARTS} of them.",
        rows_of(
            roll_parts,
            {"roll_id": voters.c.roll_id, "voter_id": voters.c.voter_id},
            roll_parts.c.part_id,
            most=MOST_PARTS,
        ),
    )
    service: BallotService | None = one(
        "它说明选票怎样送达；居委和本户可见。\n"
        "It says how the ballot was served; the staff and the voter see it.",
        ballot_services,
        {"roll_id": voters.c.roll_id, "voter_id": voters.c.voter_id},
    )
