"""Rows with a time limit are kept to the last moment, then deleted, by an injected clock."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from api.settings import Settings
from tenants import expiry
from tenants.db import Database
from tenants.expiry import Expiry
from tenants.ids import new_id
from tests.street import Make, Place
from tests.tenants.conftest import database_at

# Long ago: no other test has rows of that time.
NOW = datetime(2020, 6, 30, 12, tzinfo=UTC)
WEEK, MONTH, QUARTER = timedelta(days=7), timedelta(days=30), timedelta(minutes=15)
INSTANT = timedelta(microseconds=1)


@dataclass
class Then:
    """It is the expiry worker on that day, and the owner of the database."""

    expiry: Expiry
    owner: asyncpg.Connection

    async def left(self, table: str, column: str) -> list[datetime]:
        """Return the moments of the rows of that time that are left."""
        query = f"select {column} from {table} where {column} < $1 order by 1"
        return [row[0] for row in await self.owner.fetch(query, NOW + MONTH * 2)]


@pytest.fixture
async def then(
    settings: Settings, database: Database, owner: asyncpg.Connection
) -> AsyncGenerator[Then]:
    """Give the same database, with the clock on that day."""
    assert database
    async with database_at(NOW, settings) as opened:
        yield Then(Expiry(opened), owner)
    await owner.execute("delete from identity.attempt where since < $1", NOW + MONTH)


async def told(make: Make, place: Place, at: datetime) -> None:
    """Write an outbox row and an idempotency key of this moment."""
    await make.rows(
        place,
        "insert into tenant.outbox_event (community_id, id, at, action, subject_id) "
        "values ($1, $2, $3, 'post.created', $2)",
        place.key, new_id(at), at,
    )  # fmt: skip
    await make.rows(
        place,
        "insert into tenant.idempotency_key (community_id, actor_id, key, action, input_hash, created_at)"
        " select $1, id, $2, 'post.created', '', $3 from tenant.member limit 1",
        place.key, str(new_id(at)), at,
    )  # fmt: skip


async def test_what_was_told_and_keys_are_kept_seven_days(then: Then, make: Make) -> None:
    elm, oak = await make.community(), await make.community()
    for place in (elm, oak):
        await make.member(place)
        for at in (NOW - WEEK * 3, NOW - WEEK - INSTANT, NOW - WEEK, NOW):
            await told(make, place, at)
        assert len(await make.rows(place, "select 1 from tenant.idempotency_key")) == 4

    assert await then.expiry.sweep() == 8
    assert await then.expiry.sweep() == 0

    for place in (elm, oak):
        for column, table in (("at", "outbox_event"), ("created_at", "idempotency_key")):
            query = f"select {column} from tenant.{table} where {column} <= $1 order by 1"
            kept = await make.rows(place, query, NOW)
            assert [row[0] for row in kept] == [NOW - WEEK, NOW]


async def test_however_many_there_are_all_go_a_few_at_a_time(then: Then, make: Make) -> None:
    elm = await make.community()
    await make.member(elm)
    await make.rows(
        elm,
        "insert into tenant.idempotency_key (community_id, actor_id, key, action, input_hash, created_at)"
        " select $1, m.id, n::text, 'post.created', '', $2 from tenant.member m, generate_series(1, $3) n",
        elm.key, NOW - WEEK * 2, expiry.AT_ONCE * 2,
    )  # fmt: skip

    assert await then.expiry.sweep() == expiry.AT_ONCE * 2
    assert await make.rows(elm, "select 1 from tenant.idempotency_key") == []


async def test_keys_of_officers_are_kept_as_long(then: Then, make: Make) -> None:
    actor = new_id(NOW)
    async with make.district() as connection:
        for at in (NOW - WEEK - INSTANT, NOW - WEEK, NOW):
            await connection.execute(
                "insert into district.idempotency_key values (310113, $1, $2, 'x', '', null, $3)",
                actor, str(at), at,
            )  # fmt: skip
    assert await then.expiry.sweep() == 1
    assert await then.left("district.idempotency_key", "created_at") == [NOW - WEEK, NOW]
    await then.owner.execute("delete from district.idempotency_key where actor_id = $1", actor)


async def test_sessions_tokens_and_attempts_are_kept_to_their_time(then: Then) -> None:
    person = new_id(NOW)
    await then.owner.execute("insert into identity.person values ($1, $2)", person, NOW)
    # (ended, expires, whether it is kept)
    sessions = [
        (None, NOW + MONTH, True),
        (None, NOW - WEEK, True),
        (None, NOW - WEEK - INSTANT, False),
        (NOW - WEEK, NOW + MONTH, True),
        (NOW - WEEK - INSTANT, NOW + MONTH, False),
    ]
    kept = set()
    for ended, expires, is_kept in sessions:
        session = new_id(NOW)
        kept |= {session} if is_kept else set()
        await then.owner.execute(
            "insert into identity.session (id, person_id, client_id, created_at, used_at, "
            "expires_at, ended_at, ending) values ($1, $2, 'tests', $3, $3, $4, $5, $6)",
            session, person, NOW - MONTH, expires, ended, "LOGOUT" if ended else None,
        )  # fmt: skip
        for n, rotated in enumerate((None, NOW - MONTH, NOW - MONTH - INSTANT)):
            await then.owner.execute(
                "insert into identity.refresh_token values ($1, $2, $3, $4)",
                session.bytes + bytes([n]), session, NOW - MONTH * 2, rotated,
            )  # fmt: skip
    for what, since in ((b"now", NOW - QUARTER), (b"past", NOW - QUARTER - INSTANT)):
        await then.owner.execute("insert into identity.attempt values ($1, 5, $2)", what, since)

    deleted = await then.expiry.sweep()

    mine = "select id from identity.session where person_id = $1"
    assert {row["id"] for row in await then.owner.fetch(mine, person)} == kept
    tokens = await then.owner.fetch(
        f"select session_id, rotated_at from identity.refresh_token where session_id in ({mine})",
        person,
    )
    assert {(row["session_id"], row["rotated_at"]) for row in tokens} == {
        (session, rotated) for session in kept for rotated in (None, NOW - MONTH)
    }
    # a token of each of 5 sessions, two sessions, one attempt
    assert deleted == 5 + 2 + 1
    assert await then.left("identity.attempt", "since") == [NOW - QUARTER]
    await then.owner.execute(
        f"delete from identity.refresh_token where session_id in ({mine})", person
    )
    await then.owner.execute("delete from identity.session where person_id = $1", person)
    await then.owner.execute("delete from identity.person where id = $1", person)
