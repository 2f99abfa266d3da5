"""Compare two texts of a pact by clause, with marks inside the words; and apply what was found.

Clauses are known by their ids, so a clause that moved is no other clause. Characters are compared with
difflib: a Chinese text has no blanks between words, and a list of characters needs no dictionary that
would say where words end; a run of Latin letters or of digits counts as one character, so that 15 becomes
30 and not 3. difflib is in Python itself; `autojunk` is off, which would ignore what stands often. What
repeats itself so much that difflib would take seconds is shown as taken out and put in whole.

Pure: nothing here looks at the database.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import NamedTuple
from uuid import UUID

from tenants.pacts.words import ChangeKind

_TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|.", re.DOTALL)
# a shorter run of equal characters between two changes is read as part of the change
_LEAST_EQUAL = 2
# pairs of equal characters: 2,000 characters of prose have some 40,000
_MOST_PAIRS = 150_000
_KEPT, _OUT, _IN = "=", "-", "+"


class Clause(NamedTuple):
    """A clause keeps its id in all versions; it has a heading or none, and a body."""

    id: UUID
    heading: str | None
    body: str


@dataclass(frozen=True)
class Change:
    """It says what became of one clause; places count from 1.

    A mark is a run of characters after `=` (kept), `-` (taken out) or `+` (put in).
    """

    kind: ChangeKind
    clause_id: UUID
    from_place: int | None
    to_place: int | None
    is_moved: bool
    heading: list[str]
    body: list[str]


def changes(before: Sequence[Clause], after: Sequence[Clause]) -> list[Change]:
    """Return what leads from one text to another: by the places of the later, then what was dropped."""
    old = {clause.id: (place, clause) for place, clause in enumerate(before, 1)}
    new = {clause.id for clause in after}
    stays = _longest_rising([old[clause.id][0] for clause in after if clause.id in old])
    found = [
        change
        for place, clause in enumerate(after, 1)
        if (change := _change(old.get(clause.id), place, clause, stays)) is not None
    ]
    for place, clause in old.values():
        if clause.id not in new:
            gone = (marks(clause.heading or "", ""), marks(clause.body, ""))
            found.append(Change(ChangeKind.DROPPED, clause.id, place, None, False, *gone))
    return found


def applied(before: Sequence[Clause], made: Iterable[Change]) -> list[Clause]:
    """Return the later text, from the earlier one and its changes."""
    by_id = {change.clause_id: change for change in made}
    placed: dict[int, Clause] = {}
    stay: list[Clause] = []
    for clause in before:
        change = by_id.get(clause.id)
        if change is None:
            stay.append(clause)
        elif change.kind is not ChangeKind.DROPPED:
            now = _reworded(clause, change)
            if change.is_moved:
                placed[change.to_place or 0] = now
            else:
                stay.append(now)
    for change in by_id.values():
        if change.kind is ChangeKind.ADDED:
            placed[change.to_place or 0] = _reworded(Clause(change.clause_id, None, ""), change)
    left = iter(stay)
    return [
        placed[place] if place in placed else next(left)
        for place in range(1, len(placed) + len(stay) + 1)
    ]


def marks(before: str, after: str) -> list[str]:
    """Return the runs that make one text of another: kept, taken out, put in."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    runs: list[tuple[str, str, str]] = [(_joined(old[:head]), "", "")]
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    out, put = "", ""
    for tag, i, j, k, m in _opcodes(middle_old, middle_new):
        a, b = _joined(middle_old[i:j]), _joined(middle_new[k:m])
        if tag == "equal" and (j - i >= _LEAST_EQUAL):
            runs.append((a, out, put))
            out, put = "", ""
        else:
            out, put = out + a, put + b
    runs.append((_joined(old[len(old) - tail :]), out, put))
    return [
        sign + run
        for kept, out, put in runs
        for sign, run in ((_OUT, out), (_IN, put), (_KEPT, kept))
        if run
    ]


def reworded(before: str, made: Iterable[str]) -> str:
    """Return the later text; raise ValueError if the marks are not of the earlier one."""
    made = list(made)
    if "".join(run[1:] for run in made if run[0] != _IN) != before:
        raise ValueError("the marks are of another text")
    return "".join(run[1:] for run in made if run[0] != _OUT)


def _change(
    old: tuple[int, Clause] | None, place: int, clause: Clause, stays: set[int]
) -> Change | None:
    if old is None:
        put = (marks("", clause.heading or ""), marks("", clause.body))
        return Change(ChangeKind.ADDED, clause.id, None, place, False, *put)
    was, before = old
    is_moved = was not in stays
    if before == clause:
        return Change(ChangeKind.MOVED, clause.id, was, place, True, [], []) if is_moved else None
    made = (marks(before.heading or "", clause.heading or ""), marks(before.body, clause.body))
    return Change(ChangeKind.REWORDED, clause.id, was, place, is_moved, *made)


def _reworded(clause: Clause, change: Change) -> Clause:
    if change.kind is ChangeKind.MOVED:
        return clause
    heading = reworded(clause.heading or "", change.heading)
    return Clause(clause.id, heading or None, reworded(clause.body, change.body))


def _alike(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many tokens at the beginning of both are equal."""
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    often = Counter(new)
    if sum(often[token] for token in old) > _MOST_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _joined(tokens: Iterable[str]) -> str:
    return "".join(tokens)


def _longest_rising(places: Sequence[int]) -> set[int]:
    """Return the longest run of places that stand in rising order: all others have moved."""
    ends: list[int] = []
    least: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(least, place)
        before[place] = ends[at - 1] if at else None
        least[at:] = [place, *least[at + 1 :]]
        ends[at:] = [place, *ends[at + 1 :]]
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept
