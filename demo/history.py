"""Rows that go through their procedures in memory, at times of the past, and are inserted together.

The moves are those that `tenants.taking` takes, by the same pure functions of `tenants.procedure`:
here their rows, the entries of the timelines and those of the audit are kept until all are written.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.schema import sort_tables

from tenants.audit import past
from tenants.audit.service import entry
from tenants.audit.tables import audit_entries
from tenants.ids import new_id, nth
from tenants.procedure import Move, Procedure, Row, Timer, after, begun, told_of
from tenants.statements import Statement, render
from tenants.transaction import Client
from tenants.viewer import Viewer, system

Rows = list[Row]
# Returns what a timer changes besides its move, from the row and the time.
Work = Callable[[Row, datetime], Row]


class History:
    """It keeps the rows of one community by their tables, and what the audit says of them.

    Nobody is asked for permission here, and no text is checked: whoever tells a history keeps to
    the rules.
    """

    def __init__(
        self, community_id: int, bits: Callable[[int], int], *, is_recorded: bool = True
    ) -> None:
        """Make the ids of `bits`, which returns as many random bits as it is asked for.

        What is not recorded has neither a timeline nor an audit.
        """
        self.community_id = community_id
        self.rows: dict[sa.Table, Rows] = defaultdict(list)
        self._bits = bits
        self._is_recorded = is_recorded
        self._entries: list[tuple[Row, Row | None]] = []  # with their entries of timelines
        self._at: datetime | None = None
        self._made = 0

    def id(self, at: datetime) -> UUID:
        """Return a new id, greater than those made before it of the same moment."""
        self._made = self._made + 1 if at == self._at else 0
        self._at = at
        return new_id(at, nth(self._made, self._bits))

    def add(self, table: sa.Table, **values: Any) -> Row:
        """Add a row that is in no procedure; return it."""
        row = {"community_id": self.community_id, **values}
        self.rows[table].append(row)
        return row

    def begin(self, move: Move, at: datetime, by: Viewer, **given: Any) -> Row:
        """Begin a procedure; return its row, which later moves change in place."""
        made = begun(move, self.id(at), at, by.id, **given)
        row = self.add(move.procedure.table, **made)
        if move.recorded:
            self.note(move, row, at, by, given.get("words"))
        return row

    def take(self, move: Move, row: Row, at: datetime, by: Viewer, **given: Any) -> None:
        """Take a move of a row; `given` are the arguments of `tenants.procedure.after`."""
        row |= after(move, row, at, by.id, **given)
        if "version" in row:
            row["version"] += 1
        if move.recorded:
            self.note(move, row, at, by, given.get("words"))

    def note(
        self, move: Move, row: Row, at: datetime, by: Viewer, words: str | None = None, **told: Any
    ) -> None:
        """Record a move in the timeline and the audit."""
        if not self._is_recorded:
            return
        event = None
        if move.procedure.timeline is not None:
            made = told_of(move, row, self.id(at), at, by.id, words, **told)
            event = self.add(move.procedure.timeline[0], **made)
        said = move.audited(row, words)
        if said is not None:
            place = {"community_id": self.community_id, "id": self.id(at), "at": at}
            self._entries.append((place | entry(by, Client(by.client_id, ""), **said), event))

    def until(
        self, procedure: Procedure, row: Row, at: datetime, works: Mapping[Timer, Work]
    ) -> list[Timer]:
        """Take the timers of a row that are due by a time, each when it is due; return them."""
        taken: list[Timer] = []
        while (steps := procedure.ahead(row)) and steps[0][0] <= at:
            due, timer = steps[0]
            more = works[timer](row, due) if timer in works else {}
            self.take(timer, row, due, system(0), **more)
            taken.append(timer)
        return taken

    def join(self, other: "History") -> None:
        """Take over the rows of another history of this community."""
        for table, rows in other.rows.items():
            self.rows[table] += rows
        self._entries += other._entries

    async def write(self, connection: Any, pour: "Pour | None" = None) -> None:
        """Insert all rows; the audit goes on from its last entry, in the order of time."""
        self._entries.sort(key=lambda pair: (pair[0]["at"], pair[0]["id"]))
        said = (entry for entry, _ in self._entries)
        linked = await past.continued(connection, self.community_id, said)
        for (_, event), link in zip(self._entries, linked, strict=True):
            if event is not None and "seq" in event:
                event["seq"] = link["seq"]
        self.rows[audit_entries] += linked
        for table in sort_tables(self.rows):
            await (pour or insert_rows)(connection, table, self.rows[table])
        if linked:
            await past.end_with(connection, self.community_id, linked[-1])


Pour = Callable[[Any, sa.Table, Rows], Awaitable[None]]
_inserts: dict[sa.Table, Statement] = {}


async def insert_rows(connection: Any, table: sa.Table, rows: Rows) -> None:
    """Insert rows that all have the same columns, in one pipelined batch."""
    if not rows:
        return
    names = list(rows[0])
    if table not in _inserts:
        values = {name: sa.bindparam(f"v_{name}", type_=table.c[name].type) for name in names}
        _inserts[table] = render(sa.insert(table).values(values))
    statement = _inserts[table]
    batch = [statement.arguments({f"v_{n}": v for n, v in row.items()}) for row in rows]
    await connection.executemany(statement.text, batch)
