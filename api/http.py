"""GraphQL over HTTP: one endpoint for viewers, its budgets and its deadline; answers.py shapes what it says."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from starlette.types import Receive, Scope, Send

from api.answers import failed, media_of, respond, spent, tell
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
from api.requests import new_trace, note
from api.settings import Limits
from tenants.deadlines import Deadline
from tenants.documents.service import TrustedDocuments
from tenants.errors import Busy, StaleViewer, TooSlow, Unavailable
from tenants.viewer import Viewer

T = TypeVar("T")

# What a refusal for these costs nothing: the server could not, or the person spent it all.
_FREE = {ErrorCode.TIMEOUT, ErrorCode.RATE_LIMITED, ErrorCode.UNAUTHENTICATED}


@dataclass(slots=True)
class Call:
    """One request as ASGI gives it: its headers by name, its trace, and what the log is told of it."""

    scope: Scope
    receive: Receive
    headers: dict[bytes, bytes]
    trace: str
    facts: dict[str, Any]


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
        facts: dict[str, Any] = {"trace": trace, "kind": "none"}
        call = Call(scope, receive, headers_of(scope), trace, facts)
        media = media_of(call.headers.get(b"accept"))
        try:
            body = await self.answer(call)
            status, extra = self.success, spent(facts)
        except Exception as error:  # noqa: BLE001 # a bug is logged, masked and counted there
            status, extra, body = failed(error, media, trace)
            tell(facts, status, error)
        await respond(send, status, media, body, trace, extra)
        note(status, facts, time.perf_counter() - started)

    async def answer(self, call: Call) -> bytes:
        """Give the body of a success."""
        raise NotImplementedError

    def viewer(self, call: Call) -> Viewer:
        """Say whom the token speaks for, and note it for the log."""
        header = call.headers.get(b"authorization")
        if header is None:
            raise _unauthenticated("Send an access token as `Authorization: Bearer …`.", "Bearer")
        scheme, _, token = header.partition(b" ")
        if scheme.lower() != b"bearer":
            raise _unauthenticated("Send an access token as `Authorization: Bearer …`.", "Bearer")
        try:
            viewer = self._tokens.verify(token.decode("latin-1"), time.time())
        except InvalidToken as error:
            raise _unauthenticated(str(error)) from None
        call.facts["client"], call.facts["tenant"] = viewer.client_id, viewer.community_id
        return viewer

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

    async def answer(self, call: Call) -> bytes:
        if call.scope["method"] not in {"GET", "POST"}:
            raise Refusal(
                405, ErrorCode.BAD_REQUEST, "Use POST, or GET for a query.", allow="GET, POST"
            )
        viewer = self.viewer(call)
        self.budgets.admit(viewer)
        try:
            prepared = await self._read(call, viewer)
        except (RequestError, Refusal) as error:
            if _code(error) not in _FREE:
                self.budgets.refused(viewer)
            raise
        call.facts["kind"], call.facts["cost"] = prepared.operation.kind, prepared.cost
        call.facts["remaining"] = self.budgets.charge(prepared, viewer)
        return await self.in_time(self.engine.run(prepared, call.trace))

    async def _read(self, call: Call, viewer: Viewer) -> Prepared:
        """Read a request and prepare it; raises Refusal or RequestError."""
        is_get = call.scope["method"] == "GET"
        if is_get:
            body = call.scope["query_string"]
        else:
            check_content(call.headers)
            body = await self._bodies.read(call.receive, call.headers)
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
