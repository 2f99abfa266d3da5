"""Serve the console at `/`: GraphiQL and the page around it, built from `console/`.

It sends no request to another host; the Content-Security-Policy makes the browser enforce that.
"""

from mimetypes import guess_type
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.packing import preferred

_HERE = Path(__file__).parent
# In a wheel the page lies beside this file; in a checkout it lies where Vite writes it.
_PLACES = (_HERE / "page", _HERE.parent / "console" / "dist")
_SECURITY = {
    "content-security-policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "worker-src 'self'",
            "connect-src 'self'",
            # the editor (Monaco) adds styles at run time, and its icons are in them
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
    """Files whose names change with their contents: browsers may keep them for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        media, _ = guess_type(path)
        encoding = preferred(Headers(scope=scope).get("accept-encoding", ""))
        if encoding is not None and self.lookup_path(f"{path}.{encoding.suffix}")[1] is not None:
            response = await super().get_response(f"{path}.{encoding.suffix}", scope)
            response.headers["content-encoding"] = encoding.name
            response.headers["content-type"] = media or "application/octet-stream"
        else:
            response = await super().get_response(path, scope)
        response.headers["vary"] = "accept-encoding"
        response.headers.update(_SECURITY)
        if response.status_code == 200:
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


def folder() -> Path | None:
    """Return the folder of the built page; None if it was not built."""
    return next((place for place in _PLACES if (place / "index.html").exists()), None)


def routes() -> list[BaseRoute]:
    """Return the routes of the page; if it was not built, a route that says how to build it."""
    built = folder()

    def page(_: Request) -> Response:
        if built is None:
            return PlainTextResponse(_ABSENT)
        headers = {**_SECURITY, "cache-control": "no-cache"}
        return FileResponse(built / "index.html", headers=headers)

    assets = [Mount("/assets", _Assets(directory=built / "assets"))] if built else []
    return [Route("/", page), *assets]
