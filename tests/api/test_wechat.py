"""The client of WeChat's API, against the stand-in and against a server with arbitrary answers."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import demo.wechat
from api.logs import hush
from api.wechat import Reason, WeChat, WeChatRefused, WeChatUnavailable
from demo.wechat import APPID, SECRET, openid, stand_in
from tests.overheard import leaks, listen

PHONE = "13812345678"
TOKEN = {"access_token": "of-the-script", "expires_in": 7200}


@contextmanager
def serving(app: Starlette) -> Generator[str]:
    """Run the application on its own port; yield its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def here() -> Iterator[tuple[str, demo.wechat.StandIn]]:
    """Give a stand-in for these tests only, with access to its state."""
    app = stand_in()
    with serving(app) as url:
        yield url, app.state.here


@pytest.fixture
async def client(here: tuple[str, demo.wechat.StandIn]) -> AsyncIterator[WeChat]:
    """Give a client with the right secret."""
    opened = WeChat(here[0], APPID, SECRET)
    yield opened
    await opened.close()


def code(who: str, kind: str = "wx") -> str:
    """Return an unused code."""
    return f"{kind}-{who}-{uuid4().hex}"


async def test_a_code_says_who_it_is(client: WeChat) -> None:
    first, again = [await client.sign_in(code("li")) for _ in range(2)]
    assert first == again
    assert first.openid == openid("li") != openid("wang")
    assert len(first.openid) == 28
    assert first.unionid is None
    assert (await client.sign_in(code("ursula"))).unionid


async def test_a_code_says_which_number_it_is(client: WeChat) -> None:
    assert await client.phone_number(code(PHONE, "tel")) == PHONE


@pytest.mark.parametrize("kind", ["wx", "tel"])
@pytest.mark.parametrize(
    ("word", "reason"), [("often", Reason.TOO_OFTEN), ("risky", Reason.RISKY_USER)]
)
async def test_a_refusal_says_why(client: WeChat, kind: str, word: str, reason: Reason) -> None:
    assert await refusal(client, code(word, kind)) is reason


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "nonsense",
        "wx--1",
        "wx-li",
        "tel-1381234567-1",
        "tel-abc-1",
        f"sms-{PHONE}-1",
        "码-李-1",
    ],
)
async def test_an_unknown_code_is_refused(client: WeChat, bad: str) -> None:
    for ask in (client.sign_in, client.phone_number):
        with pytest.raises(WeChatRefused) as refused:
            await ask(bad)
        assert refused.value.reason is Reason.INVALID_CODE


async def test_a_code_of_the_other_kind_is_refused(client: WeChat) -> None:
    with pytest.raises(WeChatRefused):
        await client.sign_in(code(PHONE, "tel"))
    with pytest.raises(WeChatRefused):
        await client.phone_number(code("li"))


@pytest.mark.parametrize("good", [code("li"), code(PHONE, "tel")], ids=["wx", "tel"])
async def test_a_code_is_good_once(client: WeChat, good: str) -> None:
    ask = client.sign_in if good.startswith("wx") else client.phone_number
    await ask(good)
    assert await refusal(client, good) is Reason.USED_CODE


@pytest.mark.parametrize("kind", ["wx", "tel"])
@pytest.mark.parametrize("word", ["busy", "broken", "garbled", "slow"])
async def test_what_fails_is_unavailable(
    here: tuple[str, demo.wechat.StandIn], word: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo.wechat, "_SLOW_SECONDS", 1)
    impatient = WeChat(here[0], APPID, SECRET, seconds=0.3)
    ask = impatient.sign_in if kind == "wx" else impatient.phone_number
    begun = time.monotonic()
    with pytest.raises(WeChatUnavailable) as failure:
        await ask(code(word, kind))
    assert time.monotonic() - begun < 0.9
    assert not str(failure.value)
    await impatient.close()


@pytest.mark.parametrize(("appid", "secret"), [("wx-of-another", SECRET), (APPID, "wrong")])
async def test_wrong_credentials_are_our_fault_not_the_users(
    here: tuple[str, demo.wechat.StandIn], appid: str, secret: str
) -> None:
    wrong = WeChat(here[0], appid, secret)
    for ask in (wrong.sign_in, wrong.phone_number):
        with pytest.raises(WeChatUnavailable):
            await ask(code("li"))
    await wrong.close()


async def test_nobody_at_home_is_unavailable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        alone = WeChat(f"http://127.0.0.1:{free.getsockname()[1]}", APPID, SECRET)
        with pytest.raises(WeChatUnavailable):
            await alone.sign_in(code("li"))
        await alone.close()


async def test_a_token_that_ran_out_is_renewed(
    client: WeChat, here: tuple[str, demo.wechat.StandIn]
) -> None:
    await client.phone_number(code(PHONE, "tel"))
    for token in here[1].tokens:
        here[1].tokens[token] = 0  # WeChat says 42001
    assert await client.phone_number(code(PHONE, "tel")) == PHONE
    here[1].tokens.clear()  # WeChat says 40001
    assert await client.phone_number(code(PHONE, "tel")) == PHONE


async def test_what_the_stand_in_remembers_is_bounded(
    client: WeChat, here: tuple[str, demo.wechat.StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo.wechat, "_MOST_REMEMBERED", 3)
    here[1].used.clear()
    used = [code("li") for _ in range(5)]
    for each in used:
        await client.sign_in(each)
    # a slow answer of an earlier test may still arrive
    assert len(here[1].used) == 3
    assert used[-1] in here[1].used
    assert used[0] not in here[1].used
    for _ in range(5):
        for token in here[1].tokens:
            here[1].tokens[token] = 0
        await client.phone_number(code(PHONE, "tel"))
    assert len(here[1].tokens) <= 2


@dataclass
class Script:
    """It is a server that gives scripted answers and counts requests."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        """Answer by path."""
        path = request.url.path
        self.asked.append(path)
        said = self.answers[path]
        return said if isinstance(said, Response) else JSONResponse(said)

    def app(self) -> Starlette:
        """Make the application."""
        return Starlette(routes=[Route("/{path:path}", self.answer, methods=["GET", "POST"])])


LOGIN, STABLE, NUMBER = (
    "/sns/jscode2session",
    "/cgi-bin/stable_token",
    "/wxa/business/getuserphonenumber",
)


@pytest.fixture(scope="module")
def script() -> Iterator[tuple[str, Script]]:
    """Give a server with arbitrary answers."""
    scripted = Script()
    with serving(scripted.app()) as url:
        yield url, scripted


@pytest.fixture
async def gullible(script: tuple[str, Script]) -> AsyncIterator[tuple[WeChat, Script]]:
    """Give a new client of that server, without an access token."""
    url, scripted = script
    scripted.answers = {STABLE: TOKEN}
    scripted.asked.clear()
    opened = WeChat(url, APPID, SECRET)
    yield opened, scripted
    await opened.close()


@pytest.mark.parametrize(
    "said",
    [
        {}, [], None, "ok", 0,
        {"openid": ""}, {"openid": None}, {"openid": 7}, {"openid": ["o"]},
        {"openid": "o", "unionid": 7}, {"openid": "o", "unionid": ["u"]},
        Response(b"\xff\xfe", media_type="application/json"), Response(b""),
        JSONResponse({"openid": "o"}, 500), Response(status_code=302, headers={"location": "/"}),
    ],
)  # fmt: skip
async def test_a_malformed_login_is_unavailable(gullible: tuple[WeChat, Script], said: Any) -> None:
    client, scripted = gullible
    scripted.answers[LOGIN] = said
    with pytest.raises(WeChatUnavailable):
        await client.sign_in("c")


@pytest.mark.parametrize("error", [99999, -1, "40029", [], {}, None, 1.5])
async def test_an_errcode_that_says_nothing_known_is_unavailable(
    gullible: tuple[WeChat, Script], error: object
) -> None:
    client, scripted = gullible
    scripted.answers[LOGIN] = {"errcode": error, "openid": "o"}
    with pytest.raises(WeChatUnavailable):
        await client.sign_in("c")


@pytest.mark.parametrize(
    "said",
    [
        {}, {"errcode": 0}, {"errcode": [], "phone_info": {}}, {"errcode": 99999},
        {"phone_info": []}, {"phone_info": {}}, {"phone_info": {"countryCode": "86"}},
        {"phone_info": {"purePhoneNumber": 13812345678, "countryCode": "86"}},
    ],
)  # fmt: skip
async def test_a_malformed_number_is_unavailable(
    gullible: tuple[WeChat, Script], said: Any
) -> None:
    client, scripted = gullible
    scripted.answers[NUMBER] = said
    with pytest.raises(WeChatUnavailable):
        await client.phone_number("c")


@pytest.mark.parametrize(
    "said",
    [
        {}, {"access_token": ""}, {"access_token": 7, "expires_in": 7200}, {"access_token": "t"},
        {"access_token": "t", "expires_in": "soon"}, {"access_token": "t", "expires_in": None},
        {"errcode": 40125}, {"errcode": []},
    ],
)  # fmt: skip
async def test_a_malformed_token_is_unavailable(gullible: tuple[WeChat, Script], said: Any) -> None:
    client, scripted = gullible
    scripted.answers[STABLE] = said
    with pytest.raises(WeChatUnavailable):
        await client.phone_number("c")
    assert scripted.asked == [STABLE]


@pytest.mark.parametrize("error", [40029, 45011])
async def test_a_token_refused_is_not_the_codes_fault(
    gullible: tuple[WeChat, Script], error: int
) -> None:
    client, scripted = gullible
    scripted.answers[STABLE] = {"errcode": error}
    with pytest.raises(WeChatUnavailable):
        await client.phone_number("c")


@pytest.mark.parametrize("country", ["86", 86], ids=["text", "number"])
async def test_the_mainland_is_a_text_or_a_number(
    gullible: tuple[WeChat, Script], country: str | int
) -> None:
    client, scripted = gullible
    scripted.answers[NUMBER] = number(PHONE, country)
    assert await client.phone_number("c") == PHONE


@pytest.mark.parametrize("country", ["852", 1, None, "+86", True])
async def test_other_countries_give_no_number(
    gullible: tuple[WeChat, Script], country: object
) -> None:
    client, scripted = gullible
    scripted.answers[NUMBER] = number("51234567", country)
    assert await client.phone_number("c") is None


async def test_a_token_is_asked_for_once(gullible: tuple[WeChat, Script]) -> None:
    client, scripted = gullible
    scripted.answers[NUMBER] = number(PHONE, "86")
    for _ in range(3):
        await client.phone_number("c")
    assert scripted.asked == [STABLE, NUMBER, NUMBER, NUMBER]


async def test_a_token_is_not_trusted_in_its_last_five_minutes(
    gullible: tuple[WeChat, Script],
) -> None:
    client, scripted = gullible
    scripted.answers |= {NUMBER: number(PHONE, "86"), STABLE: TOKEN | {"expires_in": 300}}
    for _ in range(2):
        await client.phone_number("c")
    assert scripted.asked == [STABLE, NUMBER] * 2


@pytest.mark.parametrize("error", [40001, 42001])
async def test_a_refused_token_is_renewed_once_not_for_ever(
    gullible: tuple[WeChat, Script], error: int
) -> None:
    client, scripted = gullible
    scripted.answers[NUMBER] = {"errcode": error, "errmsg": "access_token"}
    with pytest.raises(WeChatUnavailable):
        await client.phone_number("c")
    assert scripted.asked == [STABLE, NUMBER] * 2


async def test_no_code_secret_openid_or_phone_is_logged(
    here: tuple[str, demo.wechat.StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo.wechat, "_SLOW_SECONDS", 1)
    who, phone = f"z{uuid4().hex}", f"139{uuid4().int % 10**8:08}"
    asked = [code(who), code(phone, "tel"), *(code(word) for word in ("broken", "slow", "busy"))]
    words = {*asked, who, phone, openid(who), SECRET}
    heard = listen()
    try:
        await _ask_all(here[0], asked)
        assert leaks(heard.lines, {*words, *here[1].tokens}) == []
    finally:
        logging.getLogger().removeHandler(heard)


async def test_without_the_hush_it_would_be(here: tuple[str, demo.wechat.StandIn]) -> None:
    asked, heard = [code(f"z{uuid4().hex}")], listen()
    logging.getLogger("httpx").setLevel(logging.INFO)
    try:
        await _ask_all(here[0], asked, secret="of-no-use")
        assert leaks(heard.lines, set(asked)) == asked
    finally:
        hush()
        logging.getLogger().removeHandler(heard)


async def _ask_all(url: str, asked: list[str], secret: str = SECRET) -> None:
    client = WeChat(url, APPID, secret, seconds=0.3)
    await asyncio.gather(
        *((client.sign_in if c.startswith("wx") else client.phone_number)(c) for c in asked),
        return_exceptions=True,
    )
    await client.close()


async def refusal(client: WeChat, refused: str) -> Reason:
    """Return the reason why a code is refused."""
    ask = client.phone_number if refused.startswith("tel") else client.sign_in
    with pytest.raises(WeChatRefused) as caught:
        await ask(refused)
    assert refused not in str(caught.value)
    return caught.value.reason


def number(pure: str, country: object) -> dict[str, Any]:
    """Return the documented answer of getPhoneNumber."""
    info = {"phoneNumber": pure, "purePhoneNumber": pure, "countryCode": country}
    return {"errcode": 0, "errmsg": "ok", "phone_info": info}
