"""Provide a client of the token endpoint."""

import base64
from dataclasses import dataclass
from typing import Any

import httpx

from api.grants import ACCESS, EXCHANGE, REFRESH
from tenants.db import Database
from tenants.identity import persons, sessions
from tenants.identity.store import identity
from tests.overheard import unspeakable
from tests.street import Make, Person, Place, SignedIn, key


@dataclass(frozen=True)
class Program:
    """It is a program that uses `/auth/token`."""

    client: httpx.AsyncClient
    make: Make
    database: Database

    async def ask(self, headers: dict[str, str] | None = None, **form: str) -> httpx.Response:
        """Send a form."""
        answer = await self.client.post("/auth/token", data=form, headers=headers)
        for name in ("access_token", "refresh_token"):
            if answer.status_code == 200 and answer.json().get(name):
                unspeakable(answer.json()[name])
        return answer

    async def enter(self, client_id: str, secret: str, **form: str) -> httpx.Response:
        """Send a client's id and secret in the body."""
        credentials: dict[str, Any] = {"client_id": client_id, "client_secret": secret}
        return await self.ask(None, grant_type="client_credentials", **credentials, **form)

    async def exchange(self, token: str, kind: str = ACCESS, **form: str) -> httpx.Response:
        """Exchange a token for another one."""
        return await self.ask(
            None, grant_type=EXCHANGE, subject_token=token, subject_token_type=kind, **form
        )

    async def exchange_refresh(self, token: str, **form: str) -> httpx.Response:
        """Exchange a refresh token for a script's own session."""
        return await self.exchange(token, REFRESH, **form)

    def bearer(self, answer: httpx.Response, person: Any = None) -> SignedIn:
        """Return a GraphQL client with the access token in the answer."""
        assert answer.status_code == 200, answer.text
        return SignedIn(self.client, person, answer.json()["access_token"])

    async def registered(self, secretary: SignedIn, place: Place, **given: Any) -> dict[str, str]:
        """Register an app through the API; return its id, client id and secret."""
        done = await register(secretary, place, **given)
        assert done.refusals == []
        app, secret = done.payload["app"], unspeakable(done.payload["secret"])
        return {"id": app["id"], "client_id": app["clientId"], "secret": secret}

    async def affiliated(self, person: Person) -> Person:
        """Add an affiliation (district, street or community), so that the person can sign in."""
        place = person.place
        async with identity(self.database) as store:
            who = await persons.signed_in(store, "DEMO", str(person.id))
            kind = "COMMUNITY" if place else "DEPARTMENT" if person.department_id else "DISTRICT"
            await persons.affiliate(
                store, who, place=kind, number=person.number,
                place_id=place.id if place else person.id, subject_id=person.id,
            )  # fmt: skip
        return person

    async def session(self, person: Person) -> str:
        """Sign a person in on a device; return the refresh token."""
        async with identity(self.database) as store:
            found = await persons.affiliation(store, person.id)
            assert found is not None
            begun = await sessions.begin(store, found["person_id"], "tests", subject_id=person.id)
        return unspeakable(begun.refresh_token)


def basic(client_id: str, secret: str) -> dict[str, str]:
    """Return the Authorization header for a client's id and secret."""
    pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return {"authorization": f"Basic {pair}"}


async def register(who: SignedIn, place: Place, **given: Any) -> Any:
    """Register an app; the given values replace the defaults."""
    usual = {
        "communityId": place.public_id, "name": "楼道屏", "contact": "dev@example.org",
        "scopes": ["COMMUNITY_READ", "BOARD_READ", "MEMBER_READ"], "idempotencyKey": key(),
    }  # fmt: skip
    return await who.do("registerApp", "app { id clientId scopes } secret", **{**usual, **given})
