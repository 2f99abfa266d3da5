"""Write audit and outbox in the same transaction as the change.

An entry is chained to the one before it (chain.py) as the last step of its transaction. The
database computes the hash from the head of the chain, which it locks: the statements go in one
message with the commit, so no transaction waits for this process while the head is locked.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.audit.actions import AuditAction
from tenants.audit.as_resident import AS_RESIDENT
from tenants.audit.chain import BEGINNING, hash_of_payload, sealed
from tenants.audit.tables import (
    audit_entries,
    audit_heads,
    outbox_events,
)
from tenants.columns import DISTRICT, STREET, TENANT, bound
from tenants.scopes import Role
from tenants.transaction import Client, Tx
from tenants.viewer import Viewer

_RANKS = (
    Role.APP, Role.INSPECTOR, Role.GUEST, Role.RESIDENT, Role.REPRESENTATIVE, Role.SEAT,
    Role.SUPERVISOR, Role.COMMITTEE_MEMBER, Role.PARTY_SECRETARY, Role.DEPARTMENT_HANDLER, Role.DISTRICT_ADMIN,
)  # fmt: skip


async def record(tx: Tx, action: str, *, subject: UUID, reason: str | None = None) -> None:
    """Record what was done (an AuditAction), for the audit and for the outbox."""
    head = {"community_id": tx.tenant, "id": tx.new_id(), "at": tx.now}
    tx.at_last(_append, head | entry(tx.viewer, tx.client, action, subject, reason))


def entry(
    viewer: Viewer, client: Client, action: str, subject: UUID, reason: str | None = None
) -> dict[str, Any]:
    """Return what an audit entry says of a viewer's action, without its place and time."""
    known = AuditAction(action)
    return {
        "actor_kind": actor_kind(viewer),
        "actor_id": viewer.id,
        "client_id": client.client_id,
        "trace_id": client.trace_id,
        "action": known.value,
        "subject_id": subject,
        **sealed(reason),
        **_capacity(viewer, known, subject),
    }


async def begin(tx: Tx, *, district_id: int, street_id: int) -> None:
    """Begin the chain of a community that is being founded."""
    await tx.row(_BEGIN, district_id=district_id, street_id=street_id)


async def _append(tx: Tx, entries: list[dict[str, Any]]) -> None:
    """Chain the transaction's entries to the existing ones; lock the head until the commit."""
    for entry in entries:
        await tx.row(_MOVE, v_digest=hash_of_payload(entry))
        await tx.row(_ENTER, **{f"v_{name}": value for name, value in entry.items()})
        await tx.row(
            _TELL,
            v_id=tx.new_id(),
            **{f"v_{name}": entry[name] for name in ("at", "action", "subject_id")},
        )


def actor_kind(viewer: Viewer) -> str:
    """Return the kind of actor that the viewer is in the audit."""
    if viewer.id.int == 0:
        return "SYSTEM"  # a command of the server's operator
    return "OFFICER" if viewer.principal.is_above else "MEMBER"


def _capacity(viewer: Viewer, action: AuditAction, subject: UUID) -> dict[str, Any]:
    """Say in which capacity the viewer acts, and at which desk above the communities."""
    roles, kind = viewer.roles, actor_kind(viewer)
    if kind == "SYSTEM":
        role = None
    elif kind == "MEMBER" and (action in AS_RESIDENT or subject == viewer.id):
        role = Role.GUEST if Role.GUEST in roles else Role.RESIDENT
    else:
        # the highest: what one does in office takes the office that may do most
        role = max(roles, key=_RANKS.index)
    return {"actor_role": role, "actor_desk": viewer.desk or None if role else None}


_BEGIN = sa.insert(audit_heads).values(
    community_id=TENANT,
    district_id=DISTRICT,
    street_id=STREET,
    seq=0,
    hash=BEGINNING,
    # one clock for all workers, the database's: a checkpoint selects what changed since the last one
    changed_at=sa.func.now(),
)
_NEXT = audit_heads.c.seq + sa.literal_column("1")
_DIGEST = bound(audit_heads.c.hash, "digest")
# computes chain.py's hash_of_entry for the next entry
_MOVE = (
    sa.update(audit_heads)
    .where(audit_heads.c.community_id == TENANT)
    .values(
        seq=_NEXT,
        prev_hash=audit_heads.c.hash,
        hash=sa.func.sha256(audit_heads.c.hash.concat(sa.func.int8send(_NEXT)).concat(_DIGEST)),
        changed_at=sa.func.now(),
    )
)
# a table of a higher domain, which is not imported here
_COMMUNITIES = sa.table("community", sa.column("community_id", sa.Integer()), schema="tenant")
_FROM_HEAD = {
    "community_id": _COMMUNITIES.c.community_id,
    "seq": audit_heads.c.seq,
    "prev_hash": audit_heads.c.prev_hash,
    "entry_hash": audit_heads.c.hash,
}
# the entry for the head's new end; without a head its number is null, which is an error
_ENTER = sa.insert(audit_entries).from_select(
    [c.name for c in audit_entries.c],
    sa.select(*(_FROM_HEAD[c.name] if c.name in _FROM_HEAD else bound(c) for c in audit_entries.c))
    .select_from(
        _COMMUNITIES.outerjoin(
            audit_heads,
            (audit_heads.c.community_id == _COMMUNITIES.c.community_id)
            & (audit_heads.c.community_id == TENANT),
        )
    )
    .where(_COMMUNITIES.c.community_id == TENANT),
)
_TELL = sa.insert(outbox_events).values(
    community_id=TENANT,
    delivered_at=sa.null(),
    **{name: bound(outbox_events.c[name]) for name in ("id", "at", "action", "subject_id")},
)
_SUBJECTS = sa.bindparam("v_subjects", type_=sa.ARRAY(audit_entries.c.subject_id.type))
_MEMBER = bound(audit_entries.c.actor_id, "member_id")
# the reasons given by a member, about them or about rows of theirs; the chain has only the hash of a
# reason and stays valid
FORGET = (
    sa.update(audit_entries)
    .where(
        audit_entries.c.community_id == TENANT,
        (audit_entries.c.subject_id == _MEMBER)
        | (audit_entries.c.actor_id == _MEMBER)
        | (audit_entries.c.subject_id == sa.any_(_SUBJECTS)),
        audit_entries.c.reason.is_not(None),
    )
    .values(reason=sa.null(), reason_salt=sa.null())
)
