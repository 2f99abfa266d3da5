"""Encode values as PostgreSQL's text format: for parameters that asyncpg does not send itself."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID


def written(value: Any) -> bytes | None:
    """Return a value as text, None for null. Raise TypeError for a type that no statement uses."""
    write = _WRITERS.get(type(value))
    if write is None:
        write = _WRITERS[type(value)] = _writer(value)
    return write(value)


def _writer(value: Any) -> Callable[[Any], bytes | None]:
    for kind, write in _KINDS:
        if isinstance(value, kind):
            return write
    raise TypeError(f"no parameter can be of the type {type(value).__name__}")


def _listed(values: Sequence[Any]) -> bytes:
    return b"{" + b",".join(map(_element, values)) + b"}"


def _element(value: Any) -> bytes:
    text = written(value)
    if text is None:
        return b"null"
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


# A bool is an int too, and a datetime is a date too: the narrower type comes first.
_KINDS: tuple[tuple[type, Callable[[Any], bytes | None]], ...] = (
    (type(None), lambda _: None),
    (str, str.encode),
    (UUID, lambda value: str(value).encode()),
    (bool, lambda value: b"t" if value else b"f"),
    (int, lambda value: str(int(value)).encode()),
    (datetime, lambda value: value.isoformat().encode()),
    (date, lambda value: value.isoformat().encode()),
    (time, lambda value: value.isoformat().encode()),
    (bytes, lambda value: b"\\x" + value.hex().encode()),
    (list, _listed),
    (tuple, _listed),
)
_WRITERS: dict[type, Callable[[Any], bytes | None]] = {}
