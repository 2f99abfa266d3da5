"""Run pg_dump, pg_restore and psql of the packaged PostgreSQL, which speak to older servers too."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from tenants.embedded import packaged_binaries
from tenants.migrate import BACKUP_ROLE, OWNER, connection_string

_COPY = re.compile(rb"COPY ([a-z_.\"]+) \(")
_END = b"\\.\n"
_PREAMBLE_LINES = 60
# PostgreSQL before 17 does not know this setting, which pg_restore writes for every server.
_UNKNOWN_TO_OLDER = b"SET transaction_timeout = 0;\n"
# The names by which libpq reads a connection string's parts from the environment.
_VARIABLES = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER",
    "password": "PGPASSWORD", "dbname": "PGDATABASE", "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE", "options": "PGOPTIONS", "application_name": "PGAPPNAME",
    "connect_timeout": "PGCONNECT_TIMEOUT", "channel_binding": "PGCHANNELBINDING",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}  # fmt: skip


class ToolFailed(Exception):
    """A tool of PostgreSQL failed; the message is what it complained of."""


def dump(admin_url: str, snapshot: str, file: Path) -> None:
    """Dump the database as this exported snapshot sees it, in the role that may read every row."""
    command = [
        packaged_binaries() / "pg_dump", "--format=custom", f"--snapshot={snapshot}",
        f"--role={BACKUP_ROLE}", "--enable-row-security", "--no-owner", f"--file={file}",
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 # our own binaries, our own arguments
        command, env=_environment(admin_url), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )  # fmt: skip
    if done.returncode:
        raise ToolFailed(done.stderr.decode(errors="replace").strip())


def rows_in(file: Path) -> Counter[str]:
    """Return the number of rows that a dump holds, by table."""
    found: Counter[str] = Counter()
    table: str | None = None
    for line in _script(file, "--data-only"):
        if table is not None:
            if line == _END:
                table = None
            else:
                found[table] += 1
        elif (begins := _COPY.match(line)) is not None:
            table = begins[1].decode()
    return found


def restore(admin_url: str, file: Path) -> None:
    """Bring an empty database to what a dump holds, in one transaction."""
    command = [
        packaged_binaries() / "psql", "--no-psqlrc", "--quiet", "--single-transaction",
        "--set=ON_ERROR_STOP=1", "--output=/dev/null",
    ]  # fmt: skip
    with subprocess.Popen(  # noqa: S603 # our own binaries, our own arguments
        command, env=_environment(admin_url), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as psql:
        assert psql.stdin is not None  # noqa: S101 # it is a pipe
        assert psql.stderr is not None  # noqa: S101 # it is a pipe
        try:
            psql.stdin.write(f"set role {OWNER};\n".encode())
            for number, line in enumerate(_script(file)):
                if number > _PREAMBLE_LINES or line != _UNKNOWN_TO_OLDER:
                    psql.stdin.write(line)
            psql.stdin.close()
        except BrokenPipeError:
            pass  # it says below what it stopped at
        complaint = psql.stderr.read().decode(errors="replace").strip()
    if psql.returncode:
        raise ToolFailed(complaint)


def _script(file: Path, *options: str) -> Iterator[bytes]:
    """Yield the lines of the SQL script that a dump is."""
    command = [packaged_binaries() / "pg_restore", "--no-owner", *options, "--file=-", file]
    with subprocess.Popen(  # noqa: S603 # our own binaries, our own arguments
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as tool:
        assert tool.stdout is not None  # noqa: S101 # it is a pipe
        assert tool.stderr is not None  # noqa: S101 # it is a pipe
        yield from tool.stdout
        complaint = tool.stderr.read().decode(errors="replace").strip()
    if tool.returncode:
        raise ToolFailed(complaint)


def _environment(admin_url: str) -> dict[str, str]:
    """Return the environment that names the database: a password on a command line is seen by all."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    parts = conninfo_to_dict(connection_string(admin_url))
    return kept | {
        _VARIABLES[name]: str(value) for name, value in parts.items() if value is not None
    }
