"""The endpoints of `/auth/*` share how bodies are read, and errors as in RFC 6749 §5.2."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response

from api.connections import network_of
from api.engine.errors import RequestError
from api.incoming import Bodies, Refusal, check_content, headers_of
from api.requests import Event, happened, reason_of
from api.strangers import SIGN_IN, Strangers
from tenants.errors import Busy, TooSlow
from tenants.identity import lockout

MOST_BODY = 8192
_MOST_FIELDS = 20
FORM = "application/x-www-form-urlencoded"


class Guarded(Protocol):
    """It has the handlers as its methods."""

    @property
    def guard(self) -> Strangers: ...

    @property
    def bodies(self) -> Bodies: ...


D = TypeVar("D", bound=Guarded)
T = TypeVar("T")


_EVENTS = {
    "invalid_grant": Event.SIGN_IN_FAILED,
    "access_denied": Event.SIGN_IN_FAILED,
    "invalid_client": Event.CLIENT_REFUSED,
    "slow_down": Event.THROTTLED,
    "temporarily_unavailable": Event.UNAVAILABLE,
}


class OAuthError(Exception):
    """It is a refusal by `/auth/*`; `challenge` is the WWW-Authenticate header of a 401."""

    def __init__(
        self,
        status: int,
        error: str,
        description: str,
        retry_after: int = 0,
        challenge: str = 'Bearer error="invalid_token"',
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.description = description
        self.retry_after = retry_after
        self.challenge = challenge


def invalid_request(description: str) -> OAuthError:
    """Return the error for a malformed request."""
    return OAuthError(400, "invalid_request", description)


def invalid_grant(description: str = "Unknown, used or ended: sign in again.") -> OAuthError:
    """Return the error for a credential that is not valid; it does not tell the reason."""
    return OAuthError(400, "invalid_grant", description)


def served(
    door: Callable[[], D],
    handler: Callable[[D, Request, dict[str, str]], Awaitable[dict[str, Any]]],
    read: Callable[[Request, Bodies], Awaitable[dict[str, str]]],
) -> Any:
    """Return the endpoint of a handler, rate-limited by address.

    `door` is called for each request: its object exists once the server has started.
    """

    async def serve(request: Request) -> Response:
        try:
            here = door()
            here.guard.take(request.scope, SIGN_IN)
            return _json(200, await handler(here, request, await read(request, here.bodies)))
        except OAuthError as refusal:
            return _refusal(refusal)
        except Refusal as refused:
            response = _refusal(OAuthError(refused.status, "invalid_request", str(refused)))
            response.raw_headers.extend(refused.headers)
            return response
        except RequestError as limited:
            wait = limited.errors[0]["extensions"].get("retryAfter", 1)
            return _refusal(OAuthError(429, "slow_down", "Too many sign-ins from there.", wait))
        except (Busy, TooSlow) as error:
            happened(Event.UNAVAILABLE, reason=reason_of(error))
            return _refusal(OAuthError(503, "temporarily_unavailable", "The server is busy.", 1))

    return serve


def address(request: Request) -> str:
    """Return the address or network that a request came from."""
    return network_of(request.client.host if request.client else "")


async def json_body(request: Request, bodies: Bodies) -> dict[str, str]:
    """Return a body that is a JSON object of strings; empty for a GET."""
    if request.method == "GET":
        return {}
    headers = headers_of(request.scope)
    # A page of another site cannot send this content type without a CORS preflight.
    check_content(headers)
    try:
        given = orjson.loads(await bodies.read(request.receive, headers))
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise invalid_request("The body must be a JSON object of strings.")
    return given


async def form_body(request: Request, bodies: Bodies) -> dict[str, str]:
    """Return the parameters of a form; each may be given once (RFC 6749 §3.2)."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != FORM:
        raise invalid_request(f"The body must be {FORM}.")
    try:
        text = (await bodies.read(request.receive, headers_of(request.scope))).decode()
        pairs = parse_qsl(text, True, max_num_fields=_MOST_FIELDS, errors="strict")  # keep blanks
    except ValueError:
        raise invalid_request("The body is no form in UTF-8.") from None
    if len(dict(pairs)) != len(pairs):
        raise invalid_request("A parameter is given twice.")
    return dict(pairs)


def required(given: dict[str, str], name: str, most: int = 512) -> str:
    """Return a parameter; raises invalid_request if it is missing, too long or holds U+0000."""
    value = given.get(name, "")
    if not value or len(value) > most or "\x00" in value:
        raise invalid_request(f"`{name}` is required.")
    return value


async def refuse_locked(work: Awaitable[T]) -> T:
    """Await a lockout check; raises OAuthError 429 if the account is locked out."""
    try:
        return await work
    except lockout.LockedOut as locked:
        happened(Event.LOCKED_OUT)
        raise OAuthError(429, "slow_down", "Too many failures.", locked.seconds) from None


def _refusal(refusal: OAuthError) -> Response:
    if refusal.error in _EVENTS:
        happened(_EVENTS[refusal.error])
    body = {"error": refusal.error, "error_description": refusal.description}
    response = _json(refusal.status, body)
    if refusal.retry_after:
        response.headers["retry-after"] = str(refusal.retry_after)
    if refusal.status == 401:
        response.headers["www-authenticate"] = refusal.challenge
    return response


def _json(status: int, body: dict[str, Any]) -> Response:
    return Response(
        orjson.dumps(body),
        status,
        # RFC 6749 §5.1: no cache between us and the client may keep tokens
        {"cache-control": "no-store", "pragma": "no-cache"},
        "application/json",
    )
