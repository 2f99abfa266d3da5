"""HTTP/1.1 as uvicorn speaks it, with a bound on all that comes before a request is understood.

uvicorn keeps heads of any size for any time. Here a head is 64 KB and 100 lines at most and comes in
time; whoever does not read an answer is closed. `Connections` holds what is counted over all of them.
"""

from asyncio import Transport
from typing import Any, cast

import httptools
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from api.connections import Connections, network_of

HEAD_BYTES = 64 * 1024
_HEAD_LINES = 100
_PIPELINED = 16
_LINGER_SECONDS = 1.0
_READ_BYTES = 16 * 1024  # the least that is read of an answer in the time for it
_BUSY = b'{"errors":[{"message":"The server is busy.","extensions":{"code":"TIMEOUT"}}]}'


class _Refused(Exception):
    """Ends the parsing of what was refused."""


class _Gathered:
    """A transport that sends what is written in one turn of the loop at once: a head and its body."""

    __slots__ = ("_loop", "_pieces", "_transport")

    def __init__(self, transport: Any, loop: Any) -> None:
        self._transport = transport
        self._loop = loop
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._pieces:
            self._loop.call_soon(self.send)
        self._pieces.append(data)

    def send(self) -> None:
        """Hand over what was written until here."""
        if self._pieces:
            pieces, self._pieces = self._pieces, []
            self._transport.write(b"".join(pieces))

    def close(self) -> None:
        self.send()
        self._transport.close()

    def write_eof(self) -> None:
        self.send()
        self._transport.write_eof()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Protocol(HttpToolsProtocol):
    """One connection, from its beginning to its end."""

    def connection_made(self, transport: Any) -> None:
        """Take the connection in, or close it where there is no room."""
        super().connection_made(transport)
        self._gathered = _Gathered(transport, self.loop)
        self.transport = cast("Transport", self._gathered)
        self.host = self.client[0] if self.client else ""
        self.network = network_of(self.host)
        self._all: Connections = self.app_state["connections"]
        # what may still come before the head is whole, or before more of the body comes
        self._left = HEAD_BYTES
        self._in_head = False
        self._in_body = False
        self._is_refused = False
        self._due: float | None = self.loop.time() + self._all.bounds.head_seconds
        self._unread: tuple[int, float] | None = None
        if not self._all.add(self):
            self.abort("full")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._all.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser no more at once than may still come."""
        self._unset_keepalive_if_required()
        try:
            while data and not self._is_refused and self.parser is not None:
                piece, data = data[: self._left], data[self._left :]
                self._left -= len(piece)
                self.parser.feed_data(piece)
                if not self._left:
                    self._refuse(*self._excess())
        except httptools.HttpParserUpgrade:
            # no other protocol is spoken here: the request is answered as it is, and the last
            self.cycle.keep_alive = False
        except httptools.HttpParserError:
            if not self._is_refused:
                self._refuse(400, "malformed")
        if self._due is None and self._is_awaited():
            self._due = self.loop.time() + self._all.bounds.head_seconds

    # --- what the parser found

    def on_message_begin(self) -> None:
        """Begin a request; one that is not answered yet is followed by few others."""
        if len(self.pipeline) >= _PIPELINED:
            self._is_refused = True
            self.abort("pipelined")
            raise _Refused
        self._in_head = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; what follows a body is none."""
        if not self._in_head:
            return
        if len(self.headers) >= _HEAD_LINES:
            self._refuse(431, "head too large")
            raise _Refused
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._in_head, self._in_body = False, True
        self._left = HEAD_BYTES
        self._due = None
        self._all.work(self)
        self._all.receiving.add(self)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Hand a piece of the body on."""
        self._left = HEAD_BYTES
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        self._in_body = False
        self._left = HEAD_BYTES
        self._due = None
        self._all.receiving.discard(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, for the rest of this one, and until the answer is read."""
        self._gathered.send()
        super().on_response_complete()
        self._watch_reading()
        if not self.pipeline and not self._is_answering():
            self._all.receiving.discard(self)
            self._all.rest(self)
        if self._due is None and self._in_body:
            self._due = self.loop.time() + self._all.bounds.head_seconds

    def pause_writing(self) -> None:
        """Wait until more of the answer is read."""
        super().pause_writing()
        self._watch_reading()

    def resume_writing(self) -> None:
        """Go on: enough was read."""
        super().resume_writing()
        self._unread = None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if len(self.tasks) - len(self._all.receiving) >= self._all.bounds.most_requests:
            self._all.note("busy")
            app = _busy
        super()._start_asgi_task(cycle, app)

    # --- what has waited for too long

    def look(self, now: float) -> None:
        """Close the connection if what is awaited of it did not come in time."""
        if self._due is not None and now >= self._due:
            self._late()
        elif self._unread is not None:
            self._look_at_reading(now)

    def abort(self, kind: str) -> None:
        """Close the connection at once; what was not sent yet is lost."""
        self._all.note(kind)
        self._is_refused = True
        self._all.remove(self)
        self.transport.abort()

    def _late(self) -> None:
        if self._is_refused or self.transport.is_closing():  # it was told so, and had its time
            self._all.remove(self)
            self.transport.abort()
        elif self._in_head:
            self._refuse(408, "late head")
        else:
            self.abort("late body" if self._in_body else "silent")

    def _look_at_reading(self, now: float) -> None:
        assert self._unread is not None  # noqa: S101 # asked just before
        before, since = self._unread
        waiting = self.transport.get_write_buffer_size()
        if not waiting:
            self._unread = None
        elif now - since >= self._all.bounds.read_seconds:
            if before - waiting < min(_READ_BYTES, before):
                self.abort("unread")
            else:
                self._unread = (waiting, now)

    def _watch_reading(self) -> None:
        if self._unread is None and (waiting := self.transport.get_write_buffer_size()):
            self._unread = (waiting, self.loop.time())

    def _is_answering(self) -> bool:
        return bool(self.cycle and not self.cycle.response_complete)

    def _is_awaited(self) -> bool:
        """Say whether something must come now: the rest of a head, of a body, or a first byte."""
        return self._in_head or not self._is_answering()

    # --- refusals

    def _excess(self) -> tuple[int, str]:
        if self._in_head and len(self.url) > HEAD_BYTES // 2:
            return 414, "long address"
        return 431, "head too large"

    def _refuse(self, status: int, kind: str) -> None:
        """Say no, and close once that was read or a moment has passed."""
        if self._is_answering():  # an answer of an earlier request would be taken for this one's
            self.abort(kind)
            return
        self._all.note(kind)
        self._is_refused = True
        message = STATUS_LINE[status].partition(b" ")[2].strip()
        self.transport.write(
            b"%scontent-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n"
            b"content-length: %d\r\nconnection: close\r\n\r\n%s"
            % (STATUS_LINE[status], len(message), message)
        )
        self.transport.write_eof()
        self.flow.pause_reading()
        self._due = self.loop.time() + _LINGER_SECONDS


async def _busy(_: Scope, __: Receive, send: Send) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(_BUSY)).encode()),
        (b"retry-after", b"1"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": _BUSY})
