"""Log each request once, with its trace id; never who sent it, its document or its values."""

import logging
import os
import time
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import EVENTS, count

log = logging.getLogger("linli.http")

# probes and scrapers ask these every few seconds
_PROBES = {"/livez", "/readyz", "/metrics"}


class Event(StrEnum):
    """It is a noteworthy event in a request, from a closed list. Each is counted and logged."""

    SIGN_IN_FAILED = "sign_in_failed"  # a code, an invitation or a refresh token that is not valid
    TOKEN_REUSED = "refresh_token_reused"  # noqa: S105 # a copied token; its session is ended
    LOCKED_OUT = "locked_out"  # after too many failures
    CLIENT_REFUSED = "client_refused"  # an app with a wrong secret
    THROTTLED = "throttled"
    UPLOAD_REFUSED = "upload_refused"
    UNAVAILABLE = "unavailable"  # 503; the line's `reason` says why
    BUG = "bug"  # 500; a log line of its own says where


_FACTS: ContextVar[dict[str, Any]] = ContextVar("facts")


def happened(event: Event, **more: Any) -> None:
    """Record an event of the current request; only the first one is kept."""
    facts = _FACTS.get(None)
    if facts is not None and "event" not in facts:
        facts |= {"event": event, **more}


def new_trace() -> str:
    """Return a new trace id, by which a request is found in the logs."""
    return os.urandom(8).hex()


def reason_of(error: BaseException | None) -> str:
    """Return why a request is not served now, without any value."""
    return "busy" if error is None else getattr(error, "reason", type(error).__name__)


def note(status: int, facts: dict[str, Any], seconds: float) -> None:
    """Count and log a finished request."""
    count(facts["kind"], status, seconds)
    level = logging.INFO
    if (event := facts.get("event")) is not None:
        EVENTS.labels(event).inc()
        level = logging.WARNING
    if log.isEnabledFor(level):
        shown = {**facts, "status": status, "ms": round(seconds * 1e3, 2)}
        log.log(level, "request", extra={"facts": shown})


class Noted:
    """This middleware gives each request a trace id, logs it when it ends, and masks bugs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application, then log the request."""
        if scope["type"] != "http" or scope["path"] in _PROBES:
            await self._app(scope, receive, send)
            return
        started, trace, status = time.perf_counter(), new_trace(), 0
        facts: dict[str, Any] = {"trace": trace}

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-trace-id", trace.encode())]
            await send(message)

        before = _FACTS.set(facts)
        try:
            await self._app(scope, receive, answer)
        except Exception as error:  # a bug: logged, counted, and masked from the client
            happened(Event.BUG)
            log.exception("bug", extra={"facts": {"trace": trace, "type": type(error).__name__}})
            if not status:
                await PlainTextResponse("Internal error.", 500)(scope, receive, answer)
        finally:
            _FACTS.reset(before)
            route = getattr(scope.get("route"), "path", "none")
            facts["kind"] = route.partition("{")[0]
            note(status, facts, time.perf_counter() - started)
