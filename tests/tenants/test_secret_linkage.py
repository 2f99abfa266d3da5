"""A database owner who reads everything tries to link voters to choices: rows, xmin, xmax, ctid, commit
times, the statement log with its parameters, and the WAL.

The usual designs are broken by the same adversary first: otherwise it would prove nothing. A list in
an order that knows nothing of the voters puts one voter of any number at their own ballot by chance;
that the best of twenty such orders does so for more than MOST has a probability of 2 in 100,000.
"""

import hmac
import json
import re
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tenants.migrate import migrate
from tenants.votes import sealing
from tenants.votes.secret.opening import KeyPair
from tests.clockwork import House
from tests.proofs import Proves, whole
from tests.tenants.secret_hall import DAY, NOON, Neighbours, secret_hall
from tests.votes.device import Device

VOTERS, OPTIONS, MOST = whole(60, 1000), 3, 8
_CONFIGURED = """
log_statement = all
log_parameter_max_length = -1
log_min_error_statement = panic
track_commit_timestamp = on
wal_keep_size = 2GB
"""
pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Give a PostgreSQL of this file's own that writes down everything, and keeps its WAL."""
    made = Cluster(tmp_path_factory.mktemp("watched"))
    made.start()
    made.stop()
    with (made.data / "postgresql.conf").open("a") as file:
        file.write(_CONFIGURED)
    made.start()
    migrate(made.url())
    yield made
    made.stop()


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, watched: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server on it."""
    folder = tmp_path_factory.mktemp("linkage")
    async with secret_hall(settings, watched, folder, "secret_linkage") as opened:
        yield opened


@dataclass(frozen=True)
class Adversary:
    """It is the owner of the database."""

    cluster: Cluster
    connection: asyncpg.Connection

    async def segment(self) -> str:
        """Begin a new segment of the WAL; return its name."""
        await self.connection.execute("select pg_switch_wal()")
        named = "select pg_walfile_name(pg_current_wal_lsn() + 1)"
        return str(await self.connection.fetchval(named))

    async def written(self, first: str) -> bytes:
        """Return the WAL from this segment on."""
        last = await self.segment()
        folder = self.cluster.data / "pg_wal"
        wal = sorted(path.name for path in folder.iterdir() if path.is_file())
        return b"".join((folder / name).read_bytes() for name in wal if first <= name < last)

    def log(self) -> str:
        """Return the statement log."""
        return (self.cluster.data / "log").read_text(errors="replace")


@asynccontextmanager
async def adversary(cluster: Cluster, database: str) -> AsyncGenerator[Adversary]:
    """Connect as the owner of the database."""
    connection = await asyncpg.connect(cluster.url(database=database))
    try:
        yield Adversary(cluster, connection)
    finally:
        await connection.close()


async def test_usual_designs_are_broken_by_it(watched: Cluster) -> None:
    chance = Random(1)
    truth = {uuid4(): chance.randrange(OPTIONS) for _ in range(60)}
    async with adversary(watched, "postgres") as owner:
        run = owner.connection
        await run.execute(
            "create table member (id uuid primary key); create table roll (voter uuid);"
            "create table ballot (choice int); create table keyed (key bytea, choice int);"
            "create table idem (actor uuid, hash bytea); create table plain (voter uuid, choice int)"
        )
        secret, first = b"not in the database", await owner.segment()
        for voter, choice in truth.items():
            await run.execute("insert into member values ($1)", voter)
            async with run.transaction():
                await run.execute("select 1 from member where id = $1 for share", voter)
                await run.execute("insert into roll values ($1)", voter)
                await run.execute("insert into ballot values ($1)", choice)
            async with run.transaction():
                await run.execute("select 1 from member where id = $1 for share", voter)
                name = hmac.digest(secret, voter.bytes, "sha256")
                await run.execute("insert into keyed values ($1, $2)", name, choice)
            named = sha256(json.dumps(["castBallot", choice]).encode()).digest()
            await run.execute("insert into idem values ($1, $2)", voter, named)
            await run.execute("insert into plain values ($1, $2)", voter, choice)
        # counted, and then shuffled and emptied
        await run.execute("truncate plain")
        same = await run.fetch("select voter, choice from roll r, ballot b where r.xmin = b.xmin")
        locked = await run.fetch("select id, choice from member m, keyed k where m.xmax = k.xmin")
        hashes = {
            sha256(json.dumps(["castBallot", choice]).encode()).digest(): choice
            for choice in range(OPTIONS)
        }
        inputs = {
            row["actor"]: hashes[row["hash"]] for row in await run.fetch("select * from idem")
        }
        log, wal = owner.log(), await owner.written(first)
    assert dict(map(tuple, same)) == truth, "one transaction: xmin"
    assert dict(map(tuple, locked)) == truth, "no roll, but the member's row was locked: xmax"
    assert inputs == truth, "the idempotency key keeps a hash of the choice"
    said = re.findall(r"\$1 = '([0-9a-f-]{36})', \$2 = '(\d)'", log)
    logged = {UUID(voter): int(choice) for voter, choice in said}
    # the log has what other tests wrote, too
    assert {voter: logged.get(voter) for voter in truth} == truth, "the statement log"
    assert all(voter.bytes + choice.to_bytes(4, "little") in wal for voter, choice in truth.items())


_EVERYTHING = """
select e.*, e.ctid::text as place, e.xmin::text::bigint as made, m.xmax::text::bigint as locked,
       k.created_at as keyed_at, pg_xact_commit_timestamp(e.xmin) as committed
  from tenant.vote_envelope e join tenant.member m on m.id = e.voter_id
  join tenant.idempotency_key k on k.actor_id = e.voter_id and k.action = 'castBallot'
 where k.xmin::text = e.xmin::text"""
Order = Callable[[Any], Any]


def _place(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.strip("()").split(",")))


@pytest.mark.proof
async def test_no_order_leads_from_a_voter_to_their_ballot(
    hall: House, watched: Cluster, tmp_path: Path, proves: Proves
) -> None:
    chance = Random(2)
    async with adversary(watched, "secret_linkage") as owner:
        here = await Neighbours(hall, tmp_path).settle(VOTERS)
        vote = await here.opened()
        segment, begun = await owner.segment(), len(owner.log())
        devices: dict[UUID, Device] = {}
        for who in chance.sample(here.people, VOTERS):
            marks = [0, 0, 0]
            marks[chance.randrange(OPTIONS)] = 1
            devices[who.person.id] = await here.voted(who, vote, *marks)
        # live: everything that was written, and nothing that tells
        log = owner.log()[begun:]
        before = log.encode(errors="replace") + await owner.written(segment)
        rows = await owner.connection.fetch(_EVERYTHING)
        assert len(rows) == VOTERS
        numbers = {who: sealing.number(device.seed) for who, device in devices.items()}
        for who, number in numbers.items():
            for told in (
                number,
                number.hex().encode(),
                devices[who].seed,
                devices[who].seed.hex().encode(),
            ):
                assert told not in before
        blocks = [row["sealed"][at : at + 32] for row in rows for at in range(0, 480, 32)]
        assert len({*blocks}) == 15 * VOTERS, "no block of an envelope occurs twice"
        assert "vote_envelope" in log
        for label in ("东门", "西门", "不装"):
            assert label.encode() not in before, "no cast names an option"
        first, second = (next((here.folder / str(place)).glob("*.key")) for place in (1, 2))
        keys = [json.loads(path.read_text())["seed"] for path in (first, second)]
        await hall.sweep(NOON + DAY)
        await here.count()
        file = await here.file(vote)
        listed = [bytes.fromhex(each[:16]) for each in file["ballots"]]
        assert sorted(listed) == sorted(numbers.values())
        one, both = _inside(rows, keys[:1]), _inside(rows, keys)
        orders: dict[str, Order] = {
            "the voter's id": lambda row: row["voter_id"].bytes,
            "the time of the cast": lambda row: row["cast_at"],
            "the time of the commit": lambda row: row["committed"],
            "the place of the row": lambda row: _place(row["place"]),
            "the transaction": lambda row: row["made"],
            "the lock on the member": lambda row: row["locked"],
            "the idempotency key": lambda row: (row["keyed_at"], row["made"]),
            "the hash": lambda row: row["hash"],
            "the sealed bytes": lambda row: row["sealed"],
            "the place in the log": lambda row: log.find(row["hash"].hex()),
            "one scrutineer's key": lambda row: one[row["voter_id"]],
        }
        linked = {
            name: max(
                sum(
                    numbers[row["voter_id"]] == number
                    for row, number in zip(sorted(rows, key=order)[::way], listed, strict=True)
                )
                for way in (1, -1)
            )
            for name, order in orders.items()
        }
        assert max(linked.values()) <= MOST, linked
        # as the documents say: the database and two scrutineers together know everything
        assert {who: plain[8:16] for who, plain in both.items()} == numbers
    proves(
        f"{VOTERS} voters: the best of {2 * len(orders)} orders, one scrutineer's key among them, "
        f"puts {max(linked.values())} at their own ballot; the database and two keys all"
    )


def _inside(rows: list[Any], seeds: list[str]) -> dict[UUID, bytes]:
    """Open the onions of the first two scrutineers with one key, or with both."""
    found: dict[UUID, bytes] = {}
    for row in rows:
        box = sealing.onion(row["sealed"], (1, 2))
        for seed in seeds:
            pair = KeyPair(bytes.fromhex(seed))
            (box,) = sealing.opened([box], pair.seal_key, pair.sealing).items
        found[row["voter_id"]] = box
    return found
