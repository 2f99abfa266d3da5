"""The duty roster says who of the staff answers first, and when nobody does."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine.declare import bound, column, node_over, object_type, one, page, public_id
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref
from api.engine.lists import page_of, rows_of
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.members import Member
from api.schema.permissions import can, permissions
from api.schema.places import Community
from tenants.duty import service
from tenants.duty.policy import CANCEL, SCHEDULE
from tenants.duty.tables import duty_gaps, duty_shifts
from tenants.duty.views import is_ahead, is_running, is_to_come
from tenants.membership.tables import members
from tenants.places.tables import communities

node_over(duty_shifts, "sft", "DutyShift")


@object_type
class DutyShift(Node):
    """一班之内由一名居委人员首先答复。During a shift one member of the staff answers first."""

    id: strawberry.ID = public_id()
    member: Member | None = one(
        "这位成员值班。This member is on duty.", members, duty_shifts.c.member_id
    )
    starts_at: datetime = column("一班在这时开始。The shift starts then.", duty_shifts.c.starts_at)
    ends_at: datetime = column("一班在这时结束。The shift ends then.", duty_shifts.c.ends_at)
    is_running: bool = column("这一班正在进行。The shift is running now.", is_running)
    viewer_can: Any = can(permissions("DutyShift", CANCEL))


@object_type
class DutyGap:
    """今起七天内，这段工作时间（上海 9 时至 17 时）将无人值班。
    Nobody is on duty during this part of the working hours (09:00 to 17:00 in Shanghai) of the
    next seven days.
    """

    starts_at: datetime = column("空档在这时开始。The gap starts then.", duty_gaps.c.starts_at)
    ends_at: datetime = column("空档在这时结束。The gap ends at this time.", duty_gaps.c.ends_at)


@extend(Community)
class OfCommunity:
    """It adds who is on duty from now on."""

    duty_roster: Connection[DutyShift] | None = page(
        "这里列出值班表，先结束的在前。This lists the roster from now on, soonest end first.",
        page_of(
            duty_shifts,
            communities.c.community_id,
            duty_shifts.c.ends_at,
            duty_shifts.c.id,
            index="duty_shift_by_time",
            descending=False,
            where=is_to_come,
        ),
    )
    on_duty: list[DutyShift] = bound(
        "这里列出此刻值班的人。This lists who is on duty at this moment.",
        rows_of(
            duty_shifts,
            communities.c.community_id,
            duty_shifts.c.starts_at,
            duty_shifts.c.id,
            most=20,
            where=is_running,
        ),
    )
    duty_gaps: list[DutyGap] = bound(
        "这里列出今起七天内无人值班的工作时段；只有居委可见。\n"
        "This lists the gaps of the next seven days; only the staff see them.",
        rows_of(
            duty_gaps,
            communities.c.community_id,
            duty_gaps.c.starts_at,
            duty_gaps.c.id,
            most=50,
            where=is_ahead,
        ),
    )


_SHIFT = {"shift": link(DutyShift, duty_shifts)}


@verb(SCHEDULE, _SHIFT, service.schedule)
class ScheduleDuty(Keyed):
    """排班，限书记；同一人同一时段已排则 ALREADY_DONE。Put one of the staff on duty, once at a time."""

    member_id: UUID = ref(members, "填写值班人的标识。Give the id of a member of the staff.")
    starts_at: datetime = field("填写开始时间。Give the time at which the shift starts.")
    ends_at: datetime = field("填写结束时间，至多 7 天之后。Give its end, 7 days later at most.")


@verb(CANCEL, _SHIFT, service.cancel)
class CancelDuty:
    """取消尚未结束的一班。Take a shift that is not over from the roster."""

    shift_id: UUID = ref(duty_shifts)
