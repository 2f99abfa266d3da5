"""Verify that no text of a pact was changed: not between vote, filing and force, and not since.

Each published text is hashed again. What the chain of the audit says of an act is held against the texts
(`linli audit verify` verifies the chain itself), and what is kept as changes between two versions is
applied again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from tenants.audit.tables import audit_entries
from tenants.columns import TENANT
from tenants.db import Database
from tenants.pacts.comparing import Change, Clause, applied
from tenants.pacts.hashing import hash_of
from tenants.pacts.matters import pact_votes
from tenants.pacts.submissions import pact_submissions
from tenants.pacts.tables import pacts
from tenants.pacts.versions import pact_changes, pact_clauses, pact_versions
from tenants.pacts.words import ChangeKind
from tenants.transaction import Client, Row
from tenants.viewer import system

_SIGN = "sha256:"


@dataclass(frozen=True)
class Verified:
    """This is how many texts were read, and what is wrong in each community."""

    versions: int
    findings: Mapping[int, list[str]]


@dataclass(frozen=True)
class _Kept:
    """These are the rows of one community that tell of the texts of its pacts."""

    pacts: Sequence[Row]
    versions: Sequence[Row]
    clauses: Mapping[UUID, list[Row]]
    changes: Sequence[Row]
    acts: Sequence[Row]
    told: Sequence[Row]


async def verify(database: Database, communities: Iterable[int]) -> Verified:
    """Verify the texts of the pacts of these communities; may run beside a server."""
    count, findings = 0, dict[int, list[str]]()
    client = Client("linli-command", "")
    for number in communities:
        async with database.act(system(0), client, database.clock(), number) as tx:
            clauses = defaultdict[UUID, list[Row]](list)
            for row in await tx.rows(_CLAUSES):
                clauses[row["version_id"]].append(row)
            kept = _Kept(
                await tx.rows(_PACTS), await tx.rows(_VERSIONS), clauses,
                await tx.rows(_CHANGES), await tx.rows(_ACTS), await tx.rows(_TOLD),
            )  # fmt: skip
        count += len(kept.versions)
        findings[number] = [*_texts(kept), *_acts(kept), *_chain(kept), *_compared(kept)]
    return Verified(count, findings)


def _name(row: Row) -> str:
    return f"version {row['number']} of pact {row['pact_id']}"


def _texts(kept: _Kept) -> Iterator[str]:
    """Yield each version whose clauses are not those that were published."""
    for version in kept.versions:
        rows = kept.clauses[version["id"]]
        if [row["place"] for row in rows] != list(range(1, version["size"] + 1)):
            yield f"{_name(version)} does not have its {version['size']} clauses"
        elif hash_of(version["title"], _clauses(rows)) != version["text_hash"]:
            yield f"{_name(version)} is not as it was published"


def _acts(kept: _Kept) -> Iterator[str]:
    """Yield each vote or filing of a pact in its present state that was of another text."""
    texts = {pact["id"]: pact["text_hash"] for pact in kept.pacts if pact["adopted_at"]}
    for act in kept.acts:
        if act["pact_id"] in texts and act["text_hash"] != texts[act["pact_id"]]:
            yield f"pact {act['pact_id']} has another text than was {act['what']}"


def _chain(kept: _Kept) -> Iterator[str]:
    """Yield where the audit tells of another text than is kept.

    A reason that was erased with its author tells of none.
    """
    texts = {pact["id"]: pact["text_hash"] for pact in kept.pacts}
    published = defaultdict[UUID, set[str]](set)
    for version in kept.versions:
        published[version["pact_id"]].add(version["text_hash"])
    for pact, entries in groupby(kept.told, key=lambda row: row["subject_id"]):
        last = ""
        for entry in entries:
            last = entry["reason"].removeprefix(_SIGN)
            if last not in published[pact]:
                yield f"pact {pact}: audit entry {entry['seq']} tells of a text that is not kept"
        if last != texts.get(pact):
            yield f"pact {pact} has another text than its last audit entry tells of"


def _compared(kept: _Kept) -> Iterator[str]:
    """Yield each pair of versions whose changes do not lead from one to the other."""
    names = {version["id"]: version for version in kept.versions}
    for (to_id, from_id), rows in groupby(
        kept.changes, key=lambda row: (row["to_id"], row["from_id"])
    ):
        before, after = _clauses(kept.clauses[from_id]), _clauses(kept.clauses[to_id])
        try:
            found = applied(before, map(_change, rows))
        except (ValueError, StopIteration, RuntimeError):
            found = None
        if found != after:
            yield f"the changes kept for {_name(names[to_id])} do not lead to it"


def _clauses(rows: Iterable[Row]) -> list[Clause]:
    return [Clause(row["clause_id"], row["heading"], row["body"]) for row in rows]


def _change(row: Row) -> Change:
    return Change(
        ChangeKind(row["kind"]), row["clause_id"], row["from_place"], row["to_place"],
        row["is_moved"], row["heading"], row["body"],
    )  # fmt: skip


_PACTS = sa.select(pacts.c.id, pacts.c.text_hash, pacts.c.adopted_at).where(
    pacts.c.community_id == TENANT
)
_VERSIONS = sa.select(pact_versions).where(pact_versions.c.community_id == TENANT)
_CLAUSES = (
    sa.select(pact_clauses)
    .where(pact_clauses.c.community_id == TENANT)
    .order_by(pact_clauses.c.version_id, pact_clauses.c.place)
)
_CHANGES = (
    sa.select(pact_changes)
    .where(pact_changes.c.community_id == TENANT)
    .order_by(pact_changes.c.to_id, pact_changes.c.from_id, pact_changes.c.place)
)
_PASSED = sa.literal_column("'ADOPT'")
_FILED = sa.literal_column("'FILING'")
# the last of each kind: an earlier vote may have been void
_ACTS = sa.union_all(
    sa.select(
        pact_votes.c.pact_id, pact_votes.c.text_hash, sa.literal_column("'voted on'").label("what")
    )
    .where(pact_votes.c.community_id == TENANT, pact_votes.c.purpose == _PASSED)
    .ext(distinct_on(pact_votes.c.pact_id))
    .order_by(pact_votes.c.pact_id, pact_votes.c.put_at.desc())
    .subquery("voted")
    .select(),
    sa.select(
        pact_submissions.c.pact_id,
        pact_submissions.c.text_hash,
        sa.literal_column("'filed'").label("what"),
    ).where(pact_submissions.c.community_id == TENANT, pact_submissions.c.purpose == _FILED),
)
_TOLD = (
    sa.select(audit_entries.c.seq, audit_entries.c.subject_id, audit_entries.c.reason)
    .where(
        audit_entries.c.community_id == TENANT,
        audit_entries.c.action.like(sa.literal_column("'pact.%'")),
        audit_entries.c.reason.like(sa.literal_column("'sha256:%'")),
    )
    .order_by(audit_entries.c.subject_id, audit_entries.c.seq)
)
