"""The duty roster: who of the staff answers first, and where nobody does."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, node_over, object_type, one, page, public_id
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref
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
    member: Member | None = one("值班人。Who.", members, {"id": duty_shifts.c.member_id})
    starts_at: datetime = column("开始。From.", duty_shifts.c.starts_at)
    ends_at: datetime = column("结束。Until.", duty_shifts.c.ends_at)
    is_running: bool = column("正在值班。It runs now.", is_running)
    viewer_can: Any = can(permissions("DutyShift", CANCEL))


@object_type
class DutyGap:
    """今起七天内，这段工作时间（上海 9 时至 17 时）将无人值班。
    Nobody is on duty during this part of the working hours (09:00 to 17:00 in Shanghai) of the
    next seven days.
    """

    starts_at: datetime = column("开始。From.", duty_gaps.c.starts_at)
    ends_at: datetime = column("结束。Until.", duty_gaps.c.ends_at)


@extend(Community)
class OfCommunity:
    """Who answers first, from now on."""

    duty_roster: Connection[DutyShift] | None = page(
        "值班表，先结束的在前。The roster from now on, soonest end first.",
        b.Page(
            table=duty_shifts,
            on={"community_id": communities.c.community_id},
            order=(duty_shifts.c.ends_at, duty_shifts.c.id),
            index="duty_shift_by_time",
            descending=False,
            where=is_to_come,
        ),
    )
    on_duty: list[DutyShift] = bound(
        "此刻谁值班。Who is on duty at this moment.",
        b.Rows(
            table=duty_shifts,
            on={"community_id": communities.c.community_id},
            order=(duty_shifts.c.starts_at, duty_shifts.c.id),
            most=20,
            where=is_running,
        ),
    )
    duty_gaps: list[DutyGap] = bound(
        "今起七天内无人值班的工作时段，限居委。Gaps of the next seven days, for the staff.",
        b.Rows(
            table=duty_gaps,
            on={"community_id": communities.c.community_id},
            order=(duty_gaps.c.starts_at, duty_gaps.c.id),
            most=50,
            where=is_ahead,
        ),
    )


_SHIFT = {"shift": link(DutyShift, duty_shifts, "该班。The shift.")}


@verb(SCHEDULE, _SHIFT, service.schedule)
class ScheduleDuty(Keyed):
    """排班，限书记；同一人同一时段已排则 ALREADY_DONE。Put one of the staff on duty, once at a time."""

    member_id: UUID = ref(members, "居委成员或书记。Of the staff.")
    starts_at: datetime = field("开始。From.")
    ends_at: datetime = field("结束，至多 7 天。Until, by 7 days at most.")


@verb(CANCEL, _SHIFT, service.cancel)
class CancelDuty:
    """取消尚未结束的一班。Take a shift that is not over from the roster."""

    shift_id: UUID = ref(duty_shifts, "哪一班。The shift.")
