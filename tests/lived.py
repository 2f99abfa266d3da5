"""Provide rows in any state of their procedure, which go there by the shortest way of declared moves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tenants.ids import new_id
from tenants.procedure import Move, Procedure, Row, after, begun


def way_to(procedure: Procedure, state: str, first: Move | None = None) -> list[Move]:
    """Return the fewest moves from a beginning, or from this first move, to a state."""
    ways = [[move] for move in ([first] if first else procedure.moves) if not move.from_]
    for way in ways:  # grows while it is read: each way is followed by the ways that are one longer
        if state in way[-1].to:
            return way
        ways += [
            [*way, move]
            for move in procedure.moves
            if move not in way and move.to and {*way[-1].to[:1]} & {*move.from_}
        ]
    raise LookupError(f"no way leads to {state}")


def lived(
    procedure: Procedure, state: str, at: datetime, by: UUID, *,
    first: Move | None = None, words: str = "因故", gives: Mapping[Move, Row] | None = None, **begins: Any,
) -> Row:  # fmt: skip
    """Return a row in this state, all moves taken at one time by one person.

    It begins with `begins`; `gives` is what else a move changes. The caller inserts it.
    """
    begin, *others = way = way_to(procedure, state, first)
    ends = {way[-1]: state}
    row = begun(
        begin,
        begins.pop("id", None) or new_id(at),
        at,
        by,
        to=ends.get(begin),
        words=words,
        **begins,
    )
    for move in others:
        given = (gives or {}).get(move, {})
        row = after(move, row, at, by, to=ends.get(move), words=words, **given)
    return row


def completed(procedure: Procedure, values: Mapping[str, Any], now: datetime) -> Row:
    """Return a row in the state that it is to have; what is given of it wins over its way there."""
    given = dict(values)
    state, words = given.pop("state"), given.pop("words", None) or "因故"
    begin = way_to(procedure, state)[0]
    at = given.get(begin.at or "", now)
    row = lived(procedure, state, at, _SOMEBODY, first=begin, words=words, **given)
    return {**row, **values}


# by whom the moves are taken, where the caller does not say
_SOMEBODY = UUID(int=0)
