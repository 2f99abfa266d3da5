"""Invite officers: one admin invites a handler, and two an admin; nobody raises themselves.

A code is the district's and chance, shown once and kept as a hash.
"""

import re
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from tenants.audit.tables import KEY_LENGTH
from tenants.columns import DISTRICT, VIEWER, bound
from tenants.errors import Code, Refused
from tenants.membership.service import codes, terms
from tenants.membership.tables import DISPLAY_NAME_LENGTH, OfficerRole, officers
from tenants.officers.policy import INVITE
from tenants.officers.service.departments import place_of
from tenants.officers.tables import invitations
from tenants.places.tables import REASON_LENGTH, departments
from tenants.statements import Lock
from tenants.taking import first, note
from tenants.text import written
from tenants.transaction import Tx

GOOD_FOR = timedelta(days=7)
_CODE = re.compile(rf"([1-9][0-9]{{5}})({codes.CHANCE})")


async def invite(
    tx: Tx,
    *,
    role: OfficerRole,
    street_id: UUID | None = None,
    department_id: UUID | None = None,
    display_name: str,
    ends_at: datetime | None = None,
    reason: str,
    key: str | None = None,
) -> tuple[UUID, str | None]:
    """Invite someone to serve; gives the invitation and, the first time, the code to hand them.

    Whoever runs the server invites without a key, and needs nobody's confirmation.
    """
    if role is OfficerRole.DEPARTMENT_HANDLER:
        if street_id is not None:
            raise Refused(Code.INVALID, "部门已定街镇。The department says it.", "streetId")
        street, department = await _department(tx, department_id)
    else:
        if department_id is not None:
            raise Refused(Code.INVALID, "仅用于经办人。For a handler only.", "departmentId")
        street, department = await place_of(tx, street_id), None
    display_name = written(display_name, DISPLAY_NAME_LENGTH, "displayName")
    reason = written(reason, REASON_LENGTH, "reason")
    if ends_at is not None:
        terms.end_of(tx, ends_at, "endsAt")
    if key is not None and not 1 <= len(key) <= KEY_LENGTH:
        raise Refused(
            Code.INVALID, f"1–{KEY_LENGTH} 个字符。1 to {KEY_LENGTH} characters.", "idempotencyKey"
        )

    code = f"{tx.viewer.district_id}-{codes.chance()}"
    given = sha256(
        repr((role, street, department, display_name, ends_at, reason)).encode()
    ).digest()
    is_command = tx.viewer.id.int == 0
    waits = role is OfficerRole.DISTRICT_ADMIN and not is_command
    made = first(
        tx, INVITE, to="PROPOSED" if waits else "OPEN", words=reason,
        street_id=street, department_id=department, role=role.value, display_name=display_name,
        ends_at=ends_at, code_hash=digest(code), expires_at=tx.now + GOOD_FOR,
        idempotency_key=key, input_hash=given,
    )  # fmt: skip
    if not await tx.insert_new(invitations, **made):
        return await _earlier(tx, key, given), None
    await note(tx, INVITE, made, reason)
    return made["id"], code


def digest(code: str) -> bytes:
    """Give what is kept of a code."""
    return sha256(code.encode("utf-8", "surrogateescape")).digest()


def read(typed: str) -> tuple[int, str] | None:
    """Say which district a code would be of, and give it as it was made; None for what is no code."""
    match = _CODE.fullmatch(codes.plain(typed))
    return (int(match[1]), f"{match[1]}-{match[2]}") if match else None


async def person_of(tx: Tx, officer_id: UUID) -> UUID | None:
    """Say which person an officer of this district is."""
    row = await tx.row(_PERSON, v_id=officer_id)
    return row["person_id"] if row is not None else None


async def _department(tx: Tx, department_id: UUID | None) -> tuple[int, int]:
    """Authorise the invitation to a department; gives its street's number and its own."""
    if department_id is None:
        raise Refused(Code.REQUIRED, "经办人须有部门。A handler has one.", "departmentId")
    found = await tx.find(departments, department_id, "departmentId", permit=INVITE, lock=Lock.NONE)
    return found["street_id"], found["department_id"]


async def _earlier(tx: Tx, key: str | None, given: bytes) -> UUID:
    earlier = await tx.row(_EARLIER, v_idempotency_key=key)
    if earlier is None or earlier["input_hash"] != given:
        raise Refused(
            Code.IDEMPOTENCY_MISMATCH,
            "这个幂等键已用于别的请求。The key was used with another input.",
            "idempotencyKey",
        )
    return earlier["id"]


_EARLIER = sa.select(invitations.c.id, invitations.c.input_hash).where(
    invitations.c.district_id == DISTRICT,
    invitations.c.invited_by == VIEWER,
    invitations.c.idempotency_key == bound(invitations.c.idempotency_key),
)
_PERSON = sa.select(officers.c.person_id).where(
    officers.c.district_id == DISTRICT, officers.c.id == bound(invitations.c.id)
)
