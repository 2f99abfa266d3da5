"""A person has one budget for all their tokens; and who gets a scarce resource next."""

import asyncio
import itertools
import threading
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from api.auth import Tokens
from api.engine.aside import MOST_WAITING, Aside
from api.engine.errors import ErrorCode, RequestError
from tenants.pool import Pool
from tenants.turns import Turns
from tenants.viewer import Principal, Viewer
from tests.api.forge import Genuine, unpacked
from tests.api.oauth import Program
from tests.api.test_signin import Phone, code_of
from tests.conftest import SignIn
from tests.street import Make

pytestmark = pytest.mark.once

LOOK = {"reason": "核实投诉"}


@pytest.fixture
def program(client: httpx.AsyncClient, make: Make, database: Any) -> Program:
    """Give a program that uses the token endpoint."""
    return Program(client, make, database)


@pytest.fixture
def tokens(app: Any) -> Tokens:
    """Give the application's tokens."""
    return app.state.house.tokens


def payer(tokens: Tokens, token: str) -> UUID:
    """Return the id of the person whose budget a token spends."""
    return tokens.verify(token, time.time()).payer


async def test_one_person_spends_one_budget_in_every_place_and_by_every_token(
    program: Program, make: Make, tokens: Tokens
) -> None:
    elm, oak = await make.community(), await make.community()
    phone, other = Phone(program.client), Phone(program.client)
    await phone.scan(uuid4().hex)
    await other.scan(uuid4().hex)
    in_elm = (await phone.join(await code_of(make, elm))).json()
    in_oak = (await phone.join(await code_of(make, oak))).json()
    neighbour = (await other.join(await code_of(make, elm))).json()
    script = await program.exchange(in_oak["access_token"], scope="community:read")
    session = await program.exchange_refresh(in_oak["refresh_token"], scope="community:read")

    held = [each["access_token"] for each in (in_elm, in_oak, script.json(), session.json())]
    assert len({tokens.verify(token, time.time()).id for token in held}) == 2
    assert len({payer(tokens, token) for token in held}) == 1
    assert payer(tokens, neighbour["access_token"]) != payer(tokens, held[0])
    # but the holder of the tokens cannot see that they belong to one person
    said = [orjson.loads(unpacked(token.split(".")[1])) for token in held]
    assert len({claims["payer"] for claims in said}) == 4
    hidden = payer(tokens, held[0])
    shown = " ".join(unpacked(part).decode() for t in held for part in t.split(".")[:2])
    assert str(hidden) not in shown
    assert hidden.hex not in shown


async def test_a_look_is_on_the_budget_of_the_officer_who_looks(
    program: Program, make: Make, signed_in: SignIn, tokens: Tokens
) -> None:
    elm, oak = await make.community(), await make.community()
    officer = signed_in(await program.affiliated(await make.officer()))
    looks = [
        (await program.exchange(officer.token, audience=place.public_id, **LOOK)).json()
        for place in (elm, oak)
    ]
    whole = payer(tokens, officer.token)
    assert [payer(tokens, look["access_token"]) for look in looks] == [whole, whole]


async def test_an_app_has_a_budget_of_its_own(
    make: Make, tokens: Tokens, signed_in: SignIn
) -> None:
    elm = await make.community()
    apps = [await make.app(elm) for _ in "12"]
    assert [payer(tokens, signed_in(app).token) for app in apps] == [app.id for app in apps]


async def test_a_payer_that_was_put_into_another_token_is_refused(
    client: httpx.AsyncClient, make: Make, tokens: Tokens
) -> None:
    elm = await make.community()
    mine, theirs = [await make.member(elm) for _ in "12"]
    now = datetime.now(UTC)
    tokens_of = [
        tokens.mint(who.identity(), client_id="a", now=now, jti=str(who.id))
        for who in (mine, theirs)
    ]
    same = tokens.mint(mine.identity(), client_id="a", now=now, jti=str(mine.id))
    assert same == tokens_of[0], "the same input and name give the same token"
    claims = [orjson.loads(unpacked(token.split(".")[1])) for token in tokens_of]
    genuine = Genuine.of(tokens_of[0], tokens.keys.signing()[1])
    for changed in (claims[1]["payer"], "", "a", 1, None):
        answer = await client.post(
            "/graphql", json={"query": "{ viewer { id } }"},
            headers={"authorization": f"Bearer {genuine.forge(payer=changed)}"},
        )  # fmt: skip
        assert answer.status_code == 401, changed


def someone(place: int = 1, payer: int = 1) -> Viewer:
    """Return a viewer who is a resident of a community."""
    return Viewer(
        Principal.COMMUNITY, UUID(int=payer), frozenset(), frozenset(), 1, "tests", "",
        datetime.max.replace(tzinfo=UTC), community_id=place, payer=UUID(int=payer),
    )  # fmt: skip


def test_a_person_holds_half_at_most_and_a_place_three_quarters() -> None:
    turns = Turns(8)
    for _ in range(4):
        assert turns.may(someone())
        turns.begin(someone())
    assert not turns.may(someone())
    for _ in range(2):
        assert turns.may(someone(payer=2))
        turns.begin(someone(payer=2))
    assert not turns.may(someone(payer=3)), "one community never holds them all"
    assert turns.may(someone(2, payer=3))
    assert turns.may(None)
    turns.end(someone(), 1)
    assert turns.may(someone(payer=3))


async def test_whoever_had_least_is_next() -> None:
    turns = Turns(2)
    greedy, modest, late = (someone(n, n) for n in (1, 2, 3))
    turns.begin(greedy)
    turns.begin(None)
    waiting = [turns.wait(who) for who in (greedy, greedy, modest, late)]
    turns.end(greedy, 5.0)
    order: list[Viewer | None] = []
    while (turn := turns.next()) is not None:
        order.append(turn[0])
        turn[1].set_result(None)
        turns.begin(turn[0])
        turns.end(turn[0], 1.0)
    assert order == [modest, late, greedy, greedy]
    assert all(each.done() for each in waiting)
    # a viewer who did not use their turn in the meantime gains nothing by it
    turns.wait(someone(4, 4))
    turns.wait(greedy)
    assert turns.next() is not None
    assert turns._now >= 5.0


async def test_who_gave_up_waiting_has_no_turn() -> None:
    turns = Turns(1)
    turns.begin(None)
    first, second = turns.wait(someone()), turns.wait(someone(2, 2))
    first.cancel()
    assert turns.is_wanted(None)
    turn = turns.next()
    assert turn is not None
    assert turn[1] is second
    assert turns.next() is None
    assert not turns.is_wanted(None)


async def test_a_connection_goes_to_a_neighbour_before_it_goes_back_to_who_holds_half(
    settings: Any, database: object
) -> None:
    assert database
    url = settings.role_urls()[Principal.COMMUNITY]
    # on a busy machine the second connection takes longer to open than the usual time limit
    pool = await Pool(url, 2, statements=1, wait_seconds=60).open()
    held = await pool.take(someone())
    waiting = [asyncio.create_task(pool.take(someone())) for _ in "12"]
    await asyncio.sleep(0)
    theirs = await pool.take(someone(2, 2))
    pool.give_back(held)
    mine = await waiting[0]
    pool.give_back(mine)
    again = await waiting[1]
    pool.give_back(again)
    pool.give_back(theirs)
    assert pool.size() == (2, 0)
    await pool.close()


async def test_new_documents_are_read_in_turn_between_persons() -> None:
    aside, gate, done = Aside(), threading.Event(), list[str]()
    spent: list[Any] = []
    aside.spent = lambda *told: spent.append(told[0])

    def work(name: str) -> Any:
        return lambda: (gate.wait(10), done.append(name))

    mine = [asyncio.create_task(aside.do("me", work(f"me {i}"))) for i in range(5)]
    await asyncio.sleep(0)
    theirs = [asyncio.create_task(aside.do(who, work(who))) for who in ("you", "they")]
    await asyncio.sleep(0)
    mine[2].cancel()
    gate.set()
    await asyncio.gather(*mine, *theirs, return_exceptions=True)

    assert done == ["me 0", "me 1", "you", "they", "me 3", "me 4"]
    assert spent == ["me", "me", "you", "they", "me", "me"]


async def test_few_new_documents_of_one_person_wait() -> None:
    aside, gate = Aside(), threading.Event()
    tasks = [
        asyncio.create_task(aside.do("me", lambda: gate.wait(10))) for _ in range(MOST_WAITING + 2)
    ]
    await asyncio.sleep(0)
    theirs = asyncio.create_task(aside.do("you", lambda: 7))
    await asyncio.sleep(0)
    gate.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)

    refused = [error for error in found if isinstance(error, RequestError)]
    assert [error.code for error in refused] == [ErrorCode.RATE_LIMITED]
    assert await theirs == 7


async def test_work_that_fails_is_told_and_charged_and_the_next_goes_on() -> None:
    aside, spent = Aside(), list[Any]()
    aside.spent = lambda *told: spent.append(told[0])

    def fail() -> None:
        raise ValueError("so")

    with pytest.raises(ValueError, match="so"):
        await aside.do("me", fail)
    assert await aside.do("me", lambda: 3) == 3
    assert spent == ["me", "me"]


async def test_the_thread_rests_after_each_piece_as_long_as_it_took() -> None:
    aside, times = Aside(), list[tuple[float, float]]()

    def work() -> None:
        began = time.perf_counter()
        while time.thread_time() < 0.05 * (len(times) + 1):
            pass
        times.append((began, time.perf_counter()))

    await asyncio.gather(*(aside.do(who, work) for who in ("me", "you", "they")))
    for (_, ended), (began, _) in itertools.pairwise(times):
        assert began - ended > 0.04


async def test_one_new_document_of_many_is_read_once(
    make: Make, signed_in: SignIn, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = app.state.house.endpoint.engine.documents
    examine, read = documents.examine, list[str]()

    def watched(text: str) -> Any:
        read.append(text)
        return examine(text)

    monkeypatch.setattr(documents, "examine", watched)
    me = signed_in(await make.member(await make.community()))
    text = f"{{ viewer {{ id }} }} # {uuid4()}"
    answers = await asyncio.gather(*(me.run(text) for _ in range(MOST_WAITING * 3)))
    assert {answer.status for answer in answers} == {200}
    assert read == [text]
