"""Real clients at a real server: each asks who it is, reads pages, creates posts, and is refused.

visit.mjs says what each client does; a small script for each says how.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from graphql import build_schema, lexicographic_sort_schema, print_schema

from api.schema.schema import sdl
from tests.api.server import Server
from tests.clients.conftest import HERE, ORIGIN, RELAY
from tests.conftest import SignIn
from tests.npm import Npm
from tests.overheard import unspeakable
from tests.street import Make, Person, key

TITLES = ["第一帖", "第二帖", "第三帖", "第四帖", "第五帖"]
LATER = [*TITLES, "谁丢了一把伞"]
# the operations of a visit; a separate client sends the second `Post` and the last two `Me`
ASKED = ["Me", "Feed", "Feed", "Feed", "Post", "Post", "Post", "Me", "Me"]

pytestmark = pytest.mark.once


@dataclass(frozen=True)
class Visitor:
    """It is a member whose board has five posts, and the parameters of their client."""

    person: Person
    given: dict[str, str]
    make: Make

    @property
    def expected(self) -> dict[str, Any]:
        """Return the result of a visit, the same for every client."""
        return {
            "me": {
                "id": self.person.viewer_id,
                "displayName": "邻居",
                "member": {
                    "id": self.person.public_id, "displayName": "邻居", "building": "3号楼",
                },
            },
            "pages": [["第五帖", "第四帖"], ["第三帖", "第二帖"], ["第一帖"]],
            "posted": "谁丢了一把伞",
            "sameAgain": True,
            "refused": [None, [{"code": "REQUIRED", "path": ["input", "title"]}]],
            "garbage": "UNAUTHENTICATED",
            "expired": "UNAUTHENTICATED",
        }  # fmt: skip

    async def titles(self) -> list[str]:
        """Return the titles of all posts of the community, oldest first."""
        assert self.person.place is not None
        async with self.make.inside(self.person.place.key) as connection:
            rows = await connection.fetch("select title from tenant.post order by created_at, id")
        return [row["title"] for row in rows]


@pytest.fixture
async def visitor(server: Server, make: Make, signed_in: SignIn) -> Visitor:
    """Give a person in a community that no other test uses."""
    place = await make.community()
    person = await make.member(place, name="邻居")
    now = datetime.now(UTC)
    for i, title in enumerate(TITLES):
        await make.post(person, title=title, at=now - timedelta(minutes=10 - i))
    token = signed_in(person).token
    expired = signed_in.tokens.mint(
        person.identity(), client_id="tests", now=now - timedelta(hours=2)
    )
    given = {
        "url": f"{server.url}/graphql",
        "token": token,
        "garbage": f"{token[:-8]}AAAAAAAA",
        "expired": unspeakable(expired),
        "board": place.board(),
        "key": key(),
    }
    return Visitor(person, given, make)


@pytest.fixture
def visited(npm: Npm, server: Server, visitor: Visitor) -> Callable[..., dict[str, Any]]:
    """Runs a client's script, checks the common results, and returns the other ones."""

    def run(script: str, **more: str) -> dict[str, Any]:
        printed = npm("node", script, GIVEN=json.dumps(visitor.given | more))
        told = json.loads(printed)
        _may_be_sent_by_a_page(server, told.pop("headers"))
        assert {name: told.pop(name) for name in visitor.expected} == visitor.expected
        return told

    return run


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_apollo_client_sends_the_text_where_its_hash_is_not_known(
    visited: Callable[..., dict[str, Any]], visitor: Visitor, method: str
) -> None:
    told = visited("apollo.mjs", method=method)

    assert told == {"sent": _with_hashes(method, feed="POST", me="POST")}
    assert await visitor.titles() == LATER


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_urql_sends_the_text_where_its_hash_is_not_known(
    visited: Callable[..., dict[str, Any]], visitor: Visitor, method: str
) -> None:
    told = visited("urql.mjs", method=method)

    # it sends short texts by GET unless its options say otherwise
    assert told == {"sent": _with_hashes(method, feed="GET", me=method)}
    assert await visitor.titles() == LATER


async def test_relays_store_keeps_a_viewer_and_a_member_apart(
    npm: Npm, visited: Callable[..., dict[str, Any]], visitor: Visitor
) -> None:
    (HERE / "build" / "relay").mkdir(parents=True, exist_ok=True)
    npm("node", RELAY, "relay.config.json")

    told = visited("relay.mjs")

    kinds = {"Me": "Query", "Feed": "Query", "Post": "Mutation"}
    assert told == {
        "sent": [f"POST operations{name}{kinds[name]} text" for name in ASKED],
        "listed": TITLES[::-1],
        "warned": [],
        "mixed": 1,
    }
    assert await visitor.titles() == LATER


async def test_what_codegen_writes_is_typed_and_runs(
    typed: Path, visited: Callable[..., dict[str, Any]], visitor: Visitor
) -> None:
    assert (typed / "operations.ts").exists()

    told = visited("codegen.ts")

    assert told["typed"] == [True, "谁丢了一把伞"]
    assert await visitor.titles() == LATER


async def test_gql_reads_the_schema_and_visits(visitor: Visitor) -> None:
    given = visitor.given
    operations = (HERE / "operations.graphql").read_text(encoding="utf-8")

    def client(token: str, *, asks: bool = False) -> Client:
        transport = HTTPXAsyncTransport(given["url"], headers={"authorization": f"Bearer {token}"})
        # with the schema it checks each document before it is sent
        return Client(transport=transport, fetch_schema_from_transport=asks)

    def document(name: str, **variables: Any) -> Any:
        request = gql(operations)
        request.operation_name = name
        request.variable_values = variables
        return request

    told: dict[str, Any] = {"pages": []}
    async with client(given["token"], asks=True) as asking:
        told["me"] = (await asking.execute(document("Me")))["viewer"]
        after, more = None, True
        while more:
            page = (await asking.execute(document("Feed", first=2, after=after)))["board"]["posts"]
            told["pages"].append([post["title"] for post in page["nodes"]])
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        letter = {
            "boardId": given["board"], "title": "谁丢了一把伞", "body": "蓝色的。",
            "idempotencyKey": given["key"],
        }  # fmt: skip
        first, again, refused = [
            (await asking.execute(document("Post", input=letter | changed)))["createPost"]
            for changed in ({}, {}, {"title": "", "idempotencyKey": key()})
        ]
    told["posted"], told["sameAgain"] = first["post"]["title"], first == again
    told["refused"] = [refused["post"], refused["userErrors"]]
    for kind in ("garbage", "expired"):
        async with client(given[kind]) as asking:
            with pytest.raises(TransportQueryError) as error:
                await asking.execute(document("Me"))
            told[kind] = (error.value.errors or [{}])[0]["extensions"]["code"]

    assert told == visitor.expected
    assert await visitor.titles() == LATER


async def test_the_whole_schema_is_read_by_introspection(npm: Npm, visitor: Visitor) -> None:
    printed = npm("node", "introspection.mjs", GIVEN=json.dumps(visitor.given))

    assert printed.strip() == print_schema(lexicographic_sort_schema(build_schema(sdl()))).strip()


def _with_hashes(method: str, *, feed: str, me: str) -> list[str]:
    """Return what a client sends that tries one hash; `feed`, `me`: methods for those texts."""
    return [
        f"{method} Me hash", f"{me} Me text",
        f"{feed} Feed text", f"{feed} Feed text", f"{feed} Feed text",
        "POST Post text", "POST Post hash", "POST Post text", "POST Post text",
        # a client without a valid token is told so at once
        f"{method} Me hash", f"{method} Me hash",
    ]  # fmt: skip


def _may_be_sent_by_a_page(server: Server, headers: list[str]) -> None:
    """Assert that CORS allows a page to send the headers that the client sends by default."""
    for method in ("GET", "POST"):
        answer = httpx.options(
            f"{server.url}/graphql",
            headers={
                "origin": ORIGIN,
                "access-control-request-method": method,
                "access-control-request-headers": ",".join(headers),
            },
        )
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, ORIGIN)
