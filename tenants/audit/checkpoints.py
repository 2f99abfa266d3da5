"""Signed checkpoints of the chains' heads, kept in the database and in files outside of it.

The owner of the database can rewrite a whole chain, but not a file and not a signature.
"""

import asyncio
import fcntl
import json
import logging
import os
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import rfc8785
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.audit.tables import audit_checkpoints, audit_heads, district_heads
from tenants.columns import DISTRICT, bound
from tenants.db import Database
from tenants.server import Server, Signing
from tenants.transaction import Row, Tx
from tenants.viewer import system

log = logging.getLogger("linli.audit")

# A head's time is the beginning of its transaction: the last checkpoint may not have seen it. No
# transaction takes longer than this.
OVERLAP = timedelta(seconds=60)
_AGAIN_SECONDS = 0.05


@dataclass(frozen=True)
class Checkpoints:
    """Write a checkpoint at most every `seconds`; the first worker to find it due writes it.

    `signing` returns the current key and its name; `folder` holds the files.
    """

    database: Database
    folder: Path
    signing: Signing
    seconds: float

    @classmethod
    def of(cls, server: Server) -> "Checkpoints":
        """Return the work for a server."""
        return cls(server.database, server.checkpoints, server.signing, server.checkpoint_seconds)

    @asynccontextmanager
    async def kept(self) -> AsyncGenerator[None]:
        """Write checkpoints for the length of the block, and a last one at its end."""
        task = asyncio.create_task(self._write_forever())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self._try(every=0)

    async def write(self, *, every: float = 0) -> float:
        """Write a checkpoint if one is due and a head changed; return the seconds to the next."""
        async with self.database.command(system(0)) as tx:
            last, now = await tx.row(_LAST), await _now(tx)
            # a column is easily changed, the signed text is not
            said = json.loads(last["body"]) if last else None
            wait = every - (now - signed_at(said)).total_seconds() if said else 0
            if wait <= 0 or wait > every:
                heads = await _heads(tx)
                if said is None or said.get("root") != root(_ends(heads)):
                    await self._insert(tx, last, now, heads)
                wait = every
        await self._copy()
        return wait

    async def _write_forever(self) -> None:
        while True:
            wait = await self._try(every=self.seconds)
            await asyncio.sleep(min(max(wait, _AGAIN_SECONDS), self.seconds))

    async def _try(self, *, every: float) -> float:
        try:
            return await self.write(every=every)
        except Exception:
            log.exception("no checkpoint of the audit")
            return self.seconds

    async def _insert(self, tx: Tx, last: Row | None, now: datetime, heads: list[Row]) -> None:
        kid, key = self.signing()
        body = rfc8785.dumps(
            {
                "number": last["number"] + 1 if last else 1,
                "at": now.astimezone(UTC).isoformat(timespec="microseconds"),
                "previous": digest(last["body"]) if last else "",
                "heads": await _changed(tx, last, heads),
                "root": root(_ends(heads)),
                "kid": kid,
            }
        )
        await tx.row(
            _INSERT,
            v_number=last["number"] + 1 if last else 1,
            v_at=now,
            v_body=body.decode(),
            v_signature=key.sign(body).hex(),
        )

    async def _copy(self) -> None:
        """Append checkpoints that the files lack after a crash, from the database."""
        known = await asyncio.to_thread(_last_number, self.folder)
        async with self.database.command(system(0)) as tx:
            rows = await tx.rows(_AFTER, v_number=known)
        if rows:
            await asyncio.to_thread(append, self.folder, rows)


def digest(body: str) -> str:
    """Return the hash by which the next checkpoint refers to this one."""
    return sha256(body.encode()).hexdigest()


def signed_at(said: dict[str, Any]) -> datetime:
    """Return when a checkpoint was signed, according to its own signed text."""
    return datetime.fromisoformat(said["at"])


def root(heads: Mapping[str, list[Any]]) -> str:
    """Return one hash of all heads: a checkpoint that omits a changed head does not match it."""
    return sha256(rfc8785.dumps(dict(heads))).hexdigest()


def files(folder: Path) -> list[Path]:
    """Return the checkpoint files, oldest first: one file a day, one checkpoint a line."""
    return sorted(folder.glob("????-??-??.jsonl"))


def append(folder: Path, rows: Iterable[Row]) -> None:
    """Append the checkpoints that the files do not have, and flush them to disk."""
    with _locked(folder):
        known = _last_number(folder)
        for row in rows:
            if row["number"] > known:
                names = ("number", "body", "signature")
                line = json.dumps({name: row[name] for name in names}, ensure_ascii=False)
                at = signed_at(json.loads(row["body"])).astimezone(UTC)
                _append_line(folder / f"{at:%Y-%m-%d}.jsonl", line.encode())


def _append_line(path: Path, line: bytes) -> None:
    with path.open("a+b") as file:
        file.seek(0)
        # a line that was cut off by a power failure was never confirmed
        file.truncate(file.read().rfind(b"\n") + 1)
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _fsync_folder(path.parent)


def _last_number(folder: Path) -> int:
    for path in reversed(files(folder)):
        whole = path.read_bytes().rpartition(b"\n")[0]
        if whole:
            return int(json.loads(whole.rpartition(b"\n")[2])["number"])
    return 0


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    """Let one worker write at a time."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


async def _now(tx: Tx) -> datetime:
    """Return the time of the database's clock, which all workers share."""
    row = await tx.row(_NOW)
    assert row is not None  # noqa: S101 # a function's value
    return row["now"]


async def _heads(tx: Tx) -> list[Row]:
    """Return the heads of every district, as of one moment."""
    heads: list[Row] = []
    for district in await tx.rows(DISTRICTS):
        await tx.row(_ENTER, **district)
        heads += await tx.rows(_HEADS, **district)
        heads += await tx.rows(_HEADS_ABOVE, **district)
    return heads


def _ends(heads: list[Row]) -> dict[str, list[Any]]:
    """Return the end of each chain as a checkpoint writes it; a district's number is negative."""
    return {str(head["community_id"]): [head["seq"], head["hash"].hex()] for head in heads}


async def _changed(tx: Tx, last: Row | None, heads: list[Row]) -> dict[str, list[Any]]:
    """Return the heads that changed since the last checkpoint, or all heads for the first one."""
    if last is None:
        return _ends(heads)
    since = signed_at(json.loads(last["body"])) - OVERLAP
    known: dict[str, list[Any]] = {}
    for checkpoint in await tx.rows(_RECENT, v_number=last["number"]):
        known |= json.loads(checkpoint["body"])["heads"]
    changed = _ends([head for head in heads if head["changed_at"] >= since])
    return {place: end for place, end in changed.items() if known.get(place) != end}


_LAST = sa.select(audit_checkpoints).order_by(audit_checkpoints.c.number.desc()).limit(1)
# More checkpoints than an overlap has at the usual pace, so that a head is not listed twice.
_RECENT = (
    sa.select(audit_checkpoints.c.body)
    .where(
        audit_checkpoints.c.number > sa.bindparam("v_number", type_=sa.BigInteger()) - sa.text("60")
    )
    .order_by(audit_checkpoints.c.number)
)
_NOW = sa.select(sa.func.clock_timestamp().label("now"))
# the tables of the places belong to a higher domain
DISTRICTS = sa.text("select district_id from reference.district order by 1")
_ENTER = sa.select(sa.func.district.enter(DISTRICT, *[sa.literal_column("0")] * 2))
_HEADS = sa.select(
    audit_heads.c.community_id, audit_heads.c.seq, audit_heads.c.hash, audit_heads.c.changed_at
).where(audit_heads.c.district_id == DISTRICT)
_HEADS_ABOVE = sa.select(
    (-district_heads.c.district_id).label("community_id"),
    district_heads.c.seq, district_heads.c.hash, district_heads.c.changed_at,
).where(district_heads.c.district_id == DISTRICT)  # fmt: skip
_INSERT = (
    insert(audit_checkpoints)
    .values({c.name: bound(c) for c in audit_checkpoints.c})
    .on_conflict_do_nothing()
    .returning(audit_checkpoints.c.number)
)
_AFTER = (
    sa.select(audit_checkpoints)
    .where(audit_checkpoints.c.number > sa.bindparam("v_number", type_=sa.BigInteger()))
    .order_by(audit_checkpoints.c.number)
    .limit(1000)
)
