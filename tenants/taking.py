"""Take the moves of procedures: write the row, its timeline and the audit."""

from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from tenants import audit
from tenants.acting import acting
from tenants.columns import NOW, VIEWER, among
from tenants.procedure import Facts, Move, Procedure, Row, Step, after, begun, columns, told_of
from tenants.statements import tenant_key
from tenants.text import written
from tenants.transaction import Tx


async def act(tx: Tx, step: Step, id: UUID | None, words: str | None = None) -> UUID:
    """Run a whole mutation that changes one row only: find, permit, change and record; return its id."""
    async with on_row(tx, step, id) as (inside, row):
        await take(inside, step, row, words=said(step, words) if step.says else None)
    return row["id"]


def on_row(
    tx: Tx, step: Step, id: UUID | None
) -> AbstractAsyncContextManager[tuple[Tx, asyncpg.Record]]:
    """Find the row of a step and act in its community, as `tenants.acting.acting` does."""
    return acting(tx, step.table, id, step.procedure.id_field, permit=step)


def said(step: Step, words: str | None) -> str | None:
    """Return the words of a step, cleaned and checked for length; raise what `written` raises.

    Returns None if there are none and none are needed.
    """
    if not words and not step.needs_words:
        return None
    return written(words or "", step.limit, step.said)


async def take(tx: Tx, move: Move, row: Facts, **given: Any) -> Row:
    """Take a move of a locked row and record it; return the row as it is now.

    `given` are the arguments of `tenants.procedure.after`.
    """
    now = after(move, row, tx.now, tx.viewer.id, **given)
    await _change(tx, move.procedure, row, now)
    if move.recorded:
        await note(tx, move, now, given.get("words"))
    return now


async def derive(tx: Tx, procedure: Procedure, row: Facts) -> None:
    """Compute the derived columns of a locked row again, by the rules of today; record nothing."""
    if procedure.derive is not None:
        await _change(tx, procedure, row, {**columns(row), **procedure.derive(row)})


def first(tx: Tx, move: Move, **given: Any) -> Row:
    """Return the row that a procedure begins with, not inserted yet; `given` is as in `take`."""
    return begun(move, tx.new_id(), tx.now, tx.viewer.id, **given)


async def begin(tx: Tx, move: Move, **given: Any) -> Row:
    """Begin a procedure: insert its row and record it; return the row."""
    row = first(tx, move, **given)
    await tx.insert(move.procedure.table, **row)
    if move.recorded:
        await note(tx, move, row, given.get("words"))
    return row


async def note(tx: Tx, move: Move, now: Facts, words: str | None = None, **told: Any) -> UUID:
    """Record in the timeline and the audit that a move was taken; return the id of the event.

    `told` are columns of the timeline, as in `told_of`.
    """
    procedure, event_id = move.procedure, tx.new_id()
    if procedure.timeline is not None:
        event = told_of(move, now, event_id, tx.now, tx.viewer.id, words, **told)
        await tx.insert(procedure.timeline[0], **event)
    entry = move.audited(now, words)
    if entry is not None:
        is_above = "community_id" not in procedure.table.c
        await (audit.record_above if is_above else audit.record)(tx, **entry)
    if procedure.noted is not None:
        await procedure.noted(tx, event_id)
    return event_id


def take_each(move: Move, where: sa.ColumnElement[bool], **values: Any) -> sa.Update:
    """Return the statement that takes a move of every row of this tenant where `where` is true.

    It writes neither the timeline nor the audit: the rows end together with their subject, and
    that is recorded where it happens.
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


async def _change(tx: Tx, procedure: Procedure, row: Facts, now: Row) -> None:
    """Update the columns of a locked row that have changed."""
    before = columns(row)
    changed = {name: new for name, new in now.items() if before.get(name) != new}
    if changed:
        await tx.update(procedure.table, before["id"], **changed)
        if procedure.changed is not None:
            await procedure.changed(tx, row, now, changed)
