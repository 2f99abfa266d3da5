"""A person may read all of their own data, and have it erased (PIPL 45, 47)."""

from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import orjson
import sqlalchemy as sa

from tenants import audit
from tenants.columns import TENANT, VIEWER, bound
from tenants.domain import Domains
from tenants.membership.policy import EXPORT, REVEAL
from tenants.membership.procedure import ERASE
from tenants.membership.service import leaving, terms
from tenants.membership.service.envelopes import context
from tenants.membership.service.exporting import SEALED, exported
from tenants.membership.tables import NOTE_LENGTH, households, member_records, members
from tenants.taking import take
from tenants.text import written
from tenants.transaction import Row, Tx

NOBODY = "已注销用户"


async def reveal(tx: Tx, *, member_id: UUID, reason: str) -> dict[str, str | None]:
    """Return a member's real name, phone and id number, for a reason that the audit keeps."""
    member = await tx.find(members, member_id, "memberId", permit=REVEAL)
    reason = written(reason, NOTE_LENGTH, "reason")
    contact = await _contact(tx, member["id"])
    await audit.record(tx, "contact.revealed", subject=member["id"], reason=reason)
    return contact


async def export(tx: Tx) -> dict[str, Any]:
    """Return all data that this community holds about the viewer, by table, envelopes decrypted."""
    member = await tx.find(members, tx.viewer.id, permit=EXPORT)
    address = await tx.row(_ADDRESS, v_id=member["id"])
    held: dict[str, Any] = {
        "contact": await _contact(tx, member["id"]),
        "address": dict(address) if address is not None else None,
    }
    for table, statement in exports(tx.domains).items():
        held[str(table.name)] = [orjson.loads(row["data"]) for row in await tx.rows(statement)]
    await audit.record(tx, "data.exported", subject=member["id"])
    return held


async def erase(tx: Tx, *, confirmed: bool) -> UUID:
    """Erase the viewer's name, phone, id and address here; what was counted stays."""
    leaving.require(confirmed)
    member = await tx.find(members, tx.viewer.id, permit=ERASE)
    await anonymise(tx, member)
    return member["id"]


async def anonymise(tx: Tx, member: Row) -> None:
    """Erase a member, at their own request or some time after they left (retention.py)."""
    await unname(tx, member["id"])
    await take(tx, ERASE, member, person_id=uuid4(), left_at=None)
    await terms.end_all(tx, member["id"])


async def unname(tx: Tx, member_id: UUID) -> None:
    """Erase all that identifies a member, and the reasons of measures against them.

    Call it before the community's counts change: a decision on an appeal also changes the counts
    after the appeal, so that both lock rows in one order.
    """
    subjects: list[UUID] = []
    for statement in tx.domains.erases:
        found = await tx.rows(
            statement, v_member_id=member_id, v_display_name=NOBODY, v_subjects=subjects
        )
        subjects += [row["id"] for row in found]


def mentions(domains: Domains) -> dict[sa.Table, list[sa.Column[Any]]]:
    """Return every table of a community that names members, with the columns that do."""
    found = {
        table: [column for column in table.c if column.info.get("member")]
        for table in domains.tables
        if table.schema == "tenant"
    }
    return {table: columns for table, columns in found.items() if columns}


async def _contact(tx: Tx, member_id: UUID) -> dict[str, str | None]:
    record = await tx.row(_RECORD, v_id=member_id)
    return {
        name: tx.ring.open(record[name], context=context(tx, member_id, name))
        if record is not None and record[name]
        else None
        for name in SEALED
    }


@lru_cache
def exports(domains: Domains) -> dict[sa.Table, sa.Executable]:
    """Return, for each table with data about a member, the statement that exports it."""
    about = {
        table: sa.or_(*(column == VIEWER for column in columns))
        for table, columns in mentions(domains).items()
    }
    about |= domains.export.about_viewer
    return {table: exported(table, is_about, domains.export) for table, is_about in about.items()}


_ADDRESS = (
    sa.select(households.c.building, households.c.room)
    .join_from(
        member_records,
        households,
        (households.c.community_id == TENANT) & (households.c.id == member_records.c.household_id),
    )
    .where(
        member_records.c.community_id == TENANT,
        member_records.c.id == bound(member_records.c.id),
    )
)
_RECORD = sa.select(member_records).where(
    member_records.c.community_id == TENANT,
    member_records.c.id == bound(member_records.c.id),
)
