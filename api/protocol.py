"""Limit all input of uvicorn's HTTP/1.1 protocol before a request is understood.

uvicorn accepts heads of any size for any time. Here a head has at most 64 KB and 100 lines and a
time limit, and a client that does not read its answer is disconnected. `Connections` holds what is
counted over all connections.
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
_READ_BYTES = 16 * 1024  # the least that a client must read of an answer within the time limit
_BUSY = b'{"errors":[{"message":"The server is busy.","extensions":{"code":"TIMEOUT"}}]}'


class _Refused(Exception):
    """It stops the parser after a request was refused."""


class _Gathered:
    """This transport sends everything that was written in one turn of the event loop at once.

    That is usually a head and its body.
    """

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
        """Send what was written so far."""
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
    """It handles one connection, from its beginning to its end."""

    def connection_made(self, transport: Any) -> None:
        """Register the connection, or close it if there is no room."""
        super().connection_made(transport)
        self._gathered = _Gathered(transport, self.loop)
        self.transport = cast("Transport", self._gathered)
        self.host = self.client[0] if self.client else ""
        self.network = network_of(self.host)
        self._all: Connections = self.app_state["connections"]
        # bytes that may still come before the head is complete, or before more of the body comes
        self._left = HEAD_BYTES
        self._in_head = False
        self._in_body = False
        self._is_refused = False
        self._due: float | None = self.loop.time() + self._all.bounds.head_seconds
        self._unread: tuple[int, float] | None = None
        if not self._all.add(self):
            self.abort("full")

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection from the count."""
        self._all.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, never more at once than the limit still allows."""
        self._unset_keepalive_if_required()
        try:
            while data and not self._is_refused and self.parser is not None:
                piece, data = data[: self._left], data[self._left :]
                self._left -= len(piece)
                self.parser.feed_data(piece)
                if not self._left:
                    self._refuse(*self._excess())
        except httptools.HttpParserUpgrade:
            # No other protocol is supported: answer the request as it is, then close the
            # connection.
            self.cycle.keep_alive = False
        except httptools.HttpParserError:
            if not self._is_refused:
                self._refuse(400, "malformed")
        if self._due is None and self._is_awaited():
            self._due = self.loop.time() + self._all.bounds.head_seconds

    # --- callbacks of the parser

    def on_message_begin(self) -> None:
        """Begin a request; abort the connection if too many wait behind an unanswered one."""
        if len(self.pipeline) >= _PIPELINED:
            self._is_refused = True
            self.abort("pipelined")
            raise _Refused
        self._in_head = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Store a header of the head; ignore trailers, which follow a body."""
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
        """Pass on a piece of the body."""
        self._left = HEAD_BYTES
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is complete."""
        self._in_body = False
        self._left = HEAD_BYTES
        self._due = None
        self._all.receiving.discard(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Set the time limits for the next request, the rest of this one, and the reading."""
        self._gathered.send()
        super().on_response_complete()
        self._watch_reading()
        if not self.pipeline and not self._is_answering():
            self._all.receiving.discard(self)
            self._all.rest(self)
        if self._due is None and self._in_body:
            self._due = self.loop.time() + self._all.bounds.head_seconds

    def pause_writing(self) -> None:
        """Wait until the client has read more of the answer."""
        super().pause_writing()
        self._watch_reading()

    def resume_writing(self) -> None:
        """Continue: the client has read enough."""
        super().resume_writing()
        self._unread = None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if len(self.tasks) - len(self._all.receiving) >= self._all.bounds.most_requests:
            self._all.note("busy")
            app = _busy
        super()._start_asgi_task(cycle, app)

    # --- time limits

    def look(self, now: float) -> None:
        """Close the connection if the client missed a time limit."""
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
        if self._is_refused or self.transport.is_closing():  # told so, and had its time
            self._all.remove(self)
            self.transport.abort()
        elif self._in_head:
            self._refuse(408, "late head")
        else:
            self.abort("late body" if self._in_body else "silent")

    def _look_at_reading(self, now: float) -> None:
        assert self._unread is not None  # noqa: S101 # checked by the caller
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
        """Return whether input must come now: a first byte, or the rest of a head or a body."""
        return self._in_head or not self._is_answering()

    # --- refusals

    def _excess(self) -> tuple[int, str]:
        if self._in_head and len(self.url) > HEAD_BYTES // 2:
            return 414, "long address"
        return 431, "head too large"

    def _refuse(self, status: int, kind: str) -> None:
        """Send a refusal; close once the client has read it or a moment has passed."""
        if self._is_answering():  # the client would take this for the answer of an earlier request
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
