"""A stand-in for WeChat's server, for tests and the demo: its documented answers, and no people.

Any `wx-<who>-<nonce>` is a good login code of <who>, once; `tel-<11 digits>-<nonce>` a good phone
code, once. The words busy, often, risky, slow, broken and garbled in place of <who> or the digits
bring about what they say.
"""

import asyncio
import secrets
from base64 import urlsafe_b64encode
from collections import OrderedDict
from hashlib import sha256
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

APPID, SECRET = "wx0000000000linli", "stand-in-secret"  # of nobody
_MOST_REMEMBERED = 10_000
_SLOW_SECONDS = 30
_TOKEN_SECONDS = 7200
_ERRORS = {
    "busy": (-1, "system error"),
    "often": (45011, "api minute-quota reach limit"),
    "risky": (40226, "code blocked"),
}


class StandIn:
    """Codes that were used, and access tokens that were given."""

    def __init__(self) -> None:
        self._used: OrderedDict[str, None] = OrderedDict()
        self.tokens: set[str] = set()

    async def code2session(self, request: Request) -> Response:
        """GET /sns/jscode2session."""
        given = request.query_params
        if (wrong := _app(given)) is not None:
            return wrong
        kind, who = self._read(given.get("js_code", ""))
        if (failure := await _failure(who)) is not None:
            return failure
        if (refusal := self._use(given.get("js_code", ""), kind == "wx")) is not None:
            return refusal
        answer = {"openid": openid(who), "session_key": secrets.token_urlsafe(18)}
        return JSONResponse(answer | ({"unionid": f"u{openid(who)}"} if who[0] == "u" else {}))

    async def stable_token(self, request: Request) -> Response:
        """POST /cgi-bin/stable_token."""
        if (wrong := _app(await request.json())) is not None:
            return wrong
        token = secrets.token_urlsafe(24)
        self.tokens.add(token)
        return JSONResponse({"access_token": token, "expires_in": _TOKEN_SECONDS})

    async def phone_number(self, request: Request) -> Response:
        """POST /wxa/business/getuserphonenumber."""
        if request.query_params.get("access_token") not in self.tokens:
            return _error(40001, "invalid credential, access_token is invalid or not latest")
        code = (await request.json()).get("code", "")
        kind, digits = self._read(code)
        if (failure := await _failure(digits)) is not None:
            return failure
        if (refusal := self._use(code, kind == "tel")) is not None:
            return refusal
        info = {"phoneNumber": digits, "purePhoneNumber": digits, "countryCode": "86"}
        return JSONResponse({"errcode": 0, "errmsg": "ok", "phone_info": info})

    def _read(self, code: str) -> tuple[str, str]:
        parts = code.split("-")
        return (parts[0], parts[1]) if len(parts) == 3 and parts[1] else ("", "")

    def _use(self, code: str, is_good: bool) -> Response | None:
        if not is_good:
            return _error(40029, "invalid code")
        if code in self._used:
            return _error(40163, "code been used")
        self._used[code] = None
        if len(self._used) > _MOST_REMEMBERED:
            self._used.popitem(last=False)
        return None


def stand_in() -> Starlette:
    """Make the application."""
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
    """Give the 28 characters by which WeChat knows someone in this program."""
    return "o" + urlsafe_b64encode(sha256(who.encode()).digest())[:27].decode()


def _app(given: Any) -> Response | None:
    if given.get("appid") != APPID:
        return _error(40013, "invalid appid")
    return None if given.get("secret") == SECRET else _error(40125, "invalid appsecret")


async def _failure(word: str) -> Response | None:
    if word == "slow":
        await asyncio.sleep(_SLOW_SECONDS)
    if word == "broken":
        return PlainTextResponse("bad gateway", 502)
    if word == "garbled":
        return PlainTextResponse("<html>")
    return _error(*_ERRORS[word]) if word in _ERRORS else None


def _error(code: int, message: str) -> Response:
    return JSONResponse({"errcode": code, "errmsg": message})
