"""SQL prints public ids and cursors, and Python reads them.

An id is a prefix and the row's 16 bytes in base64url, `pst_AZrY…` (26 characters, which fits a
WeChat scene). The prefix names the table; row security decides who sees the row. A cursor is a tag
of its connection and the row's sort key. It is opaque and validated, but not signed, since it
grants nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BinasciiError
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from api.engine.errors import ErrorCode, RequestError

PREFIX_LENGTH = 4  # three letters and an underscore
_ID_LENGTH = PREFIX_LENGTH + 22
_MOST = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def uuid_text(column: str) -> str:
    """Return SQL for a uuid's 16 bytes in unpadded base64url.

    A page prints 160 of them. `translate` would take four times as long: it works character by
    character.
    """
    return (
        f"replace(replace(encode(uuid_send({column}), 'base64')::varchar(22), '+', '-'), '/', '_')"
    )


def decode_uuid(text: str) -> UUID | None:
    """Return the uuid in 22 characters of base64url; None for any other text."""
    if len(text) != 22 or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(text + "==")
    except (BinasciiError, ValueError):
        return None
    # A row has only one id, but the decoder accepts other spellings of the same bytes.
    return UUID(bytes=raw) if _base64url(raw) == text else None


def decode_id(text: Any, prefix: str) -> UUID | None:
    """Return the uuid of an id with this `prefix`; None, which matches no row, for other text."""
    if not isinstance(text, str) or len(text) != _ID_LENGTH or text[:PREFIX_LENGTH] != prefix:
        return None
    return decode_uuid(text[PREFIX_LENGTH:])


def encode_id(id: UUID, prefix: str) -> str:
    """Return the id as SQL prints it."""
    return prefix + _base64url(id.bytes)


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class CursorKey:
    """It is one column of a sort key: how SQL prints it and how its text is read back."""

    def __init__(self, column: sa.Column[Any]) -> None:
        self.column = column
        self.print, self.parse = _codec(column.type)


def cursor_tag(connection: str) -> str:
    """Return the four characters that every cursor of `connection` begins with."""
    return sha256(connection.encode()).hexdigest()[:4]


def decode_cursor(text: Any, tag: str, keys: list[CursorKey]) -> list[Any]:
    """Return a cursor's sort key; raises BAD_CURSOR if it is not of this connection."""
    if isinstance(text, str) and len(text) <= _MOST and text.startswith(tag):
        parts = text[len(tag) :].split(".")
        if len(parts) == len(keys):
            values = [key.parse(part) for key, part in zip(keys, parts, strict=True)]
            if None not in values:
                return values
    raise RequestError(
        ErrorCode.BAD_CURSOR, "`after` is not a cursor of this connection.", argument="after"
    )


def print_cursor(tag: str, keys: list[CursorKey], column: Callable[[sa.Column[Any]], str]) -> str:
    """Return SQL for a row's cursor."""
    parts = " || '.' || ".join(key.print(column(key.column)) for key in keys)
    return f"'{tag}' || {parts}"


def _codec(
    type_: sa.types.TypeEngine[Any],
) -> tuple[Callable[[str], str], Callable[[str], Any]]:
    if isinstance(type_, sa.Uuid):
        return uuid_text, decode_uuid
    if isinstance(type_, sa.Boolean):
        return (lambda column: f"{column}::int"), {"0": False, "1": True}.get
    if isinstance(type_, sa.Integer):
        return (lambda column: f"{column}::text"), _parse_int
    if isinstance(type_, sa.DateTime):
        return _microseconds, _parse_moment
    if isinstance(type_, sa.Text):
        return (lambda column: f"encode(convert_to({column}, 'UTF8'), 'hex')"), _parse_hex
    raise TypeError(f"no cursor for {type_!r}")


def _parse_int(text: str) -> int | None:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        return None
    value = int(text)
    return value if -(2**31) <= value < 2**31 else None


def _microseconds(column: str) -> str:
    return f"(extract(epoch from {column}) * 1000000)::bigint::text"


def _parse_moment(text: str) -> datetime | None:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        return None
    try:
        return _EPOCH + int(text) * _MICROSECOND
    except OverflowError:
        return None


def _parse_hex(text: str) -> str | None:
    try:
        value = bytes.fromhex(text).decode()
    except ValueError:
        return None
    return None if "\x00" in value else value
