"""Test arbitrary bytes, and a stop during work."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.settings import Settings
from tests.api.conftest import Door
from tests.api.server import Server
from tests.api.test_http_around import CODES
from tests.conftest import SignIn
from tests.proofs import Proves, whole
from tests.street import Answer, Make, Place, key

CREATE_POST = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id } userErrors { code } }
}"""
FUZZ = settings(
    max_examples=whole(100, 5000),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_WORDS = [
    "{", "}", "(", ")", "[", "]", ":", "!", "$a", "@include", "...", "on", "query", "mutation",
    "fragment", "viewer", "id", "post", "board", '"', '"""', "\\u0000", "\u0000", "1", "-1",
    "1e9", "Post", "__typename", "__schema", "first", "null", "true", "#", ",", "\n", "水", "😀",
]  # fmt: skip
SOUP = st.lists(st.sampled_from(_WORDS), max_size=60).map(" ".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
async def door(client: httpx.AsyncClient, make: Make, signed_in: SignIn) -> Door:
    """Give a resident's client."""
    return Door.of(client, signed_in(await make.member(await make.community())))


def assert_understood(answer: Answer) -> None:
    """Assert that the answer has data, or errors with published codes other than INTERNAL."""
    assert answer.status in {200, 400, 403, 405, 413}, answer
    assert set(answer.codes) <= CODES - {"INTERNAL"}, answer
    assert set(answer.body) <= {"data", "errors"}
    assert answer.body


@pytest.fixture
def fuzzed(proves: Proves) -> None:
    """Say of a test with random input how many it has seen."""
    proves(f"{FUZZ.max_examples} random inputs, each answered without a bug")


@pytest.mark.proof
@pytest.mark.usefixtures("fuzzed")
@FUZZ
@given(body=st.binary(max_size=300))
async def test_any_bytes_as_a_body_are_answered(door: Door, body: bytes) -> None:
    assert_understood(await door.post(body))


@pytest.mark.proof
@pytest.mark.usefixtures("fuzzed")
@FUZZ
@given(text=st.text(max_size=200) | SOUP)
async def test_any_text_as_a_query_is_answered(door: Door, text: str) -> None:
    body = json.dumps({"query": text, "variables": {"a": text}}).encode()
    assert_understood(await door.post(body))


@pytest.mark.proof
@pytest.mark.usefixtures("fuzzed")
@FUZZ
@given(
    parameters=st.dictionaries(
        st.sampled_from(
            sorted({"query", "variables", "operationName", "extensions", "documentId"})
        ),
        JSON,
    )
)
async def test_any_json_as_parameters_is_answered(door: Door, parameters: dict[str, Any]) -> None:
    assert_understood(await door.post(json.dumps(parameters).encode()))


@pytest.mark.proof
@pytest.mark.usefixtures("fuzzed")
@FUZZ
@given(value=JSON)
async def test_any_json_as_variables_is_answered_and_nothing_is_written(
    door: Door, value: object
) -> None:
    for text in (CREATE_POST.replace("$input", "$v").replace("input: $v", "input: $v"),
                 "query ($v: ID!) { post(id: $v) { id } }",
                 "query ($v: Cursor) { search(query: \"停水\", after: $v) { nodes { id } } }",
                 "query ($v: [ID!]!) { nodes(ids: $v) { id } }",
                 "query ($v: Int) { search(query: \"停水\", first: $v) { nodes { id } } }"):  # fmt: skip
        answer = await door.post(json.dumps({"query": text, "variables": {"v": value}}).encode())
        assert_understood(answer)


@pytest.mark.proof
@pytest.mark.usefixtures("fuzzed")
@FUZZ
@given(query_string=st.binary(max_size=200))
async def test_any_query_string_is_answered(door: Door, query_string: bytes) -> None:
    for url in (
        quote_from_bytes(query_string, safe="=&%+"),
        f"query={quote_from_bytes(query_string)}",
    ):
        assert_understood(await door.request("GET", f"/graphql?{url}"))


@pytest.fixture
def own_server(
    settings: Settings, database: object, app: object, tmp_path: Path
) -> Iterator[Server]:
    """Give a server that the test stops."""
    assert database
    assert app
    running = Server(settings, tmp_path)
    yield running
    running.stop()


async def test_a_stop_loses_no_request_in_flight(
    own_server: Server, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    token = signed_in(await make.member(elm)).token
    headers = {"authorization": f"Bearer {token}"}
    done: list[int] = []
    refused: list[str] = []

    async def write_on(client: httpx.AsyncClient) -> None:
        while True:
            try:
                answer = await client.post("/graphql", json=_a_post(elm))
            except httpx.ConnectError:  # nothing was sent: another server would take the request
                return
            except httpx.TransportError as error:
                refused.append(repr(error))
                return
            done.append(answer.status_code)

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            client = httpx.AsyncClient(base_url=own_server.url, headers=headers, timeout=20)
            group.create_task(_closing(client, write_on(client)))
        while len(done) < 40:  # noqa: ASYNC110 # a count of answers, not an event
            await asyncio.sleep(0.01)
        own_server.terminate()
        group.create_task(asyncio.to_thread(own_server.wait))

    assert set(done) == {200}
    assert own_server.wait() in {0, -15}
    assert "Traceback" not in own_server.log
    # a request on a kept connection that the server had just closed was not in flight
    written = await make.value(elm, "select count(*) from tenant.post")
    assert written == len(done), refused


async def _closing(client: httpx.AsyncClient, work: Any) -> None:
    async with client:
        await work


def _a_post(place: Place) -> dict[str, Any]:
    sent = {"boardId": place.board(), "title": "a", "body": "b", "idempotencyKey": key()}
    return {"query": CREATE_POST, "variables": {"input": sent}}
