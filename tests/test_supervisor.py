"""The PostgreSQL in the data folder runs exactly as long as any process uses it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tenants.embedded import Cluster
from tenants.supervisor import Supervisor

ROOT = Path(__file__).parents[1]
# A process that uses it until it reads a line.
USER = """
import sys
from pathlib import Path
from tenants.embedded import Cluster
from tenants.supervisor import Supervisor
with Supervisor(Cluster(Path(sys.argv[1]))):
    print("using it", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Give a folder for a cluster, which is stopped when the test ends."""
    folder = tmp_path / "data"
    yield folder
    Cluster(folder).stop()


def user(place: Path) -> subprocess.Popen[str]:
    """Start a process that uses it, and wait until it does."""
    started = subprocess.Popen(
        [sys.executable, "-c", USER, str(place)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert started.stdout is not None
    assert started.stdout.readline() == "using it\n"
    return started


def leave(process: subprocess.Popen[str]) -> None:
    """End the process, and wait until it has ended."""
    process.communicate("\n", timeout=30)
    assert process.returncode == 0


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until this is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.02)


def answers(cluster: Cluster) -> bool:
    """Return whether it answers."""
    try:
        with psycopg.connect(cluster.url(database="postgres")) as connection:
            return connection.execute("select 1").fetchall() == [(1,)]
    except psycopg.OperationalError:
        return False


def test_whoever_leaves_last_stops_it(place: Path) -> None:
    cluster = Cluster(place)
    command = user(place)
    first = cluster.postmaster()
    server = user(place)

    leave(command)  # it started PostgreSQL, which the server still needs

    assert cluster.postmaster() == first
    assert answers(cluster)
    leave(user(place))
    assert cluster.postmaster() == first
    leave(server)
    assert not cluster.is_running()


def test_a_killed_one_is_started_again_by_whoever_uses_it(place: Path) -> None:
    cluster = Cluster(place)
    with Supervisor(cluster):
        killed = cluster.postmaster()
        assert killed is not None
        with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as connection:
            connection.execute("create table promise as select 7 as number")

        os.kill(killed, signal.SIGKILL)

        until(lambda: cluster.postmaster() not in {killed, None} and answers(cluster))
        with psycopg.connect(cluster.url(database="postgres")) as connection:
            assert connection.execute("select number from promise").fetchall() == [(7,)]
        leave(user(place))
        assert answers(cluster)
    assert not cluster.is_running()


def test_what_a_killed_process_left_running_is_stopped_by_the_next(place: Path) -> None:
    cluster = Cluster(place)
    killed = user(place)
    killed.kill()
    killed.communicate()
    left = cluster.postmaster()
    assert answers(cluster)

    following = user(place)
    assert cluster.postmaster() == left
    leave(following)

    assert not cluster.is_running()


def test_what_another_program_started_is_left_running(place: Path) -> None:
    cluster = Cluster(place)
    cluster.start()

    with Supervisor(cluster):
        assert answers(cluster)

    assert answers(cluster)


def test_one_that_cannot_start_says_so_and_leaves_nothing_behind(place: Path) -> None:
    cluster = Cluster(place)
    cluster.start()
    cluster.stop()
    configuration = cluster.data / "postgresql.conf"
    kept = configuration.read_text()
    configuration.write_text(f"{kept}\nshared_buffers = nonsense\n")

    with pytest.raises(RuntimeError, match="nonsense"), Supervisor(cluster):
        pytest.fail("it started")

    configuration.write_text(kept)
    leave(user(place))
    assert not cluster.is_running()
