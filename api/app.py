"""Create the ASGI application from its parts: the routes, the middleware and the lifespan."""

import gc
import logging
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from math import inf

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api import demo_scrutineers, landing, page, scrutiny, token_endpoint, web_signin
from api.auth import Tokens
from api.connections import Connections
from api.endpoint import GraphQLEndpoint
from api.engine.executor import Engine
from api.forwarded import Forwarded
from api.incoming import Bodies
from api.keys import Keys
from api.landing import Landing
from api.limits import Buckets
from api.logs import configure
from api.oauth import MOST_BODY
from api.oidc import Provider
from api.origins import cors
from api.probes import Probes
from api.published import openapi, schema
from api.qr import Drawings
from api.requests import Noted
from api.schema.schema import contract
from api.settings import Settings
from api.signin import Door, routes
from api.strangers import Limited, Strangers
from api.textcheck import HttpTextCheck
from api.uploads import UploadEndpoint, file
from api.wechat import WeChat
from demo.wechat import APPID, SECRET, stand_in
from tenants.boards.service.check import NoCheck, TextCheck
from tenants.db import Clock as Time
from tenants.db import Database
from tenants.doctor import examine
from tenants.documents.service import TrustedDocuments
from tenants.domains import DOMAINS
from tenants.files import Files
from tenants.identity import ring_marks
from tenants.identity.store import identity
from tenants.images.signing import Signer
from tenants.outages import outlasted
from tenants.server import Server

log = logging.getLogger("linli.database")

_STATEMENTS = 150  # prepared statements kept on each connection: about 200 KB each in its backend
_STAND_IN = "/demo/wechat"  # a stand-in for WeChat's server, in demo mode only
_SWITCH_SECONDS = 0.0005


class NotFit(Exception):
    """The database is not fit to serve; the message lists what is wrong, one finding a line."""


class House:
    """It holds the database, the engine and the endpoints of one worker, from its start to its stop."""

    def __init__(self, settings: Settings, clock: Time | None) -> None:
        self.settings = settings
        self._clock = clock
        self.tokens = Tokens(
            Keys(settings.data / "keys"), settings.public_url, settings.token_seconds
        )
        self.database: Database | None = None
        self.endpoint: GraphQLEndpoint | None = None
        self.uploads: UploadEndpoint | None = None
        self.signer: Signer | None = None
        self.files = Files.at(settings.files)
        self.door: Door | None = None
        self.strangers = Strangers(Buckets(settings.limits.strangers, "requests"))
        self.drawings = Drawings(self.strangers)
        self.landing = Landing(settings)
        self.probes = Probes(self.tokens.keys, settings.metrics_token)

    @asynccontextmanager
    async def open(self, _: Starlette) -> AsyncGenerator[dict[str, Connections]]:
        """Open the pools, examine the database, serve, and close after the last request."""
        chosen = self.settings
        # A helper thread validates new documents; a short switch interval lets the event loop run
        # again sooner.
        sys.setswitchinterval(_SWITCH_SECONDS)
        # A single worker stops waiting after `start_seconds`. One of several workers waits without
        # limit: it may have been restarted, and one worker that fails to start ends all the
        # others.
        patience = chosen.start_seconds if chosen.workers == 1 else inf
        self.database = self.probes.database = await outlasted(self._fit, patience)
        wechat, oidc = _wechat(chosen), _oidc(chosen)
        check = HttpTextCheck(chosen.text_check_url) if chosen.text_check_url else NoCheck()
        try:
            trusted = TrustedDocuments(self.database, chosen.documents_seconds)
            await outlasted(trusted.look, patience)
            self._furnish(self.database, trusted, check, wechat, oidc)
            # The objects made so far live as long as the process: freeze them, so that the garbage
            # collector does not walk the schema again and again.
            gc.collect()
            gc.freeze()
            async with self._rounds(self.database), trusted.kept():
                # api/protocol.py reads this from the lifespan state.
                yield {"connections": Connections(chosen.connecting, chosen.trusted_proxies)}
        finally:
            self.probes.stopping = True
            await self.database.close()
            await wechat.close()
            if oidc is not None:
                await oidc.close()
            if isinstance(check, HttpTextCheck):
                await check.close()

    async def _fit(self) -> Database:
        """Open the pools and examine the database; raises Unavailable (try again) or NotFit."""
        chosen = self.settings
        database = await Database.connect(
            chosen.role_urls(),
            DOMAINS,
            size=chosen.pool_size,
            statements=_STATEMENTS,
            wait_seconds=chosen.wait_seconds,
            clock=self._clock,
            ring=chosen.ring,
        )
        try:
            grave = [finding.text for finding in await examine(database) if finding.grave]
            if grave:
                log.critical("the database is not fit", extra={"facts": {"findings": grave}})
                raise NotFit("\n".join(grave))
            async with identity(database) as store:
                await ring_marks.mark(store)
        except BaseException:
            await database.close()
            raise
        return database

    @asynccontextmanager
    async def _rounds(self, database: Database) -> AsyncGenerator[None]:
        """Run the background tasks of a worker for the length of the block."""
        chosen = self.settings
        if not chosen.background:
            yield
            return
        server = Server(
            database,
            self.files,
            checkpoints=chosen.checkpoints,
            signing=Keys(chosen.checkpoint_keys).signing,
            checkpoint_seconds=chosen.checkpoint_seconds,
            clock_seconds=chosen.clock_seconds,
            rates_seconds=chosen.rates_seconds,
            retention_days=chosen.retention_days,
        )
        async with AsyncExitStack() as stack:
            for start in DOMAINS.sweeps:
                await stack.enter_async_context(start(server).kept())
            if chosen.demo:
                await stack.enter_async_context(demo_scrutineers.kept(chosen))
            yield

    def _furnish(
        self,
        database: Database,
        trusted: TrustedDocuments,
        check: TextCheck,
        wechat: WeChat,
        oidc: Provider | None,
    ) -> None:
        chosen = self.settings
        services = {
            "text_check": check,
            "wechat": wechat,
            "database": database,
            "scrutineers": demo_scrutineers.known(chosen) if chosen.demo else chosen.scrutineers,
        }
        self.signer = Signer(database.ring, f"{chosen.public_url}/files/", database.clock)
        engine = self.probes.engine = Engine(contract(), database, services, self.signer.values)
        bodies = Bodies(MOST_BODY)
        self.door = Door(self.tokens, database, chosen, wechat, oidc, self.strangers, bodies)
        self.endpoint = GraphQLEndpoint(
            engine,
            self.tokens,
            trusted,
            chosen.limits,
            chosen.deadline_seconds,
            shows_statements=chosen.shows_statements,
        )
        self.uploads = UploadEndpoint(
            database, self.tokens, self.files, chosen.limits, chosen.deadline_seconds
        )

    def straight(self, path: str) -> ASGIApp | None:
        """Return the endpoint at a path if it serves viewers directly, else None."""
        if path == "/graphql":
            return self.endpoint
        return self.uploads if path == "/uploads" else None

    def at_door(self) -> Door:
        """Return the `/auth/*` handlers; they exist once the server has started."""
        assert self.door is not None  # noqa: S101 # uvicorn serves after the lifespan has started
        return self.door


def _wechat(settings: Settings) -> WeChat:
    if settings.demo and not settings.wechat_appid:
        return WeChat(f"{settings.public_url}{_STAND_IN}", APPID, SECRET)
    return WeChat(settings.wechat_url, settings.wechat_appid, settings.wechat_secret)


def _oidc(settings: Settings) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        f"{settings.public_url}/signin",
    )


def create_app(settings: Settings | None = None, *, clock: Time | None = None) -> Starlette:
    """Create the ASGI application; `app.state.house` holds the parts that it serves from.

    Without `settings` it reads them from the environment and sets up logging for a server.
    """
    if settings is None:
        configure(os.environ.get("LINLI_LOG_LEVEL", "INFO"))
    chosen = settings or Settings.from_environment()
    house = House(chosen, clock)
    proxies = Middleware(Forwarded, trusted=list(chosen.trusted_proxies))
    app = Starlette(
        routes=[
            *page.routes(),
            *routes(house.at_door),
            token_endpoint.route(house.at_door),
            *web_signin.routes(house.at_door),
            *landing.routes(house.landing, house.drawings.image),
            Route("/files/{path:path}/{name}", file),
            *scrutiny.routes(),
            Route("/schema.graphql", schema),
            Route("/openapi.json", openapi),
            *house.probes.routes(),
            *([Mount(_STAND_IN, stand_in())] if chosen.demo else []),
        ],
        middleware=[
            *([proxies] if chosen.trusted_proxies else []),
            *([cors(chosen.cors_origins)] if chosen.cors_origins else []),
            Middleware(Straight, house=house),
            Middleware(Limited, strangers=house.strangers),
        ],
        lifespan=house.open,
    )
    app.state.house = house
    return app


class Straight:
    """This middleware calls the endpoints for viewers directly, without the router."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = Noted(app)
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the endpoint at the path, or else the routed application."""
        endpoint = self._house.straight(scope["path"]) if scope["type"] == "http" else None
        await (endpoint or self._app)(scope, receive, send)
