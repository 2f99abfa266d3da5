"""A procedure: the states that rows of a table go through, and each move between them, declared once.

A step is a move that someone asks for: it is the rule that `find` and `viewerCan` ask, and says with
which codes its verb may be refused. `Procedure.after` is what a move makes of a row, a pure function;
`Procedure.take` writes that to the row, the timeline and the audit.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.acting import acting
from tenants.columns import NOW, VIEWER, among
from tenants.errors import Code
from tenants.policy import Ground, Rule, reasons
from tenants.scopes import Scope
from tenants.statements import tenant_key
from tenants.text import written
from tenants.transaction import Tx


class Facts(Protocol):
    """A row as it was read, or as a move has left it: its columns by name."""

    def __getitem__(self, name: str, /) -> Any:
        """Give a column."""
        ...

    def keys(self) -> Iterable[str]:
        """Give the columns' names."""
        ...


Row = dict[str, Any]
# Writes an entry of the audit: action, the row, the reason that is kept beside.
Record = Callable[[Tx, str, Facts, str | None], Awaitable[None]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Move:
    """A way from one of some states to another; `to` is empty where the state stays as it is.

    A move that may end in several states is told which one when it is taken. `event` is its name in
    the timeline and the audit. `at`, `by` and `words` name the columns that keep when it was taken,
    by whom, and what was said.
    """

    event: str
    from_: tuple[str, ...]
    to: tuple[str, ...]
    at: str | None = None
    by: str | None = None
    words: str | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Step(Rule, Move):
    """A move that a verb of the schema asks for, on a row that the viewer finds.

    It begins a procedure where `from_` is empty. `said` is the input field of its words, empty where
    they are not the caller's, and `more`
    are what its service may refuse with beside: codes, and the rules that it asks of other rows.
    """

    said: str = "words"
    more: tuple[Code | Rule, ...] = ()

    @property
    def codes(self) -> set[Code]:
        """Give every code with which the verb may be refused."""
        said = (
            {Code.REQUIRED, Code.TOO_LONG, Code.INVALID}
            if self.words and self.said
            else set[Code]()
        )
        more = (one.codes if isinstance(one, Rule) else {one} for one in self.more)
        return (super().codes | {Code.NOT_FOUND} | said).union(*more)


class Procedure:
    """One state machine over the `state` column of a table."""

    def __init__(
        self,
        noun: str,
        table: sa.Table,
        states: type[StrEnum],
        *,
        id_field: str,
        timeline: tuple[sa.Table, str] | None = None,
        record: Record | None = None,
    ) -> None:
        """Declare a procedure.

        `noun` begins its actions in the audit, and `id_field` is the input field that names a row.
        `timeline` is the table of what happened, with its column that names the row: each column
        that the two tables share is copied. `record` writes the audit if the row is not its subject.
        """
        self.noun, self.table, self.states = noun, table, states
        self.id_field, self.timeline = id_field, timeline
        self.moves: list[Move] = []
        self._record = record or _record

    @property
    def steps(self) -> Iterator[Step]:
        """Give the moves that verbs ask for."""
        return (move for move in self.moves if isinstance(move, Step))

    @property
    def ends(self) -> list[str]:
        """Give the states that no move leads out of."""
        left = {state for move in self.moves if move.to for state in move.from_}
        return [state.value for state in self.states if state not in left]

    def move(
        self,
        event: str,
        from_: str | tuple[str, ...],
        to: str | tuple[str, ...],
        **kept: str,
    ) -> Move:
        """Declare a move that follows from something else: no verb of the schema asks for it."""
        made = Move(event=event, from_=self._known(from_), to=self._known(to), **kept)
        self.moves.append(made)
        return made

    def step(
        self,
        verb: str,
        scope: Scope,
        from_: str | tuple[str, ...],
        to: str | tuple[str, ...],
        *grounds: Ground,
        then: tuple[Ground, ...] = (),
        above: tuple[Ground, ...] = (),
        on: sa.Table | None = None,
        event: str = "",
        more: tuple[Code | Rule, ...] = (),
        **kept: str,
    ) -> Step:
        """Declare a verb's move. It is refused on the grounds, then where the row is in another state.

        `then` are grounds asked after the state, and `above` in an officer's own view. `on` is the
        table that the verb finds, where that is not the procedure's: the grounds tell its state.
        `kept` are the columns of Move, and `said` of Step.
        """
        starts, ends = self._known(from_), self._known(to)
        wrong = ((Code.WRONG_STATE, ~among(self.table.c.state, *starts)),)
        asked = (*grounds, *(wrong if on is None else ()), *then)
        made = Step(
            name=verb, scope=scope, table=self.table if on is None else on,
            reasons=reasons(asked), above=reasons(above),
            event=event or ends[0], from_=starts, to=ends, more=more, **kept,
        )  # fmt: skip
        self.moves.append(made)
        return made

    def after(
        self, row: Facts | None, move: Move, at: datetime, by: UUID, *,
        to: str | None = None, words: str | None = None, **values: Any,
    ) -> Row:  # fmt: skip
        """Give the row as a move leaves it, taken at a time by someone; `values` are what else changes.

        There is no row before a procedure begins. `to` is the state that it ends in, where the move
        may end in several. A move that does not lead from the row's state is a bug.
        """
        before = {} if row is None else _columns(row)
        was = before.get("state")
        assert was in move.from_ or (was is None and not move.from_), (move.event, was)  # noqa: S101 # its rule looked
        ends = move.to or (was,)
        state = to or ends[0]
        assert state in ends, (move.event, state)  # noqa: S101 # the declaration has no such way
        kept = {move.at: at, move.by: by, move.words: words}
        named = {name: value for name, value in kept.items() if name is not None}
        return {**before, **named, **values, "state": state}

    def first(self, tx: Tx, move: Move, **given: Any) -> Row:
        """Give the row that a procedure begins with, not yet written; `after` says what is given."""
        version = {"version": 1} if "version" in self.table.c else {}
        made = self.after(None, move, tx.now, tx.viewer.id, **given)
        return {"id": tx.new_id(), **version, **made}

    async def begin(self, tx: Tx, move: Move, **given: Any) -> Row:
        """Begin the procedure with a row of its own, and write that down."""
        row = self.first(tx, move, **given)
        await tx.insert(self.table, **row)
        await self.note(tx, row, move, given.get("words"))
        return row

    async def take(self, tx: Tx, row: Facts, move: Move, **given: Any) -> Row:
        """Take a move of a locked row, and write down that it was; gives the row as it is now.

        What is given is what `after` takes.
        """
        now = self.after(row, move, tx.now, tx.viewer.id, **given)
        before = _columns(row)
        changed = {name: now[name] for name in now if before.get(name) != now[name]}
        await tx.update(self.table, row["id"], **changed)
        await self.note(tx, now, move, given.get("words"))
        return now

    def take_each(self, move: Move, where: sa.ColumnElement[bool], **values: Any) -> sa.Update:
        """Give the statement that takes a move of every row of this tenant of which `where` holds.

        It writes neither the timeline nor the audit: the rows end with what they are about, and
        that is written down where it happened.
        """
        kept = {move.at: NOW, move.by: VIEWER}
        named: dict[str, Any] = {name: value for name, value in kept.items() if name is not None}
        if "version" in self.table.c:
            named["version"] = self.table.c.version + sa.literal_column("1")
        key, state = tenant_key(self.table), self.table.c.state
        return (
            sa.update(self.table)
            .where(key == sa.bindparam(key.name, type_=key.type), among(state, *move.from_), where)
            .values(state=sa.literal_column(f"'{move.to[0]}'"), **named, **values)
        )

    async def note(self, tx: Tx, now: Facts, move: Move, words: str | None, **more: Any) -> None:
        """Add a move to the timeline and the audit; `more` are columns of the timeline alone."""
        if self.timeline is not None:
            table, names_row = self.timeline
            shared = {c.name: now[c.name] for c in table.c if c.name in _columns(now)}
            event = {
                **shared, "id": tx.new_id(), names_row: now["id"], "at": tx.now,
                "actor_id": tx.viewer.id, "words": words, **more,
            }  # fmt: skip
            await tx.insert(table, **event)
        await self._record(tx, f"{self.noun}.{move.event.lower()}", now, words)

    async def act(self, tx: Tx, step: Step, id: UUID | None, words: str | None = None) -> UUID:
        """Do all that a verb does which changes nothing else: find, permit, change and record."""
        async with acting(tx, self.table, id, self.id_field, permit=step) as (inside, row):
            if step.words is not None:
                most = self.table.c[step.words].info["most"]
                words = written(words or "", most, step.said)
            await self.take(inside, row, step, words=words)
        return row["id"]

    def _known(self, words: str | tuple[str, ...]) -> tuple[str, ...]:
        """Give one or several states; raises ValueError where the procedure has no such state."""
        several = (words,) if isinstance(words, str) else words
        return tuple(self.states(word).value for word in several)


def _columns(row: Facts) -> Row:
    return {name: row[name] for name in row.keys()}  # noqa: SIM118 # a record gives its values


async def unrecorded(_tx: Tx, _action: str, _row: Facts, _reason: str | None) -> None:
    """Write nothing to the audit: another domain does, of what the row is about."""


async def _record(tx: Tx, action: str, row: Facts, _: str | None) -> None:
    await audit.record(tx, action, subject=row["id"])
