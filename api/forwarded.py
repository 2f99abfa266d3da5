"""Find the client's address behind trusted proxies. No proxy is trusted by default."""

import ipaddress
from typing import Any, cast

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_PEER = "linli.peer"
_SAID_BY_PROXIES = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class Forwarded:
    """This middleware takes the client's address from X-Forwarded-For if the peer is trusted.

    It takes the right-most address that is not a trusted proxy's. The client could have written
    everything to the left of it.
    """

    def __init__(self, app: ASGIApp, trusted: list[str]) -> None:
        self._inner: Any = ProxyHeadersMiddleware(cast(Any, app), trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application; the scope keeps the peer's own address."""
        scope[_PEER] = scope.get("client")
        await self._inner(scope, receive, send)


def is_this_machine(request: Request) -> bool:
    """Return whether a request was made on this machine, and not passed on by a proxy."""
    peer = request.scope.get(_PEER) or request.scope.get("client")
    if peer is None or any(name in request.headers for name in _SAID_BY_PROXIES):
        return False
    try:
        return ipaddress.ip_address(peer[0]).is_loopback
    except ValueError:
        return False
