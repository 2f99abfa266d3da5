"""Kills under load of workers, backends, PostgreSQL: no acknowledged write is lost or doubled.

The ordinary suite kills a few; LINLI_PROVE=1 kills fifty.
"""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx
import psutil
import psycopg
import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.linli import Linli
from tests.proofs import Proves, whole
from tests.served import Served, served
from tests.settled import CREATE, ENVIRONMENT, Settled, settled
from tests.street import key
from tests.test_demo import COUNTERS

KILLS = whole(4, 50)
KINDS = ("worker", "backend", "postmaster")
WRITERS = 12
BACK_SECONDS = 10
COMMENT = """mutation ($input: AddCommentInput!) {
  made: addComment(input: $input) { made: comment { id } userErrors { code } } }"""


@dataclass
class Ledger:
    """The acknowledged writes, flushed to disk before the next request, and all statuses."""

    file: IO[str]
    written: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    last: dict[int, float] = field(default_factory=dict)

    def acknowledged(self, writer: int, title: str, id: str) -> None:
        """Record an acknowledged write."""
        self.file.write(f"{title} {id}\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        self.written[title] = id
        self.last[writer] = time.monotonic()


@dataclass(frozen=True)
class Scene:
    """It is a server with its own embedded PostgreSQL, and the writers."""

    running: Served
    cluster: Cluster
    settled: Settled


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Give a server with two workers, and one community."""
    folder = tmp_path_factory.mktemp("kills")
    data = folder / "data"
    linli = Linli(data)
    linli("migrate", code=0)
    with served(data, folder, workers=2, **ENVIRONMENT) as running:
        # a command beside the server must not stop PostgreSQL when it ends
        linli("doctor", code=0)
        people = asyncio.run(settled(Settings(data=data), WRITERS))
        yield Scene(running, Cluster(data), people)
        assert running.stop() in {0, -signal.SIGTERM, 128 + signal.SIGTERM}
    assert not Cluster(data).is_running()


@pytest.mark.proof
async def test_no_acknowledged_write_is_lost_or_doubled(
    scene: Scene, tmp_path: Path, proves: Proves
) -> None:
    chance = random.Random(16)
    # each kind at least once, then at random
    kinds = [*KINDS, *(chance.choice(KINDS) for _ in range(KILLS - len(KINDS)))]
    over = asyncio.Event()
    back: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with (tmp_path / "ledger").open("w") as file:
        ledger = Ledger(file)
        async with asyncio.TaskGroup() as group:
            for number in range(WRITERS):
                group.create_task(write_on(scene, ledger, number, over))
            await all_wrote(ledger, time.monotonic())
            for kind in kinds:
                await asyncio.sleep(chance.uniform(0.1, 0.5))
                victim = kill(scene, kind, chance)
                killed = time.monotonic()
                await all_wrote(ledger, killed)
                back[kind].append(time.monotonic() - killed)
                await whole_again(scene, victim)
            over.set()

    assert [line for line in scene.running.lines() if line["message"] == "bug"] == []
    assert max(each for kind in back.values() for each in kind) < BACK_SECONDS
    # a killed worker gives no answer (status 0)
    assert set(ledger.statuses) <= {0, 200, 503}
    held_to(scene, ledger)
    times = ", ".join(
        f"{len(each)} of a {kind} (all write again after {max(each):.1f} s at most)"
        for kind, each in back.items()
    )
    proves(
        f"{KILLS} kills: {times}; {len(ledger.written)} acknowledged writes, none lost or doubled; "
        f"answers by status {dict(ledger.statuses)}"
    )


async def write_on(scene: Scene, ledger: Ledger, number: int, over: asyncio.Event) -> None:
    """Write again and again; retry each write with its idempotency key until it is answered."""
    headers = {"authorization": f"Bearer {scene.settled.tokens[number]}"}
    async with httpx.AsyncClient(base_url=scene.running.url, headers=headers, timeout=15) as client:
        count = 0
        while not over.is_set():
            count += 1
            title = f"{number}-{count}"
            given = {"body": title, "idempotencyKey": key()}
            if count % 2:
                query, given = (
                    CREATE,
                    {**given, "boardId": scene.settled.place.board(), "title": title},
                )
            else:
                query, given = COMMENT, {**given, "postId": scene.settled.post}
            body = {"query": query, "variables": {"input": given}}
            while (made := await asked(client, body, ledger)) is None:  # noqa: ASYNC110 # it sends a request
                await asyncio.sleep(0.05)
            ledger.acknowledged(number, title, made)


async def asked(client: httpx.AsyncClient, body: object, ledger: Ledger) -> str | None:
    """Send once; return the id of what was created, or None to retry."""
    try:
        answer = await client.post("/graphql", json=body)
    except httpx.TransportError:
        ledger.statuses[0] += 1
        return None
    ledger.statuses[answer.status_code] += 1
    if answer.status_code == 503:
        assert answer.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"
        assert answer.headers["retry-after"] == "1"
    if answer.status_code != 200:
        return None
    return answer.json()["data"]["made"]["made"]["id"]


def kill(scene: Scene, kind: str, chance: random.Random) -> int:
    """Kill one process of this kind, as a failing machine would; return its id."""
    postmaster = scene.cluster.postmaster()
    assert postmaster is not None
    victims = {
        "worker": scene.running.workers,
        "postmaster": lambda: [postmaster],
        "backend": lambda: [
            child.pid
            for child in psutil.Process(postmaster).children()
            if "linli_app" in " ".join(child.cmdline())
        ],
    }
    victim = chance.choice(victims[kind]())
    os.kill(victim, signal.SIGKILL)
    return victim


async def all_wrote(ledger: Ledger, since: float) -> None:
    """Wait until every writer has had an acknowledgement since then."""
    while sum(at > since for at in ledger.last.values()) < WRITERS:
        assert time.monotonic() < since + 60, "it did not come back"
        await asyncio.sleep(0.02)


async def whole_again(scene: Scene, victim: int) -> None:
    """Wait until both workers serve, and the killed process is replaced."""
    end = time.monotonic() + 60
    while True:
        workers = set(scene.running.workers()) - {victim}
        if len(workers) == 2 and workers <= scene.running.started():
            return
        assert time.monotonic() < end, scene.running.printed()[-3000:]
        await asyncio.sleep(0.1)


def held_to(scene: Scene, ledger: Ledger) -> None:
    """Assert that every write of the ledger is stored once, and that every counter is right."""
    community = scene.settled.place.key
    with psycopg.connect(scene.cluster.url(), autocommit=True) as owner:
        kept = owner.execute(
            "select title from tenant.post where community_id = %s and title ~ '^[0-9]+-[0-9]+$' "
            "union all select body from tenant.comment where community_id = %s",
            (community, community),
        ).fetchall()
        found = Counter(title for (title,) in kept)
        wrong = {what: owner.execute(query.encode()).fetchone() for what, query in COUNTERS.items()}
    assert [title for title in ledger.written if title not in found] == []
    assert [title for title, times in found.items() if times > 1] == []
    # every stored write was acknowledged, since each writer retried until it was answered
    assert set(found) == set(ledger.written)
    assert set(wrong.values()) == {(0,)}, wrong
