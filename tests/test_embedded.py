"""The PostgreSQL in the data folder starts in any folder, and after every kind of crash."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from tenants.embedded import SYSTEM_USER, Cluster
from tenants.migrate import migrate

ROOT = Path(__file__).parents[1]
IS_ROOT = os.geteuid() == 0


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Give a folder for a cluster, which is stopped when the test ends."""
    folder = tmp_path / "data"
    yield folder
    Cluster(folder).stop()


def postmaster(cluster: Cluster) -> int:
    """Return the id of a cluster's parent process."""
    return int((cluster.data / "postmaster.pid").read_text().split("\n")[0])


def run(cluster: Cluster, query: LiteralString) -> list[tuple[object, ...]]:
    """Run a query as a superuser."""
    with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as connection:
        found = connection.execute(query)
        return found.fetchall() if found.description else []


def is_alive(process: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.skipif(not IS_ROOT, reason="only root runs PostgreSQL as another user")
def test_many_that_start_on_a_new_machine_at_once_share_one_system_user() -> None:
    name = "linli_newcomer"
    ask = f"""if True:
        import grp
        from tenants.embedded import _system_user
        user = _system_user({name!r})
        assert user.pw_gid == grp.getgrnam({name!r}).gr_gid
        print(user.pw_uid)
    """
    try:
        at_once = [
            subprocess.Popen([sys.executable, "-c", ask], stdout=subprocess.PIPE, cwd=ROOT)
            for _ in range(4)
        ]
        told = [process.communicate()[0] for process in at_once]
        assert told == [b"%d\n" % pwd.getpwnam(name).pw_uid] * 4
    finally:
        subprocess.run(["userdel", name], check=False)


def test_it_starts_once_and_stops(place: Path) -> None:
    cluster = Cluster(place)
    assert not cluster.is_running()

    assert cluster.start()
    first = postmaster(cluster)
    assert not cluster.start()
    assert not Cluster(place).start()

    assert postmaster(cluster) == first
    assert run(cluster, "select 1") == [(1,)]
    cluster.stop()
    assert not cluster.is_running()
    assert not is_alive(first)
    cluster.stop()


def test_strangers_cannot_come_near_it(place: Path) -> None:
    cluster = Cluster(place)
    cluster.start()

    for folder in (cluster.data, cluster.socket):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert run(cluster, "show listen_addresses") == [("",)]
    assert run(cluster, "show unix_socket_directories") == [(f'"{cluster.socket}"',)]
    assert run(cluster, "show data_checksums") == [("on",)]
    if IS_ROOT:
        assert cluster.socket.owner() == SYSTEM_USER
        reach = ["setpriv", "--reuid=nobody", "--clear-groups", "ls", cluster.socket]
        denied = subprocess.run(reach, capture_output=True, text=True, check=False)
        assert "Permission denied" in denied.stderr


def test_what_was_committed_outlives_a_kill(place: Path) -> None:
    cluster = Cluster(place)
    cluster.start()
    run(cluster, "create table promise as select generate_series(1, 1000) as number")
    killed = postmaster(cluster)

    os.kill(killed, signal.SIGKILL)

    while is_alive(killed):
        time.sleep(0.01)
    assert cluster.start()
    assert run(cluster, "select count(*), sum(number) from promise") == [(1000, 500500)]
    assert postmaster(cluster) != killed


def test_a_kill_of_one_backend_ends_no_one_elses_data(place: Path) -> None:
    cluster = Cluster(place)
    cluster.start()
    run(cluster, "create table promise as select 1 as number")
    here = cluster.url(database="postgres")
    with psycopg.connect(here) as victim, psycopg.connect(here, autocommit=True) as bystander:
        os.kill(victim.info.backend_pid, signal.SIGKILL)
        with pytest.raises(
            psycopg.OperationalError
        ):  # PostgreSQL ends all sessions, a moment later
            bystander.execute("select pg_sleep(60)")

    for _ in range(200):  # PostgreSQL restarts by itself
        try:
            assert run(cluster, "select number from promise") == [(1,)]
            break
        except psycopg.OperationalError:
            time.sleep(0.05)
    else:
        pytest.fail("it did not come back")
    assert not cluster.start()


def test_it_works_deeper_than_a_socket_path_reaches(tmp_path: Path) -> None:
    deep = tmp_path / ("a-long-name-" * 5) / ("another-name-" * 5)
    cluster = Cluster(deep)
    assert len(str(deep / "socket" / ".s.PGSQL.5432")) > 107
    assert len(str(cluster.socket / ".s.PGSQL.5432")) <= 107
    try:
        cluster.start()
        assert run(cluster, "select 1") == [(1,)]
        assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
        assert Cluster(deep).socket == cluster.socket
        assert Cluster(deep.parent).socket != cluster.socket
    finally:
        cluster.stop()
        shutil.rmtree(cluster.socket)


def test_it_works_in_a_folder_with_blanks_and_chinese_characters(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "邻里 的 '数据'")
    try:
        cluster.start()
        migrate(cluster.url())
        assert run(cluster, "select 1 from pg_database where datname = 'linli'") == [(1,)]
    finally:
        cluster.stop()


def test_it_says_why_it_cannot_start(place: Path) -> None:
    cluster = Cluster(place)
    cluster.start()
    cluster.stop()
    with (cluster.data / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = nonsense\n")

    with pytest.raises(RuntimeError, match=r'(?s)pg_ctl failed.*"shared_buffers": "nonsense"'):
        cluster.start()


@pytest.mark.skipif(not IS_ROOT, reason="only root can become someone else")
def test_an_ordinary_user_can_run_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("ordinary")
    for above in (folder, *folder.parents[:2]):
        above.chmod(above.stat().st_mode | stat.S_IXOTH)
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    # drops root after its imports, since other users may not be able to read root's Python
    script = (
        "import os, sys; from pathlib import Path; import psycopg\n"
        "from tenants.embedded import Cluster\n"
        "folder, user, group = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])\n"
        "os.setgroups([]); os.setgid(group); os.setuid(user)\n"
        "cluster = Cluster(folder); print(cluster.start(), cluster.data.owner())\n"
        "with psycopg.connect(cluster.url(database='postgres')) as connection:\n"
        "    print(connection.execute('select current_user').fetchone())\n"
        "cluster.stop(); print(cluster.is_running())\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, folder / "data", str(nobody.pw_uid), str(nobody.pw_gid)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "True nobody\n('postgres',)\nFalse\n", done.stderr
