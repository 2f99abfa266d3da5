"""Restore a backup into an empty data folder and a database without our schemas.

Everything that can be refused is refused before anything is written. The database comes last, in
one transaction: a restore that was interrupted is run again.
"""

import asyncio
import filecmp
from pathlib import Path

import orjson
import psycopg

from tenants.backup import (
    AFTER,
    BEFORE,
    DUMP,
    FILES,
    MANIFEST,
    NEEDED,
    RING,
    BackupRefused,
    Manifest,
    Place,
    compare,
    copy_images,
    copy_missing,
    counted,
    digests,
)
from tenants.identity.ring_marks import lacking
from tenants.keyring import KeyRing
from tenants.migrate import (
    BACKUP_ROLE,
    connection_string,
    create_roles_and_database,
    head,
    let_backups_read,
)
from tenants.postgres_tools import ToolFailed
from tenants.postgres_tools import restore as restore_database


def restore(folder: Path, place: Place, *, password: str | None) -> Manifest:
    """Restore a backup; raise BackupRefused, with what was there left as it was."""
    manifest = _manifest(folder)
    _check(folder, manifest)
    for name in (*BEFORE, RING, *AFTER):
        _refuse_other(folder / name, place.data / name)
    create_roles_and_database(place.admin_url, password=password)
    with psycopg.connect(connection_string(place.admin_url)) as connection:
        if connection.execute("select to_regclass('tenant.community')").fetchone() != (None,):
            raise BackupRefused("The database holds a server's data already: name an empty one.")
    for name in (*BEFORE, RING, *AFTER):
        copy_missing(folder / name, place.data / name)
    asyncio.run(copy_images((folder / FILES).as_uri(), place.files_url))
    try:
        restore_database(place.admin_url, folder / DUMP)
    except ToolFailed as failed:
        raise BackupRefused(f"PostgreSQL refuses the dump: {failed}") from None
    let_backups_read(place.admin_url)
    with psycopg.connect(connection_string(place.admin_url)) as connection:
        connection.execute(f"set role {BACKUP_ROLE}")
        compare(manifest.rows, counted(connection), "The database lacks rows of the backup")
    return manifest


def _manifest(folder: Path) -> Manifest:
    try:
        return Manifest(**orjson.loads((folder / MANIFEST).read_bytes()))
    except (OSError, TypeError, orjson.JSONDecodeError):
        raise BackupRefused(f"{folder} is no backup, or one that was not finished.") from None


def _check(folder: Path, manifest: Manifest) -> None:
    """Raise BackupRefused unless the backup is whole, and its ring the one of its database."""
    for name in (*NEEDED, FILES):
        if not (folder / name).is_dir():
            raise BackupRefused(f"The backup has no folder {name}: bring back the whole backup.")
    if manifest.migration > head():
        raise BackupRefused(
            f"The backup is of a newer linli (migration {manifest.migration}, this one knows "
            f"{head()}): install that one."
        )
    marks = {kid: bytes.fromhex(mark) for kid, mark in manifest.marks.items()}
    missing = lacking(KeyRing.marks_in(folder / RING), marks)
    if missing:
        raise BackupRefused(
            f"The ring of the backup is not the one that its database was sealed with: "
            f"{', '.join(missing)} is missing or another key."
        )
    found = digests(folder)
    changed = [name for name, digest in manifest.digests.items() if found.get(name) != digest]
    if changed:
        raise BackupRefused(f"The backup was changed since it was made: {', '.join(changed)}.")
    if not manifest.rows.get("tenant.community"):
        raise BackupRefused("The backup holds no community: it is empty.")
    images = sum(path.is_file() for path in (folder / FILES).rglob("*"))
    if images != manifest.images:
        raise BackupRefused(f"The backup has {images} of {manifest.images} image files.")


def _refuse_other(source: Path, target: Path) -> None:
    """Raise BackupRefused where the data folder holds other files than the backup."""
    for path in target.rglob("*") if target.is_dir() else ():
        there = source / path.relative_to(target)
        if path.is_file() and not (there.is_file() and filecmp.cmp(path, there, shallow=False)):
            raise BackupRefused(f"{path} is there already: name an empty data folder.")
