"""GraphQL over HTTP: one endpoint, its statuses, media types and errors."""

import asyncio
import json
import logging
import os
import time
from collections import Counter
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope, Send

from api.auth import InvalidToken, Tokens
from api.engine.errors import ErrorCode, RequestError
from api.engine.executor import TIMEOUTS, Engine, Prepared, Request
from api.limits import Buckets
from api.metrics import count
from api.settings import Limits
from tenants.errors import Busy, StaleViewer
from tenants.viewer import Viewer

log = logging.getLogger("linli.http")
T = TypeVar("T")

MAX_BODY = 64 * 1024
_BODY_SECONDS = 10
_MAX_JSON_DEPTH = 32
_MAX_JSON_VALUES = 1000
_JSON = "application/json"
_GRAPHQL_JSON = "application/graphql-response+json"
_PARAMETERS = ("query", "operationName", "variables", "extensions", "documentId")
_QUOTED_PARAMETERS = tuple(f'"{name}"'.encode() for name in _PARAMETERS)

# What `application/graphql-response+json` gets; a client of plain JSON gets 200 for the second kind.
_STATUS = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.BAD_REQUEST: 400,
    ErrorCode.PERSISTED_QUERY_NOT_FOUND: 400,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.TIMEOUT: 503,
    ErrorCode.INTERNAL: 500,
}
_DOCUMENT_ERRORS = {
    ErrorCode.GRAPHQL_PARSE_FAILED,
    ErrorCode.GRAPHQL_VALIDATION_FAILED,
    ErrorCode.BAD_USER_INPUT,
    ErrorCode.BAD_CURSOR,
    ErrorCode.QUERY_TOO_COMPLEX,
}


class Refusal(Exception):
    """A request that HTTP itself refuses, with the headers that say so."""

    def __init__(self, status: int, code: ErrorCode, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = RequestError(code, message)
        self.headers = [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ]


class GraphQLEndpoint:
    """The ASGI application at `/graphql`."""

    def __init__(
        self, engine: Engine, tokens: Tokens, limits: Limits, deadline_seconds: float
    ) -> None:
        self.engine = engine
        self._tokens = tokens
        self._deadline = deadline_seconds
        self._person_queries = Buckets(limits.person_queries, "queries")
        self._person_mutations = Buckets(limits.person_mutations, "changes")
        self._tenant_queries = Buckets(limits.tenant_queries, "queries in this community")
        self._tenant_mutations = Buckets(limits.tenant_mutations, "changes in this community")
        self._new_documents = Buckets(limits.new_documents, "new documents")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = time.perf_counter()
        trace = os.urandom(8).hex()
        headers = _headers(scope)
        media = _media(headers.get(b"accept"))
        facts: dict[str, Any] = {"trace": trace}
        extra: list[tuple[bytes, bytes]] = []
        try:
            status, body = 200, await self._answer(scope, receive, headers, trace, facts)
        except Refusal as refusal:
            status, extra = refusal.status, refusal.headers
            body = _errors(refusal.error, trace)
        except RequestError as error:
            status, body = _status(error, media), _errors(error, trace)
            if (wait := error.errors[0]["extensions"].get("retryAfter")) is not None:
                extra = [(b"retry-after", str(wait).encode())]
        except Exception as error:  # the one place where a bug is caught: logged, masked, counted
            log.exception("bug", extra={"facts": {"trace": trace, "type": type(error).__name__}})
            status = 500
            body = _errors(RequestError(ErrorCode.INTERNAL, "Internal error."), trace)
        await _send(send, status, media, body, trace, extra)
        _note(status, facts, time.perf_counter() - started)

    async def _answer(
        self,
        scope: Scope,
        receive: Receive,
        headers: dict[bytes, bytes],
        trace: str,
        facts: dict[str, Any],
    ) -> bytes:
        method = scope["method"]
        if method not in {"GET", "POST"}:
            raise Refusal(
                405, ErrorCode.BAD_REQUEST, "Use POST, or GET for a query.", allow="GET, POST"
            )
        viewer = self._viewer(headers)
        facts["client"], facts["tenant"] = viewer.client_id, viewer.community_id
        if method == "GET":
            request = _from_query_string(scope["query_string"])
        else:
            _check_content(headers)
            request = _from_body(await _in_time(_body(receive, headers)))
        prepared = await self._prepare(request, viewer, method)
        facts["kind"], facts["cost"] = prepared.operation.kind, prepared.cost
        self._charge(prepared, viewer)
        return await self._run(prepared, trace)

    def _viewer(self, headers: dict[bytes, bytes]) -> Viewer:
        header = headers.get(b"authorization")
        if header is None:
            raise _unauthenticated("Send an access token as `Authorization: Bearer …`.", "Bearer")
        scheme, _, token = header.partition(b" ")
        if scheme.lower() != b"bearer":
            raise _unauthenticated("Send an access token as `Authorization: Bearer …`.", "Bearer")
        try:
            return self._tokens.verify(token.decode("latin-1"), time.time())
        except InvalidToken as error:
            raise _unauthenticated(str(error)) from None

    async def _prepare(self, request: Request, viewer: Viewer, method: str) -> Prepared:
        def charge() -> None:
            self._new_documents.take((viewer.client_id, viewer.id), 1, time.monotonic())

        if self.engine.documents.known(request.text) is not None:
            prepared = self.engine.prepare(request, viewer, new=charge)
        else:
            charge()
            await self._in_time(self.engine.read(request.text))
            prepared = self.engine.prepare(request, viewer)
        if method == "GET" and prepared.operation.kind != "query":
            raise Refusal(405, ErrorCode.BAD_REQUEST, "GET is for queries only.", allow="POST")
        return prepared

    def _charge(self, prepared: Prepared, viewer: Viewer) -> None:
        person, tenant = self._person_queries, self._tenant_queries
        if prepared.operation.kind == "mutation":
            person, tenant = self._person_mutations, self._tenant_mutations
        now = time.monotonic()
        key = (viewer.client_id, viewer.id)
        left = person.take(key, prepared.cost, now)
        tenant.take((viewer.principal, viewer.community_id), prepared.cost, now)
        prepared.env.budget = {
            "limit": int(person.size),
            "remaining": int(left),
            "restorePerSecond": int(person.per_second),
            "cost": prepared.cost,
        }

    async def _run(self, prepared: Prepared, trace: str) -> bytes:
        return await self._in_time(self.engine.run(prepared, trace))

    async def _in_time(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._deadline):
                return await work
        except StaleViewer:
            raise _unauthenticated("Roles or membership changed: refresh the token.") from None
        except Busy:
            raise _busy("The server is busy.") from None
        except (TimeoutError, *TIMEOUTS):
            raise _busy("It took too long; a change is safe to repeat with its key.") from None


def _unauthenticated(message: str, challenge: str | None = None) -> Refusal:
    bearer = challenge or 'Bearer error="invalid_token"'
    return Refusal(401, ErrorCode.UNAUTHENTICATED, message, www_authenticate=bearer)


def _busy(message: str) -> Refusal:
    return Refusal(503, ErrorCode.TIMEOUT, message, retry_after="1")


# --- requests


def _headers(scope: Scope) -> dict[bytes, bytes]:
    """Give the headers by name; one sent twice is joined, which no single token survives."""
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        headers[name] = headers[name] + b", " + value if name in headers else value
    return headers


def _check_content(headers: dict[bytes, bytes]) -> None:
    kind, _, parameters = headers.get(b"content-type", b"").lower().partition(b";")
    charset = parameters.partition(b"charset=")[2].strip(b' "') or b"utf-8"
    if kind.strip() != b"application/json" or charset not in {b"utf-8", b"utf8"}:
        raise Refusal(415, ErrorCode.BAD_REQUEST, "Send `Content-Type: application/json`, UTF-8.")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Refusal(415, ErrorCode.BAD_REQUEST, "Send the body without Content-Encoding.")


async def _in_time(body: Awaitable[bytes]) -> bytes:
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            return await body
    except TimeoutError:
        raise Refusal(
            408, ErrorCode.BAD_REQUEST, "The body took too long.", connection="close"
        ) from None


async def _body(receive: Receive, headers: dict[bytes, bytes]) -> bytes:
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length[:12]) > MAX_BODY:
        raise _too_large()
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, ErrorCode.BAD_REQUEST, "The request ended early.")
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BODY:
            raise _too_large()
        if not message.get("more_body"):
            return b"".join(chunks) if len(chunks) > 1 else chunk


def _too_large() -> Refusal:
    return Refusal(413, ErrorCode.BAD_REQUEST, f"At most {MAX_BODY} bytes.", connection="close")


def _from_body(body: bytes) -> Request:
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
    """Refuse a parameter given twice: whoever stands before us may believe the other one."""
    try:
        pairs: list[tuple[str, Any]] = json.loads(body, object_pairs_hook=list)
    except (ValueError, RecursionError):
        raise RequestError(ErrorCode.BAD_REQUEST, "The body is not JSON in UTF-8.") from None
    _refuse_twice(name for name, _ in pairs)


def _refuse_twice(names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1 and name in _PARAMETERS:
            raise RequestError(ErrorCode.BAD_REQUEST, f"`{name}` is given twice.")


def _from_query_string(query_string: bytes) -> Request:
    if len(query_string) > MAX_BODY:
        raise _too_large()
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
    text = sent.get("query")
    if text is None and "documentId" in sent:
        raise RequestError(ErrorCode.PERSISTED_QUERY_NOT_FOUND, "No document has that id.")
    if not isinstance(text, str):
        raise RequestError(ErrorCode.BAD_REQUEST, "`query` must be a string.")
    name, variables = sent.get("operationName"), sent.get("variables")
    if not isinstance(name, str | None):
        raise RequestError(ErrorCode.BAD_REQUEST, "`operationName` must be a string or null.")
    for field in ("variables", "extensions"):
        if not isinstance(sent.get(field), dict | None):
            raise RequestError(ErrorCode.BAD_REQUEST, f"`{field}` must be an object or null.")
    if variables:
        _refuse_vast(variables)
    return Request(text, name or None, variables)


def _refuse_vast(variables: dict[str, Any]) -> None:
    """Refuse what is too deep or too many before it is coerced; level by level, no recursion."""
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


# --- responses


def _media(accept: bytes | None) -> str:
    """Choose between the two media types; plain JSON for whoever does not say."""
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


async def _send(
    send: Send, status: int, media: str, body: bytes, trace: str, extra: list[tuple[bytes, bytes]]
) -> None:
    headers = [
        (b"content-type", f"{media}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"private, no-store"),
        (b"vary", b"Accept, Authorization"),
        (b"x-trace-id", trace.encode()),
        *extra,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _note(status: int, facts: dict[str, Any], seconds: float) -> None:
    """Count and log the request: what kind, how long; never who, what or with which values."""
    kind = facts.get("kind", "none")
    count(kind, status, seconds)
    if log.isEnabledFor(logging.INFO):
        log.info(
            "request", extra={"facts": {**facts, "status": status, "ms": round(seconds * 1e3, 2)}}
        )
