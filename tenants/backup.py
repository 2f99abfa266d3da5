"""A server is backed up into a folder: the database, the ring, keys, checkpoints and image files.

The server may go on meanwhile. What the database's snapshot refers to is copied so that it fits:
checkpoints before it, since a later one tells of rows that it lacks; image files after it, since
they are written before their rows; the ring's keys before and after it, since one may be dropped.
"""

import asyncio
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

import obstore
import orjson
import psycopg
from psycopg import sql

from tenants.files import Files
from tenants.migrate import BACKUP_ROLE, VERSION_TABLE, connection_string
from tenants.postgres_tools import dump, rows_in

BEFORE = ("checkpoints", "checkpoint-keys")
RING, FILES, DUMP, MANIFEST = "ring", "files", "database.dump", "manifest.json"
AFTER = ("keys", "wechat")
# Without these a restored server would be a lesser one; the others may be absent.
NEEDED = (RING, "keys")
_SCHEMAS = ["reference", "tenant", "district", "identity"]


class BackupRefused(Exception):
    """The backup cannot be made or used; the message says why, in words for the operator."""


@dataclass(frozen=True)
class Place:
    """This class says where a server's data is: its folder, its database and its image files."""

    data: Path
    admin_url: str
    files_url: str


@dataclass(frozen=True)
class Manifest:
    """It says what a backup holds; it is written last, so a folder with one is complete.

    `rows` are the numbers of rows by table, `marks` those of the ring's keys that the database
    knows, `digests` the SHA-256 of every file but the images, of which `images` is the number.
    """

    made_at: str
    migration: str
    rows: dict[str, int]
    marks: dict[str, str]
    digests: dict[str, str]
    images: int


def back_up(place: Place, folder: Path) -> Manifest:
    """Write a backup into a new folder; raise BackupRefused, and leave no folder of that name."""
    if folder.exists():
        raise BackupRefused(f"{folder} is there already: name a new folder.")
    for name in NEEDED:
        if not (place.data / name).is_dir():
            raise BackupRefused(f"{place.data} has no {name}: is LINLI_DATA right?")
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    for name in (*BEFORE, RING):
        copy_missing(place.data / name, unfinished / name)
    with _snapshot(place.admin_url) as (connection, snapshot):
        rows = counted(connection)
        if not rows["tenant.community"]:
            raise BackupRefused("The database holds no community: there is nothing to back up.")
        dump(place.admin_url, snapshot, unfinished / DUMP)
        marks = {kid: mark.hex() for kid, mark in connection.execute(_MARKS).fetchall()}
        migration = version(connection)
    compare(rows, rows_in(unfinished / DUMP), "The dump lacks rows that the database holds")
    for name in (RING, *AFTER):
        copy_missing(place.data / name, unfinished / name)
    images = asyncio.run(copy_images(place.files_url, (unfinished / FILES).as_uri()))
    made = Manifest(
        datetime.now(UTC).isoformat(timespec="seconds"), str(migration), rows, marks,
        digests(unfinished), images,
    )  # fmt: skip
    (unfinished / MANIFEST).write_bytes(orjson.dumps(asdict(made), option=orjson.OPT_INDENT_2))
    unfinished.rename(folder)
    return made


async def copy_images(source: str, target: str) -> int:
    """Copy the image files from one storage to another; return how many."""
    from_store, to_store = Files.at(source).store, Files.at(target).store
    copied = 0
    async for page in obstore.list(from_store):
        for each in page:
            try:
                found = await obstore.get_async(from_store, each["path"])
            except FileNotFoundError:
                continue  # it was removed since it was listed
            await obstore.put_async(to_store, each["path"], await found.bytes_async())
            copied += 1
    return copied


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of the files in a backup by their paths, without images and manifest."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.parts[0] not in (FILES, MANIFEST):
            with path.open("rb") as file:
                found[name.as_posix()] = file_digest(file, "sha256").hexdigest()
    return found


def version(connection: psycopg.Connection) -> str:
    """Return the number of the migration that the database is at."""
    found = connection.execute(f"select version_num from public.{VERSION_TABLE}").fetchone()  # noqa: S608 # a name of ours
    assert found is not None  # noqa: S101 # it was migrated
    return found[0]


def counted(connection: psycopg.Connection) -> dict[str, int]:
    """Return the number of rows of every table, as the connection sees them."""
    tables = connection.execute(_TABLES, [_SCHEMAS]).fetchall()
    return {
        f"{schema}.{name}": _number(
            connection, sql.SQL("select count(*) from {}").format(sql.Identifier(schema, name))
        )
        for schema, name in tables
    }


def compare(expected: Mapping[str, int], found: Mapping[str, int], message: str) -> None:
    """Raise BackupRefused with this message and the tables whose numbers of rows differ."""
    wrong = [
        f"{name}: {found.get(name, 0)} of {rows}"
        for name, rows in expected.items()
        if found.get(name, 0) != rows
    ]
    if wrong:
        raise BackupRefused(f"{message}: {', '.join(wrong)}.")


def copy_missing(source: Path, target: Path) -> None:
    """Copy the files of a folder that the other lacks; a file of the same name stays as it is."""
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        to = target / path.relative_to(source)
        if path.is_dir() or to.exists():
            continue
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # a key that is being dropped, or a checkpoint that is being written, may be gone by now
        with suppress(FileNotFoundError):
            shutil.copy2(path, to)


@contextmanager
def _snapshot(admin_url: str) -> Generator[tuple[psycopg.Connection, str]]:
    """Open one view of the database that pg_dump shares, in the role that reads every row."""
    with psycopg.connect(connection_string(admin_url)) as connection:
        role = sql.SQL("set role {}").format(sql.Identifier(BACKUP_ROLE))
        try:
            connection.execute(role)
        except (psycopg.errors.UndefinedObject, psycopg.errors.InvalidParameterValue):
            raise BackupRefused(_NOT_READABLE) from None
        connection.execute("set transaction isolation level repeatable read, read only")
        if connection.execute(_HIDDEN, [BACKUP_ROLE]).fetchall():
            raise BackupRefused(_NOT_READABLE)
        found = connection.execute("select pg_export_snapshot()").fetchone()
        assert found is not None  # noqa: S101 # a function gives a row
        yield connection, found[0]


def _number(connection: psycopg.Connection, query: sql.Composed) -> int:
    found = connection.execute(query).fetchone()
    assert found is not None  # noqa: S101 # a count is a row
    return found[0]


_NOT_READABLE = "The database has rows that no backup can read: run `linli migrate` first."
_TABLES = """
select n.nspname, c.relname from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname = any(%s) and c.relkind = 'r' order by 1, 2
"""
# Tables whose row security hides rows from the role of backups: a dump would lack them, silently.
_HIDDEN = """
select c.oid from pg_catalog.pg_class c
 where c.relrowsecurity and not exists (
   select 1 from pg_catalog.pg_policy p
    where p.polrelid = c.oid and p.polroles = array[(select oid from pg_catalog.pg_roles where rolname = %s)])
"""
_MARKS = "select kid, mark from identity.ring_mark order by kid"
