"""Stand in for WeChat's server in tests and the demo: give its documented answers, without people.

Any `wx-<who>-<nonce>` is a valid login code of <who>, once; any `tel-<11 digits>-<nonce>` is a
valid phone code, once. The words busy, often, risky, slow, broken and garbled in place of <who> or
the digits cause the failure that they name.
"""

import asyncio
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections import OrderedDict
from hashlib import sha256
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

T = TypeVar("T")
APPID, SECRET = "wx0000000000linli", "stand-in-secret"  # of no real program
_MOST_REMEMBERED = 10_000
_SLOW_SECONDS = 30
_TOKEN_SECONDS, _OVERLAP_SECONDS = 7200, 300
_MOST_TOKENS = 2  # the newest and the one before it, which overlap
_WORDS = "busy|often|risky|slow|broken|garbled"
_LOGIN = re.compile(r"wx-([^-]+)-[^-]+")
_PHONE = re.compile(rf"tel-([0-9]{{11}}|{_WORDS})-[^-]+")
_ERRORS = {
    "busy": (-1, "system error"),
    "often": (45011, "api minute-quota reach limit"),
    "risky": (40226, "code blocked"),
}


class StandIn:
    """It knows the codes that were used and the access tokens that were issued."""

    def __init__(self) -> None:
        self.used: OrderedDict[str, None] = OrderedDict()
        self.tokens: OrderedDict[str, float] = OrderedDict()  # token: time until which it is valid

    async def code2session(self, request: Request) -> Response:
        """Answer GET /sns/jscode2session."""
        given = request.query_params
        if (wrong := _app(given)) is not None:
            return wrong
        who = _read(_LOGIN, given.get("js_code"))
        if (failure := await _failure(who)) is not None:
            return failure
        if (refusal := self._use(given.get("js_code", ""))) is not None:
            return refusal
        answer = {"openid": openid(who), "session_key": secrets.token_urlsafe(18)}
        return JSONResponse(answer | ({"unionid": f"u{openid(who)}"} if who[0] == "u" else {}))

    async def stable_token(self, request: Request) -> Response:
        """Answer POST /cgi-bin/stable_token."""
        if (wrong := _app(await request.json())) is not None:
            return wrong
        now = time.monotonic()
        newest, until = next(reversed(self.tokens.items()), ("", 0.0))
        if until - now <= _OVERLAP_SECONDS:
            newest, until = secrets.token_urlsafe(24), now + _TOKEN_SECONDS
            _remember(self.tokens, newest, until, _MOST_TOKENS)
        return JSONResponse({"access_token": newest, "expires_in": int(until - now)})

    async def phone_number(self, request: Request) -> Response:
        """Answer POST /wxa/business/getuserphonenumber."""
        until = self.tokens.get(request.query_params.get("access_token", ""))
        if until is None:
            return _error(40001, "invalid credential, access_token is invalid or not latest")
        if until < time.monotonic():
            return _error(42001, "access_token expired")
        code = (await request.json()).get("code")
        digits = _read(_PHONE, code)
        if (failure := await _failure(digits)) is not None:
            return failure
        if (refusal := self._use(code)) is not None:
            return refusal
        watermark = {"timestamp": int(time.time()), "appid": APPID}
        info = {"phoneNumber": digits, "purePhoneNumber": digits, "countryCode": "86"}
        whole = {"errcode": 0, "errmsg": "ok", "phone_info": info | {"watermark": watermark}}
        return JSONResponse(whole)

    def _use(self, code: str) -> Response | None:
        if code in self.used:
            return _error(40163, "code been used")
        _remember(self.used, code, None, _MOST_REMEMBERED)
        return None


def stand_in() -> Starlette:
    """Return the application."""
    here = StandIn()
    app = Starlette(
        routes=[
            Route("/sns/jscode2session", here.code2session),
            Route("/cgi-bin/stable_token", here.stable_token, methods=["POST"]),
            Route("/wxa/business/getuserphonenumber", here.phone_number, methods=["POST"]),
        ]
    )
    app.state.here = here
    return app


def openid(who: str) -> str:
    """Return the 28 characters by which WeChat identifies a user in this program."""
    return "o" + urlsafe_b64encode(sha256(who.encode()).digest())[:27].decode()


def _app(given: Any) -> Response | None:
    if given.get("appid") != APPID:
        return _error(40013, "invalid appid")
    return None if given.get("secret") == SECRET else _error(40125, "invalid appsecret")


def _read(form: re.Pattern[str], code: Any) -> str:
    match = form.fullmatch(code) if isinstance(code, str) else None
    return match[1] if match else ""


def _remember(kept: OrderedDict[str, T], key: str, value: T, most: int) -> None:
    kept[key] = value
    if len(kept) > most:
        kept.popitem(last=False)


async def _failure(word: str) -> Response | None:
    if not word:
        return _error(40029, "invalid code")
    if word == "slow":
        await asyncio.sleep(_SLOW_SECONDS)
    if word == "broken":
        return PlainTextResponse("bad gateway", 502)
    if word == "garbled":
        return PlainTextResponse("<html>")
    return _error(*_ERRORS[word]) if word in _ERRORS else None


def _error(code: int, message: str) -> Response:
    return JSONResponse({"errcode": code, "errmsg": message})
