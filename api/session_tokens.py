"""Tokens of a session are issued as a pair, refused after use, and ended with the session.

`tenants.identity.sessions` defines the order of steps, so that no token outlives its session.
"""

from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from api.auth import Tokens
from api.holder import Holder, holder
from api.oauth import OAuthError, invalid_grant
from api.requests import Event, happened
from tenants.db import Database
from tenants.identity import persons, sessions
from tenants.identity.sessions import Ended, InvalidGrant, Narrowed, Renewed, UnknownPlace
from tenants.identity.store import Store, identity
from tenants.membership.service import standing
from tenants.scopes import Scope, scopes_of
from tenants.transaction import Row
from tenants.viewer import system

T = TypeVar("T")

# How many places an answer lists; `/auth/places` lists all, in pages of this size.
MOST_PLACES = 20
# The workers' clocks may differ by this much.
_SKEW = timedelta(minutes=1)


@dataclass(frozen=True)
class SessionTokens:
    """It does what every handler of `/auth/*` does with a session, over one database."""

    tokens: Tokens
    database: Database

    async def shown(self, token: str, *, is_whole: bool = False) -> Row:
        """Return the session of a refresh token, before anything is done for it.

        A used token that was replaced ends its session, and is refused like a token of an ended
        session.
        """
        return await self._opened(lambda store: sessions.shown(store, token, is_whole=is_whole))

    async def _opened(self, work: Callable[[Store], Awaitable[T]]) -> T:
        """Do `work` with a refresh token in a transaction; raises OAuthError if it is refused."""
        ended: Ended | None = None
        async with identity(self.database) as store:
            try:
                return await work(store)
            except Ended as caught:  # the end of the session must be committed
                ended = caught
            except InvalidGrant:
                raise invalid_grant() from None
            except Narrowed:
                raise OAuthError(
                    403, "insufficient_scope", "Not with a narrowed session."
                ) from None
            except UnknownPlace:
                raise OAuthError(400, "invalid_target", "You are nobody there.") from None
        await self.end_tokens(ended)
        raise invalid_grant()

    async def renew(self, token: str, place_id: UUID | None) -> dict[str, Any]:
        """Replace a refresh token by the next pair, for the place `place_id` if it is given."""
        return await self.answer(
            await self._opened(lambda store: sessions.renew(store, token, place_id=place_id))
        )

    async def answer(self, renewed: Renewed) -> dict[str, Any]:
        """Return the pair of tokens; refused if the session ended while the pair was made."""
        here, narrowed = renewed.affiliation, renewed.scopes
        standing_here = await holder(self.database, here) if here is not None else None
        async with identity(self.database) as store:
            # Check this after the version was read: see tenants.identity.sessions.
            if standing_here is not None and not await sessions.mints(
                store, renewed.session, standing_here.identity.id
            ):
                raise invalid_grant()
            # a session for scripts knows only the place it was made for
            belongs = (
                await persons.places_of(store, renewed.person_id, most=MOST_PLACES + 1)
                if narrowed is None
                else [here] if here is not None else []
            )  # fmt: skip
        answer: dict[str, Any] = {
            "refresh_token": renewed.refresh_token,
            "token_type": "Bearer",
            "access_token": None,
            "places": await self.listed(belongs[:MOST_PLACES], standing_here),
            "more_places": len(belongs) > MOST_PLACES,
        }
        if standing_here is None:
            return answer
        jti = self.database.ring.derive(renewed.refresh_token, purpose="jti")[:12]
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

    async def listed(self, belongs: list[Row], known: Holder | None) -> list[dict[str, Any]]:
        """Return the name, state and roles of a person in each of these places.

        `known` is the place that was looked up already.
        """
        places: list[dict[str, Any]] = []
        for each in belongs:
            is_known = known is not None and known.place["subject_id"] == each["subject_id"]
            found = known if is_known else await holder(self.database, each)
            if found is not None:
                places.append(
                    {"org": found.org, "name": found.stand.name, "state": found.stand.state,
                     "roles": sorted(found.stand.roles)}
                )  # fmt: skip
        return places

    async def end_tokens(self, ended: Ended) -> None:
        """End the access tokens of the person whose session ended; other devices refresh theirs.

        Only places where a token may still be valid are changed: most people were in one place
        lately.
        """
        if ended.is_reuse:
            happened(Event.TOKEN_REUSED)
        async with identity(self.database) as store:
            places = await sessions.places_to_end(store, ended.person_id, self.oldest())
        await self.raise_versions(places)
        async with identity(self.database) as store:
            await sessions.tokens_are_ended(store, ended.session)

    def oldest(self) -> datetime:
        """Return the earliest time at which an access token that is still valid was minted."""
        return self.database.clock() - self.tokens.longest - _SKEW

    async def raise_versions(self, places: list[Row]) -> None:
        """Invalidate every access token that a person holds in these places."""
        for place in places:
            number = place["number"]
            district = number if number < 10**6 else number // 1000
            actor = system(0 if place["place"] == "COMMUNITY" else district)
            await standing.end_tokens(
                self.database, actor, place["place"], number, place["subject_id"]
            )
