"""Limit how much of what is served without a token one address may ask for."""

import time

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.connections import network_of
from api.engine.errors import RequestError
from api.limits import Buckets
from api.requests import Event, happened

# Every other path costs one point. Probes ask often and are free; the rest costs little or takes
# its own points: sign-ins in api/oauth.py, requests with a token in api/endpoint.py.
_FREE = ("/livez", "/readyz", "/metrics", "/assets/", "/web/", "/files/", "/auth/")
SIGN_IN = 5
# In addition to the point of every page: a picture, and a list of the ballots of a vote.
DRAWING = 4
BALLOTS = 4


class Strangers:
    """It keeps a budget for each address, for requests that need no token."""

    def __init__(self, buckets: Buckets) -> None:
        self._buckets = buckets

    def take(self, scope: Scope, points: float) -> None:
        """Take points from the budget of the client's address; raises RATE_LIMITED."""
        client = scope.get("client")
        self._buckets.take(network_of(client[0] if client else ""), points, time.monotonic())


class Limited:
    """This middleware takes one point for each page."""

    def __init__(self, app: ASGIApp, strangers: Strangers) -> None:
        self._app = app
        self._strangers = strangers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application, or answer 429 with the time to wait."""
        if scope["type"] == "http" and not scope["path"].startswith(_FREE):
            try:
                self._strangers.take(scope, 1)
            except RequestError as limited:
                happened(Event.THROTTLED)
                await too_many(limited)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def too_many(limited: RequestError) -> PlainTextResponse:
    """Return a 429 that says when to ask again."""
    wait = str(limited.errors[0]["extensions"].get("retryAfter", 1))
    return PlainTextResponse(
        f"Too many requests; try again in {wait} s.", 429, {"retry-after": wait}
    )
