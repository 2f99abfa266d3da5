"""Answer what the operator's machines ask: does the process live, would it serve, what does it count."""

import asyncio
import time
from math import inf

import asyncpg
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.engine.executor import Engine
from api.keys import Keys
from api.metrics import KEPT, POOL, exposition
from api.published import refuse_strangers
from tenants.db import Database
from tenants.errors import Busy, TooSlow
from tenants.viewer import Principal

_READY_SECONDS = 0.5


class Probes:
    """This class answers the probes of one worker. `engine` is None until the worker serves."""

    def __init__(self, keys: Keys, metrics_token: str) -> None:
        self.engine: Engine | None = None
        self.database: Database | None = None
        self.stopping = False
        self._keys = keys
        self._metrics_token = metrics_token
        self._asking = asyncio.Lock()
        self._asked_at = -inf
        self._is_ready = False

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/.well-known/jwks.json", self.jwks),
            Route("/livez", self.live),
            Route("/readyz", self.ready),
            Route("/metrics", self.metrics),
        ]

    async def live(self, _: Request) -> Response:
        """Return 200 while the event loop runs; the database is not asked."""
        return PlainTextResponse("ok")

    def jwks(self, _: Request) -> Response:
        """Return the public keys that verify our access tokens (RFC 7517)."""
        return JSONResponse(self._keys.jwks(), headers={"cache-control": "public, max-age=300"})

    async def ready(self, _: Request) -> Response:
        """Return 200 if a request would be served now, else 503; asks the database every 0.5 s."""
        if self.stopping or self.database is None:
            return PlainTextResponse("stopping", 503)
        async with self._asking:
            if time.monotonic() - self._asked_at > _READY_SECONDS:
                self._is_ready = await _answers(self.database)
                self._asked_at = time.monotonic()
        return PlainTextResponse("ready") if self._is_ready else PlainTextResponse("not ready", 503)

    def metrics(self, request: Request) -> Response:
        """Return the metrics for Prometheus, those of all workers where there are several."""
        if (refused := refuse_strangers(request, self._metrics_token)) is not None:
            return refused
        if self.engine is not None and self.database is not None:
            KEPT.labels("documents").set(len(self.engine.documents))
            KEPT.labels("plans").set(self.engine.documents.plans)
            idle, in_use = self.database.pools[Principal.COMMUNITY].size()
            POOL.labels("idle").set(idle)
            POOL.labels("in use").set(in_use)
        return Response(exposition(), media_type=CONTENT_TYPE_LATEST)


async def _answers(database: Database) -> bool:
    """Return whether the database gave a connection and an answer within the time limit."""
    try:
        async with asyncio.timeout(_READY_SECONDS):
            await database.answer()
    except (Busy, TooSlow, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True
