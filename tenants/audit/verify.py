"""Verify the audit from its first entry, and compare it with the checkpoints in the files."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tenants.audit.chain import BEGINNING, hash_of_entry, hash_of_reason
from tenants.audit.checkpoints import DISTRICTS, OVERLAP, digest, files, root, signed_at
from tenants.audit.tables import (
    audit_checkpoints,
    audit_entries,
    audit_heads,
    district_entries,
    district_heads,
)
from tenants.columns import DISTRICT, TENANT
from tenants.db import Database
from tenants.transaction import Client, Row
from tenants.viewer import system

# Returns whether a signature of these bytes is by the key of this name: (kid, signature, bytes).
Verifies = Callable[[str, bytes, bytes], bool]
Entry = Mapping[str, Any]

_PAGE = 5000
# A running server signs each minute; one that was killed signs when it is started again.
LATE = timedelta(minutes=10)
_LOWEST = -(2**63)


class Chain:
    """Verify one community's or district's chain by entry; collect the faults in `findings`.

    `noted` is what the checkpoints say: by entry number, (the entry's hash, the checkpoint's
    number). Every entry written before `covered` must be in a checkpoint, and every entry of a
    person before `due`.
    """

    def __init__(
        self,
        noted: Mapping[int, list[tuple[str, int]]] | None = None,
        covered: datetime | None = None,
        due: datetime | None = None,
        *,
        is_founded: bool = True,
    ) -> None:
        self._is_founded = is_founded
        self.findings: list[str] = []
        self.seq = 0
        self._hash = BEGINNING
        self._noted = dict(noted or {})
        self._last_noted = max(self._noted, default=0)
        self._covered = covered
        self._due = due

    def walk(self, entries: Iterable[Entry]) -> None:
        """Verify the entries, which come in the order of their numbers."""
        for entry in entries:
            self._step(entry)

    def end(self, head: Entry | None) -> None:
        """Compare the end of the walk with the head; report checkpoints whose entry is missing."""
        if head is None:
            # a district's head is written with its first entry
            if self._is_founded or self.seq or self._noted:
                self._find("it has no head")
        elif (head["seq"], head["hash"]) != (self.seq, self._hash):
            self._find(f"its head says that entry {head['seq']} is the last, not this {self.seq}")
        for seq, checkpoints in sorted(self._noted.items()):
            if not (seq == 0 and all(noted == BEGINNING.hex() for noted, _ in checkpoints)):
                self._find(f"checkpoint {checkpoints[0][1]} saw an entry {seq}: it is not here")

    def _step(self, entry: Entry) -> None:
        seq, entry_hash = entry["seq"], entry["entry_hash"]
        if seq != self.seq + 1:
            self._find(f"entry {seq} comes after entry {self.seq}")
        if entry["prev_hash"] != self._hash:
            self._find(f"entry {seq} does not follow from the one before it")
        if hash_of_entry(entry, seq, entry["prev_hash"]) != entry_hash:
            self._find(f"entry {seq} is not as it was written")
        if not _is_reason_whole(entry):
            self._find(f"entry {seq} has another reason than was written")
        for noted, number in self._noted.pop(seq, []):
            if noted != entry_hash.hex():
                self._find(f"entry {seq} is not the one that checkpoint {number} saw")
        self._uncovered(entry)
        self.seq, self._hash = seq, entry_hash

    def _uncovered(self, entry: Entry) -> None:
        """Report an entry that no checkpoint has seen although one should have.

        A command of the server's operator writes without a checkpoint; people do not.
        """
        seq, at = entry["seq"], entry["at"]
        if seq <= self._last_noted:
            return
        if self._covered and at < self._covered:
            self._find(f"entry {seq} is older than the last checkpoint, and in none")
        elif self._due and at < self._due and entry["actor_kind"] != "SYSTEM":
            self._find(
                f"entry {seq} has waited over ten minutes for a checkpoint: were they stopped?"
            )

    def _find(self, text: str) -> None:
        self.findings.append(text)


def _is_reason_whole(entry: Entry) -> bool:
    """Return whether the reason matches its hash, or was erased together with its salt."""
    reason, salt = entry["reason"], entry["reason_salt"]
    if reason is None:
        return salt is None
    return salt is not None and hash_of_reason(salt, reason) == entry["reason_hash"]


@dataclass
class Notes:
    """It holds what the files say, by community and entry; `findings` is what is wrong with the files."""

    communities: dict[int, dict[int, list[tuple[str, int]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    findings: list[str] = field(default_factory=list)
    digests: dict[int, str] = field(default_factory=dict)
    signed: dict[int, datetime] = field(default_factory=dict)
    covered: datetime | None = None
    ends: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, line: str, verifies: Verifies, after: int) -> int:
        """Read a checkpoint that should follow number `after`; return its own number."""
        try:
            kept = json.loads(line)
            body, signature = kept["body"], bytes.fromhex(kept["signature"])
            said = json.loads(body)
            number, heads = int(said["number"]), said["heads"]
            noted = [(int(place), int(seq), str(end)) for place, (seq, end) in heads.items()]
            kid, previous = str(said["kid"]), str(said["previous"])
            at = signed_at(said)
        except (ValueError, KeyError, TypeError, AttributeError):
            self.findings.append(f"the line after checkpoint {after} cannot be read")
            return after
        if not verifies(kid, signature, body.encode()):
            self.findings.append(f"checkpoint {number} is not signed by a key of ours")
            return number
        if number != after + 1:
            self.findings.append(f"checkpoint {number} comes after checkpoint {after}")
        elif previous != self.digests.get(after, ""):
            self.findings.append(f"checkpoint {number} does not follow from the one before it")
        self.digests[number], self.signed[number] = digest(body), at
        self.covered = at - OVERLAP
        self.ends |= heads
        # checkpoints that were signed before `root` existed have none
        if said.get("root", root(self.ends)) != root(self.ends):
            self.findings.append(f"checkpoint {number} saw heads that it does not list")
        for place, seq, entry_hash in noted:
            self.communities[place][seq].append((entry_hash, number))
        return number


def read(folder: Path, verifies: Verifies) -> Notes:
    """Read all checkpoints in the files."""
    notes, last = Notes(), 0
    for path in files(folder):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            last = notes.add(line, verifies, last)
    return notes


@dataclass(frozen=True)
class Verified:
    """It says what was read and found: for each community, each district, and the checkpoints."""

    entries: int
    communities: dict[int, list[str]]
    districts: dict[int, list[str]]
    checkpoints: list[str]
    checkpoint_count: int

    def __iter__(self) -> Iterator[str]:
        """Yield every finding."""
        yield from self.checkpoints
        for found in (*self.communities.values(), *self.districts.values()):
            yield from found


async def verify(
    database: Database, communities: Iterable[int], folder: Path, verifies: Verifies
) -> Verified:
    """Verify the chain of each district, of these communities and of any that a checkpoint names.

    May run beside a server: the files are read first, so that no chain is older than they are.
    """
    kept = await _kept(database)
    notes = read(folder, verifies)
    for number, row in kept.items():
        if notes.digests.get(number) != row["digest"]:
            notes.findings.append(f"checkpoint {number} is not in the files as in the database")
        elif notes.signed[number] != row["at"]:
            notes.findings.append(f"checkpoint {number} has another time than was signed")
    async with database.command(system(0)) as tx:
        districts = [-row["district_id"] for row in await tx.rows(DISTRICTS)]
    entries, found = 0, dict[int, list[str]]()
    for place in sorted({*communities, *districts, *notes.communities}):
        due = database.clock() - LATE
        chain = Chain(notes.communities.get(place), notes.covered, due, is_founded=place > 0)
        entries += await _walk(database, place, chain)
        found[place] = chain.findings
    return Verified(
        entries,
        {place: findings for place, findings in found.items() if place > 0},
        {-place: findings for place, findings in found.items() if place < 0},
        notes.findings,
        len(notes.digests),
    )


async def _kept(database: Database) -> dict[int, Row]:
    """Return the checkpoints in the database, each with its digest and time."""
    kept: dict[int, Row] = {}
    while True:
        async with database.command(system(0)) as tx:
            rows = await tx.rows(_CHECKPOINTS, v_number=max(kept, default=0))
        kept |= {row["number"]: row for row in rows}
        if len(rows) < _PAGE:
            return kept


async def _walk(database: Database, place: int, chain: Chain) -> int:
    """Walk a chain in pages, in the role that writes it; return the number of entries.

    A community's chain is read as linli_app inside it, a district's (a negative number) as
    linli_district.
    """
    client, count, after = Client("linli-command", ""), 0, _LOWEST
    while True:
        if place > 0:
            async with database.act(system(0), client, database.clock(), place) as tx:
                rows: list[Row] = await tx.rows(_ENTRIES, v_after=after)
        else:
            async with database.command(system(-place)) as tx:
                rows = await tx.rows(_ENTRIES_ABOVE, v_after=after)
        page = [dict(row) for row in rows if row["seq"] is not None]
        chain.walk(page)
        count += len(page)
        if len(rows) < _PAGE:
            break
        after = page[-1]["seq"]
    head = {"seq": rows[0]["head_seq"], "hash": rows[0]["head_hash"]} if rows else None
    chain.end(head)
    return count


def _beside_head(
    entries: sa.Table, heads: sa.Table, place: str, here: sa.BindParameter[int]
) -> sa.Executable:
    """Select the head with its entries in one statement, so that both are of the same moment."""
    return (
        sa.select(entries, heads.c.seq.label("head_seq"), heads.c.hash.label("head_hash"))
        .select_from(
            heads.outerjoin(
                entries,
                sa.and_(
                    entries.c[place] == here,
                    entries.c.seq > sa.bindparam("v_after", type_=sa.BigInteger()),
                ),
            )
        )
        .where(heads.c[place] == here)
        .order_by(entries.c.seq)
        .limit(sa.literal_column(str(_PAGE)))
    )


_ENTRIES = _beside_head(audit_entries, audit_heads, "community_id", TENANT)
_ENTRIES_ABOVE = _beside_head(district_entries, district_heads, "district_id", DISTRICT)
_DIGEST = sa.func.encode(
    sa.func.sha256(sa.func.convert_to(audit_checkpoints.c.body, sa.literal_column("'UTF8'"))),
    sa.literal_column("'hex'"),
)
# The files get a checkpoint a moment after the database, so the newest are skipped; one with a time
# in the future is not.
_NOW = sa.func.clock_timestamp()
_CHECKPOINTS = (
    sa.select(audit_checkpoints.c.number, audit_checkpoints.c.at, _DIGEST.label("digest"))
    .where(
        audit_checkpoints.c.number > sa.bindparam("v_number", type_=sa.BigInteger()),
        ~audit_checkpoints.c.at.between(_NOW - sa.text("interval '5 seconds'"), _NOW),
    )
    .order_by(audit_checkpoints.c.number)
    .limit(sa.literal_column(str(_PAGE)))
)
