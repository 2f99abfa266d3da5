"""Export the petitions of a desk as a CSV that runs nothing when a spreadsheet opens it."""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from api.remote import Remote

_FIELDS = """nodes { id state urgency secrecy level kind title body location
  category { topic name } community { name } support { count } submittedAt
  answer { body outcome answeredAt } reopenCount
  clocks { acknowledgeDueAt resolveDueAt isResolutionOverdue isPaused } }
  pageInfo { hasNextPage endCursor }"""
# The committee's inbox is a root field; a street's, district's or department's is under
# `district`.
_INSIDE = f"""query ($after: Cursor, $isOpen: Boolean!) {{
  inbox(first: 50, after: $after, isOpen: $isOpen) {{ {_FIELDS} }} }}"""
_ABOVE = f"""query ($after: Cursor, $isOpen: Boolean!) {{ district {{
  inbox(first: 50, after: $after, isOpen: $isOpen) {{ {_FIELDS} }} }} }}"""
_MAY_BE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Which(StrEnum):
    """It says which petitions of a desk are exported."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"

    @property
    def is_open(self) -> tuple[bool, ...]:
        """Return the values of `isOpen` to query for."""
        return {"open": (True,), "ended": (False,), "all": (True, False)}[self]


COLUMNS = (
    "id", "community", "state", "overdue", "paused", "acknowledge_due_at", "resolve_due_at",
    "urgency", "level", "secrecy", "kind", "topic", "category", "title", "body", "location",
    "supporters", "submitted_at", "answered_at", "outcome", "answer", "reopened",
)  # fmt: skip


def petitions_at(remote: Remote, which: Which, *, is_community: bool) -> Iterator[tuple[str, ...]]:
    """Yield a row for each petition of a desk, each once, the most urgent first.

    Pages are read one after another: a petition whose position changes meanwhile may be left out.
    """
    query, path = (_INSIDE, ("inbox",)) if is_community else (_ABOVE, ("district", "inbox"))
    seen: set[str] = set()
    for is_open in which.is_open:
        for each in remote.pages(query, *path, isOpen=is_open):
            if each["id"] not in seen:
                seen.add(each["id"])
                yield _row(each)


def write_csv(path: Path, rows: Iterable[tuple[str, ...]], *, bom: bool) -> int:
    """Write the rows and return how many. Only the file's owner can read it.

    The file appears under its name only when it is complete.
    """
    encoding = "utf-8-sig" if bom else "utf-8"
    total = 0
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            for row in rows:
                table.writerow(map(safe, row))
                total += 1
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    return total


def safe(cell: str) -> str:
    """Put an apostrophe before a cell that would be read as a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_MAY_BE_A_FORMULA) else cell


def _row(each: dict[str, Any]) -> tuple[str, ...]:
    clocks, category = each["clocks"], each["category"] or {}
    community, answer = each["community"] or {}, each["answer"] or {}
    cells = (
        each["id"], community.get("name"), each["state"], _yes(clocks["isResolutionOverdue"]),
        _yes(clocks["isPaused"]), clocks["acknowledgeDueAt"], clocks["resolveDueAt"],
        each["urgency"], each["level"], each["secrecy"], each["kind"], category.get("topic"),
        category.get("name"), each["title"], each["body"], each["location"],
        each["support"]["count"], each["submittedAt"], answer.get("answeredAt"),
        answer.get("outcome"), answer.get("body"), each["reopenCount"],
    )  # fmt: skip
    return tuple("" if cell is None else str(cell) for cell in cells)


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
