"""The audit above the communities says what was done about officers and departments, by district."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.audit.actions import AuditAction
from tenants.audit.chain import BEGINNING, chained, sealed
from tenants.audit.service import actor_kind
from tenants.audit.tables import ActorKind, district_entries, district_heads
from tenants.columns import DISTRICT, bound
from tenants.transaction import Tx


async def record_above(
    tx: Tx,
    action: str,
    *,
    subject: UUID,
    street_id: int,
    reason: str | None = None,
    actor: UUID | None = None,
) -> None:
    """Record what was done about an officer or department, which belongs to no community.

    `actor` is the person who acted, if that is not the viewer: one who becomes an officer by this
    act.
    """
    entry = {
        "district_id": tx.viewer.district_id,
        "street_id": street_id,
        "id": tx.new_id(),
        "at": tx.now,
        "actor_kind": ActorKind.OFFICER.value if actor is not None else actor_kind(tx.viewer),
        "actor_id": actor or tx.viewer.id,
        "client_id": tx.client.client_id,
        "trace_id": tx.client.trace_id,
        "action": AuditAction(action).value,
        "subject_id": subject,
        **sealed(reason),
    }
    tx.at_last(_append, entry)


async def forget_reasons_above(tx: Tx, officer: UUID, *, invitations: Sequence[UUID] = ()) -> None:
    """Erase the reasons given about or by an officer, and of the invitations that they accepted.

    The entries and the chain stay.
    """
    await tx.row(_FORGET, v_officer=officer, v_invitations=list(invitations))


async def _append(tx: Tx, entries: list[dict[str, Any]]) -> None:
    """Chain the transaction's entries to the district's chain; lock its head until the commit."""
    head = await tx.row(_HEAD)
    if head is None:
        await tx.row(_BEGIN)
        head = await tx.row(_HEAD)
    assert head is not None  # noqa: S101 # it was just inserted, by this transaction or another one
    linked = chained(entries, head["seq"], head["hash"])
    numbered = {f"v_{name}_{n}": row[name] for n, row in enumerate(linked) for name in row}
    end = {"v_seq": linked[-1]["seq"], "v_hash": linked[-1]["entry_hash"]}
    await tx.row(_appended(len(linked)), **end, **numbered)


@lru_cache(maxsize=64)
def _appended(count: int) -> sa.Executable:
    """Return the statement that inserts `count` entries and moves the head to the last of them."""
    moved = (
        sa.update(district_heads)
        .where(district_heads.c.district_id == DISTRICT)
        .values(
            seq=bound(district_heads.c.seq),
            hash=bound(district_heads.c.hash),
            changed_at=sa.func.now(),
        )
        .returning(district_heads.c.district_id)
        .cte("moved")
    )
    rows = [
        {c.name: sa.bindparam(f"v_{c.name}_{n}", type_=c.type) for c in district_entries.c}
        for n in range(count)
    ]
    return sa.insert(district_entries).values(rows).add_cte(moved)


_HEAD = (
    sa.select(district_heads.c.seq, district_heads.c.hash)
    .where(district_heads.c.district_id == DISTRICT)
    .with_for_update(key_share=True)
)
_BEGIN = (
    insert(district_heads)
    .values(
        district_id=DISTRICT,
        seq=sa.literal_column("0"),
        hash=sa.bindparam("beginning", BEGINNING, type_=sa.LargeBinary()),
        changed_at=sa.func.now(),
    )
    .on_conflict_do_nothing()
)
_OFFICER = bound(district_entries.c.actor_id, "officer")
_INVITATIONS = sa.bindparam("v_invitations", type_=sa.ARRAY(district_entries.c.subject_id.type))
_FORGET = (
    sa.update(district_entries)
    .where(
        district_entries.c.district_id == DISTRICT,
        (district_entries.c.subject_id == _OFFICER)
        | (district_entries.c.actor_id == _OFFICER)
        | (district_entries.c.subject_id == sa.any_(_INVITATIONS)),
        district_entries.c.reason.is_not(None),
    )
    .values(reason=sa.null(), reason_salt=sa.null())
)
