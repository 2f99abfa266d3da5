"""Members who moved out are erased after the retention time: once, also if a worker is killed."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from api.app import create_app
from api.settings import Settings
from tenants.db import Database
from tenants.identity import persons
from tenants.identity.store import identity
from tenants.membership.service.consents import texts
from tenants.membership.service.retention import AT_ONCE, Retention
from tenants.membership.tables import MemberState, Purpose
from tests.conftest import SignIn
from tests.street import Make, Person, Place, key
from tests.tenants.conftest import Lane, database_at

# Long ago: no other test has members who left then.
NOW = datetime(2020, 6, 30, 12, tzinfo=UTC)
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
STATE = "select state from tenant.member where id = $1"
ERASED = "select count(*) from tenant.audit_entry where action = 'member.erased'"
AFFILIATED = "select count(*) from identity.affiliation where subject_id = any($1)"

Left = Callable[..., Awaitable[Person]]


@pytest.fixture
async def then(settings: Settings, database: Database) -> AsyncGenerator[Database]:
    """Give the same database, with the clock on that day."""
    assert database
    async with database_at(NOW, settings) as opened:
        yield opened


@pytest.fixture
async def left(make: Make) -> AsyncGenerator[Left]:
    """Makes a member who moved out this long ago; those left over at the end get today's date."""
    made: list[Place] = []

    async def leave(place: Place, ago: timedelta = 180 * DAY) -> Person:
        person = await make.applicant(place, "MOVED_OUT")
        made.append(place)
        async with make.inside(place.key) as connection:
            await connection.execute(
                "update tenant.member set left_at = $2 where id = $1", person.id, NOW - ago
            )
        return person

    yield leave
    for place in made:
        async with make.inside(place.key) as connection:
            await connection.execute(
                "update tenant.member set left_at = now() where left_at < now()"
            )


async def _until(asked: Callable[[], Awaitable[Any]], wanted: Any) -> None:
    async with asyncio.timeout(20):
        while True:
            if await asked() == wanted:
                return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("days", "ago", "is_erased"),
    [
        (180, 180 * DAY, True),
        (180, 180 * DAY - INSTANT, False),
        (180, 179 * DAY, False),
        (180, 400 * DAY, True),
        (30, 31 * DAY, True),
        (30, 29 * DAY, False),
        (0.5, 12 * DAY / 24, True),
        (0.5, 11 * DAY / 24, False),
    ],
)
async def test_it_is_done_when_the_time_is_over_and_not_before(
    lane: Lane, then: Database, left: Left, days: float, ago: timedelta, is_erased: bool
) -> None:
    person = await left(lane.place, ago)
    erased = await Retention(then, days=days).sweep()
    assert (erased, await lane.value(STATE, person.id)) == (
        (1, "ANONYMISED") if is_erased else (0, "MOVED_OUT")
    )
    assert await lane.value(ERASED) == is_erased
    assert await Retention(then, days=days).sweep() == 0, "once"
    assert await lane.value(ERASED) == is_erased


async def test_only_who_moved_out_is_erased(lane: Lane, then: Database, make: Make) -> None:
    people = {state: await make.applicant(lane.place, state) for state in MemberState}
    before = await lane.rows("select to_jsonb(m)::text from tenant.member m order by id")
    assert await Retention(then, days=180).sweep() == 0
    after = await lane.rows("select to_jsonb(m)::text from tenant.member m order by id")
    assert (len(people), after) == (8, before)


EVERYTHING = """
select to_jsonb(m) - array['id', 'person_id', 'permission_version', 'joined_at'],
  (select to_jsonb(r) - array['id', 'applied_at', 'submitted_at', 'review_due_at', 'suspension_appeal_id']
     from tenant.member_record r where r.id = m.id),
  (select jsonb_agg(e.action order by e.seq) from tenant.audit_entry e where e.subject_id = m.id),
  (select jsonb_agg(e.reason order by e.seq) from tenant.audit_entry e where e.subject_id = m.id),
  (select jsonb_agg(to_jsonb(a) - array['id', 'member_id', 'created_at', 'due_at', 'decided_at'])
     from tenant.street_appeal a where a.member_id = m.id)
from tenant.member m where m.id = $1"""


async def test_it_leaves_what_erasing_oneself_leaves(
    lane: Lane, then: Database, signed_in: SignIn, owner: asyncpg.Connection
) -> None:
    twins = []
    for _ in range(2):
        person = await lane.make.applicant(lane.place, "ACTIVE")
        given = {"memberId": person.public_id, "reason": "刷屏"}
        await lane.secretary.do("suspendMember", **given)
        guest = signed_in(replace(person.guest, version=2))
        await guest.do("appealSuspension", body="我是王小明", idempotencyKey=key())
        await guest.do("leaveCommunity", confirm=True)
        twins.append(person)
    self_erased, long_gone = twins
    again = signed_in(replace(self_erased.guest, version=3))
    assert (await again.do("eraseMe", confirm=True)).refusals == []
    change = "update tenant.member set left_at = $2 where id = $1"
    async with lane.make.inside(lane.place.key) as connection:
        await connection.execute(change, long_gone.id, NOW - 180 * DAY)

    assert await Retention(then, days=180).sweep() == 1

    one, other = [(await lane.rows(EVERYTHING, each.id))[0] for each in twins]
    assert one == other
    assert "王小明" not in str(other)
    assert await owner.fetchval(AFFILIATED, [each.id for each in twins]) == 0
    actors = "select actor_kind, actor_id from tenant.audit_entry where action = 'member.erased'"
    assert await lane.rows(f"{actors} order by seq") == [
        ("MEMBER", self_erased.id), ("SYSTEM", UUID(int=0)),
    ]  # fmt: skip
    assert await lane.trace(), "and each was told once"


async def test_an_erasure_that_was_killed_before_the_door_is_finished(
    lane: Lane, then: Database, make: Make, owner: asyncpg.Connection
) -> None:
    """`eraseMe` then left this: no member in the community, but still an affiliation."""
    erased = await make.applicant(lane.place, "ANONYMISED")
    others = [await make.applicant(lane.place, state) for state in ("ACTIVE", "MOVED_OUT")]
    async with identity(then) as store:
        found = await persons.affiliation(store, erased.id)
    assert found is not None

    assert await Retention(then, days=180).sweep() == 0

    assert await owner.fetchval(AFFILIATED, [erased.id]) == 0
    async with identity(then) as store:
        assert await persons.logins_of(store, found["person_id"]) == []
    assert await owner.fetchval(AFFILIATED, [each.id for each in others]) == 2


async def test_who_has_other_places_keeps_their_login(
    lane: Lane, then: Database, left: Left, make: Make
) -> None:
    person, elsewhere = await left(lane.place), await make.community()
    async with identity(then) as store:
        found = await persons.affiliation(store, person.id)
        assert found is not None
        await persons.affiliate(
            store, found["person_id"], place="COMMUNITY", number=elsewhere.key,
            place_id=elsewhere.id,
        )  # fmt: skip
    assert await Retention(then, days=180).sweep() == 1
    async with identity(then) as store:
        belongs = await persons.places_of(store, found["person_id"])
        assert [place["number"] for place in belongs] == [elsewhere.key]
        assert len(await persons.logins_of(store, found["person_id"])) == 1


async def test_many_workers_erase_each_once(
    lane: Lane, then: Database, settings: Settings, left: Left
) -> None:
    people = [await left(lane.place, (180 + n) * DAY) for n in range(AT_ONCE + 5)]
    async with database_at(NOW, settings) as other:
        sweeps = await asyncio.gather(
            *(Retention(each, days=180).sweep() for each in (then, other, then))
        )
    assert sum(sweeps) == len(people)
    once = "select count(*), count(distinct subject_id) from tenant.audit_entry where action = $1"
    assert await lane.rows(once, "member.erased") == [(len(people), len(people))]
    assert await lane.value("select count(*) from tenant.member where state = 'MOVED_OUT'") == 0


@pytest.mark.once
async def test_a_hundred_at_a_time(
    lane: Lane, then: Database, left: Left, owner: asyncpg.Connection
) -> None:
    for _ in range(AT_ONCE + 5):
        await left(lane.place)
    assert await Retention(then, days=180).sweep() == AT_ONCE + 5
    transactions = (
        "select count(*) from tenant.member where community_id = $1 and state = 'ANONYMISED' "
        "group by xmin::text order by 1"
    )
    rows = await owner.fetch(transactions, lane.place.key)
    assert [row["count"] for row in rows] == [5, AT_ONCE]


# What the worker waits for when it is killed: before its affiliation is deleted, and after.
HELD = {
    "before": "select 1 from identity.affiliation where subject_id = $2 and $1 > 0 for update",
    "after": "select 1 from tenant.audit_head where community_id = $1 and $2 is not null for update",
}


@pytest.mark.once
@pytest.mark.parametrize("when", HELD)
async def test_a_worker_that_is_killed_leaves_it_to_the_next(
    lane: Lane, then: Database, left: Left, owner: asyncpg.Connection, when: str
) -> None:
    person = await left(lane.place)
    holding = owner.transaction()
    await holding.start()
    await owner.fetch(HELD[when].replace("$2", f"'{person.id}'::uuid"), lane.place.key)
    sweep = asyncio.create_task(Retention(then, days=180).sweep())

    async def waiting() -> Any:
        return await owner.fetchval(
            "select count(*) from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))"
        )

    await _until(waiting, 1)
    sweep.cancel()
    with suppress(asyncio.CancelledError):
        await sweep
    await _until(waiting, 0)
    await holding.rollback()
    assert await lane.value(STATE, person.id) == "MOVED_OUT"
    assert await lane.value(ERASED) == 0

    assert await Retention(then, days=180).sweep() == 1
    assert await lane.value(STATE, person.id) == "ANONYMISED"
    assert await lane.value(ERASED) == 1
    assert await owner.fetchval(AFFILIATED, [person.id]) == 0


async def test_whoever_applies_again_at_that_moment_is_let_be(
    lane: Lane, then: Database, left: Left, signed_in: SignIn
) -> None:
    person = await left(lane.place)
    async with lane.make.inside(lane.place.key) as applying:
        await applying.execute(
            "update tenant.member set state = 'APPLIED', left_at = null where id = $1", person.id
        )
        async with asyncio.timeout(10):
            assert await Retention(then, days=180).sweep() == 0, "it does not wait either"
    assert await Retention(then, days=180).sweep() == 0
    assert await lane.value(STATE, person.id) == "APPLIED"

    other = await left(lane.place)
    again = await signed_in(other).do(
        "applyForMembership", displayName="回来了", realName="王小明", phone="13811112222",
        building="3号楼", room="502", kind="RENTER", idempotencyKey=key(),
        consentVersion=texts()[Purpose.IDENTITY].version,
    )  # fmt: skip
    assert again.refusals == []
    assert await Retention(then, days=180).sweep() == 0
    assert await lane.value(STATE, other.id) == "APPLIED"


async def test_leaving_writes_down_when(lane: Lane) -> None:
    before = datetime.now(UTC)
    await lane.author.do("leaveCommunity", confirm=True)
    ended = await lane.value("select left_at from tenant.member where state = 'MOVED_OUT'")
    assert before <= ended <= datetime.now(UTC)


@pytest.mark.once
async def test_one_community_that_fails_does_not_hold_up_the_others(
    lane: Lane, make: Make, then: Database, left: Left, owner: asyncpg.Connection
) -> None:
    after = await make.community()
    assert after.key > lane.place.key
    broken, whole = await left(lane.place), await left(after)
    head = await owner.fetchrow(
        "delete from tenant.audit_head where community_id = $1 returning *", lane.place.key
    )
    assert head is not None
    try:
        assert await Retention(then, days=180).sweep() == 1
    finally:
        places = ", ".join(f"${i}" for i in range(1, len(head) + 1))
        await owner.execute(f"insert into tenant.audit_head values ({places})", *head.values())
    assert await lane.value(STATE, broken.id) == "MOVED_OUT"
    assert await make.value(after, STATE, whole.id) == "ANONYMISED"
    assert await Retention(then, days=180).sweep() == 1


@pytest.mark.once
async def test_a_server_does_it_by_itself(
    lane: Lane, settings: Settings, left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Retention, "first", 0.01)
    person = await left(lane.place, 91 * DAY)
    served = create_app(replace(settings, background=True, retention_days=90), clock=lambda: NOW)
    async with served.router.lifespan_context(served):
        await _until(lambda: lane.value(STATE, person.id), "ANONYMISED")


@pytest.mark.once
async def test_it_looks_again_and_again(lane: Lane, then: Database, left: Left) -> None:
    async with Retention(then, days=180, seconds=0.1).kept():
        for _ in range(2):
            person = await left(lane.place)
            await _until(lambda who=person.id: lane.value(STATE, who), "ANONYMISED")


def test_how_long_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINLI_RETENTION_DAYS", raising=False)
    assert Settings.from_environment().retention_days == 180
    monkeypatch.setenv("LINLI_RETENTION_DAYS", "30")
    assert Settings.from_environment().retention_days == 30
    for text in ("0", "-1", "nan", "soon"):
        monkeypatch.setenv("LINLI_RETENTION_DAYS", text)
        with pytest.raises(ValueError, match="LINLI_RETENTION_DAYS"):
            Settings.from_environment()
