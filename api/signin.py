"""The door: `/auth/*`, where someone becomes a viewer. JSON in and out, errors as RFC 6749 has them.

A sign-in begins a session (one device) and gives a refresh token, used once and followed by the
next; with it comes an access token for the place where the person is someone, if they are anywhere.
"""

import time
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.auth import Identity, InvalidToken, Tokens
from api.engine.bindings import prefix_of
from api.engine.errors import RequestError
from api.engine.identifiers import decode_uuid, encode_id
from api.limits import Buckets
from api.settings import Settings
from api.wechat import Reason, WeChat, WeChatRefused, WeChatUnavailable
from demo.people import principals
from tenants.db import Client, Database
from tenants.errors import Busy
from tenants.identity import lockout, persons, sessions
from tenants.identity.sessions import InvalidGrant, Renewed, Reused, UnknownPlace
from tenants.identity.store import identity
from tenants.membership.service import codes, standing
from tenants.membership.service.standing import Stand
from tenants.officers.service import accepting
from tenants.places.tables import communities, departments
from tenants.scopes import Scope, scopes_of
from tenants.viewer import Principal, Viewer, system

MINI_PROGRAM = "linli-miniprogram"
DEMO = "linli-demo"
_MOST_BODY = 8192


class OAuthError(Exception):
    """A refusal at the door, as RFC 6749 §5.2 writes it."""

    def __init__(self, status: int, error: str, description: str, retry_after: int = 0) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.description = description
        self.retry_after = retry_after


def invalid_grant(description: str = "Unknown, used or ended: sign in again.") -> OAuthError:
    """Say that what was shown opens nothing; why is not told apart."""
    return OAuthError(400, "invalid_grant", description)


@dataclass(frozen=True)
class Door:
    """The handlers of `/auth/*`, over one database."""

    settings: Settings
    tokens: Tokens
    database: Database
    wechat: WeChat
    guard: Buckets

    async def with_wechat(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Sign in with a code of `wx.login`."""
        try:
            login = await self.wechat.sign_in(_required(given, "code"))
        except WeChatRefused as refused:
            raise _refused_by_wechat(refused.reason) from None
        except WeChatUnavailable:
            raise OAuthError(
                503, "temporarily_unavailable", "WeChat cannot be reached.", 5
            ) from None
        async with identity(self.database) as store:
            person = await persons.signed_in(store, "WECHAT", login.openid)
            begun = await sessions.begin(store, person, MINI_PROGRAM)
        return await self._answer(begun)

    async def as_demo(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Sign in as one of the demo's people, by role. Not in production."""
        if not self.settings.demo:
            raise OAuthError(404, "invalid_request", "There is no demo here.")
        person = (await principals(self.database)).get(_required(given, "role"))
        if person is None:
            raise OAuthError(400, "invalid_request", "`role` is none of the demo's people.")
        async with identity(self.database) as store:
            who = await persons.signed_in(store, "DEMO", str(person.id))
            await persons.affiliate(
                store, who,
                place=person.place,
                number=person.number,
                place_id=person.place_id, subject_id=person.id,
            )  # fmt: skip
            begun = await sessions.begin(store, who, DEMO, subject_id=person.id)
        return await self._answer(begun)

    async def join(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Exchange a community's join code for a token of a guest of it."""
        token, code = _required(given, "refresh_token"), _required(given, "join_code")
        async with identity(self.database) as store:
            person = await _or_invalid(sessions.person_of(store, token))
            await _refuse_locked(lockout.refuse_if_locked(store, f"join {person}"))
        number = codes.community_of(code)
        place = await self._admitted(number, code) if number else None
        async with identity(self.database) as store:
            if place is None or number is None:
                await lockout.failed(store, f"join {person}")
            else:
                await lockout.succeeded(store, f"join {person}")
                await persons.affiliate(
                    store, person, place="COMMUNITY", number=number, place_id=place
                )
        if place is None:
            raise invalid_grant("The join code opens no community.")
        return await self._renew(token, place)

    async def accept(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Exchange an invitation's code for a token of the officer one becomes by it."""
        token, code = _required(given, "refresh_token"), _required(given, "invitation")
        async with identity(self.database) as store:
            person = await _or_invalid(sessions.person_of(store, token))
            await _refuse_locked(lockout.refuse_if_locked(store, f"accept {person}"))
        place = await accepting.accept(self.database, person, code)
        async with identity(self.database) as store:
            tell = lockout.failed if place is None else lockout.succeeded
            await tell(store, f"accept {person}")
        if place is None:
            raise invalid_grant("The invitation opens nothing.")
        return await self._renew(token, place)

    async def refresh(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Follow a refresh token by the next, with a fresh access token."""
        return await self._renew(_required(given, "refresh_token"), None)

    async def switch(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Do as refresh does, and speak for the same person in another of their places."""
        org = _required(given, "org")
        place = decode_uuid(org[4:])
        if place is None:
            raise OAuthError(400, "invalid_target", "`org` is no place's id.")
        return await self._renew(_required(given, "refresh_token"), place)

    async def logout(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """End the session; access tokens of the person are refused from now on. Always succeeds."""
        async with identity(self.database) as store:
            person = await sessions.end(store, _required(given, "refresh_token"))
        if person is not None:
            await self._end_tokens(person)
        return {}

    async def sessions(self, request: Request, _: dict[str, str]) -> dict[str, Any]:
        """List where the bearer is signed in."""
        person = await self._bearer(request)
        async with identity(self.database) as store:
            listed = await sessions.listed(store, person)
        return {
            "sessions": [
                {
                    "id": str(row["id"]),
                    "client_id": row["client_id"],
                    "created_at": row["created_at"],
                    "used_at": row["used_at"],
                    "scope": " ".join(row["scopes"]) if row["scopes"] is not None else None,
                }
                for row in listed
            ]
        }

    async def revoke(self, request: Request, given: dict[str, str]) -> dict[str, Any]:
        """End one of the bearer's sessions, wherever it is."""
        person = await self._bearer(request)
        try:
            session = UUID(_required(given, "session"))
        except ValueError:
            raise OAuthError(400, "invalid_request", "`session` is no session's id.") from None
        async with identity(self.database) as store:
            ended = await sessions.revoke(store, person, session)
        if not ended:
            raise OAuthError(404, "invalid_request", "There is no such session of yours.")
        await self._end_tokens(person)
        return {}

    # --- what they share

    async def _admitted(self, number: int, code: str) -> UUID | None:
        actor = system(0)
        client = Client(actor.client_id, "")
        async with self.database.act(actor, client, self.database.clock(), number) as tx:
            return await codes.admits(tx, code)

    async def _renew(self, token: str, place_id: UUID | None) -> dict[str, Any]:
        reused: Reused | None = None
        renewed: Renewed | None = None
        async with identity(self.database) as store:
            try:
                renewed = await sessions.renew(store, token, place_id=place_id)
            except Reused as caught:  # what it ended must be committed
                reused = caught
            except InvalidGrant:
                raise invalid_grant() from None
            except UnknownPlace:
                raise OAuthError(400, "invalid_target", "You are nobody there.") from None
        if reused is not None:
            await self._end_tokens(reused.person_id)
        if renewed is None:
            raise invalid_grant()
        return await self._answer(renewed)

    async def _answer(self, renewed: Renewed) -> dict[str, Any]:
        async with identity(self.database) as store:
            belongs = await persons.places_of(store, renewed.person_id)
        stands = [await self._stand(place) for place in belongs]
        places = [
            {"org": each.org, "name": each.stand.name, "state": each.stand.state,
             "roles": sorted(each.stand.roles)}
            for each in stands if each is not None
        ]  # fmt: skip
        answer: dict[str, Any] = {
            "refresh_token": renewed.refresh_token,
            "token_type": "Bearer",
            "access_token": None,
            "places": places,
        }
        here = renewed.affiliation
        standing_here = await self._stand(here) if here is not None else None
        if standing_here is None:
            return answer
        jti = self.database.ring.derive(renewed.refresh_token, purpose="jti")[:12]
        narrowed = renewed.scopes
        access = self.tokens.mint(
            standing_here.identity,
            client_id=renewed.client_id,
            now=renewed.at,
            scopes=frozenset(map(Scope, narrowed)) if narrowed is not None else None,
            jti=urlsafe_b64encode(jti).decode(),
            until=standing_here.stand.ends_at,
        )
        granted = scopes_of(standing_here.identity.roles)
        answer |= {
            "access_token": access,
            "expires_in": self.tokens.lifetime(renewed.at, standing_here.stand.ends_at),
            "scope": " ".join(sorted(granted if narrowed is None else granted & narrowed)),
            "org": standing_here.org,
        }
        return answer

    async def _stand(self, place: Any) -> "_Standing | None":
        if place["place"] == "COMMUNITY":
            number = place["number"]
            stand = await standing.in_community(
                self.database, system(0), number, place["subject_id"]
            )
            return _Standing(stand, Principal.COMMUNITY, number, place, prefix_of(communities))
        district = place["number"] if place["number"] < 10**6 else place["number"] // 1000
        found = await standing.in_district(self.database, system(district), place["subject_id"])
        if found is None:
            return None
        stand, table, number = found
        principal = Principal.DEPARTMENT if table is departments else Principal.DISTRICT
        return _Standing(stand, principal, number, place, prefix_of(table))

    async def _bearer(self, request: Request) -> UUID:
        """Say who the person behind a good access token is."""
        headers = request.headers.getlist("authorization")
        scheme, _, token = (headers[0] if headers else "").partition(" ")
        unauthorized = OAuthError(401, "invalid_token", "Send a good access token as Bearer.")
        if len(headers) != 1 or scheme.lower() != "bearer":
            raise unauthorized
        try:
            viewer = self.tokens.verify(token, time.time())
        except InvalidToken:
            raise unauthorized from None
        async with identity(self.database) as store:
            found = await persons.affiliation(store, viewer.id)
        if found is None or not await self._still_stands(viewer, found):
            raise unauthorized
        return found["person_id"]

    async def _still_stands(self, viewer: Viewer, place: Any) -> bool:
        found = await self._stand(place)
        if found is None:
            return False
        told = (viewer.community_id == 0, _number_of(viewer), viewer.version, viewer.roles)
        true = (place["place"] != "COMMUNITY", found.number, found.stand.version, found.stand.roles)
        return told == true

    async def _end_tokens(self, person: UUID) -> None:
        async with identity(self.database) as store:
            places = await persons.places_of(store, person)
        for place in places:
            number = place["number"]
            district = number if number < 10**6 else number // 1000
            actor = system(0 if place["place"] == "COMMUNITY" else district)
            await standing.end_tokens(
                self.database, actor, place["place"], number, place["subject_id"]
            )


def _number_of(viewer: Viewer) -> int:
    """Give the number of the community, department, street or district that a token is for."""
    return viewer.community_id or viewer.department_id or viewer.street_id or viewer.district_id


@dataclass(frozen=True)
class _Standing:
    """Someone in a place, ready to be minted."""

    stand: Stand
    principal: Principal
    number: int
    place: Any
    prefix: str

    @property
    def org(self) -> str:
        return encode_id(self.place["place_id"], self.prefix)

    @property
    def identity(self) -> Identity:
        return Identity(
            principal=self.principal,
            id=self.place["subject_id"],
            org=self.org,
            place=self.number,
            roles=self.stand.roles,
            version=self.stand.version,
        )


def routes(door: Callable[[], Door]) -> list[Route]:
    """Give the routes; the door is there once the server has started."""
    posts = {
        "wechat": Door.with_wechat, "demo": Door.as_demo, "join": Door.join,
        "accept": Door.accept,
        "refresh": Door.refresh, "switch": Door.switch, "logout": Door.logout,
        "sessions/revoke": Door.revoke,
    }  # fmt: skip
    listed = [
        Route(f"/auth/{path}", _served(door, handler), methods=["POST"])
        for path, handler in posts.items()
    ]
    return [*listed, Route("/auth/sessions", _served(door, Door.sessions), methods=["GET"])]


def _served(door: Callable[[], Door], handler: Any) -> Any:
    async def serve(request: Request) -> Response:
        try:
            here = door()
            address = request.client.host if request.client else ""
            here.guard.take(address, 1, time.monotonic())
            return _json(200, await handler(here, request, await _body(request)))
        except OAuthError as refusal:
            return _refusal(refusal)
        except RequestError as limited:
            wait = limited.errors[0]["extensions"].get("retryAfter", 1)
            return _refusal(OAuthError(429, "slow_down", "Too many sign-ins from there.", wait))
        except Busy:
            return _refusal(OAuthError(503, "temporarily_unavailable", "The server is busy.", 1))

    return serve


async def _body(request: Request) -> dict[str, str]:
    if request.method == "GET":
        return {}
    received = b""
    async for piece in request.stream():
        received += piece
        if len(received) > _MOST_BODY:
            raise OAuthError(413, "invalid_request", "The body is too long.")
    try:
        given = orjson.loads(received)
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise OAuthError(400, "invalid_request", "The body must be a JSON object of strings.")
    return given


def _required(given: dict[str, str], name: str) -> str:
    value = given.get(name, "")
    if not value or len(value) > 512 or "\x00" in value:
        raise OAuthError(400, "invalid_request", f"`{name}` is required.")
    return value


async def _or_invalid(work: Awaitable[UUID]) -> UUID:
    try:
        return await work
    except InvalidGrant:
        raise invalid_grant() from None


async def _refuse_locked(work: Awaitable[None]) -> None:
    try:
        await work
    except lockout.LockedOut as locked:
        raise OAuthError(429, "slow_down", "Too many failures.", locked.seconds) from None


def _refused_by_wechat(reason: Reason) -> OAuthError:
    if reason is Reason.TOO_OFTEN:
        return OAuthError(429, "slow_down", "WeChat: too often.", 60)
    if reason is Reason.RISKY_USER:
        return OAuthError(403, "access_denied", "WeChat holds this user for risky.")
    return invalid_grant("WeChat refuses the code: it is unknown or was used.")


def _refusal(refusal: OAuthError) -> Response:
    body = {"error": refusal.error, "error_description": refusal.description}
    response = _json(refusal.status, body)
    if refusal.retry_after:
        response.headers["retry-after"] = str(refusal.retry_after)
    if refusal.status == 401:
        response.headers["www-authenticate"] = 'Bearer error="invalid_token"'
    return response


def _json(status: int, body: dict[str, Any]) -> Response:
    return Response(
        orjson.dumps(body),
        status,
        # RFC 6749 §5.1: tokens are not kept by anyone between us and the client
        {"cache-control": "no-store", "pragma": "no-cache"},
        "application/json",
    )
