"""Answer GraphQL over HTTP: these endpoints take an access token; answers.py builds their responses."""

import time
from collections.abc import Awaitable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.types import Receive, Scope, Send

from api.answers import failed, media_of, respond, spent, tell, with_statements
from api.auth import InvalidToken, Tokens
from api.budgets import Budgets
from api.engine.errors import ErrorCode, RequestError
from api.engine.executor import Engine
from api.engine.preparing import Prepared, Request
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

# refusals with these codes cost no points
_FREE = {ErrorCode.TIMEOUT, ErrorCode.RATE_LIMITED, ErrorCode.UNAUTHENTICATED}


@dataclass(slots=True)
class Call:
    """It is one ASGI request, with its headers by name, its trace id and the facts for its log line."""

    scope: Scope
    receive: Receive
    headers: dict[bytes, bytes]
    trace: str
    facts: dict[str, Any]


class Endpoint:
    """It is an ASGI endpoint with access tokens, trace ids, a deadline and errors in GraphQL's shape."""

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
        except Exception as error:  # noqa: BLE001 # `failed` logs and masks bugs
            status, extra, body = failed(error, media, trace)
            tell(facts, status, error)
        await respond(send, status, media, body, trace, extra)
        note(status, facts, time.perf_counter() - started)

    async def answer(self, call: Call) -> bytes:
        """Return the body of a successful response; raises Refusal or RequestError."""
        raise NotImplementedError

    def viewer(self, call: Call) -> Viewer:
        """Return the viewer of the access token and note it for the log; raises Refusal (401)."""
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
        """Await work on the database, for at most the deadline; raises Refusal (401 or 503)."""
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
    """It is the ASGI application at `/graphql`."""

    def __init__(
        self,
        engine: Engine,
        tokens: Tokens,
        trusted: TrustedDocuments,
        limits: Limits,
        deadline_seconds: float,
        *,
        shows_statements: bool = False,
    ) -> None:
        super().__init__(tokens, deadline_seconds)
        self.engine = engine
        self._shows_statements = shows_statements
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
        answer = await self.in_time(self.engine.run(prepared, call.trace))
        if self._shows_statements and call.headers.get(b"x-statement") == b"1":
            return with_statements(answer, prepared.plan.statements())
        return answer

    async def _read(self, call: Call, viewer: Viewer) -> Prepared:
        """Return the prepared operation of a request; raises Refusal or RequestError."""
        is_get = call.scope["method"] == "GET"
        if is_get:
            body = call.scope["query_string"]
        else:
            check_content(call.headers)
            body = await self._bodies.read(call.receive, call.headers)
        with self._computing(viewer):
            request = from_query_string(body) if is_get else from_body(body)
            request.text = self._text(request, viewer)
            prepared = self.engine.known(request, viewer)
        # It is known after it was learnt, unless a thousand others were learnt at the same moment.
        while prepared is None:
            self._admit(request, viewer)
            await self.in_time(self.engine.learn(request, viewer))
            with self._computing(viewer):
                prepared = self.engine.known(request, viewer)
        if is_get and prepared.operation.kind != "query":
            raise Refusal(405, ErrorCode.BAD_REQUEST, "GET is for queries only.", allow="POST")
        return prepared

    @contextmanager
    def _computing(self, viewer: Viewer) -> Generator[None]:
        """Charge a viewer for the time for which the block keeps the event loop busy."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.budgets.computed(viewer, time.perf_counter() - started)

    def _admit(self, request: Request, viewer: Viewer) -> None:
        if request.document_id is None:  # registered documents need no budget
            self.budgets.admit_document(viewer)

    def _text(self, request: Request, viewer: Viewer) -> str:
        """Return the text of the document: the text that was sent, or the one registered under its id."""
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
    """Return a 503 with Retry-After."""
    return Refusal(503, ErrorCode.TIMEOUT, message, retry_after="1")
