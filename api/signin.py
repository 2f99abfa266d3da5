"""Serve `/auth/*`: sign-in and sessions. JSON goes in and out; errors are as RFC 6749 defines them.

A sign-in begins a session (one device) and returns a refresh token, which is used once and then
replaced. With it comes an access token for a place of the person, if they have one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.routing import Route

from api.auth import InvalidToken
from api.engine.identifiers import decode_uuid
from api.holder import behind, holder
from api.incoming import Bodies
from api.oauth import (
    OAuthError,
    invalid_grant,
    invalid_request,
    json_body,
    refuse_locked,
    required,
    served,
)
from api.oidc import Provider
from api.requests import Event, happened
from api.session_tokens import MOST_PLACES, SessionTokens
from api.settings import Settings
from api.strangers import Strangers
from api.wechat import Reason, WeChat, WeChatRefused, WeChatUnavailable
from demo.people import person_of, principals
from tenants.identity import lockout, persons, sessions
from tenants.identity.sessions import Ended
from tenants.identity.store import identity
from tenants.membership.service import codes
from tenants.officers.service import accepting, inviting
from tenants.scopes import Role, scopes_of
from tenants.transaction import Client, Row
from tenants.viewer import system

MINI_PROGRAM = "linli-miniprogram"
DEMO = "linli-demo"


@dataclass(frozen=True)
class Door(SessionTokens):
    """It has the handlers of `/auth/*`."""

    settings: Settings
    wechat: WeChat
    oidc: Provider | None
    guard: Strangers
    bodies: Bodies

    async def with_wechat(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Sign in with a code of `wx.login`."""
        try:
            login = await self.wechat.sign_in(required(given, "code"))
        except WeChatRefused as refused:
            raise _refused_by_wechat(refused.reason) from None
        except WeChatUnavailable:
            happened(Event.UNAVAILABLE, reason="WeChat")
            raise OAuthError(
                503, "temporarily_unavailable", "WeChat cannot be reached.", 5
            ) from None
        async with identity(self.database) as store:
            person = await persons.signed_in(store, "WECHAT", login.openid)
            begun = await sessions.begin(store, person, MINI_PROGRAM)
        return await self.answer(begun)

    async def as_demo(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Sign in as one of the demo's people, by role; 404 outside demo mode."""
        if not self.settings.demo:
            raise OAuthError(404, "invalid_request", "There is no demo here.")
        person = (await principals(self.database)).get(required(given, "role"))
        if person is None:
            raise invalid_request("`role` is none of the demo's people.")
        async with identity(self.database) as store:
            who = await person_of(store, person)
            begun = await sessions.begin(store, who, DEMO, subject_id=person.id)
        return await self.answer(begun)

    async def demo_people(self, _: Request, __: dict[str, str]) -> dict[str, Any]:
        """Return the people that the demo lets one sign in as; none outside demo mode."""
        people = await principals(self.database) if self.settings.demo else {}
        return {
            "people": [
                {"role": each.role, "name": each.display_name, "place": each.place_name,
                 "building": each.building}
                for each in sorted(people.values(), key=lambda one: list(Role).index(Role(one.role)))
            ]
        }  # fmt: skip

    async def join(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Exchange a community's join code for a token of a guest of that community."""
        token, code = required(given, "refresh_token"), required(given, "join_code")
        person = await self._whole(token)
        typed = codes.read(code)
        if typed is None:  # a malformed code is not counted as an attempt
            raise invalid_grant("The join code opens no community.")
        async with identity(self.database) as store:
            await refuse_locked(lockout.tried(store, f"join {person}"))
        number, code = typed
        place = await self._admitted(number, code)
        if place is None:
            raise invalid_grant("The join code opens no community.")
        async with identity(self.database) as store:
            await lockout.succeeded(store, f"join {person}")
            await persons.affiliate(store, person, place="COMMUNITY", number=number, place_id=place)
        return await self.renew(token, place)

    async def accept(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Exchange an invitation's code for a token of the officer that the person becomes."""
        token, code = required(given, "refresh_token"), required(given, "invitation")
        person = await self._whole(token)
        if inviting.read(code) is None:
            raise invalid_grant("The invitation opens nothing.")
        async with identity(self.database) as store:
            await refuse_locked(lockout.tried(store, f"accept {person}"))
        place = await accepting.accept(self.database, person, code)
        if place is None:
            raise invalid_grant("The invitation opens nothing.")
        async with identity(self.database) as store:
            await lockout.succeeded(store, f"accept {person}")
        return await self.renew(token, place)

    async def refresh(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Replace a refresh token, and return a fresh access token with the next one."""
        return await self.renew(required(given, "refresh_token"), None)

    async def switch(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Replace a refresh token, and return an access token for another place of the person."""
        org = required(given, "org")
        place = decode_uuid(org[4:])
        if place is None:
            raise OAuthError(400, "invalid_target", "`org` is no place's id.")
        return await self.renew(required(given, "refresh_token"), place)

    async def logout(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """End the session and the person's access tokens. Always succeeds."""
        async with identity(self.database) as store:
            ended = await sessions.end(store, required(given, "refresh_token"))
        if ended is not None:
            await self.end_tokens(ended)
        return {}

    async def forget(self, _: Request, given: dict[str, str]) -> dict[str, Any]:
        """Erase a person who is neither a member nor an officer, such as a guest.

        A member runs `eraseMe` in each community first; an officer leaves the office first.
        """
        held = await self.shown(required(given, "refresh_token"), is_whole=True)
        person = held["person_id"]
        async with identity(self.database) as store:
            belongs = await persons.places_of(store, person)
        stands = [await holder(self.database, place) for place in belongs]
        if any(each is not None and each.stand.state is not None for each in stands):
            raise OAuthError(409, "invalid_request", "A member: run `eraseMe` in each place first.")
        async with identity(self.database) as store:
            await sessions.end_all(store, person)
        await self.end_tokens(Ended(held["session_id"], person))
        # a session that the person began meanwhile is ended as well
        async with identity(self.database) as store:
            await sessions.end_all(store, person)
            lately = await sessions.places_to_end(store, person, self.oldest())
            await persons.forget_person(store, person)
        await self.raise_versions(lately)
        return {}

    async def sessions(self, request: Request, _: dict[str, str]) -> dict[str, Any]:
        """Return the sessions of the bearer, and those that ended this week with the reason."""
        person = await self._bearer(request)
        async with identity(self.database) as store:
            listed = await sessions.listed(store, person)
            ended = await sessions.ended(store, person)
        return {
            "sessions": [_session(row) for row in listed],
            "ended": [
                {**_session(row), "ended_at": row["ended_at"], "ending": row["ending"]}
                for row in ended
            ],
        }

    async def revoke(self, request: Request, given: dict[str, str]) -> dict[str, Any]:
        """End one of the bearer's sessions, on any device."""
        person = await self._bearer(request)
        try:
            session = UUID(required(given, "session"))
        except ValueError:
            raise invalid_request("`session` is no session's id.") from None
        async with identity(self.database) as store:
            ended = await sessions.revoke(store, person, session)
        if ended is None:
            raise OAuthError(404, "invalid_request", "There is no such session of yours.")
        await self.end_tokens(ended)
        return {}

    async def places(self, request: Request, _: dict[str, str]) -> dict[str, Any]:
        """Return the bearer's places after the first `after` ones; `next` is the next `after`."""
        person = await self._bearer(request)
        text = request.query_params.get("after", "0")
        if not (text.isascii() and text.isdigit() and len(text) < 7):
            raise invalid_request("`after` is the number of places that were listed.")
        after = int(text)
        async with identity(self.database) as store:
            belongs = await persons.places_of(store, person, most=MOST_PLACES + 1, after=after)
        return {
            "places": await self.listed(belongs[:MOST_PLACES], None),
            "next": after + MOST_PLACES if len(belongs) > MOST_PLACES else None,
        }

    # --- shared by the handlers

    async def _whole(self, token: str) -> UUID:
        """Return the person id; reject down-scoped sessions (403 insufficient_scope)."""
        return (await self.shown(token, is_whole=True))["person_id"]

    async def _admitted(self, number: int, code: str) -> UUID | None:
        actor = system(0)
        client = Client(actor.client_id, "")
        async with self.database.act(actor, client, self.database.clock(), number) as tx:
            return await codes.admits(tx, code)

    async def _bearer(self, request: Request) -> UUID:
        """Return the person id of a valid access token; reject down-scoped tokens.

        Raises OAuthError: 401 invalid_token or 403 insufficient_scope.
        """
        headers = request.headers.getlist("authorization")
        scheme, _, token = (headers[0] if headers else "").partition(" ")
        unauthorized = OAuthError(401, "invalid_token", "Send a good access token as Bearer.")
        if len(headers) != 1 or scheme.lower() != "bearer":
            raise unauthorized
        try:
            viewer = self.tokens.verify(token, time.time())
        except InvalidToken:
            raise unauthorized from None
        found = await behind(self.database, viewer)
        if found is None:
            raise unauthorized
        if viewer.scopes != scopes_of(viewer.roles):
            raise OAuthError(403, "insufficient_scope", "Not with a narrowed token.")
        return found.place["person_id"]


def routes(door: Callable[[], Door]) -> list[Route]:
    """Return the routes; `door` is called for each request, after the server has started."""
    posts = {
        "wechat": Door.with_wechat, "demo": Door.as_demo, "join": Door.join,
        "accept": Door.accept,
        "refresh": Door.refresh, "switch": Door.switch, "logout": Door.logout,
        "forget": Door.forget,
        "sessions/revoke": Door.revoke,
    }  # fmt: skip
    listed = [
        Route(f"/auth/{path}", served(door, handler, json_body), methods=["POST"])
        for path, handler in posts.items()
    ]
    return [
        *listed,
        Route("/auth/sessions", served(door, Door.sessions, json_body), methods=["GET"]),
        Route("/auth/places", served(door, Door.places, json_body), methods=["GET"]),
        Route("/auth/demo", served(door, Door.demo_people, json_body), methods=["GET"]),
    ]


def _session(row: Row) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "client_id": row["client_id"],
        "created_at": row["created_at"],
        "used_at": row["used_at"],
        "scope": " ".join(row["scopes"]) if row["scopes"] is not None else None,
    }


def _refused_by_wechat(reason: Reason) -> OAuthError:
    if reason is Reason.TOO_OFTEN:
        return OAuthError(429, "slow_down", "WeChat: too often.", 60)
    if reason is Reason.RISKY_USER:
        return OAuthError(403, "access_denied", "WeChat holds this user for risky.")
    return invalid_grant("WeChat refuses the code: it is unknown or was used.")
