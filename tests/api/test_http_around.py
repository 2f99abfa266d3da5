"""Test what surrounds the endpoint: masked errors, logs, CORS, health checks and published files."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from math import inf
from typing import Any
from xml.etree import ElementTree

import asyncpg
import httpx
import orjson
import pytest
from graphql import build_schema

from api.app import create_app
from api.engine.errors import ErrorCode
from api.logs import JsonFormatter
from api.schema.schema import sdl
from api.settings import Settings
from tenants.errors import Busy, TooSlow, Unavailable
from tests.api.conftest import Door
from tests.conftest import SignIn
from tests.street import Make, key

pytestmark = pytest.mark.once

SECRET = "秘密-4a1c"
CODES = {
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "BAD_REQUEST",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "BAD_USER_INPUT",
    "BAD_CURSOR",
    "QUERY_TOO_COMPLEX",
    "RATE_LIMITED",
    "PERSISTED_QUERY_NOT_FOUND",
    "PERSISTED_QUERY_NOT_SUPPORTED",
    "TIMEOUT",
    "INTERNAL",
}
CREATE_POST = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id title } userErrors { code } }
}"""


class Lines(logging.Handler):
    """It is a log handler that keeps each line as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        if record.name.startswith("linli"):  # without the tests' own client
            self.lines.append(self.format(record))

    def of(self, message: str) -> list[dict[str, Any]]:
        """Return the fields of each line with this message."""
        found = [orjson.loads(line) for line in self.lines]
        return [facts for facts in found if facts["message"] == message]


@pytest.fixture
def log() -> Iterator[Lines]:
    """Give all lines logged at INFO and above."""
    root, kept = logging.getLogger(), Lines()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    yield kept
    root.removeHandler(kept)
    root.setLevel(level)


@pytest.fixture
async def door(client: httpx.AsyncClient, make: Make, signed_in: SignIn) -> Door:
    """Give a resident's client."""
    return Door.of(client, signed_in(await make.member(await make.community())))


def test_the_list_of_codes_is_closed() -> None:
    assert {code.value for code in ErrorCode} == CODES


@pytest.mark.parametrize(
    "bug",
    [
        RuntimeError(SECRET),
        KeyError(SECRET),
        asyncpg.UndefinedColumnError(SECRET),
        asyncpg.UniqueViolationError(SECRET),
        RecursionError(SECRET),
    ],
)
async def test_a_bug_is_masked_counted_and_logged_by_its_place_alone(
    door: Door, app: Any, monkeypatch: pytest.MonkeyPatch, log: Lines, bug: Exception
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise bug

    monkeypatch.setattr(app.state.house.database, "read", broken)
    before = await _count(door, "500")

    answer = await door.post({"query": "{ viewer { id } }"})

    trace = answer.headers["x-trace-id"]
    shown = {
        "message": "Internal error.",
        "extensions": {"code": "INTERNAL", "traceId": trace},
    }
    assert (answer.status, answer.body) == (500, {"errors": [shown]})
    assert await _count(door, "500") == before + 1
    (line,) = log.of("bug")
    assert (line["trace"], line["error"]) == (trace, type(bug).__name__)
    assert line["where"][-1].endswith(" broken")
    assert SECRET not in "".join(log.lines)


async def test_a_bug_in_a_change_is_masked_and_nulls_that_field_alone(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, app: Any,
    monkeypatch: pytest.MonkeyPatch, log: Lines,
) -> None:  # fmt: skip
    elm = await make.community()
    door = Door.of(client, signed_in(await make.member(elm)))
    engine = app.state.house.endpoint.engine
    read = engine._read_payload

    async def broken(step: Any, *rest: Any) -> bytes:
        if step.key == "bad":
            raise asyncpg.UndefinedColumnError(SECRET)
        return await read(step, *rest)

    monkeypatch.setattr(engine, "_read_payload", broken)
    first, second = (
        {"boardId": elm.board(), "title": title, "body": SECRET, "idempotencyKey": key()}
        for title in ("good", "bad")
    )
    one = "createPost(input: $%s) { post { title } userErrors { code } }"

    only = await door.post(
        {
            "query": f"mutation ($b: CreatePostInput!) {{ bad: {one % 'b'} }}",
            "variables": {"b": second},
        }
    )
    both = await door.post(
        {
            "query": f"mutation ($a: CreatePostInput!, $b: CreatePostInput!)"
            f" {{ good: {one % 'a'} bad: {one % 'b'} }}",
            "variables": {"a": first, "b": second},
        }
    )

    assert (only.status, only.codes, list(only.body)) == (500, ["INTERNAL"], ["errors"])
    assert (both.status, both.codes) == (200, ["INTERNAL"])
    good = {"post": {"title": "good"}, "userErrors": []}
    assert both.body["data"] == {"good": good, "bad": None}
    (shown,) = both.body["errors"]
    assert (shown["message"], shown["path"]) == ("Internal error.", ["bad"])
    for answer in (only, both):
        trace = answer.headers["x-trace-id"]
        assert answer.body["errors"][0]["extensions"]["traceId"] == trace
        assert trace in [line["trace"] for line in log.of("bug")]
    posts = await make.rows(elm, "select title from tenant.post")
    assert [row["title"] for row in posts] == ["good"]
    assert SECRET not in "".join(log.lines)


@pytest.mark.parametrize(
    "late", [TimeoutError(), TooSlow(SECRET), Busy(SECRET), Unavailable(SECRET)]
)
async def test_what_takes_too_long_is_503_and_may_be_tried_again(
    door: Door, app: Any, monkeypatch: pytest.MonkeyPatch, late: Exception
) -> None:
    async def slow(*_: object, **__: object) -> None:
        raise late

    monkeypatch.setattr(app.state.house.database, "read", slow)

    answer = await door.post({"query": "{ viewer { id } }"})

    assert (answer.status, answer.codes) == (503, ["TIMEOUT"])
    assert answer.headers["retry-after"] == "1"
    assert SECRET not in str(answer.body)


async def test_a_log_line_holds_no_value_no_name_and_no_token(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, log: Lines
) -> None:
    elm = await make.community()
    person = signed_in(await make.member(elm, name=f"姓名{SECRET}"))
    door = Door.of(client, person)
    sent = {"boardId": elm.board(), "title": SECRET, "body": SECRET, "idempotencyKey": key()}

    done = await door.post({"query": CREATE_POST, "variables": {"input": sent}})
    await door.post({"query": f'{{ board(slug: "{SECRET}") {{ id }} }}'})
    await door.post({"query": f"{{ viewer {{ displayName }} }} # {SECRET}"})
    await door.post({"query": f"{{ {SECRET} }}"})
    await door.post({"query": CREATE_POST, "variables": {"input": SECRET}})
    await door.post(f"{{{SECRET}".encode())
    await door.request("GET", params={"query": "{", "operationName": SECRET})
    await Door(client, SECRET.encode().hex()).post({"query": "{ __typename }"})

    requests = log.of("request")
    assert [line["status"] for line in requests] == [200, 200, 200, 400, 400, 400, 200, 401]
    assert [line["kind"] for line in requests[:3]] == ["mutation", "query", "query"]
    assert requests[0]["trace"] == done.headers["x-trace-id"]
    assert (requests[0]["client"], requests[0]["tenant"]) == ("tests", elm.key)
    written = "".join(log.lines)
    for private in (SECRET, SECRET.encode().hex(), person.token, str(person.person.id), "4a1c"):
        assert private not in written


async def test_only_listed_origins_may_ask_from_a_browser(
    settings: Settings, database: object, make: Make
) -> None:
    assert database
    person = await make.member(await make.community())
    application = create_app(replace(settings, cors_origins=("https://elm.example",)))
    transport = httpx.ASGITransport(app=application)
    async with (
        application.router.lifespan_context(application),
        httpx.AsyncClient(transport=transport, base_url="http://linli.test") as client,
    ):
        door = Door(client, person.token(application.state.house.tokens))
        asked = {"access-control-request-method": "POST"}
        # the headers that common GraphQL clients send by default
        asked["access-control-request-headers"] = (
            "accept,apollo-require-preflight,apollographql-client-name,apollographql-client-version,"
            "authorization,content-type,graphql-client-name,graphql-client-version,prefer,"
            "traceparent,x-apollo-operation-name,x-requested-with"
        )

        for origin, allowed in (("https://elm.example", True), ("https://oak.example", False)):
            before = await client.options("/graphql", headers={"origin": origin, **asked})
            answer = await door.post({"query": "{ __typename }"}, origin=origin)

            assert before.status_code == (200 if allowed else 400)
            other = {**asked, "access-control-request-headers": "x-forwarded-for"}
            refused = await client.options("/graphql", headers={"origin": origin, **other})
            assert refused.status_code == 400
            for headers in (before.headers, answer.headers):
                assert headers.get("access-control-allow-origin") == (origin if allowed else None)
                assert "access-control-allow-credentials" not in headers
        exposed = await door.post({"query": "{ __typename }"}, origin="https://elm.example")
        assert (
            exposed.headers["access-control-expose-headers"]
            == "x-trace-id, x-cost, x-ratelimit-remaining, retry-after"
        )


async def test_without_a_list_no_origin_is_allowed(door: Door) -> None:
    answer = await door.post({"query": "{ __typename }"}, origin="https://elm.example")

    assert answer.status == 200
    assert [name for name in answer.headers if name.startswith("access-control")] == []


async def test_the_server_says_that_it_lives_and_is_ready(client: httpx.AsyncClient) -> None:
    alive, ready = await client.get("/livez"), await client.get("/readyz")

    assert (alive.status_code, alive.text) == (200, "ok")
    assert (ready.status_code, ready.text) == (200, "ready")


async def test_a_server_that_cannot_reach_its_database_is_alive_but_not_ready(
    client: httpx.AsyncClient, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        def acquire(self) -> None:
            raise OSError(SECRET)

    house = app.state.house
    monkeypatch.setattr(house.database, "pools", dict.fromkeys(house.database.pools, Gone()))
    monkeypatch.setattr(house.probes, "_asked_at", -inf)

    alive, ready = await client.get("/livez"), await client.get("/readyz")

    assert (alive.status_code, alive.text) == (200, "ok")
    assert (ready.status_code, ready.text) == (503, "not ready")


async def test_the_schema_and_the_keys_are_published(client: httpx.AsyncClient) -> None:
    schema, keys = await client.get("/schema.graphql"), await client.get("/.well-known/jwks.json")

    assert schema.text == sdl()
    assert build_schema(schema.text).query_type is not None
    assert keys.headers["cache-control"] == "public, max-age=300"
    for published in keys.json()["keys"]:
        assert sorted(published) == ["alg", "crv", "kid", "kty", "use", "x"]
        assert (published["kty"], published["crv"], published["use"]) == ("OKP", "Ed25519", "sig")


async def test_the_metrics_count_requests_and_show_pool_and_caches(door: Door) -> None:
    before = await _count(door, "200")

    await door.post({"query": "{ __typename }"})

    assert await _count(door, "200") == before + 1
    names = {line.split("{")[0] for line in (await _metrics(door)).splitlines()}
    assert {"linli_kept", "linli_pool_connections", "linli_request_seconds_bucket"} <= names


async def _metrics(door: Door) -> str:
    response = await door._client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    return response.text


async def _count(door: Door, status: str) -> float:
    lines = (await _metrics(door)).splitlines()
    counted = [line for line in lines if line.startswith("linli_requests_total{")]
    return sum(float(line.split()[-1]) for line in counted if f'status="{status}"' in line)


async def test_the_code_on_the_notice_board_is_drawn(client: httpx.AsyncClient, make: Make) -> None:
    elm = await make.community()
    code = await make.value(elm, "select code from tenant.join_code")
    svg = await client.get(f"/join/{code}.svg")
    assert svg.headers["content-type"] == "image/svg+xml"
    drawn = ElementTree.fromstring(svg.content)  # noqa: S314 # our own file
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    png = await client.get(f"/join/{code}.png")
    assert png.content.startswith(b"\x89PNG\r\n")
    for wrong in ("x.svg", f"{code}.gif", f"{code}~.svg", "1-.png", "%2e%2e.svg"):
        assert (await client.get(f"/join/{wrong}")).status_code == 404
