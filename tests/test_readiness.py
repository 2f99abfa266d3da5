"""The server and `linli migrate` while the database is stopped, recovering, read-only and back."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tenants.migrate import migrate
from tests.linli import COMMAND, Linli
from tests.overheard import ELSEWHERE
from tests.served import Served, served
from tests.settled import ENVIRONMENT, Settled, settled

WAITS = "waiting for the database: FileNotFoundError\n"


@pytest.fixture(scope="module")
def cluster_of_ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL that the server is given by LINLI_DATABASE_URL, and does not start itself."""
    made = Cluster(tmp_path_factory.mktemp("away"))
    made.start()
    migrate(made.url())
    yield made
    made.stop()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the data folder of the server."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def people(cluster_of_ours: Cluster, data: Path) -> Settled:
    """Give a community with one person."""
    return asyncio.run(settled(Settings(data=data, database_url=cluster_of_ours.url()), 1))


@pytest.fixture(scope="module")
def running(
    cluster_of_ours: Cluster, data: Path, people: Settled, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Give a running server."""
    assert people
    folder = tmp_path_factory.mktemp("served")
    with served(data, folder, cluster_of_ours.url(), workers=1, **ENVIRONMENT) as server:
        yield server


def stands(running: Served, people: Settled) -> tuple[int, int, int, int]:
    """Return the statuses of /livez, /readyz, a query and a mutation; a 503 must have its code."""
    alive, ready = (httpx.get(f"{running.url}/{path}") for path in ("livez", "readyz"))
    answers = people.reads(running.url), people.writes(running.url, "题目", "正文")
    for answer in answers:
        if answer.status_code == 503:
            (error,) = answer.json()["errors"]
            assert error["extensions"]["code"] == "TIMEOUT"
            assert answer.headers["retry-after"] == "1"
        else:
            assert "errors" not in answer.json()
    return alive.status_code, ready.status_code, answers[0].status_code, answers[1].status_code


def comes_to(running: Served, people: Settled, expected: tuple[int, ...]) -> None:
    """Wait until `stands` returns this; /readyz asks the database every half second."""
    end = time.monotonic() + 10
    while (found := stands(running, people)) != expected:
        assert time.monotonic() < end, found
        time.sleep(0.1)


def posts(cluster: Cluster) -> int:
    """Count the posts."""
    with psycopg.connect(cluster.url()) as owner:
        found = owner.execute("select count(*) from tenant.post").fetchone()
    assert found is not None
    return found[0]


def test_it_is_ready_when_the_database_reads_and_writes(
    cluster_of_ours: Cluster, running: Served, people: Settled
) -> None:
    assert stands(running, people) == (200, 200, 200, 200)
    written = posts(cluster_of_ours)
    configuration = cluster_of_ours.data / "postgresql.auto.conf"

    cluster_of_ours.stop()
    comes_to(running, people, (200, 503, 503, 503))

    # in recovery, as after a crash, until it is told to end it
    waits = cluster_of_ours.data / "standby.signal"
    waits.touch()
    configuration.write_text("hot_standby = off\n")
    cluster_of_ours.start()
    comes_to(running, people, (200, 503, 503, 503))

    # a read-only replica, as after a failover
    cluster_of_ours.stop()
    configuration.write_text("")
    cluster_of_ours.start()
    comes_to(running, people, (200, 503, 200, 503))
    assert posts(cluster_of_ours) == written

    with psycopg.connect(cluster_of_ours.url(), autocommit=True) as owner:
        owner.execute("select pg_promote()")
    comes_to(running, people, (200, 200, 200, 200))
    assert posts(cluster_of_ours) > written
    assert [line for line in running.lines() if line["message"] == "bug"] == []


def test_migrate_waits_until_the_database_answers(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    linli = Linli(tmp_path / "data", cluster.url())
    command = subprocess.Popen(
        [COMMAND, "migrate"], env=linli.environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert command.stderr is not None
    try:
        assert command.stderr.readline() == WAITS

        cluster.start()

        told, complaints = command.communicate(timeout=60)
        ELSEWHERE.append(complaints)
        assert (command.returncode, told) == (0, "migrated\n"), complaints
        linli("doctor", code=0)
    finally:
        command.kill()
        cluster.stop()
