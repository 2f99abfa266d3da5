"""The QR code of a community's join code, for the notice board: `/join/{code}.svg` and `.png`."""

import io

import segno
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tenants.membership.service.codes import community_of

_MODULE_PIXELS = 10
_KEPT = {"cache-control": "public, max-age=86400"}


def image(request: Request) -> Response:
    """Draw it; whatever is not a code's form is not found, and no database is asked."""
    code, kind = request.path_params["code"], request.path_params["kind"]
    if community_of(code) is None or kind not in {"svg", "png"}:
        return PlainTextResponse("not found", 404)
    settings = request.app.state.house.settings
    drawn = io.BytesIO()
    # a quarter of it may be torn off the wall
    qr = segno.make_qr(f"{settings.public_url}/join/{code}", error="q")
    qr.save(drawn, kind=kind, scale=_MODULE_PIXELS, border=4)
    media = "image/svg+xml" if kind == "svg" else "image/png"
    return Response(drawn.getvalue(), media_type=media, headers=_KEPT)
