"""On a full disk changes are refused with 503 until there is space again, and nothing else breaks."""

import asyncio
import os
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import httpx
import psycopg
import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.api.hostile_files import encoded, photo
from tests.linli import Linli
from tests.served import Served, served
from tests.settled import ENVIRONMENT, Settled, settled
from tests.street import key
from tests.test_demo import COUNTERS

DISK = "400m"
BLOCK = bytes(4096)
# checkpoints of the audit are written while the disk is full
OFTEN = {"LINLI_CHECKPOINT_SECONDS": "0.5"}
# the rows that a new post leaves in several tables
TRACES: dict[str, LiteralString] = {
    "posts": "select count(*) from tenant.post",
    "terms of no post": """select count(*) from tenant.post_term t where not exists (
        select from tenant.post p where p.community_id = t.community_id and p.id = t.post_id)""",
    "entries": "select count(*) from tenant.audit_entry where action = 'post.created'",
    "keys": "select count(*) from tenant.idempotency_key",
}


@dataclass(frozen=True)
class Scene:
    """It is a running server whose data folder is on a small disk."""

    running: Served
    cluster: Cluster
    people: Settled
    ballast: Path

    def fill(self) -> None:
        """Use up all free space of the disk."""
        with self.ballast.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(BLOCK)

    def empty(self) -> None:
        """Free the space again."""
        self.ballast.unlink(missing_ok=True)

    def ask(self, query: str) -> int:
        """Return the number that a query finds."""
        with psycopg.connect(self.cluster.url(), autocommit=True) as owner:
            found = owner.execute(query.encode()).fetchone()
        assert found is not None
        return found[0]

    def traces(self) -> dict[str, int]:
        """Count the rows that posts left in several tables."""
        return {what: self.ask(query) for what, query in TRACES.items()}

    def is_ready(self) -> bool:
        """Return whether /readyz says ready."""
        return self.running.is_ready()

    def writes(self) -> bool:
        """Return whether a post is accepted."""
        return self.people.writes(self.running.url, "题目", "正文").status_code == 200

    def bugs(self) -> list[object]:
        """Return the log lines of answers with status 500."""
        return [line for line in self.running.lines() if line["message"] == "bug"]


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a small disk in memory; skipped where it cannot be mounted."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a disk")
    place = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", place]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"this machine lets nobody mount a disk: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.fixture(scope="module")
def scene(disk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Give a server with two workers and the embedded PostgreSQL."""
    data = disk / "data"
    Linli(data)("migrate", code=0)
    with served(
        data, tmp_path_factory.mktemp("served"), workers=2, **ENVIRONMENT, **OFTEN
    ) as running:
        people = asyncio.run(settled(Settings(data=data), 1))
        scene = Scene(running, Cluster(data), people, disk / "ballast")
        try:
            yield scene
        finally:
            scene.empty()
    assert not Cluster(data).is_running()


def until(true: Callable[[], bool], seconds: float) -> None:
    """Wait until a condition is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def log_on(cluster: Cluster) -> None:
    """Fill PostgreSQL's write-ahead log with records that change nothing, until it fails."""
    with psycopg.connect(cluster.url(), autocommit=True) as owner:
        while True:
            owner.execute("select pg_logical_emit_message(false, 'x', repeat('x', 1000000))")


def told_to_wait(answer: httpx.Response) -> bool:
    """Return whether the answer is the 503 upon which clients repeat a change."""
    if answer.status_code != 503:
        return False
    (error,) = answer.json()["errors"]
    assert (error["extensions"]["code"], answer.headers["retry-after"]) == ("TIMEOUT", "1")
    return True


def test_what_needs_room_is_refused_and_the_rest_goes_on(scene: Scene) -> None:
    url, workers, chance = scene.running.url, scene.running.workers(), random.Random(16)
    assert scene.writes()
    # a new segment of the write-ahead log has space for refused changes; the tables have none
    scene.ask("select 1 from pg_switch_wal()")
    scene.fill()
    before, acknowledged = scene.traces(), 0

    while True:
        # text that does not compress, so that each post needs new pages
        body, once = "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(2400)), key()
        answer = scene.people.writes(url, "满了", body, once)
        if told_to_wait(answer):
            break
        assert answer.status_code == 200, answer.text
        acknowledged += 1
        scene.fill()
        assert acknowledged < 200, "the disk is not full"

    for _ in range(20):
        # the same again and again, while reading goes on
        assert scene.people.writes(url, "满了", body, once).status_code == 503
        read = scene.people.reads(url)
        assert (read.status_code, read.json()["data"]["post"]["title"]) == (200, "今天停水吗")
    assert httpx.get(f"{url}/livez").status_code == 200
    until(lambda: not scene.is_ready(), 2)
    # the first request of each kind needs space for its counters
    for way in ("refresh", "switch", "logout", "join", "accept", "forget"):
        assert httpx.post(f"{url}/auth/{way}", json={"refresh_token": "x" * 40}).status_code < 500
    sent = {"file": ("p.jpg", encoded(photo((1200, 900))), "image/jpeg")}
    bearer = {"authorization": f"Bearer {scene.people.tokens[0]}"}
    assert told_to_wait(httpx.post(f"{url}/uploads", files=sent, headers=bearer, timeout=15))
    grown = {
        **before,
        **{what: before[what] + acknowledged for what in ("posts", "entries", "keys")},
    }
    assert scene.traces() == grown

    scene.empty()

    until(scene.is_ready, 5)
    again = [scene.people.writes(url, "满了", body, once) for _ in range(2)]
    assert again[0].status_code == 200
    assert again[0].json()["data"] == again[1].json()["data"]
    assert scene.traces()["posts"] == grown["posts"] + 1
    assert {what: scene.ask(query) for what, query in COUNTERS.items()} == dict.fromkeys(
        COUNTERS, 0
    )
    assert scene.bugs() == []
    assert scene.running.workers() == workers, "none died of it"


def test_a_log_without_room_stops_the_database_until_there_is_some(scene: Scene) -> None:
    url, workers = scene.running.url, scene.running.workers()
    written = scene.traces()
    scene.fill()

    # PostgreSQL stops when it cannot write its log
    with pytest.raises(psycopg.OperationalError):
        log_on(scene.cluster)

    for _ in range(20):
        scene.fill()
        assert told_to_wait(scene.people.reads(url))
        assert told_to_wait(scene.people.writes(url, "题目", "正文"))
        time.sleep(0.1)
    assert httpx.get(f"{url}/livez").status_code == 200
    assert not scene.is_ready()

    scene.empty()

    until(scene.is_ready, 30)
    assert scene.traces() == written
    assert scene.writes()
    assert scene.bugs() == []
    assert scene.running.workers() == workers
    verified = Linli(scene.cluster.data.parent)("audit", "verify", code=0)
    assert "Every chain is whole, and every checkpoint is met." in verified.out
