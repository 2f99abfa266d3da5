"""`POST /auth/token`: OAuth 2.0's token endpoint, for programs (RFC 6749, RFC 8693).

`client_credentials` lets a registered app in. `token-exchange` gives whoever is signed in a narrower
token for a script, and an officer a token to look into one community. `refresh_token` is
`/auth/refresh` under its standard name.
"""

import binascii
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID

from starlette.requests import Request
from starlette.routing import Route

from api.auth import Identity, InvalidToken, Tokens
from api.engine.bindings import prefix_of
from api.engine.identifiers import decode_id, encode_id
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
from tenants.db import Client, Database
from tenants.errors import NotFound, Refused, StaleViewer
from tenants.identity import lockout, persons, sessions
from tenants.identity.sessions import InvalidGrant
from tenants.identity.store import identity
from tenants.inspections import service as inspections
from tenants.places.tables import communities
from tenants.scopes import Role, Scope, scopes_of
from tenants.viewer import Principal, Viewer

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS = "urn:ietf:params:oauth:token-type:access_token"
REFRESH = "urn:ietf:params:oauth:token-type:refresh_token"
_MOST_TOKEN = 4096


@dataclass(frozen=True)
class TokenEndpoint:
    """The three grants."""

    door: Door

    @property
    def guard(self) -> Strangers:
        """Give the bound on attempts, one for all of `/auth/*`."""
        return self.door.guard

    @property
    def bodies(self) -> Bodies:
        """Give what reads bodies."""
        return self.door.bodies

    @property
    def tokens(self) -> Tokens:
        """Give the mint."""
        return self.door.tokens

    @property
    def database(self) -> Database:
        """Give the database."""
        return self.door.database

    async def token(self, request: Request, given: dict[str, str]) -> dict[str, Any]:
        """Answer one of the grants."""
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
        client_id, secret = _credentials(request, given)
        # who guesses is locked out where they are: they cannot shut the app itself out
        attempt = f"app {client_id} {address(request)}"
        number, app_id = _app_of(client_id)
        app = await apps.known(self.database, number, app_id, secret)
        async with identity(self.database) as store:
            await refuse_locked(lockout.told(store, attempt, is_right=app is not None))
        if app is None:
            raise _invalid_client()
        holds = Identity(
            principal=Principal.APP,
            id=app.id,
            org=encode_id(app.community, prefix_of(communities)),
            place=app.community_id,
            roles=frozenset({Role.APP}),
            version=app.version,
        )
        return self._minted(holds, client_id, _narrowed(given, app.scopes))

    # --- tokens for tokens

    async def _exchange(self, given: dict[str, str]) -> dict[str, Any]:
        subject = required(given, "subject_token", _MOST_TOKEN)
        if _kind_of_subject(given) == REFRESH:
            return await self._script_session(given, subject)
        try:
            viewer = self.tokens.verify(subject, time.time())
        except InvalidToken:
            raise _invalid_subject() from None
        # the leeway that a clock next door is given is no life to be handed on
        if viewer.expires_at.timestamp() <= time.time():
            raise _invalid_subject()
        found = await behind(self.database, viewer)
        if found is None:
            raise _invalid_subject()
        if "audience" in given:
            return await self._look(given, viewer)
        scopes = _fewer(given, viewer.scopes)
        holds = replace(found.identity, payer=viewer.payer)
        # the client stays the same: what documents it may send, and the audit, go by it
        return self._exchanged(holds, viewer.client_id, scopes, viewer.expires_at)

    async def _script_session(self, given: dict[str, str], token: str) -> dict[str, Any]:
        """Begin a session of a script's own, narrower than the one that is shown and ended with it."""
        if "audience" in given:
            raise invalid_request("`audience` goes with an access token.")
        held = await self.door.shown(token)
        found = await self._holder(held["subject_id"])
        granted = scopes_of(found.identity.roles)
        own = held["scopes"]
        scopes = _fewer(given, granted if own is None else granted & frozenset(own))
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
            raise _invalid_subject()
        return found

    async def _look(self, given: dict[str, str], viewer: Viewer) -> dict[str, Any]:
        """Let an officer look into the community that `audience` names."""
        if Scope.COMMUNITY_INSPECT not in viewer.scopes:
            raise OAuthError(403, "insufficient_scope", f"It needs `{Scope.COMMUNITY_INSPECT}`.")
        scopes = _narrowed(given, scopes_of(frozenset({Role.INSPECTOR})))
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
            raise _invalid_subject() from None
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
    """Give the route; the door is there once the server has started."""
    endpoint = served(lambda: TokenEndpoint(door()), TokenEndpoint.token, form_body)
    return Route("/auth/token", endpoint, methods=["POST"])


def _credentials(request: Request, given: dict[str, str]) -> tuple[str, str]:
    """Give the client's id and secret: by HTTP Basic or in the body, never by both (§2.3.1)."""
    headers = request.headers.getlist("authorization")
    if not headers:
        if "client_id" not in given or "client_secret" not in given:
            raise _invalid_client()
        return given["client_id"], given["client_secret"]
    if len(headers) > 1 or "client_secret" in given:
        raise invalid_request("The client shows who it is in one way only.")
    scheme, _, encoded = headers[0].partition(" ")
    try:
        pair = b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise _invalid_client() from None
    client_id, colon, secret = pair.partition(":")
    client_id = unquote_plus(client_id)
    if scheme.lower() != "basic" or not colon or given.get("client_id", client_id) != client_id:
        raise _invalid_client()
    return client_id, unquote_plus(secret)


def _app_of(client_id: str) -> tuple[int, UUID]:
    """Say where to look for an app: the number of its community and its own id."""
    number, _, app_id = client_id.partition("-")
    try:
        if len(client_id) > 41 or not client_id.isascii():
            raise ValueError
        found = int(number, 16), UUID(hex=app_id)
    except ValueError:
        raise _invalid_client() from None
    if not 0 < found[0] < 2**31 or client_id != f"{found[0]:x}-{found[1].hex}":
        raise _invalid_client()
    return found


def _kind_of_subject(given: dict[str, str]) -> str:
    """Say which kind of token is to be exchanged; refuses what this server does not do."""
    for parameter in ("actor_token", "resource"):
        if parameter in given:
            raise invalid_request(f"`{parameter}` is not taken here.")
    if given.get("requested_token_type", ACCESS) != ACCESS:
        raise invalid_request("`requested_token_type` can be an access token only.")
    kind = required(given, "subject_token_type")
    if kind not in (ACCESS, REFRESH):
        raise invalid_request("`subject_token_type` is neither an access nor a refresh token.")
    return kind


def _narrowed(given: dict[str, str], most: frozenset[Scope]) -> frozenset[Scope]:
    """Give the scopes that are asked for; all there are where none is named (§3.3)."""
    if "scope" not in given:
        return most
    words = given["scope"].split(" ")
    if not most.issuperset(words):
        raise OAuthError(400, "invalid_scope", "More than what may be given here, or no scope.")
    return frozenset(map(Scope, words))


def _fewer(given: dict[str, str], most: frozenset[Scope]) -> frozenset[Scope]:
    """Give the scopes that a script is to have: they are named, and fewer than whose it is."""
    if "scope" not in given:
        raise invalid_request("`scope` says what the script may do.")
    scopes = _narrowed(given, most)
    if scopes == most:
        raise OAuthError(400, "invalid_scope", "A script may do less than whoever made it.")
    return scopes


def _invalid_client() -> OAuthError:
    # unknown, wrong and suspended are not told apart
    return OAuthError(401, "invalid_client", "No such client.", challenge='Basic realm="linli"')


def _invalid_subject() -> OAuthError:
    # RFC 8693, section 2.2.2
    return invalid_request("`subject_token` is not valid here.")
