"""What a community keeps of a member: address, contacts and how far the membership is."""

from datetime import datetime
from typing import Any

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, one, published
from api.schema.appeals import StreetAppeal
from api.schema.permissions import can, permissions
from tenants.appeals.policy import APPEAL_SUSPENSION
from tenants.appeals.views import is_of_suspension
from tenants.columns import IS_STAFF
from tenants.membership.street_appeals import street_appeals
from tenants.membership.tables import IdentityCheck, ResidentKind, households, member_records
from tenants.membership.views import is_review_overdue

published(ResidentKind)
published(IdentityCheck)


@object_type
class NearHousehold:
    """这一户的门牌相同或写法相近，须居委核对。
    The address of this household is the same or similar, so the staff should compare them.
    """

    building: str = column("楼栋。Building.", households.c.building)
    room: str = column("室号。Room.", households.c.room)
    member_count: int = bound(
        "登记在该户的档案数，至多 20。How many records are of it, 20 at most.",
        b.Count(table=member_records, on={"household_id": households.c.id}, most=20),
    )


@object_type
class Household:
    """一户是一个门牌，写法不同也是一户。A household is one address, however it is written."""

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


@object_type
class MemberRecord:
    """社区留存这份成员档案；本人、居委和书记看得到，联系方式已遮盖。
    The community keeps this record of a member; the member and the staff see it, with contacts
    masked.
    """

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
    suspension_reason: str | None = column(
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
    viewer_can: Any = can(permissions("MemberRecord", APPEAL_SUSPENSION))
