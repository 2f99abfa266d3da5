"""Schedule shifts of the duty roster, say who is on duty now, and warn about gaps in advance."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.columns import NOW, TENANT, bound
from tenants.duty.gaps import compare, gaps, horizon
from tenants.duty.policy import CANCEL, SCHEDULE, may_serve
from tenants.duty.tables import duty_gaps, duty_rosters, duty_shifts
from tenants.errors import Code, Refused
from tenants.membership.tables import members
from tenants.statements import Lock
from tenants.sweeps import Sweep
from tenants.transaction import Tx

LONGEST = timedelta(days=7)
FURTHEST = timedelta(days=180)


async def schedule(tx: Tx, *, member_id: UUID, starts_at: datetime, ends_at: datetime) -> UUID:
    """Schedule a shift for a staff member; raise ALREADY_DONE if they have one at that time."""
    member = await tx.find(members, member_id, "memberId", permit=SCHEDULE, lock=Lock.SHARE)
    at = await _hold(tx, _BEGIN_OR_HOLD)
    _check(tx, starts_at, ends_at)
    overlapping = await tx.row(
        _OVERLAPPING, v_member_id=member["id"], v_starts_at=starts_at, v_ends_at=ends_at
    )
    if overlapping is not None:
        raise Refused(Code.ALREADY_DONE, "该时段已排班。They are on duty then already.", "startsAt")
    shift_id = tx.new_id()
    await tx.insert(
        duty_shifts,
        id=shift_id,
        member_id=member["id"],
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=tx.now,
        created_by=tx.viewer.id,
    )
    await audit.record(tx, "duty.scheduled", subject=shift_id)
    await _look_ahead(tx, at)
    return shift_id


async def cancel(tx: Tx, *, shift_id: UUID) -> UUID:
    """Delete a shift that is not over from the roster."""
    at = await _hold(tx, _HOLD)
    # a shift is never changed: the row lock on the roster protects it
    shift = await tx.find(duty_shifts, shift_id, "shiftId", permit=CANCEL, lock=Lock.NONE)
    await tx.row(_DELETE, v_id=shift["id"])
    await audit.record(tx, "duty.cancelled", subject=shift["id"])
    await _look_ahead(tx, at)
    return shift["id"]


async def on_duty(tx: Tx) -> UUID | None:
    """Return the staff member on duty now, the last to begin if several; None if there is none."""
    row = await tx.row(_ON_DUTY)
    return row["member_id"] if row is not None else None


async def look_ahead(tx: Tx) -> int:
    """Find the gaps of the next days, record each once, and return how many are new.

    A community that never had a shift is not warned.
    """
    return await _look_ahead(tx, await _hold(tx, _HOLD))


async def _hold(tx: Tx, statement: sa.Executable) -> datetime | None:
    """Lock the roster until the commit; return its `held_at`, or None if there is no roster.

    `held_at` is the one time that all holders of this lock use.
    """
    row = await tx.row(statement)
    return row["held_at"] if row is not None else None


async def _look_ahead(tx: Tx, at: datetime | None) -> int:
    if at is None:
        return 0
    shifts = [(row["starts_at"], row["ends_at"]) for row in await tx.rows(_SHIFTS)]
    known = {(row["starts_at"], row["ends_at"]): row["id"] for row in await tx.rows(_GAPS)}
    found = compare(known, gaps(shifts, at, horizon(at)), at)
    for gap in found.gone:
        await tx.row(_FORGET, v_id=known[gap])
    for gap in found.came:
        gap_id = tx.new_id()
        starts_at, ends_at = gap
        await tx.insert(duty_gaps, id=gap_id, starts_at=starts_at, ends_at=ends_at, found_at=tx.now)
        if gap in found.new:
            await audit.record(tx, "duty.gap_found", subject=gap_id)
    return len(found.new)


def _check(tx: Tx, starts_at: datetime, ends_at: datetime) -> None:
    if not timedelta() < ends_at - starts_at <= LONGEST:
        raise Refused(Code.INVALID, "须晚于开始，至多 7 天。After its start, by 7 days.", "endsAt")
    if ends_at <= tx.now:
        raise Refused(Code.INVALID, "已经过去。It is past.", "endsAt")
    if starts_at > tx.now + FURTHEST:
        raise Refused(Code.INVALID, "至多提前 180 天。180 days ahead at most.", "startsAt")


@dataclass(frozen=True)
class Roster(Sweep):
    """Look for coming gaps in the duty rosters."""

    what = "the duty roster"
    first = 20

    async def community(self, number: int) -> int:
        """Look for gaps in one community; return the number of new ones."""
        async with self.inside(number) as tx:
            return await look_ahead(tx)


_SERVING = duty_shifts.join(
    members,
    (members.c.community_id == duty_shifts.c.community_id)
    & (members.c.id == duty_shifts.c.member_id),
)
_HERE = (duty_shifts.c.community_id == TENANT) & (members.c.community_id == TENANT) & may_serve
_HELD = {"held_at": sa.func.greatest(duty_rosters.c.held_at, NOW)}
_HOLD = (
    sa.update(duty_rosters)
    .where(duty_rosters.c.community_id == TENANT)
    .values(_HELD)
    .returning(duty_rosters.c.held_at)
)
_BEGIN_OR_HOLD = (
    insert(duty_rosters)
    .values(community_id=TENANT, begun_at=NOW, held_at=NOW)
    .on_conflict_do_update(index_elements=[duty_rosters.c.community_id], set_=_HELD)
    .returning(duty_rosters.c.held_at)
)
_ON_DUTY = (
    sa.select(duty_shifts.c.member_id)
    .select_from(_SERVING)
    .where(_HERE, duty_shifts.c.starts_at <= NOW, duty_shifts.c.ends_at > NOW)
    .order_by(duty_shifts.c.starts_at.desc(), duty_shifts.c.id)
    .limit(1)
)
_SHIFTS = (
    sa.select(duty_shifts.c.starts_at, duty_shifts.c.ends_at)
    .select_from(_SERVING)
    .where(_HERE, duty_shifts.c.ends_at > NOW)
)
_OVERLAPPING = sa.select(duty_shifts.c.id).where(
    duty_shifts.c.community_id == TENANT,
    duty_shifts.c.member_id == bound(duty_shifts.c.member_id),
    duty_shifts.c.starts_at < bound(duty_shifts.c.ends_at),
    duty_shifts.c.ends_at > bound(duty_shifts.c.starts_at),
)
_DELETE = sa.delete(duty_shifts).where(
    duty_shifts.c.community_id == TENANT, duty_shifts.c.id == bound(duty_shifts.c.id)
)
_GAPS = sa.select(duty_gaps).where(duty_gaps.c.community_id == TENANT)
_FORGET = sa.delete(duty_gaps).where(
    duty_gaps.c.community_id == TENANT,
    duty_gaps.c.id == bound(duty_gaps.c.id),
)
