"""Build responses to GraphQL requests over HTTP: media types, statuses, headers and error bodies."""

import logging
from typing import Any

import orjson
from starlette.types import Send

from api.engine.errors import ErrorCode, RequestError
from api.incoming import Refusal
from api.requests import Event, reason_of

log = logging.getLogger("linli.http")

_JSON = "application/json"
_GRAPHQL_JSON = "application/graphql-response+json"
_CONTENT_TYPES = {kind: f"{kind}; charset=utf-8".encode() for kind in (_JSON, _GRAPHQL_JSON)}

# statuses for `application/graphql-response+json`; in plain JSON a document error is a 200
_STATUS = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.BAD_REQUEST: 400,
    ErrorCode.PERSISTED_QUERY_NOT_FOUND: 400,
    ErrorCode.PERSISTED_QUERY_NOT_SUPPORTED: 200,  # as Apollo Server has it: clients send the text
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.TIMEOUT: 503,
    ErrorCode.INTERNAL: 500,
}
_EVENTS = {429: Event.THROTTLED, 500: Event.BUG}
_DOCUMENT_ERRORS = {
    ErrorCode.GRAPHQL_PARSE_FAILED,
    ErrorCode.GRAPHQL_VALIDATION_FAILED,
    ErrorCode.BAD_USER_INPUT,
    ErrorCode.BAD_CURSOR,
    ErrorCode.QUERY_TOO_COMPLEX,
}


def media_of(accept: bytes | None) -> str:
    """Return the media type that an Accept header prefers; plain JSON by default."""
    accept = (accept or b"").lower()
    if b"graphql-response+json" not in accept:
        return _JSON
    best, best_weight = _JSON, 0.0
    for part in accept.decode("latin-1").split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        weights = [p[2:] for p in parameters if p.startswith("q=")]
        weight = _weight(weights[0]) if weights else 1.0
        if kind in {_JSON, _GRAPHQL_JSON} and weight > best_weight:
            best, best_weight = kind, weight
    return best


def with_statements(body: bytes, statements: list[str]) -> bytes:
    """Return the body of an answer with the statements that made it, in its `extensions`."""
    return body[:-1] + b',"extensions":' + orjson.dumps({"statements": statements}) + b"}"


async def respond(
    send: Send, status: int, media: str, body: bytes, trace: str, extra: list[tuple[bytes, bytes]]
) -> None:
    """Send a whole response; `extra` headers follow those that every response has."""
    headers = [
        (b"content-type", _CONTENT_TYPES[media]),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"private, no-store"),
        (b"vary", b"Accept, Authorization"),
        (b"x-trace-id", trace.encode()),
        *extra,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def spent(facts: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    """Return the headers that say what an operation cost and what is left of the budget."""
    if "remaining" not in facts:
        return []
    return [
        (b"x-cost", b"%d" % facts["cost"]),
        (b"x-ratelimit-remaining", b"%d" % facts["remaining"]),
    ]


def failed(
    error: Exception, media: str, trace: str
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Return status, headers and body for an error; logs it if it is a bug."""
    if isinstance(error, Refusal):
        return error.status, error.headers, _errors(error.error, trace)
    if isinstance(error, RequestError):
        wait = error.errors[0]["extensions"].get("retryAfter")
        extra = [] if wait is None else [(b"retry-after", str(wait).encode())]
        return _status(error, media), extra, _errors(error, trace)
    facts = {"trace": trace, "type": type(error).__name__}
    log.error("bug", exc_info=error, extra={"facts": facts})
    return 500, [], _errors(RequestError(ErrorCode.INTERNAL, "Internal error."), trace)


def tell(facts: dict[str, Any], status: int, error: Exception) -> None:
    """Add to the facts for the log which event the error was, if it was one."""
    if status == 503:
        facts["event"], facts["reason"] = Event.UNAVAILABLE, reason_of(error.__cause__)
    elif status in _EVENTS:
        facts["event"] = _EVENTS[status]
    elif facts.get("kind") == "upload":
        facts["event"] = Event.UPLOAD_REFUSED


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _status(error: RequestError, media: str) -> int:
    if error.code in _DOCUMENT_ERRORS:
        return 200 if media == _JSON else 400
    return _STATUS[error.code]


def _errors(error: RequestError, trace: str) -> bytes:
    shown = [
        {**each, "extensions": {**each["extensions"], "traceId": trace}} for each in error.errors
    ]
    return orjson.dumps({"errors": shown})
