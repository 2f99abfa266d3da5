"""Audit, outbox and idempotency: written by the same function, in the same transaction, as the change."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.audit.tables import KEY_LENGTH, audit_entries, idempotency_keys, outbox_events
from tenants.columns import TENANT, VIEWER
from tenants.db import Tx
from tenants.errors import Code, Refused
from tenants.viewer import Principal


async def record(tx: Tx, action: str, *, subject: UUID, reason: str | None = None) -> None:
    """Write down what was done (`noun.verbed`), for the audit and for whoever is to be told."""
    await tx.insert(
        audit_entries,
        id=tx.new_id(),
        at=tx.now,
        actor_kind=_actor_kind(tx),
        actor_id=tx.viewer.id,
        client_id=tx.client.client_id,
        trace_id=tx.client.trace_id,
        action=action,
        subject_id=subject,
        reason=reason,
    )
    await tx.insert(
        outbox_events,
        id=tx.new_id(),
        at=tx.now,
        action=action,
        subject_id=subject,
        delivered_at=None,
    )


def _actor_kind(tx: Tx) -> str:
    if tx.viewer.id.int == 0:
        return "SYSTEM"  # a command of whoever runs the server
    return "MEMBER" if tx.viewer.principal is Principal.COMMUNITY else "OFFICER"


@dataclass(frozen=True)
class Once:
    """The claim of an idempotency key: `done` is what an earlier call made, if there was one."""

    key: str
    done: UUID | None


async def once(tx: Tx, action: str, key: str, *content: object) -> Once:
    """Claim `key` for this action and input, waiting for a call under way with the same key.

    Raises IDEMPOTENCY_MISMATCH if the key was used for something else. A refused change leaves
    no key behind: its transaction is rolled back, and the same key may be tried again.
    """
    if not 1 <= len(key) <= KEY_LENGTH:
        raise Refused(
            Code.INVALID, f"1–{KEY_LENGTH} 个字符。1 to {KEY_LENGTH} characters.", "idempotencyKey"
        )
    digest = sha256(repr(content).encode()).digest()
    claimed = await tx.row(
        _CLAIM, v_key=key, v_action=action, v_input_hash=digest, v_created_at=tx.now
    )
    if claimed is not None:
        return Once(key, None)
    earlier = await tx.row(_EARLIER, v_key=key)
    if earlier is None or (earlier["action"], earlier["input_hash"]) != (action, digest):
        raise Refused(
            Code.IDEMPOTENCY_MISMATCH,
            "这个幂等键已用于别的请求。The key was used with another input.",
            "idempotencyKey",
        )
    return Once(key, earlier["subject_id"])


async def keep(tx: Tx, claim: Once, subject: UUID) -> None:
    """Note what the claimed call made, so that a replay finds it."""
    await tx.row(_KEEP, v_key=claim.key, v_subject_id=subject)


def _bound(name: str) -> sa.BindParameter[object]:
    return sa.bindparam(f"v_{name}", type_=idempotency_keys.c[name].type)


_CLAIM = (
    insert(idempotency_keys)
    .values(
        community_id=TENANT,
        actor_id=VIEWER,
        **{n: _bound(n) for n in ("key", "action", "input_hash", "created_at")},
    )
    .on_conflict_do_nothing()
    .returning(idempotency_keys.c.key)
)
_MINE = (
    (idempotency_keys.c.community_id == TENANT)
    & (idempotency_keys.c.actor_id == VIEWER)
    & (idempotency_keys.c.key == _bound("key"))
)
_EARLIER = sa.select(idempotency_keys).where(_MINE)
_KEEP = sa.update(idempotency_keys).where(_MINE).values(subject_id=_bound("subject_id"))
