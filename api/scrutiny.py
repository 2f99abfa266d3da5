"""Serve `/scrutiny` and `/votes/…`: what scrutineers' machines ask and hand in, and published files.

No token is needed. Whatever changes something is signed with a key of the vote, or by the key that a
program is known by; what is read names no voter, and of choices there is nothing before the result
is published.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.engine.errors import RequestError
from api.incoming import Bodies, Refusal, headers_of
from api.published import station, unchanging
from api.requests import Event, happened, reason_of
from api.strangers import BALLOTS, Strangers, too_many
from tenants.db import Database
from tenants.errors import Busy, Code, Refused
from tenants.places.everywhere import everywhere
from tenants.transaction import Client, Tx
from tenants.viewer import system
from tenants.votes.publishing import Statement
from tenants.votes.sealing import INNER_SIZE
from tenants.votes.service.secret import handing, keys
from tenants.votes.service.secret.files import published
from tenants.votes.service.secret.keys import Shown
from tenants.votes.service.secret.statements import public_server_key

_STATUS = {Code.NOT_FOUND: 404, Code.FORBIDDEN: 403, Code.INVALID: 422}
_CONFLICT = 409
_FEW_BYTES = 4096
# of an opening, for each ballot and besides: base64 of a box, and a hash that may stand beside it
_PER_BALLOT, _BESIDE = INNER_SIZE * 2 + 80, 64 * 1024
Work = Callable[[Request], Awaitable[Any]]


def routes() -> list[Route]:
    """Return the routes."""
    vote = "/votes/{community:int}/{vote:uuid}"
    return [
        Route("/scrutiny", _answered(waiting)),
        Route(f"{vote}.json", _answered(file)),
        Route(f"{vote}/station", station),
        Route(f"{vote}/scrutiny", _answered(stand)),
        Route(f"{vote}/boxes", _answered(boxes)),
        Route(f"{vote}/keys", _answered(show), methods=["POST"]),
        Route(f"{vote}/openings", _answered(hand_in), methods=["POST"]),
        Route(f"{vote}/destroyed", _answered(destroyed), methods=["POST"]),
    ]


async def waiting(request: Request) -> Any:
    """Return the paths of the votes that wait for the program with this `identity`."""
    identity = _key(request.query_params.get("identity"))
    database: Database = request.app.state.house.database
    found: list[str] = []
    for number in await everywhere(database, handing.COMMUNITIES):
        async with _inside(request, number) as tx:
            found += [f"/votes/{number}/{vote}" for vote in await handing.waiting(tx, identity)]
    return {"serverKey": public_server_key(database.ring).hex(), "votes": found}


async def file(request: Request) -> Response:
    """Return the published file of a vote, or 304 if the client has it."""
    _costs(request)
    async with _inside(request) as tx:
        packed = await published(tx, _vote(request))
    return unchanging(request, packed, "application/json")


async def stand(request: Request) -> Any:
    """Return how far a vote is, who its scrutineers are, and what they opened."""
    async with _inside(request) as tx:
        found = await keys.stand(tx, _vote(request))
        return {**found, "serverKey": public_server_key(tx.ring).hex()}


async def boxes(request: Request) -> Any:
    """Return what the scrutineer at `place` opens of the pair `first` and `second`."""
    _costs(request)
    asked = request.query_params
    place, first, second = (_number(asked.get(name)) for name in ("place", "first", "second"))
    async with _inside(request) as tx:
        handed = await handing.boxes(tx, _vote(request), place, (first, second))
    return {
        "said": [{"body": each.body, "signature": each.signature} for each in handed.said],
        "leaves": _joined(handed.leaves),
        "boxes": _joined(handed.boxes),
    }


async def show(request: Request) -> Any:
    """Take the keys of a scrutineer, or hear that they still have them."""
    given = _shown(await _body(request, _FEW_BYTES))
    async with _inside(request) as tx:
        await keys.show(tx, _vote(request), given)
    return {}


async def destroyed(request: Request) -> Any:
    """Record that a scrutineer's keys are destroyed."""
    given = _shown(await _body(request, _FEW_BYTES))
    async with _inside(request) as tx:
        await keys.destroyed(tx, _vote(request), given)
    return {}


async def hand_in(request: Request) -> Any:
    """Take what a scrutineer opened; a body is read while ballots are opened, and as long as they make it."""
    vote = _vote(request)
    async with _inside(request) as tx:
        ballots = await handing.ballots(tx, vote)
    given = await _body(request, ballots * _PER_BALLOT + _BESIDE)
    statement = Statement(_text(given, "body"), _text(given, "signature"))
    joined = _bytes(_text(given, "items"))
    pair = _number(given.get("first")), _number(given.get("second"))
    async with _inside(request) as tx:
        await handing.hand_in(tx, vote, pair, statement, joined)
    return {}


def _answered(work: Work) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint that answers with the JSON of some work, or says why it was refused."""

    async def answer(request: Request) -> Response:
        try:
            done = await work(request)
        except Refused as refused:
            status = _STATUS.get(refused.code, _CONFLICT)
            return _json({"code": refused.code, "message": refused.message}, status)
        except Refusal as refusal:
            return _json({"code": "BAD_REQUEST", "message": str(refusal)}, refusal.status)
        except RequestError as limited:
            happened(Event.THROTTLED)
            return too_many(limited)
        except Busy as error:
            happened(Event.UNAVAILABLE, reason=reason_of(error))
            return _json({"code": "UNAVAILABLE", "message": str(error)}, 503)
        return done if isinstance(done, Response) else _json(done)

    return answer


def _costs(request: Request) -> None:
    """Take the points of a list of ballots from the address; raises RATE_LIMITED."""
    strangers: Strangers = request.app.state.house.strangers
    strangers.take(request.scope, BALLOTS)


def _inside(request: Request, community: int | None = None) -> AbstractAsyncContextManager[Tx]:
    """Open a transaction inside the vote's community, in which the system acts."""
    database: Database = request.app.state.house.database
    number = request.path_params["community"] if community is None else community
    if not 0 < number < 2**31:
        raise Refused(Code.NOT_FOUND, "没有找到。Not found.")
    return database.act(system(0), Client("linli-scrutiny", ""), database.clock(), number)


async def _body(request: Request, most: int) -> dict[str, Any]:
    body = await Bodies(most).read(request.receive, headers_of(request.scope))
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise _unreadable("the body")
    return given


def _shown(given: dict[str, Any]) -> Shown:
    at = _number(given.get("at"))
    return Shown(
        _number(given.get("place")),
        _key(given.get("sealKey")),
        _key(given.get("signKey")),
        datetime.fromtimestamp(at, UTC),
        _hex(given.get("signature"), 64),
    )


def _vote(request: Request) -> UUID:
    return request.path_params["vote"]


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise _unreadable(name)
    return value


def _number(value: Any) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise _unreadable("a number")
    return int(text)


def _key(value: Any) -> bytes:
    return _hex(value, 32)


def _hex(value: Any, size: int) -> bytes:
    try:
        found = bytes.fromhex(value)
    except (TypeError, ValueError):
        found = b""
    if len(found) != size:
        raise _unreadable(f"{size} bytes in hexadecimal")
    return found


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _unreadable("base64") from None


def _unreadable(what: str) -> Refused:
    return Refused(Code.INVALID, f"请求无法读取。It cannot be read: {what}.")


def _joined(items: Any) -> str:
    return b64encode(b"".join(items)).decode()


def _json(found: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(found), status, media_type="application/json")
