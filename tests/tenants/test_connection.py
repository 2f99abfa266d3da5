"""Statements sent together: one round trip, transaction and community; all or nothing."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa

from tenants.audit.tables import outbox_events
from tenants.connection import Connection
from tenants.db import Database
from tenants.errors import Unavailable
from tenants.transaction import Client
from tenants.viewer import Principal, entering, system
from tests.street import Make

_PLACE = "select current_setting('app.community_id', true)"


@pytest.fixture
async def connection(database: Database) -> AsyncGenerator[Connection]:
    """Give a connection of community traffic from the pool, for the length of a test."""
    async with database.pools[Principal.COMMUNITY].acquire() as lent:
        yield lent


async def test_a_connection_that_was_opened_is_in_no_transaction(database: Database) -> None:
    async with database.pools[Principal.COMMUNITY].acquire() as asks:
        fresh = await database.pools[Principal.COMMUNITY]._connect()
        state = await asks.fetchval(
            "select state from pg_catalog.pg_stat_activity where pid = $1", fresh.get_server_pid()
        )
        await fresh.close()
    assert state == "idle"


async def test_a_connection_that_broke_in_a_transaction_is_told_as_an_outage(
    database: Database,
) -> None:
    pool = database.pools[Principal.COMMUNITY]

    async def breaks() -> None:
        async with pool.acquire() as broken:
            broken.begin(entering(community_id=7))
            await broken.fetchval("select 1")
            broken.terminate()
            await broken.fetchval("select 1")

    with pytest.raises(Unavailable):
        await breaks()
    async with pool.acquire() as next_one:
        assert await next_one.fetchval("select 1") == 1


async def test_a_transaction_begins_with_its_first_statement(connection: Connection) -> None:
    connection.begin(entering(community_id=7))
    assert not connection.is_in_transaction()

    assert await connection.fetchval(_PLACE) == "7"

    assert connection.is_in_transaction()
    await connection.commit()
    assert not connection.is_in_transaction()
    assert not await connection.fetchval(_PLACE)


async def test_the_next_reader_ends_the_transaction_before(connection: Connection) -> None:
    connection.begin(entering(community_id=7), read_only=True)
    await connection.fetchval("select 1")
    connection.is_unended = True

    connection.begin(entering(community_id=8), read_only=True)

    assert await connection.fetchval(_PLACE) == "8"
    # this runs in the transaction that began last; the first one has ended
    assert await connection.fetchval("show transaction_read_only") == "on"
    await connection.commit()
    assert not await connection.fetchval(_PLACE)


async def test_several_statements_come_after_what_is_ahead_of_them(connection: Connection) -> None:
    connection.begin(entering(community_id=7))
    await connection.execute("set local app.seen = 'before'; select 1")
    assert await connection.fetchval(_PLACE) == "7"
    await connection.rollback()
    assert not await connection.fetchval(_PLACE)


async def test_many_rows_come_after_what_is_ahead_of_them(connection: Connection) -> None:
    await connection.executemany("select $1::int", [(1,)])  # its type is known from here on
    connection.begin(entering(community_id=7))
    await connection.executemany("select $1::int", [(1,), (2,)])
    assert await connection.fetchval(_PLACE) == "7"
    await connection.rollback()
    assert not await connection.fetchval(_PLACE)


async def test_what_fails_is_raised_and_rolled_back(connection: Connection) -> None:
    connection.begin(entering(community_id=7))
    with pytest.raises(asyncpg.DivisionByZeroError):
        await connection.fetchval("select 1 / $1::int", 0)

    await connection.rollback()

    assert not connection.is_in_transaction()
    assert not await connection.fetchval(_PLACE)


async def test_what_fails_ahead_stops_the_statement_behind_it(connection: Connection) -> None:
    connection.begin(("set local statement_timeout = 'never'",))
    with pytest.raises(asyncpg.InvalidParameterValueError):
        await connection.fetchval("select pg_catalog.set_config('app.community_id', '7', false)")

    await connection.rollback()

    assert not await connection.fetchval(_PLACE)


async def test_a_transaction_that_asked_nothing_sends_nothing(connection: Connection) -> None:
    connection.begin(entering(community_id=7))
    await connection.rollback()
    assert not await connection.fetchval(_PLACE)


async def test_arguments_that_cannot_be_sent_end_the_connection(database: Database) -> None:
    pool = database.pools[Principal.COMMUNITY]
    async with pool.acquire() as broken:
        broken.begin(entering(community_id=7))
        with pytest.raises(asyncpg.DataError):
            await broken.fetchval("select $1::int", "no number")
        assert broken.is_closed()
    async with pool.acquire() as fresh:
        assert fresh is not broken
        assert not await fresh.fetchval(_PLACE)


async def test_many_readers_share_connections_and_no_place(make: Make, database: Database) -> None:
    people = [await make.member(await make.community()) for _ in range(5)]
    text = "select community_id, (" + _PLACE + ") from tenant.member"

    async def read(turn: int) -> tuple[int, set[int], set[str]]:
        community_id = people[turn % len(people)].number
        async with database.pools[Principal.COMMUNITY].acquire() as lent:
            lent.begin(entering(community_id=community_id), read_only=True)
            try:
                rows = await lent.fetch(text)
            except BaseException:
                await lent.rollback()
                raise
            lent.is_unended = turn % 3 > 0
            if not lent.is_unended:
                await lent.commit()
        return community_id, {row[0] for row in rows}, {row[1] for row in rows}

    for own, seen, places in await asyncio.gather(*(read(turn) for turn in range(200))):
        assert seen == {own}
        assert places == {str(own)}


MANY = [
    None, True, 7, -(2**40), "字 \\ \" ' {,} null\n", "", b"\x00\\\xff", UUID(int=5),
    datetime(2026, 5, 1, 8, 30, 0, 1, UTC), date(2026, 5, 1), time(8, 30),
    ["a", 'b"\\,{}', None, "null", ""], [], [1, -2], [UUID(int=6)],
]  # fmt: skip
# fmt: off
TYPES = [
    "int", "bool", "int", "bigint", "text", "text", "bytea", "uuid", "timestamptz", "date", "time",
    "text[]", "text[]", "int[]", "uuid[]",
]
# fmt: on


async def test_values_arrive_as_they_were_sent(connection: Connection) -> None:
    columns = ", ".join(f"c{i} {name}" for i, name in enumerate(TYPES))
    places = ", ".join(f"${i + 1}::{name}" for i, name in enumerate(TYPES))
    connection.begin()
    await connection.execute(f"create temporary table sent ({columns}) on commit drop")

    await connection.send_ahead(f"insert into sent values ({places})", MANY)

    (row,) = await connection.fetch("select * from sent")
    assert list(row) == MANY
    await connection.rollback()


async def test_a_value_of_no_known_type_is_a_bug(connection: Connection) -> None:
    with pytest.raises(TypeError):
        await connection.send_ahead(
            "delete from tenant.post where $1::interval is null", [timedelta()]
        )
    await connection.rollback()


async def test_what_a_change_breaks_is_told_by_what_comes_after_it(
    make: Make, database: Database
) -> None:
    """At the commit at the latest; nothing is written, and the connection can be used again."""
    place = await make.community()
    twice = sa.insert(outbox_events).values(
        community_id=place.key, id=sa.bindparam("v_id", type_=sa.Uuid()), action="a",
        subject_id=sa.bindparam("v_id", type_=sa.Uuid()), at=sa.func.now(),
    )  # fmt: skip
    before = await make.value(place, "select count(*) from tenant.outbox_event")

    async def write_twice(*, is_asked: bool) -> None:
        async with database.act(system(1), Client("t", "t"), datetime.now(UTC), place.key) as tx:
            await tx.row(twice, v_id=place.id)
            await tx.row(twice, v_id=place.id)
            if is_asked:
                await tx.sent()

    for is_asked in (True, False):
        with pytest.raises(asyncpg.UniqueViolationError):
            await write_twice(is_asked=is_asked)
    assert await make.value(place, "select count(*) from tenant.outbox_event") == before


async def test_whoever_is_cancelled_gives_the_connection_up(database: Database) -> None:
    pool = database.pools[Principal.COMMUNITY]
    lent: list[Connection] = []

    async def sleep() -> None:
        async with pool.acquire() as connection:
            lent.append(connection)
            await connection.fetch("select pg_sleep(60)")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await sleep()

    assert lent[0].is_closed()
    async with pool.acquire() as fresh:
        fresh.begin(entering(community_id=7))
        assert await fresh.fetchval(_PLACE) == "7"
        await fresh.rollback()


async def test_a_transaction_that_failed_is_not_handed_on(database: Database) -> None:
    pool = database.pools[Principal.COMMUNITY]
    lent: list[Connection] = []

    async def fail() -> None:
        async with pool.acquire() as connection:
            lent.append(connection)
            # as one message: what fails keeps the last word from being heard
            await connection.execute("begin; select 1 / 0; commit")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await fail()

    assert lent[0].is_closed()
    async with pool.acquire() as fresh:
        assert await fresh.fetchval("select 1") == 1
