"""Read an HTTP request into a Request: bounded, well formed, with no parameter given twice."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

from api.engine.errors import ErrorCode, RequestError
from api.engine.preparing import Request
from tenants.deadlines import Deadline

# tests/test_full_inputs.py: an input with all its texts full, each character escaped in twelve
# bytes
MAX_BODY = 384 * 1024
MAX_TEXT = 64 * 1024  # bytes of a document, and of the whole query string of a GET
_BODY_SECONDS = 10
_MAX_JSON_DEPTH = 32
_MAX_JSON_VALUES = 1000
_PARAMETERS = ("query", "operationName", "variables", "extensions", "documentId")
_QUOTED_PARAMETERS = tuple(f'"{name}"'.encode() for name in _PARAMETERS)


class Refusal(Exception):
    """It refuses a request with an HTTP status and headers."""

    def __init__(self, status: int, code: ErrorCode, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = RequestError(code, message)
        self.headers = [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ]


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers by name. Values of a repeated header are joined with a comma.

    A joined value is not a valid token, so repeating a header cannot bypass a check of it.
    """
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        headers[name] = headers[name] + b", " + value if name in headers else value
    return headers


def check_content(headers: dict[bytes, bytes]) -> None:
    """Refuse a body that is not JSON in UTF-8 or that has a Content-Encoding."""
    kind, _, parameters = headers.get(b"content-type", b"").lower().partition(b";")
    charset = parameters.partition(b"charset=")[2].strip(b' "') or b"utf-8"
    if kind.strip() != b"application/json" or charset not in {b"utf-8", b"utf8"}:
        raise Refusal(415, ErrorCode.BAD_REQUEST, "Send `Content-Type: application/json`, UTF-8.")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Refusal(415, ErrorCode.BAD_REQUEST, "Send the body without Content-Encoding.")


class Bodies:
    """It reads bodies of at most `most` bytes, each within a time limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._deadline = Deadline(_BODY_SECONDS)

    async def read(self, receive: Receive, headers: dict[bytes, bytes]) -> bytes:
        """Return a whole body; raises Refusal if it is too large, too slow or ends early."""
        refuse_large(headers, self._most)
        try:
            return await self._deadline.keep(self._gathered(receive))
        except TimeoutError:
            raise Refusal(
                408, ErrorCode.BAD_REQUEST, "The body took too long.", connection="close"
            ) from None

    async def _gathered(self, receive: Receive) -> bytes:
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refusal(400, ErrorCode.BAD_REQUEST, "The request ended early.")
            chunk = message.get("body", b"")
            chunks.append(chunk)
            size += len(chunk)
            if size > self._most:
                raise too_large(self._most)
            if not message.get("more_body"):
                return b"".join(chunks) if len(chunks) > 1 else chunk


def refuse_large(headers: dict[bytes, bytes], most: int) -> None:
    """Refuse a body whose Content-Length is above `most` bytes, before any of it is read."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length[:12]) > most:
        raise too_large(most)


def too_large(most: int) -> Refusal:
    """Return the refusal of a body that is too large; the rest of the body is not read."""
    return Refusal(413, ErrorCode.BAD_REQUEST, f"At most {most} bytes.", connection="close")


def from_body(body: bytes) -> Request:
    """Return the Request in the JSON body of a POST; raises RequestError if it is malformed."""
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise RequestError(ErrorCode.BAD_REQUEST, "The body is not JSON in UTF-8.") from None
    if not isinstance(sent, dict):
        raise RequestError(ErrorCode.BAD_REQUEST, "The body must be a JSON object.")
    if b"\\u" in body or any(body.count(name) > 1 for name in _QUOTED_PARAMETERS):
        _refuse_repeated(body)
    return _request(sent)


def _refuse_repeated(body: bytes) -> None:
    """Refuse a parameter that is given twice: a proxy before us may believe the other one."""
    try:
        pairs: list[tuple[str, Any]] = json.loads(body, object_pairs_hook=list)
    except (ValueError, RecursionError):
        raise RequestError(ErrorCode.BAD_REQUEST, "The body is not JSON in UTF-8.") from None
    _refuse_twice(name for name, _ in pairs)


def _refuse_twice(names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1 and name in _PARAMETERS:
            raise RequestError(ErrorCode.BAD_REQUEST, f"`{name}` is given twice.")


def from_query_string(query_string: bytes) -> Request:
    """Return the Request in the query string of a GET; raises RequestError or Refusal."""
    if len(query_string) > MAX_TEXT:
        raise too_large(MAX_TEXT)
    try:
        pairs = parse_qsl(query_string.decode(), strict_parsing=bool(query_string), errors="strict")
        _refuse_twice(name for name, _ in pairs)
        sent: dict[str, Any] = dict(pairs)
        for name in ("variables", "extensions"):
            if name in sent:
                sent[name] = orjson.loads(sent[name])
    except ValueError:
        raise RequestError(ErrorCode.BAD_REQUEST, "The query string cannot be read.") from None
    return _request(sent)


def _request(sent: dict[str, Any]) -> Request:
    text, document_id = _document(sent)
    name, variables = sent.get("operationName"), sent.get("variables")
    if not isinstance(name, str | None):
        raise RequestError(ErrorCode.BAD_REQUEST, "`operationName` must be a string or null.")
    for field in ("variables", "extensions"):
        if not isinstance(sent.get(field), dict | None):
            raise RequestError(ErrorCode.BAD_REQUEST, f"`{field}` must be an object or null.")
    if variables:
        _refuse_vast(variables)
    return Request(text or "", name or None, variables, document_id)


def _document(sent: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return the text that was sent and the id of a registered document; one of them is None."""
    text, document_id = sent.get("query"), sent.get("documentId")
    if not isinstance(document_id, str | None):
        raise RequestError(ErrorCode.BAD_REQUEST, "`documentId` must be a string.")
    if document_id is not None and text is not None:
        raise RequestError(ErrorCode.BAD_REQUEST, "Send `query` or `documentId`, not both.")
    if document_id is None and text is None and _is_persisted(sent.get("extensions")):
        raise RequestError(ErrorCode.PERSISTED_QUERY_NOT_SUPPORTED, "PersistedQueryNotSupported")
    if document_id is None and not isinstance(text, str):
        raise RequestError(ErrorCode.BAD_REQUEST, "`query` must be a string.")
    if text is not None and len(text) > MAX_TEXT:
        raise too_large(MAX_TEXT)
    return text, document_id


def _is_persisted(extensions: Any) -> bool:
    """Return whether a client sent a hash instead of the text; Apollo and urql try that first."""
    return isinstance(extensions, dict) and isinstance(extensions.get("persistedQuery"), dict)


def _refuse_vast(variables: dict[str, Any]) -> None:
    """Refuse variables that are nested too deep or hold too many values, before coercion.

    Works level by level, without recursion.
    """
    depth, values, level = 0, 0, [variables]
    while level:
        depth += 1
        values += sum(len(item) for item in level)
        if depth > _MAX_JSON_DEPTH or values > _MAX_JSON_VALUES:
            raise RequestError(
                ErrorCode.BAD_REQUEST,
                f"`variables` hold {_MAX_JSON_VALUES} values, {_MAX_JSON_DEPTH} deep, at most.",
            )
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
