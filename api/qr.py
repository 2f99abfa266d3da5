"""Draw the QR code of a community's join code for the notice board: `/join/{code}.svg` and `.png`."""

import asyncio
import io
from collections import OrderedDict

import segno
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.engine.errors import RequestError
from api.strangers import DRAWING, Strangers, too_many
from tenants.membership.service.codes import read

_MODULE_PIXELS = 10
_MOST_DRAWN = 500
# Anyone who has the code can join with it: no cache between us and the client may keep it.
_KEPT = {"cache-control": "private, max-age=60"}


class Drawings:
    """It keeps the most recently drawn images, a few kilobytes each."""

    def __init__(self, strangers: Strangers) -> None:
        self._strangers = strangers
        self._drawn: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    async def image(self, request: Request) -> Response:
        """Return one image; 404 if the code is malformed. The database is not asked."""
        code, kind = request.path_params["code"], request.path_params["kind"]
        typed = read(code)
        if typed is None or kind not in {"svg", "png"}:
            return PlainTextResponse("not found", 404)
        address = f"{request.app.state.house.settings.public_url}/join/{typed[1]}"
        drawn = self._drawn.get((address, kind))
        if drawn is None:
            try:
                self._strangers.take(request.scope, DRAWING)
            except RequestError as limited:
                return too_many(limited)
            drawn = await asyncio.to_thread(_draw, address, kind)
        self._keep((address, kind), drawn)
        media = "image/svg+xml" if kind == "svg" else "image/png"
        return Response(drawn, media_type=media, headers=_KEPT)

    def _keep(self, which: tuple[str, str], drawn: bytes) -> None:
        self._drawn[which] = drawn
        self._drawn.move_to_end(which)
        if len(self._drawn) > _MOST_DRAWN:
            self._drawn.popitem(last=False)


def _draw(address: str, kind: str) -> bytes:
    drawn = io.BytesIO()
    # error correction "q": a quarter of the code may be torn off
    qr = segno.make_qr(address, error="q")
    qr.save(drawn, kind=kind, scale=_MODULE_PIXELS, border=4)
    return drawn.getvalue()
