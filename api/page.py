"""The console: GraphiQL and what stands around it, built from `console/`, served at `/`.

It asks no other host for anything, and the browser holds it to that (Content-Security-Policy).
"""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HERE = Path(__file__).parent
# in a wheel beside this file, in a checkout where Vite puts it
_PLACES = (_HERE / "page", _HERE.parent / "console" / "dist")
_SECURITY = {
    "content-security-policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "worker-src 'self'",
            "connect-src 'self'",
            # the editor (Monaco) writes styles as it goes, and its icons are in them
            "style-src 'self' 'unsafe-inline'",
            "font-src 'self' data:",
            "img-src 'self' data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
_ABSENT = (
    "邻里 Linli: the API is at /graphql, its contract at /schema.graphql.\n"
    "The console was not built: run `make console`, which needs the npm registry once.\n"
)


class _Assets(StaticFiles):
    """Files whose names change with their contents: kept for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_SECURITY)
        if response.status_code == 200:
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


def folder() -> Path | None:
    """Give where the built page is; None where it was not built."""
    return next((place for place in _PLACES if (place / "index.html").exists()), None)


def routes() -> list[BaseRoute]:
    """Give the routes of the page; without it, one that says how to have it."""
    built = folder()

    def page(_: Request) -> Response:
        if built is None:
            return PlainTextResponse(_ABSENT)
        headers = {**_SECURITY, "cache-control": "no-cache"}
        return FileResponse(built / "index.html", headers=headers)

    assets = [Mount("/assets", _Assets(directory=built / "assets"))] if built else []
    return [Route("/", page), *assets]
