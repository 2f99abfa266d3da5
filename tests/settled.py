"""Provide a community with people in an empty database, for tests that run a separate server."""

from dataclasses import dataclass
from typing import Any

import httpx

from api.administration import bring_in, read_communities
from api.auth import Tokens
from api.keys import Keys
from api.settings import Settings
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tests.conftest import COMMUNITIES
from tests.overheard import unspeakable
from tests.street import Make, Place, key, pst

_TOKEN_SECONDS = 7200
# of a server that accepts their tokens, with budgets that no test exhausts
ENVIRONMENT = {"LINLI_LIMITS_FACTOR": "1e6", "LINLI_TOKEN_SECONDS": str(_TOKEN_SECONDS)}
CREATE = """mutation ($input: CreatePostInput!) {
  made: createPost(input: $input) { made: post { id } userErrors { code } } }"""


@dataclass(frozen=True)
class Settled:
    """It is a community, the access tokens of its people, and a post of the first of them."""

    place: Place
    tokens: list[str]
    post: str

    def asks(self, url: str, query: str, **variables: object) -> httpx.Response:
        """Send an operation to the server at this address, as the first person."""
        headers = {"authorization": f"Bearer {self.tokens[0]}"}
        body = {"query": query, "variables": variables}
        return httpx.post(f"{url}/graphql", json=body, headers=headers, timeout=15)

    def writes(self, url: str, title: str, body: str, once: str | None = None) -> httpx.Response:
        """Create a post; `once` is its idempotency key."""
        given: dict[str, Any] = {"title": title, "body": body, "idempotencyKey": once or key()}
        return self.asks(url, CREATE, input={**given, "boardId": self.place.board()})

    def reads(self, url: str) -> httpx.Response:
        """Read the post."""
        return self.asks(url, "query ($id: ID!) { post(id: $id) { title } }", id=self.post)


async def settled(settings: Settings, people: int) -> Settled:
    """Import a community and create people; a server with these settings accepts their tokens."""
    cluster = settings.cluster or Cluster(settings.data)
    database = await Database.connect(
        settings.role_urls(), DOMAINS, size=2, statements=100, ring=settings.ring
    )
    try:
        await bring_in(database, read_communities(COMMUNITIES)[:1], lambda _: None)
        make = Make(database, cluster)
        place = await make.community()
        tokens = Tokens(Keys(settings.data / "keys"), settings.public_url, _TOKEN_SECONDS)
        members = [await make.member(place) for _ in range(people)]
        post = pst(await make.post(members[0]))
        return Settled(place, [unspeakable(one.token(tokens)) for one in members], post)
    finally:
        await database.close()
