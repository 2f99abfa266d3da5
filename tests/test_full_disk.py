"""The disk that everything lies on is full: what is written is refused for now, and nothing else breaks."""

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
# what a change leaves beside its row
TRACES: dict[str, LiteralString] = {
    "posts": "select count(*) from tenant.post",
    "terms of no post": """select count(*) from tenant.post_term t where not exists (
        select from tenant.post p where p.community_id = t.community_id and p.id = t.post_id)""",
    "entries": "select count(*) from tenant.audit_entry where action = 'post.created'",
    "keys": "select count(*) from tenant.idempotency_key",
}


@dataclass(frozen=True)
class Scene:
    """A server whose data folder is a small disk of its own."""

    running: Served
    cluster: Cluster
    people: Settled
    ballast: Path

    def fill(self) -> None:
        """Leave no room on the disk, also not what is freed at this moment."""
        with self.ballast.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(BLOCK)

    def empty(self) -> None:
        """Make room."""
        self.ballast.unlink(missing_ok=True)

    def ask(self, query: LiteralString) -> int:
        """Ask the database for a number."""
        with psycopg.connect(self.cluster.url(), autocommit=True) as owner:
            found = owner.execute(query).fetchone()
        assert found is not None
        return found[0]

    def traces(self) -> dict[str, int]:
        """What stands in the tables that a post is written to."""
        return {what: self.ask(query) for what, query in TRACES.items()}

    def is_ready(self) -> bool:
        """Whether it says that it would serve."""
        return self.running.is_ready()

    def writes(self) -> bool:
        """Whether it takes a post."""
        return self.people.writes(self.running.url, "题目", "正文").status_code == 200

    def bugs(self) -> list[object]:
        """What was taken for a fault of the server's."""
        return [line for line in self.running.lines() if line["message"] == "bug"]


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of memory, which the machine must let us have."""
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
    """Two workers, and the PostgreSQL that they look after."""
    data = disk / "data"
    Linli(data)("migrate", code=0)
    with served(data, tmp_path_factory.mktemp("served"), workers=2, **ENVIRONMENT) as running:
        people = asyncio.run(settled(Settings(data=data), 1))
        scene = Scene(running, Cluster(data), people, disk / "ballast")
        try:
            yield scene
        finally:
            scene.empty()
    assert not Cluster(data).is_running()


def until(true: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.1)


def log_on(cluster: Cluster) -> None:
    """Fill PostgreSQL's log of changes, with what changes nothing, for as long as it takes it."""
    with psycopg.connect(cluster.url(), autocommit=True) as owner:
        while True:
            owner.execute("select pg_logical_emit_message(false, 'x', repeat('x', 1000000))")


def told_to_wait(answer: httpx.Response) -> bool:
    """Whether the answer is that it cannot be now, in the words that clients repeat a change upon."""
    if answer.status_code != 503:
        return False
    (error,) = answer.json()["errors"]
    assert (error["extensions"]["code"], answer.headers["retry-after"]) == ("TIMEOUT", "1")
    return True


def test_what_needs_room_is_refused_and_the_rest_goes_on(scene: Scene) -> None:
    url, workers, chance = scene.running.url, scene.running.workers(), random.Random(16)
    assert scene.writes()
    # the log of changes has room for what is refused, the tables have none
    scene.ask("select 1 from pg_switch_wal()")
    scene.fill()
    before, acknowledged = scene.traces(), 0

    while True:
        # words that do not compress: a page of its own for each post
        body, once = "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(2400)), key()
        answer = scene.people.writes(url, "满了", body, once)
        if told_to_wait(answer):
            break
        assert answer.status_code == 200, answer.text
        acknowledged += 1
        scene.fill()
        assert acknowledged < 200, "the disk is not full"

    for _ in range(20):
        # a small one may still fit where others were; nobody is told that it is a bug
        assert scene.people.writes(url, "满了", body, once).status_code == 503
        read = scene.people.reads(url)
        assert (read.status_code, read.json()["data"]["post"]["title"]) == (200, "今天停水吗")
    assert httpx.get(f"{url}/livez").status_code == 200
    until(lambda: not scene.is_ready(), 2)
    # what is asked for the first time is counted for the first time
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

    # PostgreSQL stops at once where it cannot write down what it did
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
