"""What is published to everyone, and what is for whoever watches over the server only."""

import hmac
from functools import cache
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.forwarded import is_this_machine
from api.schema.schema import sdl

_CACHE = "public, max-age=300"


async def schema(request: Request) -> Response:
    """Publish the contract; printed once, and sent only to whoever has not got it yet."""
    text, etag = _contract()
    headers = {"etag": etag, "cache-control": _CACHE}
    known = request.headers.get("if-none-match", "")
    if known == "*" or etag in (each.strip().removeprefix("W/") for each in known.split(",")):
        return Response(status_code=304, headers=headers)
    return PlainTextResponse(text, headers=headers)


def refuse_strangers(request: Request, token: str) -> Response | None:
    """Refuse who neither asks from this machine nor sends the token, where one is set."""
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
