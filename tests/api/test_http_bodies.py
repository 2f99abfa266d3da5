"""Test bodies that are too large, deep, slow or false: a typed refusal, and nothing written."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

import api.incoming
from tenants.deadlines import Deadline
from tests.api.conftest import JSON, Door
from tests.conftest import SignIn
from tests.street import Make, Place, key

pytestmark = pytest.mark.once

CREATE_POST = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id } userErrors { code } }
}"""
ASK = b'{"query": "{ __typename }"}'


@pytest.fixture
async def elm(make: Make) -> Place:
    """Give a community without posts."""
    return await make.community()


@pytest.fixture
async def door(client: httpx.AsyncClient, make: Make, signed_in: SignIn, elm: Place) -> Door:
    """Give a client of a resident of that community."""
    return Door.of(client, signed_in(await make.member(elm)))


def a_post(place: Place, **changes: object) -> dict[str, object]:
    """Return the body of a request that creates a post."""
    sent = {
        "boardId": place.board(),
        "title": "停水",
        "body": "今天停水吗？",
        "idempotencyKey": key(),
        **changes,
    }
    return {"query": CREATE_POST, "variables": {"input": sent}}


async def posts_in(make: Make, place: Place) -> int:
    """Return how many posts a community has."""
    return await make.value(place, "select count(*) from tenant.post")


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/graphql",
        "application/jsonp",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
    ],
)
async def test_another_content_type_is_415_and_changes_nothing(
    door: Door, make: Make, elm: Place, kind: str
) -> None:
    answer = await door.post(orjson.dumps(a_post(elm)), content_type=kind)

    assert (answer.status, answer.codes) == (415, ["BAD_REQUEST"])
    assert await posts_in(make, elm) == 0


@pytest.mark.parametrize(
    "kind", [JSON, "application/json; charset=utf-8", 'APPLICATION/JSON;charset="UTF-8"']
)
async def test_json_in_utf_8_is_understood(door: Door, kind: str) -> None:
    answer = await door.post(ASK, content_type=kind)

    assert (answer.status, answer.data) == (200, {"__typename": "Query"})


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip"])
async def test_a_compressed_body_is_415_and_never_unpacked(
    door: Door, make: Make, elm: Place, encoding: str
) -> None:
    bomb = gzip.compress(orjson.dumps(a_post(elm)) + b" " * 10_000_000)

    answer = await door.post(bomb, content_encoding=encoding)

    assert (answer.status, answer.codes) == (415, ["BAD_REQUEST"])
    assert await posts_in(make, elm) == 0


async def test_a_body_over_its_bound_is_413_and_changes_nothing(
    door: Door, make: Make, elm: Place
) -> None:
    for size in (api.incoming.MAX_BODY + 1, 10_000_000):
        body = orjson.dumps(a_post(elm)).ljust(size)

        answer = await door.post(body)

        assert (answer.status, answer.codes) == (413, ["BAD_REQUEST"])
        assert answer.headers["connection"] == "close"
    assert await posts_in(make, elm) == 0


async def test_a_body_of_exactly_its_bound_is_read(door: Door) -> None:
    answer = await door.post(ASK.ljust(api.incoming.MAX_BODY))

    assert (answer.status, answer.data) == (200, {"__typename": "Query"})


async def test_a_body_without_length_is_counted_as_it_comes(
    door: Door, make: Make, elm: Place
) -> None:
    read = 0

    async def never_ending() -> AsyncIterator[bytes]:
        nonlocal read
        yield orjson.dumps(a_post(elm))
        for _ in range(10_000):
            read += 1
            yield b" " * 1024

    answer = await door.request(
        "POST", content=never_ending(), headers={"content-type": "application/json"}
    )

    assert (answer.status, answer.codes) == (413, ["BAD_REQUEST"])
    assert read <= api.incoming.MAX_BODY // 1024 + 2
    assert await posts_in(make, elm) == 0


@pytest.mark.parametrize("length", ["-1", "many", "1e3", "000000000000000000393217"])
async def test_a_length_that_is_none_is_refused_or_not_believed(door: Door, length: str) -> None:
    answer = await door.post(ASK.ljust(api.incoming.MAX_BODY + 1), content_length=length)

    assert (answer.status, answer.codes) == (413, ["BAD_REQUEST"])


async def test_a_body_that_never_comes_is_408(
    door: Door, client: httpx.AsyncClient, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bodies in (app.state.house.endpoint._bodies, app.state.house.door.bodies):
        monkeypatch.setattr(bodies, "_deadline", Deadline(0.05))

    async def slow() -> AsyncIterator[bytes]:
        yield b'{"query": '
        await asyncio.sleep(5)
        yield b'"{ __typename }"}'

    answer = await door.request(
        "POST", content=slow(), headers={"content-type": "application/json"}
    )

    assert (answer.status, answer.codes) == (408, ["BAD_REQUEST"])
    for path, kind in (("refresh", "json"), ("token", "x-www-form-urlencoded")):
        late = await client.post(
            f"/auth/{path}", content=slow(), headers={"content-type": f"application/{kind}"}
        )
        assert (late.status_code, late.json()["error"]) == (408, "invalid_request")
        assert late.headers["connection"] == "close"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{'query': 1}",
        b'{"query": "{ __typename }",}',
        b'{"query": "{ __typename }"} {}',
        b'\xef\xbb\xbf{"query": "{ __typename }"}',
        b'{"query": "{ __typename }", "variables": {"x": NaN}}',
        b'{"query": "\xff"}',
        b'{"query": "{ __typename }", "variables": {"x": "\\ud800"}}',
        b'{"query": "{ __typename }", "variables": {"x": "\\udc00\\ud800"}}',
        b'{"query": "{ __typename }", "variables": {"x": "\xed\xa0\x80"}}',
        b"[" * 60_000,
        b'{"query": "{ __typename }", "variables": ' + b'{"x":' * 33 + b"1" + b"}" * 34,
        b'{"query": "{ __typename }", "variables": {"x": ' + b"[" * 900 + b"]" * 900 + b"}}",
        b'{"query": "{ __typename }", "extensions": ' + b"[" * 2000 + b"]" * 2000 + b"}",
    ],
)
async def test_json_that_cannot_be_read_is_400(door: Door, body: bytes) -> None:
    answer = await door.post(body)

    assert (answer.status, answer.codes) == (400, ["BAD_REQUEST"])


@pytest.mark.parametrize("again", ['"query"', '"qu\\u0065ry"', '"variables"', '"operationName"'])
async def test_a_parameter_given_twice_is_400_and_changes_nothing(
    door: Door, make: Make, elm: Place, again: str
) -> None:
    good = json.dumps(a_post(elm))
    for body in (
        f'{{{again}: null, "operationName": null, {good[1:]}',
        f"{good[:-1]}, {again}: 1}}",
    ):
        answer = await door.post(body.encode())

        assert (answer.status, answer.codes) == (400, ["BAD_REQUEST"])
    assert await posts_in(make, elm) == 0


async def test_a_variable_may_be_called_query(door: Door) -> None:
    text = "query ($query: String!) { search(query: $query) { totalCount } }"

    for words in ("query", "停水\\u6c34"):
        body = f'{{"query": "{text}", "variables": {{"query": "{words}"}}}}'
        answer = await door.post(body.encode())

        assert answer.data == {"search": {"totalCount": 0}}


async def test_variables_of_more_than_a_thousand_values_are_refused_before_they_are_read(
    door: Door,
) -> None:
    query = "query ($i: [ID!]!) { nodes(ids: $i) { id } }"

    for ids, code in (([], None), (["x"] * 999, "BAD_USER_INPUT"), (["x"] * 1000, "BAD_REQUEST")):
        answer = await door.post({"query": query, "variables": {"i": ids}})
        assert answer.codes == ([code] if code else [])


async def test_nul_in_a_variable_is_refused_and_nothing_is_written(
    door: Door, make: Make, elm: Place
) -> None:
    for changes in ({"title": "a\0b"}, {"body": "\0"}, {"idempotencyKey": f"{key()}\0"}):
        answer = await door.post(a_post(elm, **changes))

        assert (answer.status, answer.codes) == (400, ["BAD_USER_INPUT"])
    assert await posts_in(make, elm) == 0


@pytest.mark.parametrize("nul", ["\0", "\\u0000", "\\u{0}", "\\u{000}"])
@pytest.mark.parametrize("quotes", ['"', '"""'])
async def test_nul_in_the_document_is_refused_and_nothing_is_written(
    door: Door, make: Make, elm: Place, nul: str, quotes: str
) -> None:
    text = (
        f'mutation {{ createPost(input: {{boardId: "{elm.board()}", title: {quotes}停{nul}水{quotes},'
        f' body: "b", idempotencyKey: "{key()}"}}) {{ userErrors {{ code }} }} }}'
    )

    answer = await door.post({"query": text})

    if quotes == '"""' and nul != "\0":  # a block string has no escapes: these are ordinary letters
        assert answer.data == {"createPost": {"userErrors": []}}
        assert await posts_in(make, elm) == 1
    else:
        assert answer.status == 400
        assert answer.codes[0] in {"BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED"}
        assert await posts_in(make, elm) == 0


@pytest.mark.parametrize("half", ["\\ud800", "\\udfff", "\\u{d800}", "\\u{110000}"])
async def test_half_a_surrogate_in_the_document_does_not_parse(door: Door, half: str) -> None:
    answer = await door.post({"query": f'{{ board(slug: "{half}") {{ id }} }}'})

    assert (answer.status, answer.codes) == (400, ["GRAPHQL_PARSE_FAILED"])


@pytest.mark.parametrize(
    ("text", "variables", "code"),
    [
        ("query ($c: Cursor) { search(query: \"停水\", after: $c) { nodes { id } } }", {"c": c}, "BAD_CURSOR")
        for c in ("", "x", "=" * 5000, "a.b.c.d", "停水", "\t", "9" * 400)
    ]
    + [
        ("query ($n: Int) { search(query: \"停水\", first: $n) { nodes { id } } }", {"n": n}, "BAD_USER_INPUT")
        for n in (-1, 51, 10**9, 2**31, 2**63, 1.5, "1", [1], True, 10**30)
    ]
    + [
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": i}, "BAD_USER_INPUT")
        for i in (["x"] * 51, [None], [[]], [{}], [1.5])
    ],
)  # fmt: skip
async def test_an_impossible_argument_is_a_typed_error(
    door: Door, text: str, variables: dict[str, object], code: str
) -> None:
    answer = await door.post(json.dumps({"query": text, "variables": variables}).encode())

    assert (answer.status, answer.codes) == (400, [code])
