"""A procedure declares once the states of the rows of a table, and the moves between them.

Nothing here reads or writes the database: `begun`, `after` and `told_of` are pure functions of the
row, the move, the time and the actor. `tenants.taking` writes their result; `tenants.clock` takes
the timers that are due. A step is a move that a mutation asks for: it is also the rule that `find`
and `viewerCan` check, and it lists the codes with which the mutation may be refused.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import among
from tenants.errors import Code
from tenants.policy import Ground, Rule, reasons
from tenants.scopes import Scope


class Facts(Protocol):
    """It is a row as it was read, or as a move leaves it: its columns by name."""

    def __getitem__(self, name: str, /) -> Any:
        """Return the value of a column."""
        ...

    def keys(self) -> Iterable[str]:
        """Return the names of the columns."""
        ...


Row = dict[str, Any]
# Returns what else a move changes, from the row before it, the time and the actor.
Sets = Callable[[Facts, datetime, UUID], Row]
Named = str | tuple[str, ...]
M = TypeVar("M", bound="Move")


@dataclass(frozen=True, eq=False, kw_only=True)
class Move:
    """A transition from one of several states to another; `to` is empty if the state does not change.

    If a move may end in several states, the caller says in which. `event` is its name in the timeline
    and the audit. `at`, `by` and `words` name the columns that keep the time, the actor and the words;
    `sets` returns what else changes, and `told` are columns of the timeline. A move that is not
    `recorded` is the result of something that is.
    """

    procedure: "Procedure"
    event: str
    from_: tuple[str, ...]
    to: tuple[str, ...]
    at: str | None = None
    by: str | None = None
    words: str | None = None
    sets: Sets | None = None
    told: Row = field(default_factory=dict)
    recorded: bool = True

    def audited(self, row: Facts, words: str | None) -> Row | None:
        """Return the arguments of `tenants.audit.record` for this move of a row; None for no entry."""
        action = f"{self.procedure.noun}.{self.event.lower()}"
        return self.procedure.audited(action, row, words)


@dataclass(frozen=True, eq=False, kw_only=True)
class Step(Rule, Move):
    """It is a move that a mutation asks for, on a row that the viewer finds.

    It begins a procedure if `from_` is empty. `said` is the input field of its words, empty if the
    caller gives none; `most` is their length if no column of the row keeps them. `more` is what its
    service may refuse with besides: codes, and the rules that it checks on other rows. It may be
    refused with NOT_FOUND, unless it `may_begin` without a row.
    """

    said: str = "words"
    most: int = 0
    needs_words: bool = True
    may_begin: bool = False
    more: tuple[Code | Rule, ...] = ()

    @property
    def says(self) -> bool:
        """Return whether the caller gives words."""
        return bool(self.said) and (self.words is not None or self.most > 0)

    @property
    def limit(self) -> int:
        """Return how many characters its words may have."""
        return self.most or self.procedure.table.c[self.words or ""].info["most"]

    @property
    def codes(self) -> set[Code]:
        """Return every code with which the mutation may be refused."""
        said = {Code.REQUIRED, Code.TOO_LONG, Code.INVALID} if self.says else set[Code]()
        more = (one.codes if isinstance(one, Rule) else {one} for one in self.more)
        missing = set[Code]() if self.may_begin else {Code.NOT_FOUND}
        return (super().codes | missing | said).union(*more)


@dataclass(frozen=True, eq=False, kw_only=True)
class Timer(Move):
    """It is a move that the system takes by itself, at the time that `due` returns; None means not now."""

    due: Callable[[Facts], datetime | None]


def _about_row(action: str, row: Facts, _words: str | None) -> Row | None:
    return {"action": action, "subject": row["id"]}


def forgetting(*names: str, **values: Any) -> Sets:
    """Return what a move changes that empties these columns, and sets others to these values."""
    return lambda _row, _at, _by: {**dict.fromkeys(names), **values}


def with_reason(action: str, row: Facts, words: str | None) -> Row:
    """Return what the audit says of a move whose words are a reason that it may keep."""
    return {"action": action, "subject": row["id"], "reason": words}


@dataclass(frozen=True, eq=False, kw_only=True)
class Procedure:
    """It is one state machine over the `state` column of a table.

    `noun` is the first part of its actions in the audit, `id_field` the input field with a row's id.
    `timeline` is the table of events, with its column for the row's id: the columns that both tables
    have are copied, and `told` are the defaults of others. `derive` returns columns that are computed
    from the rest of the row. `audited` returns what the audit says of an action, by default that it
    was done to the row; `changed` and `noted` run after a change of the row, and after an entry of
    the timeline.
    """

    noun: str
    table: sa.Table
    states: type[StrEnum]
    id_field: str
    timeline: tuple[sa.Table, str] | None = None
    told: Row = field(default_factory=dict)
    derive: Callable[[Facts], Row] | None = None
    audited: Callable[[str, Facts, str | None], Row | None] = _about_row
    changed: Callable[..., Any] | None = None
    noted: Callable[..., Any] | None = None
    moves: list[Move] = field(default_factory=list, init=False)

    def step(
        self,
        verb: str,
        scope: Scope,
        from_: Named,
        to: Named,
        *grounds: Ground,
        then: tuple[Ground, ...] = (),
        above: tuple[Ground, ...] = (),
        on: sa.Table | None = None,
        event: str = "",
        sets: Sets | None = None,
        else_: str = "",
        **kept: Any,
    ) -> Step:
        """Declare the move of a mutation, refused on these grounds, then if the row is in another state.

        `else_` is what the refusal in another state says: which step is missing, and which rule asks
        for it. The grounds `then` are checked after the state, and `above` in an officer's own view only.
        `on` is the table that the mutation finds, if it is not the procedure's: its grounds then
        check the state themselves. `kept` are the other fields of Step.
        """
        starts, ends = self._known(from_), self._known(to)
        is_asked = on is None and {*starts} != {*self.states}
        is_elsewhere = ~among(self.table.c.state, *starts)
        wrong: Ground = (Code.WRONG_STATE, is_elsewhere, *([else_] if else_ else []))  # type: ignore[assignment] # of two or three
        asked = (*grounds, *([wrong] if is_asked else []), *then)
        return self._add(
            Step(
                name=verb, scope=scope, table=self.table if on is None else on,
                reasons=reasons(asked), above=reasons(above),
                procedure=self, event=event or ends[0], from_=starts, to=ends, sets=sets, **kept,
            )
        )  # fmt: skip

    def move(self, event: str, from_: Named, to: Named, **kept: Any) -> Move:
        """Declare a move that is the result of something else, and of no mutation of its own."""
        starts, ends = self._known(from_), self._known(to)
        return self._add(Move(procedure=self, event=event, from_=starts, to=ends, **kept))

    def timer(
        self,
        event: str,
        from_: Named,
        to: Named,
        due: Callable[[Facts], datetime | None],
        sets: Sets | None = None,
        **kept: Any,
    ) -> Timer:
        """Declare a move that the system takes by itself, and when."""
        starts, ends = self._known(from_), self._known(to)
        return self._add(
            Timer(procedure=self, event=event, from_=starts, to=ends, due=due, sets=sets, **kept)
        )

    @property
    def steps(self) -> Iterator[Step]:
        """Return the moves that mutations ask for."""
        return (move for move in self.moves if isinstance(move, Step))

    @property
    def timers(self) -> Iterator[Timer]:
        """Return the moves that the system takes."""
        return (move for move in self.moves if isinstance(move, Timer))

    @property
    def ends(self) -> list[str]:
        """Return the states that no move leaves."""
        left = {state for move in self.moves if move.to for state in move.from_}
        return [state.value for state in self.states if state not in left]

    def ahead(self, row: Facts) -> list[tuple[datetime, Timer]]:
        """Return the timers that will run if nothing else happens, and when; soonest first."""
        waiting = (timer for timer in self.timers if row["state"] in timer.from_)
        due = ((timer.due(row), timer) for timer in waiting)
        steps = [(at, timer) for at, timer in due if at is not None]
        return sorted(steps, key=lambda step: (step[0], step[1].event))

    def next_at(self, row: Facts) -> datetime | None:
        """Return when the first timer is due, or None."""
        steps = self.ahead(row)
        return steps[0][0] if steps else None

    def _add(self, move: M) -> M:
        self.moves.append(move)
        return move

    def _known(self, words: Named) -> tuple[str, ...]:
        """Return one or several states; raise ValueError if the procedure has no such state."""
        several = (words,) if isinstance(words, str) else words
        return tuple(self.states(word).value for word in several)


def after(
    move: Move, row: Facts | None, at: datetime, by: UUID, *,
    to: str | None = None, words: str | None = None, **values: Any,
) -> Row:  # fmt: skip
    """Return the row as a move leaves it, taken at a time by an actor; `values` are other changes.

    `row` is None when a procedure begins. `to` is the state that it ends in, if the move may end in
    several. Raises AssertionError if the move does not start from the row's state: that is a bug.
    """
    before = {} if row is None else columns(row)
    was = before.get("state")
    assert was in move.from_ or (was is None and not move.from_), (move.event, was)  # noqa: S101 # its rule looked
    ends = move.to or (was,)
    state = to or ends[0]
    assert state in ends, (move.event, state)  # noqa: S101 # the declaration has no such way
    kept = {move.at: at, move.by: by, move.words: words}
    named = {name: value for name, value in kept.items() if name is not None}
    sets = move.sets(before, at, by) if move.sets is not None else {}
    now = {**before, **named, **sets, **values, "state": state}
    return now | (move.procedure.derive(now) if move.procedure.derive is not None else {})


def begun(move: Move, id: UUID, at: datetime, by: UUID, /, **given: Any) -> Row:
    """Return the row that a procedure begins with; columns that are not given are null."""
    table = move.procedure.table
    nothing = dict.fromkeys(c.name for c in table.c if c.nullable)
    version = {"version": 1} if "version" in table.c else {}
    return {**nothing, "id": id, **version, **after(move, None, at, by, **given)}


def told_of(
    move: Move, now: Facts, id: UUID, at: datetime, by: UUID,
    words: str | None = None, **told: Any,
) -> Row:  # fmt: skip
    """Return the entry of the timeline for a move; `now` is the row as the move leaves it.

    `told` are columns of the timeline; they win over those of the move and of the procedure.
    """
    procedure = move.procedure
    assert procedure.timeline is not None  # noqa: S101 # the caller looked
    table, names_row = procedure.timeline
    known = {**columns(now), "action": move.event}
    return {
        **{column.name: known[column.name] for column in table.c if column.name in known},
        **procedure.told, **move.told, **told, names_row: now["id"],
        "id": id, "at": at, "actor_id": by, "words": words,
    }  # fmt: skip


def columns(row: Facts) -> Row:
    """Return the columns of a row as a new dictionary."""
    return {name: row[name] for name in row.keys()}  # noqa: SIM118 # a record gives its values
