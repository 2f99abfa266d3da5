"""Serve what is published once and asked for again, and check who may read the metrics."""

import gzip
import hmac
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.forwarded import is_this_machine
from api.packing import weight_of
from api.schema.schema import sdl

OPENAPI = Path(__file__).parent / "openapi.json"
_STATION = (Path(__file__).parent / "station.html").read_bytes()
_CACHE = "public, max-age=300"
_FOREVER = "public, max-age=86400, immutable"


async def schema(request: Request) -> Response:
    """Return the schema of `/graphql` as SDL, or 304 if the client has it. It is printed once."""
    return _published(request, *_contract(), "text/plain")


async def openapi(request: Request) -> Response:
    """Return the OpenAPI document of what stands beside `/graphql`, or 304."""
    return _published(request, *_openapi(), "application/json")


async def station(_: Request) -> Response:
    """Return the page on which scrutineers take files and hand them in; it is the same for each vote."""
    script = _STATION.partition(b"<script>")[2].partition(b"</script>")[0]
    allowed = b64encode(sha256(script).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{allowed}'; style-src 'unsafe-inline'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers = {"content-security-policy": policy, "cache-control": "no-cache"}
    return Response(_STATION, media_type="text/html", headers=headers)


def unchanging(request: Request, packed: bytes, media: str) -> Response:
    """Return what never changes and is kept gzipped, unpacked for who cannot; or 304."""
    # one name for both forms, which say the same: a weak one
    headers = {"cache-control": _FOREVER, "vary": "accept-encoding"}
    if _is_known(request, headers, f'W/"{sha256(packed).hexdigest()[:32]}"'):
        return Response(status_code=304, headers=headers)
    if weight_of("gzip", request.headers.get("accept-encoding", "")) > 0:
        return Response(packed, media_type=media, headers=headers | {"content-encoding": "gzip"})
    return Response(gzip.decompress(packed), media_type=media, headers=headers)


def _published(request: Request, text: bytes, etag: str, packed: bytes, media: str) -> Response:
    """Return a text, compressed for whoever takes it, or 304 if the client has it already."""
    headers = {"cache-control": _CACHE, "vary": "accept-encoding"}
    if _is_known(request, headers, etag):
        return Response(status_code=304, headers=headers)
    if weight_of("gzip", request.headers.get("accept-encoding", "")) > 0:
        text, headers["content-encoding"] = packed, "gzip"
    return Response(text, media_type=media, headers=headers)


def _is_known(request: Request, headers: dict[str, str], etag: str) -> bool:
    """Return whether the client has what this ETag names, which is added to the headers."""
    headers["etag"] = etag
    known = request.headers.get("if-none-match", "")
    named = {each.strip().removeprefix("W/") for each in known.split(",")}
    return known == "*" or etag.removeprefix("W/") in named


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
