"""Moves of a procedure are taken: the row, its timeline and the audit are written in one place."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.acting import acting
from tenants.columns import NOW, VIEWER, among
from tenants.procedure import Facts, Move, Row, Step, after, columns
from tenants.statements import tenant_key
from tenants.text import written
from tenants.transaction import Tx


async def act(tx: Tx, step: Step, id: UUID | None, words: str | None = None) -> UUID:
    """Do all that a verb does which changes one row alone: find, permit, change and record."""
    procedure = step.procedure
    async with acting(tx, procedure.table, id, procedure.id_field, permit=step) as (inside, row):
        if step.words is not None:
            most = procedure.table.c[step.words].info["most"]
            words = written(words or "", most, step.said)
        await take(inside, step, row, words=words)
    return row["id"]


async def take(tx: Tx, move: Move, row: Facts, **given: Any) -> Row:
    """Take a move of a locked row, and write down that it was; gives the row as it is now.

    What is given is what `tenants.procedure.after` takes.
    """
    now = after(move, row, tx.now, tx.viewer.id, **given)
    await change(tx, move.procedure.table, row, now)
    if move.procedure.changed is not None:
        await move.procedure.changed(tx, row, now)
    await note(tx, move, now, given.get("words"))
    return now


def first(tx: Tx, move: Move, **given: Any) -> Row:
    """Give the row that a procedure begins with, not yet written; what is given is as `take` has it."""
    version = {"version": 1} if "version" in move.procedure.table.c else {}
    return {"id": tx.new_id(), **version, **after(move, None, tx.now, tx.viewer.id, **given)}


async def begin(tx: Tx, move: Move, **given: Any) -> Row:
    """Begin a procedure with a row of its own, and write that down; gives the row."""
    row = first(tx, move, **given)
    await tx.insert(move.procedure.table, **row)
    await note(tx, move, row, given.get("words"))
    return row


async def change(tx: Tx, table: sa.Table, row: Facts, now: Facts) -> None:
    """Write the columns of a locked row that are other now."""
    before = columns(row)
    changed = {name: new for name, new in columns(now).items() if before.get(name) != new}
    if changed:
        await tx.update(table, before["id"], **changed)


async def note(tx: Tx, move: Move, now: Facts, words: str | None = None) -> UUID | None:
    """Add to the timeline and the audit that a move was taken; gives the id of the entry."""
    procedure, event_id = move.procedure, None
    if procedure.timeline is not None:
        table, names_row = procedure.timeline
        event_id = tx.new_id()
        known = {**columns(now), "action": move.event}
        event = {
            **{column.name: known[column.name] for column in table.c if column.name in known},
            **procedure.told, **move.told, names_row: now["id"],
            "id": event_id, "at": tx.now, "actor_id": tx.viewer.id, "words": words,
        }  # fmt: skip
        await tx.insert(table, **event)
    action = f"{procedure.noun}.{move.event.lower()}"
    if procedure.record is None:
        await audit.record(tx, action, subject=now["id"])
    else:
        await procedure.record(tx, action, now, words)
    if procedure.noted is not None:
        await procedure.noted(tx, event_id)
    return event_id


def take_each(move: Move, where: sa.ColumnElement[bool], **values: Any) -> sa.Update:
    """Give the statement that takes a move of every row of this tenant of which `where` holds.

    It writes neither the timeline nor the audit: the rows end with what they are about, and that
    is written down where it happened.
    """
    table = move.procedure.table
    kept = {move.at: NOW, move.by: VIEWER}
    named: dict[str, Any] = {name: value for name, value in kept.items() if name is not None}
    if "version" in table.c:
        named["version"] = table.c.version + sa.literal_column("1")
    key = tenant_key(table)
    return (
        sa.update(table)
        .where(key == sa.bindparam(key.name, type_=key.type), among(table.c.state, *move.from_))
        .where(where)
        .values(state=sa.literal_column(f"'{move.to[0]}'"), **named, **values)
    )


async def unrecorded(_tx: Tx, _action: str, _row: Facts, _reason: str | None) -> None:
    """Write nothing to the audit: another domain does, of what the row is about."""
