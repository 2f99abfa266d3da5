"""GraphQL over HTTP: one endpoint, its statuses, media types and errors."""

import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import orjson
from starlette.types import Receive, Scope, Send

from api.auth import InvalidToken, Tokens
from api.budgets import Budgets
from api.engine.errors import ErrorCode, RequestError
from api.engine.executor import Engine, Prepared, Request
from api.incoming import (
    MAX_BODY,
    Bodies,
    Refusal,
    check_content,
    from_body,
    from_query_string,
    headers_of,
)
from api.requests import Event, new_trace, note, reason_of
from api.settings import Limits
from tenants.deadlines import Deadline
from tenants.documents.service import TrustedDocuments
from tenants.errors import Busy, StaleViewer, TooSlow, Unavailable
from tenants.viewer import Viewer

log = logging.getLogger("linli.http")
T = TypeVar("T")

_JSON = "application/json"
_GRAPHQL_JSON = "application/graphql-response+json"
_CONTENT_TYPES = {kind: f"{kind}; charset=utf-8".encode() for kind in (_JSON, _GRAPHQL_JSON)}

# What `application/graphql-response+json` gets; a client of plain JSON gets 200 for the second kind.
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
# What a refusal for these costs nothing: the server could not, or the person spent it all.
_FREE = {ErrorCode.TIMEOUT, ErrorCode.RATE_LIMITED, ErrorCode.UNAUTHENTICATED}


class Endpoint:
    """One address for viewers: their token, a trace, a deadline, and errors as GraphQL shapes them."""

    success = 200

    def __init__(self, tokens: Tokens, deadline_seconds: float) -> None:
        self._tokens = tokens
        self._deadline = Deadline(deadline_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = time.perf_counter()
        trace = new_trace()
        headers = headers_of(scope)
        media = _media(headers.get(b"accept"))
        facts: dict[str, Any] = {"trace": trace, "kind": "none"}
        try:
            body = await self.answer(scope, receive, headers, trace, facts)
            status, extra = self.success, _spent(facts)
        except Exception as error:  # noqa: BLE001 # a bug is logged, masked and counted there
            status, extra, body = _failed(error, media, trace)
            _tell(facts, status, error)
        await _send(send, status, media, body, trace, extra)
        note(status, facts, time.perf_counter() - started)

    async def answer(
        self,
        scope: Scope,
        receive: Receive,
        headers: dict[bytes, bytes],
        trace: str,
        facts: dict[str, Any],
    ) -> bytes:
        """Give the body of a success; `facts` are what the log is told."""
        raise NotImplementedError

    def viewer(self, headers: dict[bytes, bytes]) -> Viewer:
        """Say whom the token speaks for."""
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

    async def in_time(self, work: Awaitable[T]) -> T:
        """Wait for work on the database no longer than a request may take."""
        try:
            return await self._deadline.keep(work)
        except StaleViewer:
            raise _unauthenticated("Roles or membership changed: refresh the token.") from None
        except Unavailable as error:
            raise busy("The database cannot serve now; try again with the same key.") from error
        except Busy as error:
            raise busy("The server is busy.") from error
        except (TimeoutError, TooSlow) as error:
            raise busy("It took too long; a change is safe to repeat with its key.") from error


class GraphQLEndpoint(Endpoint):
    """The ASGI application at `/graphql`."""

    def __init__(
        self,
        engine: Engine,
        tokens: Tokens,
        trusted: TrustedDocuments,
        limits: Limits,
        deadline_seconds: float,
    ) -> None:
        super().__init__(tokens, deadline_seconds)
        self.engine = engine
        self.trusted = trusted
        self._bodies = Bodies(MAX_BODY)
        self.budgets = Budgets(limits)
        engine.aside.spent = self.budgets.aside
        engine.database.charge(self.budgets.queried)

    async def answer(
        self,
        scope: Scope,
        receive: Receive,
        headers: dict[bytes, bytes],
        trace: str,
        facts: dict[str, Any],
    ) -> bytes:
        if scope["method"] not in {"GET", "POST"}:
            raise Refusal(
                405, ErrorCode.BAD_REQUEST, "Use POST, or GET for a query.", allow="GET, POST"
            )
        viewer = self.viewer(headers)
        facts["client"], facts["tenant"] = viewer.client_id, viewer.community_id
        self.budgets.admit(viewer)
        try:
            prepared = await self._read(scope, receive, headers, viewer)
        except (RequestError, Refusal) as error:
            if _code(error) not in _FREE:
                self.budgets.refused(viewer)
            raise
        facts["kind"], facts["cost"] = prepared.operation.kind, prepared.cost
        facts["remaining"] = self.budgets.charge(prepared, viewer)
        return await self.in_time(self.engine.run(prepared, trace))

    async def _read(
        self, scope: Scope, receive: Receive, headers: dict[bytes, bytes], viewer: Viewer
    ) -> Prepared:
        """Read a request and prepare it; raises Refusal or RequestError."""
        is_get = scope["method"] == "GET"
        if not is_get:
            check_content(headers)
        body = scope["query_string"] if is_get else await self._bodies.read(receive, headers)
        started = time.perf_counter()
        try:
            request = from_query_string(body) if is_get else from_body(body)
            request.text = self._text(request, viewer)
            if self.engine.documents.known(request.text) is not None:
                return self._prepare(request, viewer, is_get=is_get)
            self._admit(request, viewer)
        finally:
            self.budgets.computed(viewer, time.perf_counter() - started)
        await self.in_time(self.engine.read(request.text, viewer))
        started = time.perf_counter()
        try:
            # its first plan is paid for
            return self._prepare(request, viewer, is_get=is_get, admit=lambda: None)
        finally:
            self.budgets.computed(viewer, time.perf_counter() - started)

    def _prepare(
        self,
        request: Request,
        viewer: Viewer,
        *,
        is_get: bool,
        admit: Callable[[], object] | None = None,
    ) -> Prepared:
        prepared = self.engine.prepare(
            request, viewer, new=admit or partial(self._admit, request, viewer)
        )
        if is_get and prepared.operation.kind != "query":
            raise Refusal(405, ErrorCode.BAD_REQUEST, "GET is for queries only.", allow="POST")
        return prepared

    def _admit(self, request: Request, viewer: Viewer) -> None:
        if request.document_id is None:  # else whoever registered it answers for it
            self.budgets.admit_document(viewer)

    def _text(self, request: Request, viewer: Viewer) -> str:
        """Give the text to run: what was sent, or what was registered under the id that was."""
        if request.document_id is None:
            if self.trusted.binds(viewer.client_id):
                raise RequestError(
                    ErrorCode.PERSISTED_QUERY_NOT_FOUND,
                    "This client sends the `documentId` of a registered document.",
                )
            return request.text
        text = self.trusted.text(viewer.client_id, request.document_id)
        if text is None:
            raise RequestError(ErrorCode.PERSISTED_QUERY_NOT_FOUND, "No document has that id.")
        return text


def _code(error: RequestError | Refusal) -> ErrorCode:
    return error.error.code if isinstance(error, Refusal) else error.code


def _unauthenticated(message: str, challenge: str | None = None) -> Refusal:
    bearer = challenge or 'Bearer error="invalid_token"'
    return Refusal(401, ErrorCode.UNAUTHENTICATED, message, www_authenticate=bearer)


def busy(message: str) -> Refusal:
    """Give a 503 that says when to ask again."""
    return Refusal(503, ErrorCode.TIMEOUT, message, retry_after="1")


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
        (b"content-type", _CONTENT_TYPES[media]),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"private, no-store"),
        (b"vary", b"Accept, Authorization"),
        (b"x-trace-id", trace.encode()),
        *extra,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _spent(facts: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    """Say in the head what an operation cost and what is left, for whoever does not ask in it."""
    if "remaining" not in facts:
        return []
    return [
        (b"x-cost", b"%d" % facts["cost"]),
        (b"x-ratelimit-remaining", b"%d" % facts["remaining"]),
    ]


def _failed(
    error: Exception, media: str, trace: str
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Give status, headers and body of a request that was refused, or that met a bug."""
    if isinstance(error, Refusal):
        return error.status, error.headers, _errors(error.error, trace)
    if isinstance(error, RequestError):
        wait = error.errors[0]["extensions"].get("retryAfter")
        extra = [] if wait is None else [(b"retry-after", str(wait).encode())]
        return _status(error, media), extra, _errors(error, trace)
    facts = {"trace": trace, "type": type(error).__name__}
    log.error("bug", exc_info=error, extra={"facts": facts})
    return 500, [], _errors(RequestError(ErrorCode.INTERNAL, "Internal error."), trace)


def _tell(facts: dict[str, Any], status: int, error: Exception) -> None:
    """Say what happened in a request that was not served."""
    if status == 503:
        facts["event"], facts["reason"] = Event.UNAVAILABLE, reason_of(error.__cause__)
    elif status in _EVENTS:
        facts["event"] = _EVENTS[status]
    elif facts.get("kind") == "upload":
        facts["event"] = Event.UPLOAD_REFUSED
