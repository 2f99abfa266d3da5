"""Test GraphQL over HTTP: methods, statuses and media types."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import GRAPHQL_JSON, JSON, Door
from tests.conftest import SignIn
from tests.street import Make, key

pytestmark = pytest.mark.once

CREATE_POST = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id } userErrors { code } }
}"""


@pytest.fixture
async def door(client: httpx.AsyncClient, make: Make, signed_in: SignIn) -> Door:
    """Give a resident's client."""
    return Door.of(client, signed_in(await make.member(await make.community())))


# what is sent, its code, and its status for each of the two media types
DOCUMENT_ERRORS = [
    ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
    ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
    ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "query ($i: ID!) { post(id: $i) { id } }"}, "BAD_USER_INPUT"),
    ({"query": "query ($i: ID!) { post(id: $i) { id } }", "variables": {"i": {}}}, "BAD_USER_INPUT"),
    ({"query": "{ search(query: \"停水\", first: -1) { totalCount nodes { id } } }"}, "BAD_USER_INPUT"),
    ({"query": "{ search(query: \"停水\", first: 51) { nodes { id } } }"}, "BAD_USER_INPUT"),
    ({"query": "{ search(query: \"停水\", after: \"x\") { nodes { id } } }"}, "BAD_CURSOR"),
    ({"query": "{" + " ".join(f"a{n}: __typename" for n in range(31)) + "}"}, "QUERY_TOO_COMPLEX"),
]  # fmt: skip
REQUEST_ERRORS: list[tuple[Any, str]] = [
    *((body, "BAD_REQUEST") for body in ("abc", None, 1, True, [], [{"query": "{ __typename }"}])),
    *(({"query": value}, "BAD_REQUEST") for value in (None, 1, True, {}, [])),
    ({}, "BAD_REQUEST"),
    *(
        ({"query": "{ __typename }", name: value}, "BAD_REQUEST")
        for name in ("variables", "extensions")
        for value in ("{}", 0, False, [])
    ),
    *(
        ({"query": "{ __typename }", "operationName": value}, "BAD_REQUEST")
        for value in (0, False, [], {})
    ),
    ({"query": "query A { __typename } query B { __typename }"}, "BAD_REQUEST"),
    ({"query": "query A { __typename }", "operationName": "B"}, "BAD_REQUEST"),
    ({"documentId": "sha256:0"}, "PERSISTED_QUERY_NOT_FOUND"),
]


@pytest.mark.parametrize(("body", "code"), DOCUMENT_ERRORS)
async def test_a_bad_document_is_400_or_for_plain_json_200(
    door: Door, body: Any, code: str
) -> None:
    newer, older = await door.post(body), await door.post(body, accept=JSON)

    assert (newer.status, newer.codes[0]) == (400, code)
    assert (older.status, older.codes[0]) == (200, code)
    for answer, media in ((newer, GRAPHQL_JSON), (older, JSON)):
        assert answer.headers["content-type"] == f"{media}; charset=utf-8"
        assert "data" not in answer.body
        for error in answer.body["errors"]:
            assert error["extensions"]["traceId"] == answer.headers["x-trace-id"]


@pytest.mark.parametrize(("body", "code"), REQUEST_ERRORS)
async def test_a_bad_request_is_400_for_every_client(door: Door, body: Any, code: str) -> None:
    for accept in (GRAPHQL_JSON, JSON):
        answer = await door.post(body, accept=accept)

        assert (answer.status, answer.codes) == (400, [code])
        assert list(answer.body) == ["errors"]
        traces = [error["extensions"]["traceId"] for error in answer.body["errors"]]
        assert traces == [answer.headers["x-trace-id"]]


async def test_a_good_request_is_200_for_every_client(door: Door) -> None:
    for accept in (GRAPHQL_JSON, JSON):
        answer = await door.post({"query": "{ __typename }"}, accept=accept)

        assert (answer.status, answer.body) == (200, {"data": {"__typename": "Query"}})
        assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["vary"] == "Accept, Authorization"
        assert len(answer.headers["x-trace-id"]) == 16


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/html", JSON),
        (f"{JSON}, {GRAPHQL_JSON}", JSON),
        (f"{GRAPHQL_JSON}, {JSON}", GRAPHQL_JSON),
        (f"{JSON};q=0.9, {GRAPHQL_JSON}", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.5, {JSON};q=0.6", JSON),
        (f"{GRAPHQL_JSON}; charset=utf-8; q=0.7, {JSON}; q=0.6", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0", JSON),
        (f"{GRAPHQL_JSON};q=many", JSON),
        (f"{GRAPHQL_JSON};q=nan, {JSON};q=0.1", JSON),
        (GRAPHQL_JSON.upper(), GRAPHQL_JSON),
    ],
)
async def test_the_media_type_is_the_one_preferred(door: Door, accept: str, media: str) -> None:
    answer = await door.post({"query": "{ __typename }"}, accept=accept)

    assert answer.headers["content-type"] == f"{media}; charset=utf-8"


async def test_a_query_may_come_by_get_with_variables(door: Door) -> None:
    answer = await door.request(
        "GET",
        params={
            "query": "query A ($n: String!) { __type(name: $n) { name } } query B { __typename }",
            "variables": '{"n": "Query"}',
            "operationName": "A",
            "extensions": "{}",
        },
    )

    assert (answer.status, answer.data) == (200, {"__type": {"name": "Query"}})


@pytest.mark.parametrize(
    "query_string",
    [
        "",
        "query",
        "query=%7B__typename%7D&variables=%7B",
        "query=%7B__typename%7D&variables=%5B%5D",
        "query=%7B__typename%7D&extensions=1",
        "query=%ED%A0%80",
        "query=%FF",
        "query=%7B__typename%7D&query=%7BapiInfo%7Bversion%7D%7D",
    ],
)
async def test_a_query_string_that_cannot_be_read_is_400(door: Door, query_string: str) -> None:
    answer = await door.request("GET", f"/graphql?{query_string}")

    assert (answer.status, answer.codes) == (400, ["BAD_REQUEST"])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])
async def test_other_methods_are_405_and_told_which(door: Door, method: str) -> None:
    response = await door.request(method)

    assert (response.status, response.headers["allow"]) == (405, "GET, POST")


async def test_a_mutation_by_get_is_405_and_changes_nothing(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    door = Door.of(client, signed_in(await make.member(elm)))
    query = (
        f'mutation {{ createPost(input: {{boardId: "{elm.board()}", title: "a", body: "b",'
        f' idempotencyKey: "{key()}"}}) {{ userErrors {{ code }} }} }}'
    )

    answer = await door.request("GET", params={"query": query})

    assert (answer.status, answer.codes) == (405, ["BAD_REQUEST"])
    assert answer.headers["allow"] == "POST"
    assert await make.value(elm, "select count(*) from tenant.post") == 0


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        (None, "Bearer"),
        ("Basic bGlubGk6bGlubGk=", "Bearer"),
        ("Bearer", 'Bearer error="invalid_token"'),
        ("Bearer x.y.z", 'Bearer error="invalid_token"'),
    ],
)
async def test_nobody_is_401_with_a_challenge(
    client: httpx.AsyncClient, authorization: str | None, challenge: str
) -> None:
    headers = {"authorization": authorization} if authorization else {}

    answer = await Door(client, None).post({"query": "{ __typename }"}, **headers)

    assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
    assert answer.headers["www-authenticate"] == challenge


async def test_a_field_beyond_the_scopes_is_403_naming_both(
    door: Door,
) -> None:
    answer = await door.post({"query": "{ moderationQueue { nodes { id } } }"})

    assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])
    extensions = answer.body["errors"][0]["extensions"]
    assert extensions["field"] == "Query.moderationQueue"
    assert extensions["requiredScope"] == "content:moderate"


async def test_an_unknown_board_is_null_to_read_and_not_found_to_write(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    door = Door.of(client, signed_in(await make.member(elm)))

    read = await door.post({"query": '{ board(slug: "nowhere") { id } }'})
    written = await door.post(
        {
            "query": CREATE_POST,
            "variables": {
                "input": {
                    "boardId": "brd_AAAAAAAAAAAAAAAAAAAAAA",
                    "title": "停水",
                    "body": "今天吗？",
                    "idempotencyKey": key(),
                }
            },
        }
    )

    assert read.data == {"board": None}
    assert written.refusals == ["NOT_FOUND"]
    assert await make.value(elm, "select count(*) from tenant.post") == 0
