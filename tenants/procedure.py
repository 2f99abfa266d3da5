"""A procedure: the states that rows of a table go through, and each move between them, declared once.

Nothing here reads or writes the database: what a move makes of a row is a pure function of the row,
the move, the time and who takes it. `tenants.taking` writes that down, `tenants.clock` takes what is
due. A step is a move that someone asks for: it is the rule that `find` and `viewerCan` ask, and says
with which codes its verb may be refused.
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
    """A row as it was read, or as a move has left it: its columns by name."""

    def __getitem__(self, name: str, /) -> Any:
        """Give a column."""
        ...

    def keys(self) -> Iterable[str]:
        """Give the columns' names."""
        ...


Row = dict[str, Any]
# Gives what else a move changes, from the row before it, the time and who takes it.
Sets = Callable[[Facts, datetime, UUID], Row]
Named = str | tuple[str, ...]
M = TypeVar("M", bound="Move")


@dataclass(frozen=True, eq=False, kw_only=True)
class Move:
    """A way from one of some states to another; `to` is empty where the state stays as it is.

    A move that may end in several states is told which when it is taken. `event` is its name in the
    timeline and the audit. `at`, `by` and `words` name the columns that keep when it was taken, by
    whom, and what was said; `sets` gives what else changes, and `told` columns of the timeline. One
    that is not `recorded` follows from something that is.
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


@dataclass(frozen=True, eq=False, kw_only=True)
class Step(Rule, Move):
    """A move that a verb of the schema asks for, on a row that the viewer finds.

    It begins a procedure where `from_` is empty. `said` is the input field of its words, empty where
    they are not the caller's; `most` is their length where no column of the row keeps them. `more` is
    what its service may refuse with beside: codes, and the rules that it asks of other rows. It is
    refused with NOT_FOUND where there is no row, unless it `may_begin`.
    """

    said: str = "words"
    most: int = 0
    needs_words: bool = True
    may_begin: bool = False
    more: tuple[Code | Rule, ...] = ()

    @property
    def says(self) -> bool:
        """Say whether its caller gives words."""
        return bool(self.said) and (self.words is not None or self.most > 0)

    @property
    def codes(self) -> set[Code]:
        """Give every code with which the verb may be refused."""
        said = {Code.REQUIRED, Code.TOO_LONG, Code.INVALID} if self.says else set[Code]()
        more = (one.codes if isinstance(one, Rule) else {one} for one in self.more)
        missing = set[Code]() if self.may_begin else {Code.NOT_FOUND}
        return (super().codes | missing | said).union(*more)


@dataclass(frozen=True, eq=False, kw_only=True)
class Timer(Move):
    """A move that the system takes by itself, at the moment that `due` gives; None: not as it stands."""

    due: Callable[[Facts], datetime | None]


@dataclass(frozen=True, eq=False, kw_only=True)
class Procedure:
    """One state machine over the `state` column of a table.

    `noun` begins its actions in the audit, and `id_field` is the input field that names a row.
    `timeline` is the table of what happened, with its column that names the row: each column that
    both tables have is copied, and `told` are others, unless a move says otherwise. `derive` gives
    columns that follow from the rest of the row. `record` writes the audit where the row is not its
    subject; `changed` and `noted` do what follows from a change, and from an entry of the timeline.
    """

    noun: str
    table: sa.Table
    states: type[StrEnum]
    id_field: str
    timeline: tuple[sa.Table, str] | None = None
    told: Row = field(default_factory=dict)
    derive: Callable[[Facts], Row] | None = None
    record: Callable[..., Any] | None = None
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
        **kept: Any,
    ) -> Step:
        """Declare a verb's move. It is refused on the grounds, then where the row is in another state.

        `then` are grounds asked after the state, and `above` in an officer's own view. `on` is the
        table that the verb finds, where that is not the procedure's: the grounds tell its state.
        `kept` are the other fields of Step.
        """
        starts, ends = self._known(from_), self._known(to)
        is_asked = on is None and {*starts} != {*self.states}
        wrong = ((Code.WRONG_STATE, ~among(self.table.c.state, *starts)),) if is_asked else ()
        asked = (*grounds, *wrong, *then)
        return self._add(
            Step(
                name=verb, scope=scope, table=self.table if on is None else on,
                reasons=reasons(asked), above=reasons(above),
                procedure=self, event=event or ends[0], from_=starts, to=ends, sets=sets, **kept,
            )
        )  # fmt: skip

    def move(self, event: str, from_: Named, to: Named, **kept: Any) -> Move:
        """Declare a move that follows from something else: no verb of the schema asks for it."""
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
        """Declare what the system does by itself, and when."""
        starts, ends = self._known(from_), self._known(to)
        return self._add(
            Timer(procedure=self, event=event, from_=starts, to=ends, due=due, sets=sets, **kept)
        )

    @property
    def steps(self) -> Iterator[Step]:
        """Give the moves that verbs ask for."""
        return (move for move in self.moves if isinstance(move, Step))

    @property
    def timers(self) -> Iterator[Timer]:
        """Give the moves that the system takes."""
        return (move for move in self.moves if isinstance(move, Timer))

    @property
    def ends(self) -> list[str]:
        """Give the states that no move leads out of."""
        left = {state for move in self.moves if move.to for state in move.from_}
        return [state.value for state in self.states if state not in left]

    def ahead(self, row: Facts) -> list[tuple[datetime, Timer]]:
        """Give what the system will do by itself as things stand, and when; the soonest first."""
        waiting = (timer for timer in self.timers if row["state"] in timer.from_)
        due = ((timer.due(row), timer) for timer in waiting)
        steps = [(at, timer) for at, timer in due if at is not None]
        return sorted(steps, key=lambda step: (step[0], step[1].event))

    def next_at(self, row: Facts) -> datetime | None:
        """Give the first moment at which something is due, if anything ever is."""
        steps = self.ahead(row)
        return steps[0][0] if steps else None

    def _add(self, move: M) -> M:
        self.moves.append(move)
        return move

    def _known(self, words: Named) -> tuple[str, ...]:
        """Give one or several states; raises ValueError where the procedure has no such state."""
        several = (words,) if isinstance(words, str) else words
        return tuple(self.states(word).value for word in several)


def after(
    move: Move, row: Facts | None, at: datetime, by: UUID, *,
    to: str | None = None, words: str | None = None, **values: Any,
) -> Row:  # fmt: skip
    """Give the row as a move leaves it, taken at a time by someone; `values` are what else changes.

    There is no row before a procedure begins. `to` is the state that it ends in, where the move may
    end in several. A move that does not lead from the row's state is a bug.
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


def columns(row: Facts) -> Row:
    """Give a row's columns as a dictionary of its own."""
    return {name: row[name] for name in row.keys()}  # noqa: SIM118 # a record gives its values
