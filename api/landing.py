"""Serve the pages for people who come without the mini-program: to join, to sign in, to accept an invitation.

`/join/{code}` is what the QR code on the notice board opens. No page sets a cookie or asks another host.
"""

import tomllib
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from api.settings import Settings
from tenants.membership.service.codes import read

_HERE = Path(__file__).parent / "web"
_SECURITY = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
_PAGE = {**_SECURITY, "cache-control": "no-store", "vary": "accept-language"}
_MOST_VERIFICATION = 4096
# WeChat's plain URL scheme opens a mini-program from a browser outside WeChat.
_SCHEME = "weixin://dl/business/?"


class _Files(StaticFiles):
    """Serve the pages' style and script; their names do not change, so browsers ask by ETag."""

    def lookup_path(self, path: str) -> tuple[str, Any]:
        """Find a style or a script; the templates are not served."""
        return super().lookup_path(path) if path.endswith((".css", ".js")) else ("", None)

    def file_response(self, *given: Any, **more: Any) -> Response:
        """Return a file with our headers."""
        response = super().file_response(*given, **more)
        response.headers.update({**_SECURITY, "cache-control": "no-cache"})
        return response


class Landing:
    """This class returns the pages of a server with these settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def join(self, request: Request) -> Response:
        """Say what the code is for and how to join; 404 if it is malformed. The database is not asked."""
        language = _language(request)
        typed = read(request.path_params["code"])
        if typed is None:
            words = _words("join", language)
            return _page(language, "join", words["wrong_title"], f"<p>{words['wrong']}</p>", 404)
        code = typed[1]
        words = _words("join", language)
        links = {"wechat_link": "", "web_link": ""}
        if self._settings.wechat_appid:
            links["wechat_link"] = _link(self._scheme(code), words["wechat"], "button main")
        if self._settings.oidc_issuer:
            address = f"/signin?{urlencode({'join': code})}"
            links["web_link"] = (
                f"<p>{words['without']} {_anchor(address, words['without_link'])}</p>"
            )
        return _page(
            language, "join", words["title"], _filled("join", words | links | {"join_code": code})
        )

    def signin(self, request: Request) -> Response:
        """Return the page that signs in without WeChat."""
        return self._form(request, "signin")

    def invitation(self, request: Request) -> Response:
        """Return the page on which an officer accepts an invitation."""
        return self._form(request, "invitation")

    def verification(self, name: str) -> Response:
        """Return a file by which WeChat verifies that the host is the mini-program's."""
        path = self._settings.data / "wechat" / f"{name}.txt"
        if (
            not name.isascii()
            or not name.replace("_", "").replace("-", "").isalnum()
            or not path.is_file()
        ):
            return PlainTextResponse("not found", 404)
        return PlainTextResponse(
            path.read_text(encoding="ascii", errors="replace")[:_MOST_VERIFICATION]
        )

    def _form(self, request: Request, name: str) -> Response:
        language = _language(request)
        words = _words(name, language)
        words["oidc_button"] = ""
        if self._settings.oidc_issuer:
            said = escape(Template(words["oidc"]).substitute(oidc=self._settings.oidc_name))
            kind = "button" if name == "signin" else "submit"
            words["oidc_button"] = (
                f'<p><button id="oidc" type="{kind}" value="oidc">{said}</button></p>'
            )
        words["done_section"] = _filled("done", words)
        return _page(language, name, words["title"], _filled(name, words))

    def _scheme(self, code: str) -> str:
        scanned = quote(f"{self._settings.public_url}/join/{code}", safe="")
        asked = {
            "appid": self._settings.wechat_appid,
            "path": "pages/join/join",
            "query": f"q={scanned}",
        }
        return _SCHEME + urlencode(asked)


def routes(landing: Landing, picture: Callable[[Request], Any]) -> list[BaseRoute]:
    """Return the routes; `picture` draws the QR code of `/join/{code}.svg` and `.png`."""

    async def image(request: Request) -> Response:
        if request.path_params["kind"] == "txt":
            return landing.verification(request.path_params["code"])
        return await picture(request)

    return [
        Route("/join/{code}.{kind}", image),
        Route("/join/{code}", landing.join),
        Route("/signin", landing.signin),
        Route("/invitation", landing.invitation),
        Mount("/web", _Files(directory=_HERE)),
    ]


def _language(request: Request) -> str:
    """Return the language that is asked for: by `?lang=`, else the first that the browser prefers."""
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "zh")
    return "zh" if asked.strip().lower().startswith("zh") else "en"


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((_HERE / "words.toml").read_text(encoding="utf-8"))


def _words(page: str, language: str) -> dict[str, str]:
    return dict(_texts()[page][language])


@cache
def _template(name: str) -> Template:
    return Template((_HERE / f"{name}.html").read_text(encoding="utf-8"))


def _filled(name: str, words: dict[str, str]) -> str:
    return _template(name).substitute(words)


def _page(language: str, name: str, title: str, body: str, status: int = 200) -> Response:
    words = _words(name, language) | {"title": title, "body": body}
    return HTMLResponse(_filled("frame", words), status, headers=_PAGE)


def _link(address: str, text: str, style: str) -> str:
    return f'<p><a class="{style}" href="{escape(address)}">{text}</a></p>'


def _anchor(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{text}</a>'
