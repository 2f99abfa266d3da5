"""Future duty hours with no one on duty: warned about once, and removed when they are filled."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.settings import Settings
from tenants.db import Database
from tenants.duty.gaps import Difference, Stretch, compare, gaps, horizon
from tenants.duty.service import look_ahead, schedule
from tenants.scopes import Role, scopes_of
from tenants.transaction import Client
from tenants.viewer import Principal, Viewer, system
from tenants.workdays import SHANGHAI, is_working_day
from tests.street import SECRETARY, STAFF, Make, Person, Place
from tests.tenants.conftest import database_at
from tests.tenants.test_duty import ENDINGS, begin, shift

MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 9, 21, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai; Friday the 25th is 中秋节
WAITS = "select exists (select from pg_locks where not granted)"
TOLD = "select count(*) from tenant.outbox_event where action = 'duty.gap_found'"


@pytest.fixture
async def monday(settings: Settings, database: Database) -> AsyncGenerator[Database]:
    """Give the same database, with the clock on that day."""
    assert database
    async with database_at(MONDAY, settings) as opened:
        yield opened


def at(day: int, hour: float) -> datetime:
    """Return an hour of a day of that September in Shanghai."""
    return datetime(2026, 9, day, tzinfo=SHANGHAI).astimezone(UTC) + hour * HOUR


async def look(database: Database, place: Place, now: datetime = MONDAY) -> int:
    """Look ahead in one community, as a worker does; return the number of new gaps."""
    async with database.act(system(0), Client("tests", ""), now, place.key) as tx:
        return await look_ahead(tx)


async def known(make: Make, place: Place) -> list[Stretch]:
    """Return the stored gaps."""
    rows = await make.rows(place, "select starts_at, ends_at from tenant.duty_gap order by 1")
    return [(row[0], row[1]) for row in rows]


async def week(make: Make, who: Person, *free: tuple[int, float, float]) -> Place:
    """Create a roster with the person on duty all week except in these hours."""
    place = who.place
    assert place is not None
    await begin(make, place, MONDAY)
    start = at(21, 9)
    for day, opens, closes in free:
        await shift(make, place, who, start, at(day, opens))
        start = at(day, closes)
    await shift(make, place, who, start, at(24, 17))
    return place


async def test_a_gap_is_warned_about_once_and_goes_when_it_is_filled(
    make: Make, monday: Database
) -> None:
    li = await make.member(await make.community(), *STAFF)
    # Friday is a holiday, then comes the weekend: no gaps
    place = await week(make, li, (22, 12, 17))
    gap = (at(22, 12), at(22, 17))
    assert [await look(monday, place) for _ in range(2)] == [1, 0]
    assert (await known(make, place), await make.value(place, TOLD)) == ([gap], 1)
    ((action, _, subject, _),) = await make.trace(place)
    told = (action, subject)
    assert told == ("duty.gap_found", await make.value(place, "select id from tenant.duty_gap"))

    await shift(make, place, await make.member(place, *SECRETARY), *gap)

    assert await look(monday, place) == 0
    assert (await known(make, place), await make.value(place, TOLD)) == ([], 1)


async def test_two_workers_at_once_warn_once(
    make: Make, monday: Database, owner: asyncpg.Connection
) -> None:
    place = await week(make, await make.member(await make.community(), *STAFF), (21, 10, 17))
    noon = at(21, 12)
    async with monday.act(system(0), Client("tests", ""), noon, place.key) as tx:
        assert await look_ahead(tx) == 1
        # its clock is a second behind: it sees the current gap begin a little earlier
        second = asyncio.create_task(look(monday, place, noon - timedelta(seconds=1)))
        async with asyncio.timeout(20):
            while not await owner.fetchval(WAITS):  # noqa: ASYNC110 # PostgreSQL does not notify of locks
                await asyncio.sleep(0.02)
        assert not second.done(), "it waits"
    assert await second == 0
    assert await make.value(place, TOLD) == 1
    assert await known(make, place) == [(noon, at(21, 17))]


async def test_who_never_set_a_roster_is_not_warned(make: Make, monday: Database) -> None:
    place = await make.community()
    await make.member(place, *SECRETARY)
    assert await look(monday, place) == 0
    assert (await known(make, place), await make.value(place, TOLD)) == ([], 0)


async def test_the_first_shift_begins_the_warnings(make: Make, monday: Database) -> None:
    """The secretary sets one shift: every other working hour of the week is a gap."""
    place = await make.community()
    li, chen = await make.member(place, *STAFF), await make.member(place, *SECRETARY)
    async with monday.act(_viewer(chen), Client("tests", ""), MONDAY, place.key) as tx:
        await schedule(tx, member_id=li.id, starts_at=at(21, 9), ends_at=at(21, 13))
    rest = [(at(21, 13), at(21, 17)), *((at(day, 9), at(day, 17)) for day in (22, 23, 24))]
    assert (await known(make, place), await make.value(place, TOLD)) == (rest, 4)
    assert await look(monday, place) == 0


async def test_what_is_left_of_a_gap_is_no_news(make: Make, monday: Database) -> None:
    li = await make.member(await make.community(), *STAFF)
    place = await week(make, li, (22, 9, 17))
    assert await look(monday, place) == 1
    await shift(make, place, li, at(22, 11), at(22, 13))
    assert await look(monday, place) == 0
    assert await known(make, place) == [(at(22, 9), at(22, 11)), (at(22, 13), at(22, 17))]
    assert await make.value(place, TOLD) == 1


async def test_a_gap_that_runs_is_the_one_that_was_foreseen(make: Make, monday: Database) -> None:
    place = await week(make, await make.member(await make.community(), *STAFF), (22, 9, 17))
    for now in (at(21, 8.5), at(22, 0), at(22, 9), at(22, 10), at(22, 16.75)):
        await look(monday, place, now)
        assert (await known(make, place))[0] == (at(22, 9), at(22, 17))
    await look(monday, place, at(22, 17))
    # since the 22nd began, Monday the 28th is within seven days
    assert await known(make, place) == [(at(28, 9), at(28, 17))]
    assert await make.value(place, TOLD) == 2


async def test_a_make_up_sunday_is_a_day_of_duty(make: Make, monday: Database) -> None:
    place = await make.community()
    saturday = at(19, 12)  # Sunday the 20th is a working day, for 国庆节
    await begin(make, place, saturday)
    assert await look(monday, place, saturday) == 5
    assert await known(make, place) == [(at(day, 9), at(day, 17)) for day in (20, 21, 22, 23, 24)]


@pytest.mark.parametrize("ending", ENDINGS)
async def test_the_shift_of_someone_who_no_longer_serves_is_a_gap(
    make: Make, monday: Database, ending: str
) -> None:
    li = await make.member(await make.community(), *STAFF)
    place = await week(make, li)
    assert await look(monday, place) == 0
    async with make.inside(place.key) as connection:
        await connection.execute(f"update tenant.member set {ending} where id = $1", li.id)
    assert await look(monday, place) == 4
    assert await known(make, place) == [(at(day, 9), at(day, 17)) for day in (21, 22, 23, 24)]


def _viewer(who: Person) -> Viewer:
    """Return the viewer of a person's access token."""
    roles = frozenset(Role(role) for role in who.roles)
    assert who.place is not None
    return Viewer(
        Principal.COMMUNITY, who.id, roles, scopes_of(roles), 1, "tests", "",
        datetime.max.replace(tzinfo=UTC), community_id=who.place.key,
    )  # fmt: skip


# --- minute by minute


def moments(stretches: list[Stretch], step: timedelta = MINUTE) -> set[datetime]:
    """Return the moments of stretches, step by step."""
    return {
        begins + n * step for begins, ends in stretches for n in range(int((ends - begins) / step))
    }


def empty(
    shifts: list[Stretch], start: datetime, end: datetime, step: timedelta = MINUTE
) -> set[datetime]:
    """Return the duty moments that no shift covers, checked one by one."""
    covered = moments(shifts, step)
    return {
        each
        for each in moments([(start, end)], step)
        if 9 <= (there := each.astimezone(SHANGHAI)).hour < 17
        and is_working_day(there.date())
        and each not in covered
    }


_SHIFTS = st.lists(st.tuples(st.integers(-300, 11_000), st.integers(1, 2000)), max_size=6)


@settings(deadline=None, max_examples=60)
@given(_SHIFTS, st.integers(0, 20), st.integers(0, 24 * 60))
def test_gaps_are_the_minutes_that_nobody_covers(
    drawn: list[tuple[int, int]], days: int, minute: int
) -> None:
    start = MONDAY + days * DAY + minute * MINUTE
    end = horizon(start)
    shifts = [(start + s * MINUTE, start + (s + n) * MINUTE) for s, n in drawn]
    found = gaps(shifts, start, end)
    assert moments(found) == empty(shifts, start, end)
    assert all(begins < ends for begins, ends in found)
    assert all(
        one[1] < after[0] or one[1].date() != after[0].date() for one, after in pairwise(found)
    )
    assert 6 * DAY < end - start <= 7 * DAY
    assert end.astimezone(SHANGHAI).strftime("%H%M%S%f") == "000000000000"


@settings(deadline=None, max_examples=40)
@given(_SHIFTS, st.integers(0, 20), st.integers(0, 59))
def test_hour_after_hour_each_gap_is_new_once(
    drawn: list[tuple[int, int]], days: int, minute: int
) -> None:
    start = MONDAY + days * DAY + minute * MINUTE
    shifts = [(start + s * MINUTE, start + (s + n) * MINUTE) for s, n in drawn]
    seen: list[Stretch] = []
    new: list[Stretch] = []
    for hour in range(24 * 5):
        now = start + hour * HOUR
        found = compare(seen, gaps(shifts, now, horizon(now)), now)
        new += found.new
        seen = _after(seen, found)
    last = start + (24 * 5 - 1) * HOUR
    assert sorted(new) == gaps(shifts, start, horizon(last))


@settings(deadline=None, max_examples=40)
@given(st.data(), st.integers(0, 20))
def test_however_a_roster_changes_the_known_gaps_are_the_true_ones(
    data: st.DataObject, days: int
) -> None:
    now = MONDAY + days * DAY
    shifts: list[Stretch] = []
    seen: list[Stretch] = []
    for _ in range(data.draw(st.integers(1, 8))):
        now += data.draw(st.integers(0, 150)) * QUARTER
        if shifts and data.draw(st.booleans()):
            shifts.remove(data.draw(st.sampled_from(shifts)))
        else:
            start = now + data.draw(st.integers(-20, 600)) * QUARTER
            shifts.append((start, start + data.draw(st.integers(1, 150)) * QUARTER))
        warned = moments(seen, QUARTER)
        found = compare(seen, gaps(shifts, now, horizon(now)), now)
        seen = _after(seen, found)
        truly = empty(shifts, now, horizon(now), QUARTER)
        assert {each for each in moments(seen, QUARTER) if each >= now} == truly
        assert truly - warned <= moments(found.new, QUARTER), "what was not warned about is"
        assert all(moments([gap], QUARTER) - warned for gap in found.new), "and nothing else"


def _after(seen: list[Stretch], found: Difference) -> list[Stretch]:
    """Return the gaps known afterwards."""
    return sorted([gap for gap in seen if gap not in found.gone] + found.came)
