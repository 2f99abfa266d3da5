"""Serve the published schema, and check who may read the metrics."""

import gzip
import hmac
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.forwarded import is_this_machine
from api.packing import weight_of
from api.schema.schema import sdl

OPENAPI = Path(__file__).parent / "openapi.json"
_CACHE = "public, max-age=300"


async def schema(request: Request) -> Response:
    """Return the schema of `/graphql` as SDL, or 304 if the client has it. It is printed once."""
    return _published(request, *_contract(), "text/plain")


async def openapi(request: Request) -> Response:
    """Return the OpenAPI document of `/auth/*`, `/uploads` and `/files/*`, or 304."""
    return _published(request, *_openapi(), "application/json")


def _published(request: Request, text: bytes, etag: str, packed: bytes, media: str) -> Response:
    """Return a text, compressed for whoever takes it, or 304 if the client has it already."""
    headers = {"etag": etag, "cache-control": _CACHE, "vary": "accept-encoding"}
    known = request.headers.get("if-none-match", "")
    if known == "*" or etag in (each.strip().removeprefix("W/") for each in known.split(",")):
        return Response(status_code=304, headers=headers)
    if weight_of("gzip", request.headers.get("accept-encoding", "")) > 0:
        text, headers["content-encoding"] = packed, "gzip"
    return Response(text, media_type=media, headers=headers)


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
def _contract() -> tuple[bytes, str, bytes]:
    return _tagged(sdl().encode())


@cache
def _openapi() -> tuple[bytes, str, bytes]:
    return _tagged(OPENAPI.read_bytes())


def _tagged(text: bytes) -> tuple[bytes, str, bytes]:
    """Return a text, its entity tag, and the text compressed with gzip."""
    return text, f'"{sha256(text).hexdigest()[:32]}"', gzip.compress(text, mtime=0)
