"""Idempotency keys: what was done under one is not done again, and a retry is told what came of it.

What is done in a community keeps its key there; what officers do above the communities, in the district.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.audit.tables import KEY_LENGTH, district_keys, idempotency_keys
from tenants.columns import DISTRICT, TENANT, VIEWER, bound
from tenants.errors import Code, Refused
from tenants.transaction import Tx

Outcome = Mapping[str, Any]


@dataclass(frozen=True)
class Once:
    """It is the claim of an idempotency key: `outcome` is what an earlier call made, if there was one.

    `is_written` says whether the claim is a row by now; if not, `keep` writes it.
    """

    key: str
    action: str
    digest: bytes
    is_written: bool
    outcome: Outcome | None = None

    @property
    def done(self) -> UUID | None:
        """Give the one row that an earlier call made."""
        return None if self.outcome is None else next(iter(self.outcome.values()))


async def once(tx: Tx, action: str, key: str, *content: object) -> Once:
    """Claim `key` for this action and input, waiting for a call under way with the same key.

    Raises IDEMPOTENCY_MISMATCH if the key was used for something else. A refused change leaves
    no key behind: its transaction is rolled back, and the same key may be tried again. Where the
    transaction takes keys for new, nothing is asked: it is run again if that was wrong (Tx).
    """
    if not 1 <= len(key) <= KEY_LENGTH:
        raise Refused(
            Code.INVALID, f"1–{KEY_LENGTH} 个字符。1 to {KEY_LENGTH} characters.", "idempotencyKey"
        )
    digest = sha256(repr(content).encode()).digest()
    if tx.supposes_new():
        return Once(key, action, digest, is_written=False)
    claimed = await tx.row(
        _at(tx).claim, v_key=key, v_action=action, v_input_hash=digest, v_created_at=tx.now
    )
    if claimed is not None:
        return Once(key, action, digest, is_written=True)
    earlier = await tx.row(_at(tx).earlier, v_key=key)
    if earlier is None or (earlier["action"], earlier["input_hash"]) != (action, digest):
        raise Refused(
            Code.IDEMPOTENCY_MISMATCH,
            "这个幂等键已用于别的请求。The key was used with another input.",
            "idempotencyKey",
        )
    return Once(key, action, digest, is_written=True, outcome=_read(earlier["outcome"]))


async def keep(tx: Tx, claim: Once, made: UUID | Outcome) -> None:
    """Note what the claimed call made, so that a replay finds it: ids alone, by name or the only one."""
    outcome = _written(made if isinstance(made, Mapping) else {"made": made})
    if claim.is_written:
        await tx.row(_at(tx).keep, v_key=claim.key, v_outcome=outcome)
    else:
        await tx.row(
            _at(tx).claim_and_keep,
            v_key=claim.key,
            v_action=claim.action,
            v_input_hash=claim.digest,
            v_created_at=tx.now,
            v_outcome=outcome,
        )


def _written(outcome: Outcome) -> str:
    """Print the ids of an outcome; what else is in it (a secret, a word) is told only once."""
    ids = {
        name: each
        for name, each in outcome.items()
        if isinstance(each, UUID | bool)
        or (isinstance(each, list) and all(isinstance(one, UUID) for one in each))
    }
    return orjson.dumps(ids, default=str).decode()


def _read(text: str | None) -> Outcome | None:
    def read(each: Any) -> Any:
        if isinstance(each, list):
            return [UUID(one) for one in each]
        return each if isinstance(each, bool) else UUID(each)

    return None if text is None else {k: read(each) for k, each in orjson.loads(text).items()}


@dataclass(frozen=True)
class _Statements:
    """It asks one table of keys."""

    claim: sa.Executable
    claim_and_keep: sa.Executable
    earlier: sa.Executable
    keep: sa.Executable


def _statements(table: sa.Table, place: sa.BindParameter[int]) -> _Statements:
    given = {n: bound(table.c[n]) for n in ("key", "action", "input_hash", "created_at")}
    outcome = bound(table.c.outcome)
    row = insert(table).values({place.key: place, "actor_id": VIEWER, **given})
    mine = (
        (table.c[place.key] == place) & (table.c.actor_id == VIEWER) & (table.c.key == given["key"])
    )
    return _Statements(
        claim=row.on_conflict_do_nothing().returning(table.c.key),
        claim_and_keep=row.values(outcome=outcome),
        earlier=sa.select(table).where(mine),
        keep=sa.update(table).where(mine).values(outcome=outcome),
    )


def _at(tx: Tx) -> _Statements:
    return _INSIDE if tx.tenant else _ABOVE


_INSIDE = _statements(idempotency_keys, TENANT)
_ABOVE = _statements(district_keys, DISTRICT)
