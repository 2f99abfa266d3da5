"""Read historic letters from a CSV, check every row, and cut them into requests.

Texts are cleaned as all texts are (tenants.text). An error names a row by the line it begins on.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import orjson

from api.reading import read_text
from tenants.errors import Refused
from tenants.petitions.service.importing import EARLIEST, MOST_AT_ONCE
from tenants.petitions.tables import (
    ANSWER_LENGTH,
    BODY_LENGTH,
    SOURCE_ID_LENGTH,
    SOURCE_LENGTH,
    TITLE_LENGTH,
)
from tenants.text import cleaned

COLUMNS = ("source_id", "author", "submitted_at", "title", "body", "answered_at", "answer")
_LENGTHS = {
    "source_id": (1, SOURCE_ID_LENGTH),
    "author": (0, SOURCE_LENGTH),
    "title": (1, TITLE_LENGTH),
    "body": (1, BODY_LENGTH),
    "answer": (0, ANSWER_LENGTH),
}
# A letter that does not fit beside others is sent alone. A single letter always fits, even with
# all its texts full.
_REQUEST_BYTES = 48 * 1024
_MOST_TOLD = 20
_LONGEST_FIELD = 1 << 20

Letter = dict[str, Any]  # a HistoricPetitionInput


def read_letters(path: Path, now: datetime, encoding: str | None = None) -> list[Letter]:
    """Return the letters in a CSV; raises ValueError that lists the wrong lines."""
    text = read_text(path, encoding)
    letters: list[Letter] = []
    wrong: list[str] = []
    line_of: dict[str, int] = {}
    for line, row in _rows(text, path):
        try:
            letter = _letter(row, now)
            if (first := line_of.setdefault(row["source_id"], line)) != line:
                raise ValueError(f"source_id {row['source_id']} stands on line {first} already")
            letters.append(letter)
        except ValueError as error:
            wrong.append(f"line {line}: {error}.")
    if len(wrong) > _MOST_TOLD:
        wrong[_MOST_TOLD:] = [f"… and {len(wrong) - _MOST_TOLD} more lines."]
    if wrong:
        raise ValueError("\n".join(wrong))
    return letters


def batches(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    """Cut letters into requests, in order, each within the limits of letters and bytes."""
    batch: list[Letter] = []
    size = 0
    for letter in letters:
        bytes_of_it = _size(letter)
        if batch and (len(batch) == MOST_AT_ONCE or size + bytes_of_it > _REQUEST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(letter)
        size += bytes_of_it
    if batch:
        yield batch


def _rows(text: str, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with the number of the line it begins on."""
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        names = next(reader, [])
        if missing := [column for column in COLUMNS if column not in names]:
            raise ValueError(f"{path} has no column {', '.join(missing)}.")
        line = reader.line_num + 1
        for values in reader:
            if len(values) != len(names) and values:
                raise ValueError(f"line {line}: it has {len(values)} of {len(names)} columns.")
            if values:
                yield line, dict(zip(names, values, strict=True))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"{path} is not a CSV: {error}.") from error


def _letter(row: dict[str, str], now: datetime) -> Letter:
    row = row | {name: _text(row[name], name) for name in _LENGTHS}
    submitted = _time(row, "submitted_at")
    if not EARLIEST <= submitted <= now:
        raise ValueError("submitted_at lies ahead, or before 1970")
    answered = _time(row, "answered_at") if row["answered_at"] else None
    if (answered is None) != (row["answer"] == ""):
        raise ValueError("an answer and answered_at go together")
    if answered is not None and not submitted <= answered <= now:
        raise ValueError("answered_at lies before submitted_at, or ahead")
    return {
        "sourceId": row["source_id"],
        "author": row["author"] or None,
        "submittedAt": submitted.isoformat(),
        "title": row["title"],
        "body": row["body"],
        "answeredAt": answered.isoformat() if answered else None,
        "answer": row["answer"] or None,
    }


def _text(text: str, name: str) -> str:
    least, most = _LENGTHS[name]
    try:
        plain = cleaned(text, "sourceId" if name == "source_id" else name) if text else ""
    except Refused as refused:
        raise ValueError(f"{name}: {refused.message.removesuffix('.')}") from refused
    if not least <= len(plain) <= most:
        raise ValueError(f"{name} has {least} to {most} characters, not {len(plain)}")
    return plain


def _time(row: dict[str, str], name: str) -> datetime:
    at = None
    with suppress(ValueError):
        at = datetime.fromisoformat(row[name])
    if at is None or at.tzinfo is None:
        raise ValueError(f"{name} is no time with its offset, such as 2019-04-25T09:32:09+08:00")
    return at


def _size(letter: Letter) -> int:
    return len(orjson.dumps(letter)) + 1
