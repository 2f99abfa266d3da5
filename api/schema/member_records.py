"""A community keeps a record of a member: address, contacts and how far the membership is."""

from datetime import datetime
from typing import Any

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, one, published
from api.engine.lists import rows_of
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

    building: str = column("这是楼栋。This is the building.", households.c.building)
    room: str = column("这是室号。This is the room.", households.c.room)
    member_count: int = bound(
        "有这么多份档案登记在该户，至多 20。So many records are of this household, 20 at most.",
        b.Count(table=member_records, on={"household_id": households.c.id}, most=20),
    )


@object_type
class Household:
    """一户是一个门牌，写法不同也是一户。A household is one address, however it is written."""

    building: str = column("楼栋按首次所写。It is as first written.", households.c.building)
    room: str = column("室号按首次所写。It is kept as first written.", households.c.room)
    near: list[NearHousehold] = bound(
        (
            "这里列出数字和字母相同的各户，含本户，至多 10；只有居委和书记可见。\n"
            "This lists the households of the same figures and letters, this one included, 10 at "
            "most; only the staff see them."
        ),
        rows_of(households, households.c.near, most=10, where=IS_STAFF),
    )


@object_type
class MemberRecord:
    """社区留存这份成员档案；本人、居委和书记看得到，联系方式已遮盖。
    The community keeps this record of a member; the member and the staff see it, with contacts
    masked.
    """

    kind: ResidentKind = column(
        "它说明成员的居住情况。It says how the member belongs to the household.",
        member_records.c.kind,
    )
    household: Household | None = one(
        "成员住在这一户。The member lives in this household.",
        households,
        member_records.c.household_id,
    )
    real_name: str | None = column(
        "这是真实姓名，已遮盖；见 `revealContact`。\n"
        "This is the real name, which is masked: see `revealContact`.",
        member_records.c.real_name_masked,
    )
    phone: str | None = column("手机号已遮盖。The number is masked.", member_records.c.phone_masked)
    id_number: str | None = column(
        "这是证件号，已遮盖。This is the id number, which is masked.",
        member_records.c.id_number_masked,
    )
    same_phone_count: int = bound(
        "本社区有这么多份档案用此手机号，含本人，至多 20。\n"
        "So many people here gave this phone, this member included, 20 at most.",
        b.Count(table=member_records, on={"phone_index": member_records.c.phone_index}, most=20),
    )
    identity_check: IdentityCheck | None = column(
        "它说明实名怎样核实。It says how the real name was checked.",
        member_records.c.identity_check,
    )
    identity_checked_at: datetime | None = column(
        "实名在这时核实。The real name was checked at this time.",
        member_records.c.identity_checked_at,
    )
    applied_at: datetime = column("这时申请。The member applied then.", member_records.c.applied_at)
    submitted_at: datetime | None = column(
        "申请在这时提交审核。The application was put before the committee at this time.",
        member_records.c.submitted_at,
    )
    review_due_at: datetime | None = column(
        (
            "居委最迟在这时答复：三个工作日（本系统所定，非法定）。\n"
            "The committee owes an answer by this time: three working days, by Linli's own rule "
            "and no statute's."
        ),
        member_records.c.review_due_at,
    )
    is_review_overdue: bool = column("审核已逾期。The answer is overdue.", is_review_overdue)
    reviewed_at: datetime | None = column(
        "申请在这时审核。The application was reviewed at this time.", member_records.c.reviewed_at
    )
    return_reason: str | None = column(
        "申请因此退回。The application was returned for this reason.",
        member_records.c.return_reason,
    )
    suspension_reason: str | None = column(
        "成员因此暂停。The member is suspended for this reason.", member_records.c.suspended_reason
    )
    suspended_until: datetime | None = column(
        "成员暂停至这时。The member is suspended until this time.", member_records.c.suspended_until
    )
    suspension_appeal: StreetAppeal | None = one(
        "这是对本次暂停的申诉。This is the appeal against the present suspension.",
        street_appeals,
        member_records.c.suspension_appeal_id,
    )
    suspension_appeals: list[StreetAppeal] = bound(
        "这里依次列出历次对暂停的申诉。This lists all appeals against suspensions, oldest first.",
        rows_of(
            street_appeals, {"member_id": member_records.c.id}, most=50, where=is_of_suspension
        ),
    )
    viewer_can: Any = can(permissions("MemberRecord", APPEAL_SUSPENSION))
