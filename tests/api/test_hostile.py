"""No document costs more than 50 ms of CPU before it runs, or delays other requests for long."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

import api.engine.static_limits as limits
from api.engine.preparing import Prepared
from api.settings import Settings
from tenants.viewer import Principal
from tests.api.conftest import Door
from tests.api.hostile import COSTLIEST, FEED, HOSTILE, Attack, permissions
from tests.api.measure import Meter, meter, read, secretary
from tests.api.server import Server
from tests.conftest import SignIn
from tests.street import Make

pytestmark = pytest.mark.once

MOST_MS = 50
MOST_WAIT_MS = 100
_TRIES = 4
_ROUNDS = 10


@pytest.fixture(scope="session")
async def measuring(settings: Settings, database: object) -> AsyncIterator[Meter]:
    """Give a meter inside one community."""
    assert database
    made, connection = await meter(settings.role_urls()[Principal.COMMUNITY])
    yield made
    await connection.close()


@pytest.mark.parametrize("attack", [*HOSTILE, *COSTLIEST], ids=lambda attack: attack.name)
async def test_no_document_costs_more_than_50_ms(measuring: Meter, attack: Attack) -> None:
    measured = await measuring.measure(attack.text, attack.variables)
    for _ in range(_TRIES - 1):  # other processes share the two cores, so the lowest value counts
        if measured.total <= MOST_MS:
            break
        measured = await measuring.measure(attack.text, attack.variables)

    assert measured.code == attack.code, measured.outcome
    assert measured.total <= MOST_MS, f"{measured.here:.1f} + {measured.planning:.1f} ms"


async def test_the_screens_of_the_mini_program_are_admitted(measuring: Meter) -> None:
    measured = await measuring.measure(FEED, {"slug": "neighbours", "after": None})

    assert isinstance(measured.outcome, Prepared)
    assert measured.outcome.cost <= 1000
    assert measured.total <= MOST_MS


def test_each_limit_admits_what_it_says_and_no_more() -> None:
    for text, more, most in (
        ("{%s}", " a{i}: __typename", limits.MAX_ROOT_FIELDS),
        ("{ viewer {%s} }", " a{i}: id", limits.MAX_ALIASES),
        ("{ viewer {%s} }", " id", limits.MAX_OCCURRENCES),
    ):
        for count, code in ((most, None), (most + 1, "QUERY_TOO_COMPLEX")):
            body = "".join(more.format(i=i) for i in range(count))
            _, outcome = read(secretary(), text % body, rounds=1)
            assert getattr(outcome, "code", None) == code, (text, count)


def test_the_number_of_fields_is_bounded_however_they_are_written() -> None:
    _, small = read(secretary(), permissions(4, "allowed code message"), rounds=1)
    _, large = read(secretary(), permissions(6, "allowed code message"), rounds=1)

    assert isinstance(small, Prepared)
    assert getattr(large, "code", None) == "QUERY_TOO_COMPLEX"


async def test_introspection_runs_beside_the_loop_and_is_kept(
    client: httpx.AsyncClient, app: Any, make: Make, signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    door = Door.of(client, signed_in(await make.member(await make.community())))
    engine = app.state.house.endpoint.engine
    ask, threads = engine.introspection._ask, []

    def watched(*given: Any) -> Any:
        threads.append(threading.get_ident())
        return ask(*given)

    monkeypatch.setattr(engine.introspection, "_ask", watched)
    (full,) = [attack.text for attack in HOSTILE if attack.name == "a full introspection"]
    text = f"{full} # {os.urandom(4).hex()}"

    first, second = [await door.post({"query": text}) for _ in "12"]

    assert first.data == second.data
    assert len(first.data["__schema"]["types"]) > 50
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


async def test_two_operations_of_one_document_introspect_differently(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn
) -> None:
    door = Door.of(client, signed_in(await make.member(await make.community())))
    text = (
        "query A { __schema { queryType { name } } } query B { __schema { mutationType { name } } }"
    )

    a, b = [await door.post({"query": text, "operationName": name}) for name in "AB"]

    assert a.data == {"__schema": {"queryType": {"name": "Query"}}}
    assert b.data == {"__schema": {"mutationType": {"name": "Mutation"}}}


async def test_a_good_request_beside_a_stream_of_hostile_ones_is_answered_in_100_ms(
    server: Server, make: Make, signed_in: SignIn
) -> None:
    member = await make.member(await make.community(), "RESIDENT", "COMMITTEE_MEMBER")
    headers = {"authorization": f"Bearer {signed_in(member).token}"}
    slow: dict[str, list[float]] = {}

    async with (
        httpx.AsyncClient(base_url=server.url, headers=headers, timeout=20) as attacker,
        httpx.AsyncClient(base_url=server.url, headers=headers, timeout=20) as neighbour,
    ):
        await _wait(neighbour)
        for attack in [*HOSTILE, *COSTLIEST]:
            waits: list[float] = []
            for _ in range(_ROUNDS):  # the tests' other processes share the two cores
                waits.append(await _worst_wait(attacker, neighbour, attack))
                if waits[-1] <= MOST_WAIT_MS:
                    break
            else:
                slow[attack.name] = waits

    assert slow == {}


async def _worst_wait(
    attacker: httpx.AsyncClient, neighbour: httpx.AsyncClient, attack: Attack
) -> float:
    """Send a document three times with new texts; return the longest wait of good requests."""
    stream = asyncio.create_task(_send(attacker, attack))
    waits = [await _wait(neighbour)]
    while not stream.done():
        waits.append(await _wait(neighbour))
    await stream
    return max(waits)


async def _send(client: httpx.AsyncClient, attack: Attack) -> None:
    for _ in range(3):
        text = f"{attack.text}\n# {os.urandom(8).hex()}"
        body = orjson.dumps({"query": text, "variables": attack.variables})
        answer = await client.post(
            "/graphql", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code in {
            200,
            400,
            403,
            413,
        }  # 403: a document that asks for the district


async def _wait(client: httpx.AsyncClient) -> float:
    started = time.perf_counter()
    answer = await client.post("/graphql", json={"query": "{ viewer { id } community { name } }"})
    waited = (time.perf_counter() - started) * 1000
    assert answer.status_code == 200
    assert "errors" not in answer.json()
    return waited
