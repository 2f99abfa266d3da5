"""Costs of operations and budgets of persons and communities; a refused operation is not run."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from typing import Any

import httpx
import pytest

import api.endpoint
from api.app import create_app
from api.budgets import Budgets
from api.engine.errors import RequestError
from api.engine.executor import Engine
from api.limits import Buckets
from api.settings import Bucket, Limits, Settings
from tests.api.conftest import Door
from tests.conftest import SignIn
from tests.street import Answer, Make, Person, Place, key

pytestmark = pytest.mark.once

SEARCH = """query ($first: Int) {
  rateLimit { cost }
  search(query: "停水", first: $first) { nodes { id author { id } } }
}"""
BUDGET = {
    "query": "{ rateLimit { limit remaining restorePerSecond cost } viewer { id member { id } } }"
}
CREATE_POST = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id } userErrors { code } }
}"""
VAST = """{ search(query: "停水", first: 50) {
  nodes { comments(first: 50) { nodes { id } } } } }"""
WIDE = Bucket(1e9, 1e6)
SLOW = 0.001  # restores too little for any test to notice


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """Give a clock that the tests set."""
    clock = Clock()
    monkeypatch.setattr(api.endpoint.time, "monotonic", clock)
    for measure in ("perf_counter", "thread_time"):
        monkeypatch.setattr(api.endpoint.time, measure, lambda: clock.computed)
    return clock


class Clock:
    """A manual clock; `seconds` is the time, `computed` the CPU time of the event loop."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.computed = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds


class House:
    """It is an application with these limits."""

    def __init__(self, client: httpx.AsyncClient, application: Any) -> None:
        self._client = client
        self._tokens = application.state.house.tokens

        self.budgets: Budgets = application.state.house.endpoint.budgets

    def door(self, person: Person) -> Door:
        """Return a client of this person."""
        return Door(self._client, person.token(self._tokens))


@asynccontextmanager
async def limited(settings: Settings, **buckets: Bucket) -> AsyncGenerator[House]:
    """Open an application where only these budgets are limited."""
    wide = Limits(WIDE, WIDE, WIDE, WIDE, WIDE)
    application = create_app(replace(settings, pool_size=2, limits=replace(wide, **buckets)))
    transport = httpx.ASGITransport(app=application)
    async with (
        application.router.lifespan_context(application),
        httpx.AsyncClient(transport=transport, base_url="http://linli.test") as client,
    ):
        yield House(client, application)


def a_post(place: Place) -> dict[str, Any]:
    """Return the body of a request that creates a post; it costs 11 points."""
    sent = {"boardId": place.board(), "title": "a", "body": "b", "idempotencyKey": key()}
    return {"query": CREATE_POST, "variables": {"input": sent}}


def assert_refused(answer: Answer, what: str, seconds: int) -> None:
    """Assert that the answer is 429 and says what is used up and when to try again."""
    assert (answer.status, answer.codes) == (429, ["RATE_LIMITED"])
    assert answer.headers["retry-after"] == str(seconds)
    (error,) = answer.body["errors"]
    assert error["message"] == f"Too many {what}; try again in {seconds} s."
    assert error["extensions"]["retryAfter"] == seconds
    assert error["extensions"]["traceId"] == answer.headers["x-trace-id"]
    assert "data" not in answer.body


async def test_a_page_costs_by_the_size_that_its_variable_gives(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn
) -> None:
    door = Door.of(client, signed_in(await make.member(await make.community())))

    costs: dict[Any, int] = {}
    for first in (0, 1, 10, 50, None):
        answer = await door.post({"query": SEARCH, "variables": {"first": first}})
        costs[first] = answer.data["rateLimit"]["cost"]

    # 2 for the connection, 10 for searching one word, then a post and its author for each item
    assert costs == {0: 12, 1: 14, 10: 32, 50: 112, None: 52}


async def test_an_operation_over_a_thousand_points_is_refused_whatever_the_budget(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn
) -> None:
    door = Door.of(client, signed_in(await make.member(await make.community())))
    query = """query ($a: Int, $b: Int) {
      search(query: "停水", first: $a) { nodes { id comments(first: $b) { nodes { id } } } }
    }"""

    small = await door.post({"query": query, "variables": {"a": 10, "b": 50}})
    large = await door.post({"query": query, "variables": {"a": 50, "b": 50}})

    assert small.data == {"search": {"nodes": []}}
    assert (large.status, large.codes) == (400, ["QUERY_TOO_COMPLEX"])
    assert large.body["errors"][0]["extensions"]["cost"] == 2 + 10 + 50 * (1 + 2 + 50)


async def test_a_person_who_spent_the_budget_waits_and_a_neighbour_does_not(
    settings: Settings, make: Make, now: Clock
) -> None:
    elm = await make.community()
    async with limited(settings, person_queries=Bucket(10, 0.5)) as house:
        mine, theirs = [house.door(await make.member(elm)) for _ in "12"]

        left = [(await mine.post(BUDGET)).data["rateLimit"]["remaining"] for _ in range(5)]
        assert left == [8, 6, 4, 2, 0]
        assert_refused(await mine.post(BUDGET), "queries", 5)
        told = await theirs.post(BUDGET)
        assert told.data["rateLimit"] == {
            "limit": 10,
            "remaining": 8,
            "restorePerSecond": 0,
            "cost": 2,
        }
        # the headers tell the same for an operation that does not ask for its cost
        assert (told.headers["x-cost"], told.headers["x-ratelimit-remaining"]) == ("2", "8")

        now.seconds += 3.9
        assert_refused(await mine.post(BUDGET), "queries", 1)
        now.seconds += 0.1
        assert (await mine.post(BUDGET)).data["rateLimit"]["remaining"] == 0
        now.seconds += 1e6
        assert (await mine.post(BUDGET)).data["rateLimit"]["remaining"] == 8


async def test_changes_have_a_budget_of_their_own_and_a_refused_one_is_not_made(
    settings: Settings, make: Make, now: Clock
) -> None:
    elm = await make.community()
    async with limited(settings, person_mutations=Bucket(25, SLOW)) as house:
        door = house.door(await make.member(elm))

        assert [(await door.post(a_post(elm))).refusals for _ in "12"] == [[], []]
        refused = await door.post(a_post(elm))

        assert (refused.status, refused.codes) == (429, ["RATE_LIMITED"])
        assert int(refused.headers["retry-after"]) > 1000
        assert await make.value(elm, "select count(*) from tenant.post") == 2
        assert (await door.post(BUDGET)).status == 200
        assert now.seconds == 1000


async def test_a_community_has_a_budget_that_another_does_not_share(
    settings: Settings, make: Make, now: Clock
) -> None:
    elm, oak = await make.community(), await make.community()
    async with limited(settings, tenant_queries=Bucket(6, 1)) as house:
        doors = [house.door(await make.member(elm)) for _ in "1234"]
        stranger = house.door(await make.member(oak))

        statuses = [(await door.post(BUDGET)).status for door in doors]

        assert statuses == [200, 200, 200, 429]
        assert_refused(await doors[0].post(BUDGET), "queries in this community", 3)
        assert (await stranger.post(BUDGET)).status == 200
        now.seconds += 2
        assert (await doors[3].post(BUDGET)).status == 200


async def test_what_the_community_refuses_costs_the_person_nothing(
    settings: Settings, make: Make, now: Clock
) -> None:
    elm = await make.community()
    async with limited(
        settings, tenant_queries=Bucket(4, 1), person_queries=Bucket(100, SLOW)
    ) as house:
        door = house.door(await make.member(elm))
        budgets = [(await door.post(BUDGET)).body for _ in "123"]
        assert [("data" in budget) for budget in budgets] == [True, True, False]
        now.seconds += 4

        left = (await door.post(BUDGET)).data["rateLimit"]["remaining"]

        assert left == budgets[1]["data"]["rateLimit"]["remaining"] - 2


async def test_a_community_that_changed_too_much_changes_no_more(
    settings: Settings, make: Make, now: Clock
) -> None:
    elm = await make.community()
    async with limited(settings, tenant_mutations=Bucket(24, SLOW)) as house:
        doors = [house.door(await make.member(elm)) for _ in "123"]

        statuses = [(await door.post(a_post(elm))).status for door in doors]

        assert statuses == [200, 200, 429]
        assert await make.value(elm, "select count(*) from tenant.post") == 2
        assert now.seconds == 1000


async def test_new_documents_are_counted_and_known_ones_are_not(
    settings: Settings, make: Make, now: Clock
) -> None:
    elm = await make.community()
    async with limited(settings, new_documents=Bucket(30, 10)) as house:  # 10 for each text
        mine, theirs = [house.door(await make.member(elm)) for _ in "12"]
        texts = [f"{{ viewer {{ id }} }} # {i}" for i in range(4)]

        assert [(await mine.post({"query": text})).status for text in texts] == [200, 200, 200, 429]
        assert_refused(await mine.post({"query": texts[3]}), "new documents", 2)
        assert [(await mine.post({"query": text})).status for text in texts[:3]] == [200, 200, 200]
        # a text that is refused counts once: its refusal is cached
        assert (await theirs.post({"query": "{"})).codes == ["GRAPHQL_PARSE_FAILED"]
        assert (await theirs.post({"query": "{"})).codes == ["GRAPHQL_PARSE_FAILED"]
        assert [(await theirs.post({"query": "{" * n})).status for n in (2, 3, 4)] == [
            400,
            400,
            429,
        ]
        now.seconds += 1
        assert (await mine.post({"query": texts[3]})).status == 200


async def test_new_plans_of_a_known_document_are_counted_as_well(
    settings: Settings, make: Make, now: Clock
) -> None:
    query = """query ($a: Boolean!, $b: Boolean!) {
      viewer { id a: displayName @include(if: $a) b: displayName @include(if: $b) }
    }"""
    asked = [{"a": a, "b": b} for a in (True, False) for b in (True, False)]
    async with limited(settings, new_documents=Bucket(30, SLOW)) as house:
        door = house.door(await make.member(await make.community()))

        first = [(await door.post({"query": query, "variables": v})).status for v in asked]
        again = [(await door.post({"query": query, "variables": v})).status for v in asked]

    assert first == [200, 200, 200, 429]
    assert again == first
    assert now.seconds == 1000


def test_a_bucket_never_holds_more_than_its_size() -> None:
    buckets = Buckets(Bucket(10, 2), "things")

    assert buckets.take("a", 4, 0.0) == 6
    assert buckets.take("a", 4, 1.0) == 4
    assert buckets.take("a", 0, 1000.0) == 10
    with pytest.raises(RequestError) as refused:
        buckets.take("a", 11, 1000.0)
    assert refused.value.errors[0]["extensions"]["cost"] == 11
    assert buckets.take("a", 10, 1000.0) == 0


def test_only_so_many_buckets_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.limits._MOST_BUCKETS", 5)
    buckets = Buckets(Bucket(10, 2), "things")

    for someone in range(100):
        buckets.take(someone, 1, 0.0)

    assert list(buckets._levels) == [95, 96, 97, 98, 99]


async def test_refused_requests_cost_a_point_whatever_they_are_refused_for(
    settings: Settings, make: Make, now: Clock
) -> None:
    elm = await make.community()
    refused: list[tuple[str, dict[str, Any] | bytes]] = [
        ("BAD_USER_INPUT", {"query": SEARCH, "variables": {"first": "a"}}),
        ("BAD_USER_INPUT", {"query": "{ search(query: \"停水\", first: 51) { totalCount } }"}),
        ("QUERY_TOO_COMPLEX", {"query": VAST}),
        ("QUERY_TOO_COMPLEX", {"query": "{ a: __schema { description } b: __schema { description } }"}),
        ("FORBIDDEN", {"query": "{ moderationQueue { totalCount } }"}),
        ("GRAPHQL_VALIDATION_FAILED", {"query": "{ nothing }"}),
        ("GRAPHQL_PARSE_FAILED", {"query": "{"}),
        ("PERSISTED_QUERY_NOT_FOUND", {"documentId": "sha256:0"}),
        ("PERSISTED_QUERY_NOT_SUPPORTED", {"extensions": {"persistedQuery": {"version": 1}}}),
        ("BAD_REQUEST", {"query": 1}),
        ("BAD_REQUEST", b"{"),
    ]  # fmt: skip
    for code, body in refused:
        async with limited(settings, person_queries=Bucket(3, 1)) as house:
            door = house.door(await make.member(elm))
            assert [(await door.post(body)).codes for _ in "123"] == [[code]] * 3, body
            assert_refused(await door.post(body), "queries", 2)
            now.seconds += 1
            assert (await door.post(body)).codes == [code]


async def test_who_had_the_loop_too_long_is_refused_before_anything_is_read(
    settings: Settings, make: Make, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    elm = await make.community()
    known = Engine.known

    def slow(*given: Any) -> Any:
        found = known(*given)
        now.computed += 0.041 if found else 0
        return found

    monkeypatch.setattr(Engine, "known", slow)
    async with limited(settings, computing=Bucket(100, 10)) as house:
        mine, theirs = [house.door(await make.member(elm)) for _ in "12"]
        assert [(await mine.post(BUDGET)).status for _ in "123"] == [200, 200, 200]
        assert_refused(await mine.post(BUDGET), "milliseconds of computing", 3)
        assert now.computed == pytest.approx(0.123)
        assert (await theirs.post(BUDGET)).status == 200
        now.seconds += 2.4
        assert (await mine.post(BUDGET)).status == 200


async def test_who_had_the_database_too_long_waits_and_a_neighbour_does_not(
    settings: Settings, make: Make, now: Clock
) -> None:
    elm = await make.community()
    async with limited(settings, database=Bucket(1000, 100)) as house:
        me = await make.member(elm)
        mine, theirs = house.door(me), house.door(await make.member(elm))
        house.budgets.queried(me.id, 1.5)  # as the pool reports it

        assert_refused(await mine.post(BUDGET), "milliseconds of the database", 6)
        assert (await theirs.post(BUDGET)).status == 200
        now.seconds += 5.1
        assert (await mine.post(BUDGET)).status == 200


async def test_the_database_is_charged_for_as_long_as_a_connection_was_held(
    settings: Settings, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    elm = await make.community()
    told: list[tuple[Any, float]] = []
    monkeypatch.setattr(Budgets, "queried", lambda _, *given: told.append(given))
    async with limited(settings) as house:
        me = await make.member(elm)
        door = house.door(me)
        await door.post(BUDGET)
        await door.post(a_post(elm))

    assert [who for who, _ in told] == [me.id, me.id]
    assert all(0 < seconds < 5 for _, seconds in told)


def test_what_is_owed_is_bounded_and_paid_by_waiting() -> None:
    buckets = Buckets(Bucket(10, 2), "things")

    buckets.owe("a", 4, 0.0)
    assert buckets.take("a", 0, 0.0) == 6
    buckets.owe("a", 1000, 0.0)
    with pytest.raises(RequestError):
        buckets.take("a", 0, 4.9)
    assert buckets.take("a", 0, 5.0) == 0


def test_divided_among_workers_a_bucket_still_holds_the_most_that_is_taken_at_once() -> None:
    whole = Limits()
    for workers in (1, 2, 31, 500):
        share = whole.times(1 / workers)
        for each in fields(Limits):
            bucket, before = getattr(share, each.name), getattr(whole, each.name)
            assert bucket.size == max(before.size / workers, before.least) >= 1, each.name
            assert bucket.per_second == before.per_second / workers
            assert Buckets(bucket, each.name).take("a", before.least, 0.0) >= 0
    assert whole.times(1 / 31).uploads.size == 1
