"""A community's audit chain has no gap, even with concurrent changes, and cannot be rewritten."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import psycopg
import pytest
import rfc8785
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from psycopg.rows import DictRow, dict_row

from tenants import audit
from tenants.audit.chain import BEGINNING, hash_of_entry, hash_of_reason
from tenants.audit.verify import Chain
from tenants.db import Database
from tenants.embedded import Cluster
from tenants.migrate import alembic, migrate
from tenants.transaction import Client, Tx
from tenants.viewer import Principal, system
from tests.conftest import SignIn
from tests.round_trips import round_trips
from tests.street import Make, Place, SignedIn, key, pst
from tests.tenants.conftest import Lane

EXAMPLE = "fbaca4c3fce7c6cae41bd22d34e97921588e6b37c4de821bb15fc2e40be1b662"
ENTRIES = "select * from tenant.audit_entry order by seq"


def inside(database: Database, place: Place) -> Any:
    """Open a transaction of a command inside a community."""
    return database.act(system(310113), Client("tests", "trace"), datetime.now(UTC), place.key)


async def test_an_entry_is_hashed_as_it_is_said_to_be(make: Make, database: Database) -> None:
    """The format is repeated here: if it changed, no existing chain could be verified."""
    place = await make.community()
    async with inside(database, place) as tx:
        await audit.record(tx, "post.deleted", subject=place.id, reason="重复")

    first, entry = await make.rows(place, ENTRIES)

    assert (first["seq"], first["prev_hash"]) == (1, BEGINNING) == (1, bytes(32))
    assert (entry["seq"], entry["prev_hash"]) == (2, first["entry_hash"])
    assert len(entry["reason_salt"]) == 16
    assert entry["reason_hash"] == hash_of_reason(entry["reason_salt"], "重复")
    example = {
        **entry,
        "community_id": 7,
        "id": UUID(int=1),
        "at": datetime(2026, 5, 1, 8, 30, tzinfo=UTC),
        "actor_kind": "SYSTEM",
        "actor_id": UUID(int=0),
        "client_id": "linli",
        "trace_id": "迹",
        "action": "post.deleted",
        "subject_id": UUID(int=2),
        "reason_hash": b"\x01\x02",
        # entries from before these were written say neither
        "actor_role": None,
        "actor_desk": None,
    }
    # computed by another program: sha256 of the canonical JSON, then of the whole
    assert hash_of_entry(example, 3, bytes(32)).hex() == EXAMPLE


@given(st.lists(st.text(), min_size=3, max_size=3), st.integers(1, 2**31 - 1))
def test_what_is_hashed_is_canonical_json(texts: list[str], community: int) -> None:
    entry: dict[str, Any] = {
        **dict(zip(("client_id", "trace_id", "action"), texts, strict=True)),
        "community_id": community,
        "id": uuid4(),
        "at": datetime(2026, 5, 1, tzinfo=UTC),
        "actor_kind": "APP",
        "actor_id": uuid4(),
        "subject_id": uuid4(),
        "reason_hash": None,
        "actor_role": "DISTRICT_ADMIN",
        "actor_desk": community,
    }
    said = {name: str(value) for name, value in entry.items() if isinstance(value, UUID)}
    canonical = rfc8785.dumps({**entry, **said, "at": "2026-05-01T00:00:00.000000+00:00"})

    expected = sha256(bytes(32) + bytes(7) + b"\x01" + sha256(canonical).digest()).digest()
    assert hash_of_entry(entry, 1, bytes(32)) == expected


async def test_fifty_changes_at_once_make_one_chain(lane: Lane, signed_in: SignIn) -> None:
    make, place = lane.make, lane.place
    people = [signed_in(await make.member(place)) for _ in range(5)]
    posts = [pst(await make.post(people[0].person)) for _ in range(3)]

    async def post(by: SignedIn, _: str) -> Any:
        return await by.do(
            "createPost", boardId=place.board(), title="题", body="文", idempotencyKey=key()
        )

    async def comment(by: SignedIn, on: str) -> Any:
        return await by.do("addComment", postId=on, body="好", idempotencyKey=key())

    async def like(by: SignedIn, on: str) -> Any:
        return await by.do("react", subjectId=on, kind="LIKE")

    async def pin(_: SignedIn, on: str) -> Any:
        return await lane.staff.do("pinPost", postId=on)

    verbs: list[Callable[[SignedIn, str], Awaitable[Any]]] = [post, comment, like, post, pin]
    answers = await asyncio.gather(
        *(verbs[n % 5](people[n // 5 % 5], posts[n % 3]) for n in range(50))
    )

    done = sum(not answer.codes and not answer.refusals for answer in answers)
    assert [answer.codes for answer in answers if answer.codes] == []
    assert done >= 40  # a pinned post cannot be pinned again
    assert await make.audit_faults(place) == []
    numbers = await make.rows(place, "select seq from tenant.audit_entry order by seq")
    assert [row["seq"] for row in numbers] == list(range(1, len(numbers) + 1))
    created = "select count(*) from tenant.audit_entry where action = 'post.created'"
    assert await make.value(place, created) == 20


async def test_a_refused_change_leaves_neither_entry_nor_gap(lane: Lane) -> None:
    make, place = lane.make, lane.place
    post = pst(await make.post(lane.author.person))
    change: dict[str, Any] = {"postId": post, "title": "改", "body": "改", "expectedVersion": 1}

    assert (await lane.neighbour.do("editPost", **change)).refusals == ["FORBIDDEN"]
    assert (await lane.author.do("editPost", **change)).refusals == []
    assert (await lane.author.do("editPost", **change)).refusals == ["VERSION_CONFLICT"]
    assert (await lane.staff.do("pinPost", postId=post)).refusals == []

    told = await make.rows(place, "select seq, action from tenant.audit_entry order by seq")
    assert [tuple(row) for row in told][1:] == [(2, "post.edited"), (3, "post.pinned")]
    assert await make.audit_faults(place) == []


async def test_what_fails_after_recording_leaves_nothing(make: Make, database: Database) -> None:
    place = await make.community()

    async def fail(tx: Tx) -> None:
        await audit.record(tx, "post.pinned", subject=place.id)
        raise LookupError

    with pytest.raises(LookupError):
        async with inside(database, place) as tx:
            await fail(tx)

    assert await make.value(place, "select seq from tenant.audit_head") == 1
    assert await make.value(place, "select count(*) from tenant.audit_entry") == 1


async def test_the_head_is_held_for_no_round_trip(make: Make, database: Database) -> None:
    """The audit is written in one message with the commit, however many entries it has."""
    place = await make.community()
    subjects = [uuid4() for _ in range(5)]
    async with inside(database, place) as tx:  # a connection asks for the types on its first use
        await audit.record(tx, "post.read", subject=place.id, reason="读")
    with round_trips() as sent:
        async with inside(database, place) as tx:
            for number, subject in enumerate(subjects):
                await audit.record(tx, "post.read", subject=subject, reason="读" * number or None)

    assert sent == ["commit"]
    written = await make.rows(place, f"{ENTRIES} offset 2")
    assert [row["subject_id"] for row in written] == subjects
    told = await make.rows(place, "select subject_id from tenant.outbox_event order by id offset 2")
    assert [row["subject_id"] for row in told] == subjects
    assert await make.audit_faults(place) == []


async def test_nothing_is_entered_where_the_head_is_missing(
    make: Make, database: Database, cluster: Cluster
) -> None:
    place = await make.community()
    entries = await make.value(place, "select count(*) from tenant.audit_entry")
    told = await make.value(place, "select count(*) from tenant.outbox_event")
    async with await psycopg.AsyncConnection.connect(cluster.url(), autocommit=True) as owner:
        await owner.execute("delete from tenant.audit_head where community_id = %s", [place.key])
    with pytest.raises(asyncpg.NotNullViolationError):
        async with inside(database, place) as tx:
            await audit.record(tx, "post.read", subject=place.id)

    assert await make.value(place, "select count(*) from tenant.audit_entry") == entries
    assert await make.value(place, "select count(*) from tenant.outbox_event") == told


REFUSED = [
    "delete from tenant.audit_entry",
    "truncate tenant.audit_entry",
    "update tenant.audit_entry set action = 'post.read'",
    "update tenant.audit_entry set at = now(), reason = null",
    "update tenant.audit_entry set entry_hash = prev_hash",
    "delete from tenant.audit_head",
    "truncate tenant.audit_head",
    "delete from reference.audit_checkpoint",
    "update reference.audit_checkpoint set body = ''",
    "truncate reference.audit_checkpoint",
]


@pytest.mark.parametrize("statement", REFUSED)
async def test_no_login_of_the_server_can_rewrite_it(
    make: Make, database: Database, statement: str
) -> None:
    """So no entry is deleted before the 180 days that it must be kept."""
    place = await make.community()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with make.inside(place.key) as connection:
            await connection.execute(statement)
    async with database.pools[Principal.DISTRICT].acquire() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


async def test_a_reason_can_be_erased_and_the_chain_holds(make: Make, database: Database) -> None:
    place = await make.community()
    async with inside(database, place) as tx:
        await audit.record(tx, "content.hidden", subject=place.id, reason="张三的电话")
    erase = "update tenant.audit_entry set reason = null, reason_salt = null where seq = 2"
    spoil = "update tenant.audit_entry set reason = '别的' where seq = 2"

    async with make.inside(place.key) as connection:
        await connection.execute(spoil)
    assert await make.audit_faults(place) == ["entry 2 has another reason than was written"]
    async with make.inside(place.key) as connection:
        await connection.execute(erase)
    assert await make.audit_faults(place) == []


def test_what_was_recorded_before_is_chained_by_the_migration(make: Make) -> None:
    url = make.cluster.url(database="before_the_chain")
    migrate(url, to="0006")
    community = """insert into tenant.community values
        (%s, %s, 310113, 310113003, %s, '旧', 'VILLAGE', 'ACTIVE', null, now(), 1)"""
    entry = "insert into tenant.audit_entry values (%s, %s, now(), 'MEMBER', %s, 'old', '', 'post.hidden', %s, %s)"
    try:
        with psycopg.connect(url) as owner:
            for number in (1, 2, 3):
                owner.execute(community, [number, uuid4(), f"{number:012}"])
            for number in range(20):
                reason = "旧理由" if number % 3 else None
                owner.execute(entry, [1 + number % 2, uuid4(), uuid4(), uuid4(), reason])

        migrate(url)

        with psycopg.Connection[DictRow].connect(url, row_factory=dict_row) as owner:
            for number, count in ((1, 10), (2, 10), (3, 0)):
                chain = Chain()
                where = f"where community_id = {number}"
                rows = owner.execute(
                    f"select * from tenant.audit_entry {where} order by seq".encode()
                )
                chain.walk(rows.fetchall())
                head = owner.execute(f"select * from tenant.audit_head {where}".encode()).fetchone()
                chain.end(head)
                assert (chain.findings, chain.seq) == ([], count)
                assert head is not None
                assert (head["district_id"], head["street_id"]) == (310113, 310113003)
            forced = """select relforcerowsecurity as f from pg_class
                         where relnamespace = 'tenant'::regnamespace
                           and relname in ('community', 'audit_entry', 'audit_head')"""
            assert [row["f"] for row in owner.execute(forced)] == [True] * 3
        command.downgrade(alembic(url), "0006")
        migrate(url)
    finally:
        with psycopg.connect(make.cluster.url(database="postgres"), autocommit=True) as owner:
            owner.execute("drop database before_the_chain with (force)")
