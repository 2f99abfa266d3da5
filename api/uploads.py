"""`POST /uploads` takes one file as `wx.uploadFile` sends it; `GET /files/…` returns the images.

The body is a multipart form with one part named `file`. An officer, whose image is for an answer
to a petition, names the petition in a part `petitionId`. The answer is 201 with
`{"uploadId", "width", "height", "bytes"}`, or errors shaped as at `/graphql`. The id is used once,
in `uploadIds` of the mutation that writes the text.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import IO
from uuid import UUID

import orjson
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive

from api.auth import Tokens
from api.endpoint import Call, Endpoint, busy
from api.engine.errors import ErrorCode, RequestError
from api.engine.identifiers import decode_id, encode_id
from api.incoming import Refusal, refuse_large, too_large
from api.limits import Buckets
from api.requests import Event, happened, reason_of
from api.settings import Limits
from tenants.db import Database
from tenants.deadlines import Deadline
from tenants.errors import Busy, Code, Refused
from tenants.files import FULL, THUMBNAIL, Files
from tenants.images import service
from tenants.images.pictures import NotAnImage, Picture, made_harmless
from tenants.images.policy import UPLOAD
from tenants.images.signing import Signer
from tenants.petitions.service.answering import with_image
from tenants.transaction import Client, Tx
from tenants.viewer import Principal, Viewer

MOST_BYTES = 10 * 1024 * 1024  # of the whole form; WeChat's own media checks accept no more
_BODY_SECONDS = 60  # enough on a slow connection
_FORM = "multipart/form-data"
_MOST_WAITING = 8  # pictures; a client that comes later is told to retry
_FILE, _PETITION = "file", "petitionId"
_WRITERS = {Principal.COMMUNITY, Principal.DISTRICT, Principal.DEPARTMENT}
_MOST_FIELDS, _MOST_FIELD_BYTES = 8, 1024
_QUOTA_SECONDS = 3600  # the images of a day leave the quota one by one

Inside = Callable[[UUID | None], AbstractAsyncContextManager[Tx]]


class UploadEndpoint(Endpoint):
    """It is the ASGI application at `/uploads`."""

    success = 201

    def __init__(
        self,
        database: Database,
        tokens: Tokens,
        files: Files,
        limits: Limits,
        deadline_seconds: float,
    ) -> None:
        super().__init__(tokens, deadline_seconds)
        self.files = files
        self._database = database
        self._budget = Buckets(limits.uploads, "uploads")
        self._body_deadline = Deadline(_BODY_SECONDS)
        # one at a time: a picture takes much memory while it is decoded
        self._beside = ThreadPoolExecutor(1, "linli-images")
        self._waiting = 0

    async def answer(self, call: Call) -> bytes:
        """Store one image of the viewer's and return its upload id and size as JSON."""
        call.facts["kind"] = "upload"
        if call.scope["method"] != "POST":
            raise Refusal(405, ErrorCode.BAD_REQUEST, "Use POST.", allow="POST")
        viewer = self.viewer(call)
        _refuse_others(viewer)
        # a form of any other kind is parsed byte by byte, which blocks the event loop
        if not call.headers.get(b"content-type", b"").lower().startswith(_FORM.encode()):
            raise Refusal(415, ErrorCode.BAD_REQUEST, f"Send `{_FORM}`.")
        refuse_large(call.headers, MOST_BYTES)
        self._budget.take(viewer.payer, 1, time.monotonic())
        inside = partial(self._inside, viewer, call.trace)
        picture, petition = await self._sent(call, inside, above=viewer.desk != 0)
        place, image = await self.in_time(_begin(inside(petition), picture))
        await self.in_time(self.files.put(place, image, picture.full, picture.thumbnail))
        return orjson.dumps(
            {
                "uploadId": encode_id(image, "upl_"),
                "width": picture.width,
                "height": picture.height,
                "bytes": len(picture.full),
            }
        )

    async def _sent(
        self, call: Call, inside: Inside, *, above: bool
    ) -> tuple[Picture, UUID | None]:
        """Read the form, spooled to disk, and return its re-encoded picture and petition id."""
        request = Request(call.scope, _bounded(call.receive))
        try:
            form = await self._body_deadline.keep(
                request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=_MOST_FIELD_BYTES)
            )
        except TimeoutError:
            raise Refusal(
                408, ErrorCode.BAD_REQUEST, "The body took too long.", connection="close"
            ) from None
        except (MultiPartException, HTTPException, ClientDisconnect, UnicodeError) as error:
            raise _bad(f"The form cannot be read: {error}") from None
        except OSError as error:
            # the form is spooled to disk, and the disk is full
            raise busy("The file cannot be taken now; send it again.") from error
        try:
            sent = form.get(_FILE)
            if not isinstance(sent, UploadFile):
                raise _bad("Send multipart/form-data with one file, its part named `file`.")
            petition = decode_id(str(form.get(_PETITION, "")), "pet_")
            if above and petition is None:
                raise _bad("An officer's image is for an answer: say which `petitionId`.")
            # check that the viewer may store an image before decoding it
            await self.in_time(_ask(inside(petition)))
            return await self._made_harmless(sent.file), petition
        except NotAnImage as error:
            raise Refusal(415, ErrorCode.BAD_REQUEST, str(error)) from None
        finally:
            await request.close()

    async def _made_harmless(self, sent: IO[bytes]) -> Picture:
        if self._waiting >= _MOST_WAITING:
            raise busy("Many pictures wait already; send it again.")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._beside, made_harmless, sent)
        finally:
            self._waiting -= 1

    @asynccontextmanager
    async def _inside(
        self, viewer: Viewer, trace: str, petition: UUID | None
    ) -> AsyncGenerator[Tx]:
        """Open a transaction in the community that the image is for."""
        try:
            async with self._database.write(viewer, Client(viewer.client_id, trace)) as tx:
                if viewer.desk:
                    async with with_image(tx, petition) as inside:
                        yield inside
                else:
                    yield tx
        except Refused as refused:
            if refused.code is not Code.QUOTA_EXCEEDED:
                raise RequestError(ErrorCode.FORBIDDEN, refused.message) from None
            raise RequestError(
                ErrorCode.RATE_LIMITED, refused.message, retryAfter=_QUOTA_SECONDS
            ) from None


async def _ask(transaction: AbstractAsyncContextManager[Tx]) -> None:
    async with transaction as tx:
        await service.ask(tx)


async def _begin(
    transaction: AbstractAsyncContextManager[Tx], picture: Picture
) -> tuple[int, UUID]:
    """Insert the image's row; return the community key and the image id."""
    size = len(picture.full) + len(picture.thumbnail)
    async with transaction as tx:
        return tx.tenant, await service.begin(
            tx, width=picture.width, height=picture.height, size=size
        )


def _refuse_others(viewer: Viewer) -> None:
    """Refuse viewers who may not write a text that an image could be attached to."""
    if viewer.principal not in _WRITERS or not viewer.scopes & UPLOAD:
        wanted = ", ".join(f"`{scope}`" for scope in sorted(UPLOAD))
        raise RequestError(
            ErrorCode.FORBIDDEN, f"Members and officers upload, with one of {wanted}."
        )


def _bounded(receive: Receive) -> Receive:
    """Return a `receive` that refuses a body above the limit, whatever its Content-Length says."""
    size = 0

    async def next_message() -> Message:
        nonlocal size
        await asyncio.sleep(0)  # yield to the event loop, even if the data is there already
        message = await receive()
        size += len(message.get("body", b""))
        if size > MOST_BYTES:
            raise too_large(MOST_BYTES)
        return message

    return next_message


def _bad(message: str) -> Refusal:
    return Refusal(400, ErrorCode.BAD_REQUEST, message)


# A picture can only be shown, even if a browser takes it for something else.
_HARMLESS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
}


async def file(request: Request) -> Response:
    """Return an image file to anyone who has its signed URL, until the URL expires."""
    house = request.app.state.house
    signer: Signer = house.signer
    files: Files = house.files
    path, name = request.path_params["path"], request.path_params["name"]
    given = request.query_params
    left = signer.seconds_left(f"{path}/{name}", given.get("until", ""), given.get("sig", ""))
    if left is None or name not in {FULL, THUMBNAIL}:
        return PlainTextResponse("The address is wrong, or its time is over: ask anew.", 403)
    try:
        found = await files.get(f"{path}/{name}")
    except Busy as error:
        happened(Event.UNAVAILABLE, reason=reason_of(error))
        return PlainTextResponse(str(error), 503, {"retry-after": "1"})
    if found is None:
        return PlainTextResponse("not found", 404)
    headers = {**_HARMLESS, "cache-control": f"private, max-age={left}, immutable"}
    return Response(found, media_type="image/jpeg", headers=headers)
