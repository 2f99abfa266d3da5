"""Call WeChat's server for sign-in codes and phone numbers.

code2Session, getStableAccessToken, getPhoneNumber:
developers.weixin.qq.com/miniprogram/dev/OpenApiDoc.
"""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx

_SECONDS = 5.0
_RENEW_BEFORE = 300
_CHINA = "86"
_STALE_TOKEN = {40001, 42001}


class Reason(StrEnum):
    """It says why WeChat refuses a code."""

    INVALID_CODE = "INVALID_CODE"
    USED_CODE = "USED_CODE"
    TOO_OFTEN = "TOO_OFTEN"
    RISKY_USER = "RISKY_USER"


_REASONS = {
    40029: Reason.INVALID_CODE,
    40163: Reason.USED_CODE,
    45011: Reason.TOO_OFTEN,
    40226: Reason.RISKY_USER,
}


class WeChatRefused(Exception):
    """WeChat refuses the code; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class WeChatUnavailable(Exception):
    """WeChat cannot be reached, or its answer does not match its documentation."""


@dataclass(frozen=True)
class WeChatLogin:
    """It is a WeChat user; `unionid` is set if the program is bound to an open-platform account."""

    openid: str
    unionid: str | None


class WeChat:
    """It is the client of one mini-program. Nothing that it sends or receives is ever logged."""

    def __init__(self, url: str, appid: str, secret: str, *, seconds: float = _SECONDS) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=seconds)
        self._appid = appid
        self._secret = secret
        self._token = ""
        self._token_until = 0.0

    async def sign_in(self, code: str) -> WeChatLogin:
        """Exchange a code of `wx.login` for the user's ids; the session key is not kept."""
        answer = await self._ask(
            "GET",
            "/sns/jscode2session",
            params={
                "appid": self._appid,
                "secret": self._secret,
                "js_code": code,
                "grant_type": "authorization_code",
            },
        )
        _refuse(answer)
        unionid = _text(answer, "unionid") if answer.get("unionid") else None
        return WeChatLogin(_text(answer, "openid"), unionid)

    async def phone_number(self, code: str) -> str | None:
        """Exchange a code of the phone button for the number; None if not of mainland China."""
        answer = await self._phone(code, await self._access_token())
        if _errcode(answer) in _STALE_TOKEN:
            self._token_until = 0
            answer = await self._phone(code, await self._access_token())
        _refuse(answer)
        info = answer.get("phone_info")
        if not isinstance(info, dict):
            raise WeChatUnavailable
        number = _text(info, "purePhoneNumber")
        return number if str(info.get("countryCode")) == _CHINA else None

    async def prove(self) -> None:
        """Ask whether WeChat takes the program's id and secret; raises WeChatUnavailable if not."""
        await self._access_token()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _phone(self, code: str, token: str) -> dict[str, Any]:
        return await self._ask(
            "POST",
            "/wxa/business/getuserphonenumber",
            params={"access_token": token},
            json={"code": code},
        )

    async def _access_token(self) -> str:
        if time.monotonic() < self._token_until:
            return self._token
        answer = await self._ask(
            "POST",
            "/cgi-bin/stable_token",
            json={
                "grant_type": "client_credential",
                "appid": self._appid,
                "secret": self._secret,
            },
        )
        lives = answer.get("expires_in")
        # An error here is between WeChat and us: the user's code was not sent yet.
        if _errcode(answer) or not isinstance(lives, int):
            raise WeChatUnavailable
        self._token = _text(answer, "access_token")
        self._token_until = time.monotonic() + lives - _RENEW_BEFORE
        return self._token

    async def _ask(self, method: str, path: str, **what: Any) -> dict[str, Any]:
        try:
            response = await self._client.request(method, path, **what)
            response.raise_for_status()
            answer = response.json()
        except (httpx.HTTPError, ValueError):
            # the exception's own text holds the URL, and with it the code and the secret
            raise WeChatUnavailable from None
        if not isinstance(answer, dict):
            raise WeChatUnavailable
        return answer


def _refuse(answer: dict[str, Any]) -> None:
    error = _errcode(answer)
    if error in _REASONS:
        raise WeChatRefused(_REASONS[error])
    if error:
        raise WeChatUnavailable


def _errcode(answer: dict[str, Any]) -> int:
    error = answer.get("errcode", 0)
    if not isinstance(error, int):
        raise WeChatUnavailable
    return error


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise WeChatUnavailable
    return value
