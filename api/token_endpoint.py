"""Serve `POST /auth/token`, OAuth 2.0's token endpoint, for programs (RFC 6749, RFC 8693).

`client_credentials` lets a registered app in. `token-exchange` gives whoever is signed in a narrower
token for a script, and an officer a token to look into one community. `refresh_token` is
`/auth/refresh` under its standard name.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.routing import Route

from api.auth import Identity, InvalidToken, Tokens
from api.engine.bindings import prefix_of
from api.engine.identifiers import decode_id, encode_id
from api.grants import (
    ACCESS,
    EXCHANGE,
    REFRESH,
    app_of,
    credentials,
    fewer,
    invalid_client,
    invalid_subject,
    kind_of_subject,
    narrowed,
)
from api.holder import Holder, behind, holder
from api.incoming import Bodies
from api.oauth import (
    OAuthError,
    address,
    form_body,
    invalid_grant,
    invalid_request,
    refuse_locked,
    required,
    served,
)
from api.signin import Door
from api.strangers import Strangers
from tenants.apps import service as apps
from tenants.db import Database
from tenants.errors import NotFound, Refused, StaleViewer
from tenants.identity import lockout, persons, sessions
from tenants.identity.sessions import InvalidGrant
from tenants.identity.store import identity
from tenants.inspections import service as inspections
from tenants.places.tables import communities
from tenants.scopes import Role, Scope, scopes_of
from tenants.transaction import Client
from tenants.viewer import Principal, Viewer

_MOST_TOKEN = 4096


@dataclass(frozen=True)
class TokenEndpoint:
    """It answers the three grants."""

    door: Door

    @property
    def guard(self) -> Strangers:
        """Return the budgets by address, shared by all of `/auth/*`."""
        return self.door.guard

    @property
    def bodies(self) -> Bodies:
        """Return the reader of bodies."""
        return self.door.bodies

    @property
    def tokens(self) -> Tokens:
        """Return the signer and verifier of access tokens."""
        return self.door.tokens

    @property
    def database(self) -> Database:
        """Return the database."""
        return self.door.database

    async def token(self, request: Request, given: dict[str, str]) -> dict[str, Any]:
        """Return the answer to one of the grants; raises OAuthError."""
        match required(given, "grant_type"):
            case "client_credentials":
                return await self._client_credentials(request, given)
            case "refresh_token":
                return await self.door.refresh(request, given)
            case grant if grant == EXCHANGE:
                return await self._exchange(given)
            case _:
                raise OAuthError(400, "unsupported_grant_type", "See docs/authentication.md.")

    # --- apps

    async def _client_credentials(self, request: Request, given: dict[str, str]) -> dict[str, Any]:
        client_id, secret = credentials(request, given)
        # lock out the guessing address, not the app
        attempt = f"app {client_id} {address(request)}"
        number, app_id = app_of(client_id)
        app = await apps.known(self.database, number, app_id, secret)
        async with identity(self.database) as store:
            await refuse_locked(lockout.told(store, attempt, is_right=app is not None))
        if app is None:
            raise invalid_client()
        holds = Identity(
            principal=Principal.APP,
            id=app.id,
            org=encode_id(app.community, prefix_of(communities)),
            place=app.community_id,
            roles=frozenset({Role.APP}),
            version=app.version,
        )
        return self._minted(holds, client_id, narrowed(given, app.scopes))

    # --- tokens for tokens

    async def _exchange(self, given: dict[str, str]) -> dict[str, Any]:
        subject = required(given, "subject_token", _MOST_TOKEN)
        if kind_of_subject(given) == REFRESH:
            return await self._script_session(given, subject)
        try:
            viewer = self.tokens.verify(subject, time.time())
        except InvalidToken:
            raise invalid_subject() from None
        # `verify` allows for clock skew; a new token must not profit from that
        if viewer.expires_at.timestamp() <= time.time():
            raise invalid_subject()
        found = await behind(self.database, viewer)
        if found is None:
            raise invalid_subject()
        if "audience" in given:
            return await self._look(given, viewer)
        scopes = fewer(given, viewer.scopes)
        holds = replace(found.identity, payer=viewer.payer)
        # keep the client id: registered documents and the audit go by it
        return self._exchanged(holds, viewer.client_id, scopes, viewer.expires_at)

    async def _script_session(self, given: dict[str, str], token: str) -> dict[str, Any]:
        """Begin a session for a script: with fewer scopes than its parent, and ended with it."""
        if "audience" in given:
            raise invalid_request("`audience` goes with an access token.")
        held = await self.door.shown(token)
        found = await self._holder(held["subject_id"])
        granted = scopes_of(found.identity.roles)
        own = held["scopes"]
        scopes = fewer(given, granted if own is None else granted & frozenset(own))
        async with identity(self.database) as store:
            try:
                begun = await sessions.begin_script(
                    store,
                    held,
                    held["client_id"],
                    subject_id=found.identity.id,
                    scopes=frozenset(scope.value for scope in scopes),
                )
            except InvalidGrant:
                raise invalid_grant() from None
        return {**await self.door.answer(begun), "issued_token_type": ACCESS}

    async def _holder(self, subject_id: UUID | None) -> Holder:
        async with identity(self.database) as store:
            place = await persons.affiliation(store, subject_id) if subject_id else None
        found = await holder(self.database, place) if place is not None else None
        if found is None:
            raise invalid_subject()
        return found

    async def _look(self, given: dict[str, str], viewer: Viewer) -> dict[str, Any]:
        """Begin an inspection of the community in `audience`; return the inspector's token."""
        if Scope.COMMUNITY_INSPECT not in viewer.scopes:
            raise OAuthError(403, "insufficient_scope", f"It needs `{Scope.COMMUNITY_INSPECT}`.")
        scopes = narrowed(given, scopes_of(frozenset({Role.INSPECTOR})))
        community = decode_id(given["audience"], prefix_of(communities))
        try:
            async with self.database.write(viewer, Client(viewer.client_id, "")) as tx:
                begun = await inspections.begin(
                    tx, community_id=community, reason=required(given, "reason", 2000)
                )
        except NotFound:
            raise OAuthError(400, "invalid_target", "No such community under you.") from None
        except Refused as refused:
            raise invalid_request(f"`reason`: {refused.message}") from None
        except StaleViewer:
            raise invalid_subject() from None
        holds = Identity(
            principal=Principal.INSPECTOR,
            id=begun.id,
            org=given["audience"],
            place=begun.community_id,
            roles=frozenset({Role.INSPECTOR}),
            version=begun.version,
            payer=viewer.payer,
        )
        return self._exchanged(holds, viewer.client_id, scopes, begun.ends_at)

    # --- answers

    def _exchanged(
        self, holds: Identity, client_id: str, scopes: frozenset[Scope], until: datetime
    ) -> dict[str, Any]:
        answer = self._minted(holds, client_id, scopes, until)
        return {**answer, "issued_token_type": ACCESS}

    def _minted(
        self,
        holds: Identity,
        client_id: str,
        scopes: frozenset[Scope],
        until: datetime | None = None,
    ) -> dict[str, Any]:
        now = self.database.clock()
        return {
            "access_token": self.tokens.mint(
                holds, client_id=client_id, now=now, scopes=scopes, until=until
            ),
            "token_type": "Bearer",
            "expires_in": self.tokens.lifetime(now, until),
            "scope": " ".join(sorted(scopes)),
            "org": holds.org,
        }


def route(door: Callable[[], Door]) -> Route:
    """Return the route; `door` is called at each request, after the start of the server."""
    endpoint = served(lambda: TokenEndpoint(door()), TokenEndpoint.token, form_body)
    return Route("/auth/token", endpoint, methods=["POST"])
