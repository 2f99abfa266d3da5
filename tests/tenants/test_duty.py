"""The duty roster: set by the secretary, read by everyone, and warned about where nobody is on duty."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.engine.identifiers import encode_id
from api.settings import Settings
from tenants.calendar import SHANGHAI, is_working_day
from tenants.db import Client, Database
from tenants.duty.gaps import CLOSES, OPENS, gaps
from tenants.duty.service import Roster
from tenants.duty.tables import duty_shifts
from tenants.ids import new_id
from tenants.viewer import system
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Make, Person, Place, SignedIn, key
from tests.tenants.conftest import Lane, faults, id_of
from tests.tenants.test_petitions import submitted

HOUR = timedelta(hours=1)
COUNTS = """select (select count(*) from tenant.duty_shift), (select count(*) from tenant.duty_gap),
  (select count(*) from tenant.audit_entry), (select count(*) from tenant.idempotency_key)"""
ROSTER = """{ community { onDuty { member { id } } dutyGaps { startsAt endsAt }
  dutyRoster { nodes { id member { id } isRunning viewerCanCancel { allowed code } } } } }"""


async def scheduled(by: SignedIn, who: SignedIn, start: datetime, end: datetime) -> Any:
    """Put someone on duty."""
    return await by.do(
        "scheduleDuty", "shift { id isRunning }", memberId=who.person.public_id,
        startsAt=start.isoformat(), endsAt=end.isoformat(), idempotencyKey=key(),
    )  # fmt: skip


async def test_the_secretary_sets_a_roster_that_residents_read(lane: Lane) -> None:
    now = datetime.now(UTC)
    made = await scheduled(lane.secretary, lane.staff, now - HOUR, now + HOUR)
    assert made.refusals == []
    shift = made.payload["shift"]["id"]
    read = (await lane.author.run(ROSTER)).data["community"]
    assert read["onDuty"] == [{"member": {"id": lane.staff.person.public_id}}]
    assert read["dutyRoster"]["nodes"] == [
        {
            "id": shift, "member": {"id": lane.staff.person.public_id}, "isRunning": True,
            "viewerCanCancel": {"allowed": False, "code": "FORBIDDEN"},
        }
    ]  # fmt: skip
    assert read["dutyGaps"] == [], "gaps are for the staff"
    assert (await lane.secretary.do("cancelDuty", shiftId=shift)).refusals == []
    read = (await lane.author.run(ROSTER)).data["community"]
    assert (read["onDuty"], read["dutyRoster"]["nodes"]) == ([], [])


async def test_what_is_refused_leaves_nothing(lane: Lane) -> None:
    now = datetime.now(UTC)
    assert (await scheduled(lane.secretary, lane.staff, now, now + HOUR)).refusals == []
    before = await lane.rows(COUNTS)
    for who, start, end, fault in (
        (lane.neighbour, now, now + HOUR, ("INVALID", ["input", "memberId"])),
        (lane.staff, now, now + HOUR, ("ALREADY_DONE", ["input", "startsAt"])),
        (lane.secretary, now + HOUR, now, ("INVALID", ["input", "endsAt"])),
        (lane.secretary, now, now + timedelta(days=8), ("INVALID", ["input", "endsAt"])),
        (lane.secretary, now - 2 * HOUR, now - HOUR, ("INVALID", ["input", "endsAt"])),
        (lane.secretary, now + timedelta(days=181), now + timedelta(days=182), ("INVALID", ["input", "startsAt"])),
    ):  # fmt: skip
        assert faults(await scheduled(lane.secretary, who, start, end)) == [fault]
    for asker in (lane.author, lane.staff):
        answer = await scheduled(asker, lane.staff, now + 2 * HOUR, now + 3 * HOUR)
        assert answer.codes == ["FORBIDDEN"]
    assert await lane.rows(COUNTS) == before


async def test_who_is_on_duty_answers_first(lane: Lane, make: Make, signed_in: SignIn) -> None:
    now = datetime.now(UTC)
    handler = "select handler_id from tenant.petition order by id desc limit 1"
    await submitted(lane.author)
    assert await lane.value(handler) is None
    assert (await scheduled(lane.secretary, lane.staff, now - HOUR, now + HOUR)).refusals == []
    petition = await submitted(lane.author)
    assert await lane.value(handler) == id_of(lane.staff)
    other = signed_in(await make.member(lane.place, *STAFF))
    assert (await other.do("acceptPetition", petitionId=petition)).refusals == []
    assert (await other.do("assignPetition", petitionId=petition)).refusals == []
    assert await lane.value(handler) == id_of(lane.staff)
    async with make.inside(lane.place.key) as connection:
        await connection.execute(
            "update tenant.member set roles = array['RESIDENT'] where id = $1", id_of(lane.staff)
        )
    assert (await other.do("assignPetition", petitionId=petition)).refusals == []
    assert await lane.value(handler) == id_of(other), "who no longer serves is not on duty"
    assert (await lane.author.run(ROSTER)).data["community"]["onDuty"] == []


# --- gaps, on days that are known

MONDAY = datetime(2026, 9, 21, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai; Friday the 25th is 中秋节


@pytest.fixture
async def monday(settings: Settings, database: Database) -> AsyncGenerator[Database]:
    """The same database on that day."""
    assert database
    opened = await Database.connect(
        settings.role_urls(), size=4, statements=100, clock=lambda: MONDAY, ring=settings.ring
    )
    yield opened
    await opened.close()


async def shift(make: Make, place: Place, who: Person, start: datetime, end: datetime) -> None:
    """A shift that was set some time ago."""
    await make.row(
        place, duty_shifts, id=new_id(start), member_id=who.id, starts_at=start, ends_at=end,
        created_at=start, created_by=who.id,
    )  # fmt: skip


async def look(database: Database, place: Place) -> int:
    """Have the worker look at one community."""
    return await Roster(database)._look(place.key)


async def test_a_gap_is_warned_about_once_and_goes_when_it_is_filled(
    make: Make, monday: Database
) -> None:
    place = await make.community()
    li, chen = await make.member(place, *STAFF), await make.member(place, *SECRETARY)
    assert await look(monday, place) == 0, "nobody is warned who never set a roster"
    # on duty on Monday, Tuesday till noon, Wednesday and Thursday; Friday and the weekend are free
    day = timedelta(days=1)
    for start, end in (
        (MONDAY, MONDAY + 10 * HOUR),
        (MONDAY + day, MONDAY + day + 3.5 * HOUR),
        (MONDAY + 2 * day, MONDAY + 4 * day),
    ):
        await shift(make, place, li, start, end)
    found = await asyncio.gather(*(look(monday, place) for _ in range(2)))
    assert sorted(found) == [0, 1], "two workers warn once"
    assert await look(monday, place) == 0
    told = "select count(*) from tenant.outbox_event where action = 'duty.gap_found'"
    assert await make.value(place, told) == 1
    ((start, end),) = await make.rows(place, "select starts_at, ends_at from tenant.duty_gap")
    assert (start, end) == (MONDAY + day + 3.5 * HOUR, MONDAY + day + 8.5 * HOUR)
    await shift(make, place, chen, start, end)
    assert await look(monday, place) == 0
    assert await make.rows(place, "select * from tenant.duty_gap") == []
    assert await make.value(place, told) == 1


async def test_the_shift_of_someone_who_no_longer_serves_is_a_gap(
    make: Make, monday: Database
) -> None:
    place = await make.community()
    gone = await make.member(place)
    await shift(make, place, gone, MONDAY - HOUR, MONDAY + timedelta(days=6))
    assert await look(monday, place) == 4, "four working days of that week"
    client = Client("tests", "")
    async with monday.act(system(0), client, MONDAY, place.key) as tx:
        assert tx.now == MONDAY


_STARTS = st.integers(-300, 11_000)
_SHIFTS = st.lists(st.tuples(_STARTS, st.integers(1, 2000)), max_size=6)


@settings(deadline=None, max_examples=50)
@given(_SHIFTS, st.integers(0, 20))
def test_gaps_are_the_minutes_that_nobody_covers(drawn: list[tuple[int, int]], days: int) -> None:
    minute = timedelta(minutes=1)
    start = MONDAY + timedelta(days=days)
    end = start + timedelta(days=7)
    shifts = [(start + s * minute, start + (s + n) * minute) for s, n in drawn]
    found = gaps(shifts, start, end)
    empty = {
        at
        for at in (start + m * minute for m in range(7 * 24 * 60))
        if is_working_day(at.astimezone(SHANGHAI).date())
        and OPENS <= at.astimezone(SHANGHAI).time() < CLOSES
        and not any(begins <= at < ends for begins, ends in shifts)
    }
    within = {at + m * minute for at, until in found for m in range(int((until - at) / minute))}
    assert within == empty
    assert all(a < b for a, b in found)
    assert all(one[1] <= next_[0] for one, next_ in pairwise(found))


async def test_a_shift_that_is_over_cannot_be_cancelled(lane: Lane) -> None:
    now = datetime.now(UTC)
    await shift(lane.make, lane.place, lane.staff.person, now - 2 * HOUR, now - HOUR)
    over = encode_id(await lane.value("select id from tenant.duty_shift"), "sft_")
    assert (await lane.secretary.do("cancelDuty", shiftId=over)).refusals == ["WRONG_STATE"]
    assert await lane.value("select count(*) from tenant.duty_shift") == 1
