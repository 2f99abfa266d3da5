"""Tampering with the audit is detected: by the chain, or by the checkpoints in the files."""

import asyncio
import json
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from api.administration import bring_in, read_communities
from api.app import create_app
from api.keys import Keys
from api.settings import Settings
from bench.audit_verify import fill
from tenants import audit
from tenants.audit.chain import BEGINNING, chained
from tenants.audit.checkpoints import Checkpoints, files
from tenants.audit.verify import Chain, read
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.migrate import migrate
from tenants.scopes import Role, scopes_of
from tenants.transaction import Client
from tenants.viewer import Principal, Viewer, system
from tests.conftest import COMMUNITIES
from tests.linli import Linli
from tests.tenants.archive import CHAINS, DISTRICT, PLACES, Archive, found_in
from tests.tenants.tampering import tampered

# reading 100,000 entries from the database and holding them against the checkpoints, beside hashing them
MOST_TIMES = 12


@pytest.fixture(scope="module")
async def untouched(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Path]:
    """Give three communities with thirty entries each, and three checkpoints between them. Yields
    their folder.
    """
    folder = tmp_path_factory.mktemp("archive")
    url = cluster.url(database="archive")
    await asyncio.to_thread(migrate, url)
    async with _opened(url, folder) as made:
        listed = read_communities(COMMUNITIES)[: len(PLACES)]
        await bring_in(made.database, listed, lambda _: None)
        for round_ in range(3):
            for place in CHAINS:
                await made.record(place, *(f"理由{n}" if n % 2 else None for n in range(6)))
                for _ in range(4 - (round_ == 0)):
                    await made.record(place, "一条")
            await made.checkpoints().write()
    yield folder
    await _run_as_admin(cluster, "drop database archive with (force)")


@pytest.fixture
async def archive(cluster: Cluster, untouched: Path, tmp_path: Path) -> AsyncGenerator[Archive]:
    """Give a copy of it, to meddle with."""
    shutil.copytree(untouched, tmp_path, dirs_exist_ok=True)
    await _run_as_admin(cluster, "create database meddled template archive")
    async with _opened(cluster.url(database="meddled"), tmp_path) as made:
        yield made
    await _run_as_admin(cluster, "drop database meddled with (force)")


async def _run_as_admin(cluster: Cluster, text: str) -> None:
    admin = await asyncpg.connect(cluster.url(database="postgres"))
    await admin.execute(text)
    await admin.close()


@asynccontextmanager
async def _opened(url: str, folder: Path) -> AsyncGenerator[Archive]:
    settings = Settings(data=folder, database_url=url, pool_size=2)
    database = await Database.connect(settings.role_urls(), DOMAINS, size=4, statements=100)
    owner = await asyncpg.connect(url)
    yield Archive(settings, database, owner)
    await database.close()
    await owner.close()


async def test_an_audit_that_nobody_touched_is_whole(archive: Archive) -> None:
    verified = await archive.verify()

    assert list(verified) == []
    assert (verified.entries, verified.checkpoint_count) == (119, 3)
    assert (len(verified.communities), len(verified.districts)) == (3, 1)


@pytest.mark.parametrize("place", [2, DISTRICT])
async def test_a_thousand_ways_to_meddle_are_all_found(archive: Archive, place: int) -> None:
    trail, chance = await archive.trail(place), random.Random(20260501)
    notes = read(archive.settings.checkpoints, archive.keys.verifies)
    noted, ways = notes.communities[place], Counter[str]()

    for number in range(1000):
        what, changed = tampered(trail, chance, by_owner=number % 2 == 0)
        chain = Chain(noted)
        chain.walk(changed.entries)
        chain.end(changed.head)
        assert chain.findings, (number, what)
        ways[what] += 1

    assert len(ways) == (18 if place == DISTRICT else 20)
    untouched = Chain(noted)
    untouched.walk(trail.entries)
    untouched.end(trail.head)
    assert untouched.findings == []


async def test_what_is_really_done_in_the_database_is_found(archive: Archive) -> None:
    chance = random.Random(7)
    for number in range(60):
        trail = await archive.trail(place := chance.choice(CHAINS))
        what, changed = tampered(trail, chance, by_owner=number % 2 == 0)
        await archive.put(changed)
        verified = found_in(await archive.verify())
        assert verified[place], (number, what)
        assert {p for p, found in verified.items() if found} == {place}
        await archive.put(trail)
    assert list(await archive.verify()) == []


async def test_without_the_files_an_owner_would_not_be_found(archive: Archive) -> None:
    """Without the checkpoints, the owner's changes would not be found: this tests the tests."""
    _, changed = tampered(await archive.trail(1), random.Random(1), by_owner=True)
    chain = Chain()
    chain.walk(changed.entries)
    chain.end(changed.head)
    assert chain.findings == []


Spoil = Callable[[list[str]], list[str]]


def _with_another_head(lines: list[str]) -> list[str]:
    kept = json.loads(lines[1])
    body = json.loads(kept["body"])
    body["heads"]["1"][1] = "00" * 32
    kept["body"] = json.dumps(body, separators=(",", ":"), sort_keys=True)
    return [lines[0], json.dumps(kept), lines[2]]


SPOILT: dict[str, tuple[Spoil, str]] = {
    "the first gone": (lambda lines: lines[1:], "checkpoint 2 comes after checkpoint 0"),
    "the second gone": (lambda lines: [lines[0], lines[2]], "checkpoint 3 comes after checkpoint 1"),
    "the last gone": (lambda lines: lines[:2], ""),
    "a head changed": (_with_another_head, "checkpoint 2 is not signed by a key of ours"),
    "not JSON": (lambda lines: [lines[0], "?", lines[2]], "the line after checkpoint 1 cannot be read"),
    "doubled": (lambda lines: [*lines, lines[2]], "checkpoint 3 comes after checkpoint 3"),
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILT)
async def test_files_that_were_spoilt_are_found(archive: Archive, how: str) -> None:
    await archive.owner.execute(
        "update reference.audit_checkpoint set at = at - interval '1 minute'"
    )
    (path,) = files(archive.settings.checkpoints)
    spoil, said = SPOILT[how]
    path.write_text("\n".join(spoil(path.read_text().splitlines())) + "\n")

    found = (await archive.verify()).checkpoints

    assert said in found or not said
    assert found


async def test_a_checkpoint_of_another_key_is_found(archive: Archive, tmp_path: Path) -> None:
    stranger = Keys(tmp_path / "strangers")
    await archive.record(1, None)
    await Checkpoints(archive.database, archive.settings.checkpoints, stranger.signing, 60).write()

    found = await archive.verify()

    assert found.checkpoints == ["checkpoint 4 is not signed by a key of ours"]


async def test_an_entry_kept_out_of_the_checkpoints_is_found(archive: Archive) -> None:
    """Otherwise an owner could make a head look old, and rewrite later entries at any time."""
    await archive.record(1, None, ago=300)
    await archive.owner.execute("update tenant.audit_head set changed_at = '2000-01-01'")
    await archive.record(2, None)
    await archive.checkpoints().write()

    found = await archive.verify()

    assert list(found) == [
        "checkpoint 4 saw heads that it does not list",
        "entry 31 is older than the last checkpoint, and in none",
    ]


async def test_checkpoints_cannot_be_put_off_by_a_date(archive: Archive) -> None:
    """Otherwise an owner could date the last one far ahead, and no checkpoint would be due."""
    await archive.owner.execute("update reference.audit_checkpoint set at = '2100-01-01'")
    await archive.record(1, None)
    await archive.checkpoints().write(every=0)
    before = await archive.trail(1)
    assert list(await archive.verify()) == [
        f"checkpoint {number} has another time than was signed" for number in (1, 2, 3)
    ]

    await archive.owner.execute("delete from tenant.audit_entry where seq = $1 and community_id = 1",
                                before.head["seq"])  # fmt: skip
    assert (await archive.verify()).communities[1] != []


async def test_a_checkpoint_dated_ahead_is_held_against_the_files_too(archive: Archive) -> None:
    await archive.owner.execute(
        "update reference.audit_checkpoint set at = '2100-01-01', body = '{}' where number = 2"
    )

    found = (await archive.verify()).checkpoints

    assert found == ["checkpoint 2 is not in the files as in the database"]


async def test_a_head_that_looks_old_is_missed_by_the_next_checkpoint(archive: Archive) -> None:
    """Every head is part of the signed hash, whatever its changed_at says."""
    trail = await archive.trail(2)
    await archive.record(2, None)
    await archive.owner.execute("update tenant.audit_head set changed_at = '2000-01-01'")
    await archive.checkpoints().write()
    await archive.put(trail)  # restore the chain as it was

    assert "checkpoint 4 saw heads that it does not list" in list(await archive.verify())


async def test_what_people_did_waits_ten_minutes_for_a_checkpoint_at_most(
    archive: Archive,
) -> None:
    client, now = Client("tests", ""), datetime.now(UTC)
    async with archive.database.act(_somebody(), client, now, 1) as tx:
        await audit.record(tx, "content.hidden", subject=uuid4())
    assert list(await archive.verify()) == [], "it is young"
    archive.database.clock = lambda: now + timedelta(minutes=11)
    (found,) = list(await archive.verify())
    assert "has waited over ten minutes for a checkpoint" in found
    await archive.checkpoints().write()
    assert list(await archive.verify()) == []


def _somebody() -> Viewer:
    roles = frozenset({Role.RESIDENT})
    return Viewer(
        Principal.COMMUNITY, uuid4(), roles, scopes_of(roles), 1, "tests", "",
        datetime.max.replace(tzinfo=UTC), community_id=1,
    )  # fmt: skip


@pytest.mark.once
async def test_a_long_audit_takes_little_more_than_hashing_it_anew(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    for place in PLACES:
        await fill(archive.owner, place, 100_000 // len(PLACES) + 1)
    await archive.checkpoints().write()
    rows = await archive.owner.fetch("select * from tenant.audit_entry order by seq")
    entries = [dict(row) for row in rows]

    began = time.perf_counter()
    chained(entries, 0, BEGINNING)
    hashed = time.perf_counter()
    verified = await archive.verify()
    hashing, verifying = hashed - began, time.perf_counter() - hashed

    with capsys.disabled():
        sys.stdout.write(f"\nhashed in {hashing:.2f} s, verified in {verifying:.2f} s\n")
    assert list(verified) == []
    assert verified.entries >= 100_000
    assert verifying < MOST_TIMES * hashing, f"{hashing:.1f} s, {verifying:.1f} s"


async def test_workers_at_once_write_one_checkpoint(archive: Archive) -> None:
    for number in range(4, 9):
        await archive.record(1, None)
        await asyncio.gather(*(archive.checkpoints().write() for _ in range(6)))

        rows = await archive.owner.fetchval("select count(*) from reference.audit_checkpoint")
        (path,) = files(archive.settings.checkpoints)
        assert rows == len(path.read_text().splitlines()) == number
    assert list(await archive.verify()) == []


async def test_a_checkpoint_has_what_changed_and_is_not_written_of_nothing(
    archive: Archive,
) -> None:
    checkpoints = archive.checkpoints()
    assert await checkpoints.write() == 0
    await archive.record(3, None)
    await checkpoints.write()
    await archive.record(3, None)
    assert 59 < await checkpoints.write(every=60) <= 60, "the last is not a minute old"

    bodies = await archive.owner.fetch(
        "select body from reference.audit_checkpoint order by number"
    )
    heads = [sorted(json.loads(row["body"])["heads"]) for row in bodies]
    assert heads == [[str(DISTRICT), "1", "2", "3"]] * 3 + [["3"]]


async def test_a_line_that_a_crash_tore_is_written_again(archive: Archive) -> None:
    (path,) = files(archive.settings.checkpoints)
    path.write_bytes(path.read_bytes()[:-40])

    await archive.checkpoints().write()

    assert list(await archive.verify()) == []
    assert len(path.read_text().splitlines()) == 3


async def test_a_server_writes_them_until_it_stops(archive: Archive) -> None:
    chosen = Settings(
        data=archive.settings.data,
        database_url=archive.settings.database_url,
        pool_size=1,
        checkpoint_seconds=0.2,
    )
    application = create_app(chosen)

    async def count() -> Any:
        return await archive.owner.fetchval("select count(*) from reference.audit_checkpoint")

    async with application.router.lifespan_context(application):
        await archive.record(1, None)
        while await count() == 3:  # noqa: ASYNC110 # the database does not notify
            await asyncio.sleep(0.05)
        await archive.record(2, None)
    head = (await archive.trail(2)).head
    notes = read(chosen.checkpoints, archive.keys.verifies)
    assert max(notes.communities[2]) == head["seq"]
    assert list(await archive.verify()) == []


async def test_a_checkpoint_that_fails_is_told_and_tried_again(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Any:
        raise OSError("no key")

    await archive.record(1, None)
    checkpoints = Checkpoints(archive.database, archive.settings.checkpoints, broken, 0.05)
    async with checkpoints.kept():
        await asyncio.sleep(0.3)

    assert [record.message for record in caplog.records].count("no checkpoint of the audit") > 2


async def test_a_district_whose_chain_is_gone_is_found(archive: Archive) -> None:
    """A district's head is written with its first entry, and the signed checkpoint includes it."""
    await archive.owner.execute("delete from district.audit_entry")
    await archive.owner.execute("delete from district.audit_head")
    found = (await archive.verify()).districts[-DISTRICT]
    assert found[0] == "it has no head"
    assert found[1:] == [
        f"checkpoint {n} saw an entry {n * 10 - 1}: it is not here" for n in (1, 2, 3)
    ]


async def test_acts_above_at_once_are_one_chain(archive: Archive) -> None:
    await archive.owner.execute("delete from district.audit_entry")
    await archive.owner.execute("delete from district.audit_head")
    await asyncio.gather(*(archive.record(DISTRICT, None, "理由") for _ in range(20)))
    trail = await archive.trail(DISTRICT)
    assert [entry["seq"] for entry in trail.entries] == list(range(1, 41))
    chain = Chain()
    chain.walk(trail.entries)
    chain.end(trail.head)
    assert chain.findings == []


async def test_an_officers_reasons_are_erased_and_the_chain_holds(archive: Archive) -> None:
    somebody = (await archive.trail(DISTRICT)).entries[1]
    assert somebody["reason"]
    async with archive.database.command(system(310113)) as tx:
        await audit.forget_reasons_above(tx, somebody["subject_id"])
    assert (await archive.trail(DISTRICT)).entries[1]["reason"] is None
    assert list(await archive.verify()) == []


@pytest.mark.once
async def test_the_command_says_it_in_plain_words(archive: Archive) -> None:
    linli = Linli(archive.settings.data, archive.settings.database_url)
    whole = await asyncio.to_thread(linli, "audit", "verify", code=0)
    lines = whole.out.splitlines()
    assert lines[0] == "3 communities, 1 districts, 119 entries, 3 checkpoints"
    assert lines[-1] == "Every chain is whole, and every checkpoint is met."
    assert "protected by their chain only" in lines[1]

    await archive.owner.execute(
        "update tenant.audit_entry set client_id = 'x' where community_id = 2 and seq = 5"
    )
    spoilt = await asyncio.to_thread(linli, "audit", "verify", code=1)
    code = read_communities(COMMUNITIES)[1]["code"]
    assert f"community 2 ({code}): entry 5 is not as it was written" in spoilt.out.splitlines()
    assert "Every chain is whole" not in spoilt.out
