"""The published schema, and the check of who may read the metrics."""

import hmac
from functools import cache
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.forwarded import is_this_machine
from api.schema.schema import sdl

_CACHE = "public, max-age=300"


async def schema(request: Request) -> Response:
    """Return the schema as SDL, or 304 if the client has it already. It is printed once."""
    text, etag = _contract()
    headers = {"etag": etag, "cache-control": _CACHE}
    known = request.headers.get("if-none-match", "")
    if known == "*" or etag in (each.strip().removeprefix("W/") for each in known.split(",")):
        return Response(status_code=304, headers=headers)
    return PlainTextResponse(text, headers=headers)


def refuse_strangers(request: Request, token: str) -> Response | None:
    """Return a 403 unless the request is from this machine or sends the token that is set."""
    sent = request.headers.get("authorization", "").encode()
    if token and hmac.compare_digest(sent, f"Bearer {token}".encode()):
        return None
    if is_this_machine(request):
        return None
    return PlainTextResponse(
        "Ask from this machine, or send LINLI_METRICS_TOKEN as `Authorization: Bearer …`.\n", 403
    )


@cache
def _contract() -> tuple[bytes, str]:
    text = sdl().encode()
    return text, f'"{sha256(text).hexdigest()[:32]}"'
