"""A connection that sends what needs no answer together with the next statement.

asyncpg waits for the answer to each statement before it sends the next one; under load that costs
more than the statements do. PostgreSQL's protocol allows several statements in one message
(pipelining): the server works through them in order and answers all of them at once. Here the
messages of statements that give no rows (`begin`, `set local`, an insert) are kept, and written
in one piece with those of the next statement whose rows someone waits for. asyncpg reads over their
completions as part of that statement's answer.

If one of them fails, the statement that they went ahead of raises the error, and nothing behind
the failed one is run.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from struct import pack
from typing import Any, cast

import asyncpg
from asyncpg import protocol as wire
from asyncpg.prepared_stmt import PreparedStatement

from tenants.parameters import written

_BEGIN, _BEGIN_READ_ONLY, _COMMIT = "linli_begin", "linli_begin_read_only", "linli_commit"
_PREPARED = {_BEGIN: "begin", _BEGIN_READ_ONLY: "begin read only", _COMMIT: "commit"}
_NULL = pack("!i", -1)
_MOST_WRITES = 500  # statements that change something, kept prepared on each connection
_EXECUTE = b"E" + pack("!i", 9) + b"\x00" + pack("!i", 0)  # the unnamed portal, every row


class _Line:
    """asyncpg's transport, which sends what is ahead in the same piece as asyncpg's next message."""

    __slots__ = ("_transport", "ahead")

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self.ahead = b""

    def write(self, data: Any) -> None:
        """Send a message of asyncpg's, behind what is ahead of it."""
        if self.ahead:
            data, self.ahead = b"".join((self.ahead, data)), b""
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _Protocol(wire.Protocol):  # pyright: ignore[reportMissingTypeArgument] # generic in its stub only
    """asyncpg's protocol over such a line."""

    def connection_made(self, transport: Any) -> None:
        self.line = _Line(transport)
        super().connection_made(self.line)


# asyncpg asks for no class of its protocol, as it does for one of its connection
wire.Protocol = _Protocol


class Connection(asyncpg.Connection):
    """One connection to PostgreSQL, with the statements that go ahead of the next one."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._ahead: list[bytes] = []
        self._kept: list[object] = []
        self._writes: dict[str, PreparedStatement] = {}
        # left open by a reader, to be ended by whoever comes next
        self.is_unended = False

    async def get_ready(self) -> None:
        """Prepare the words that begin and end transactions; once, before any other use."""
        self._kept = [await self.prepare(text, name=name) for name, text in _PREPARED.items()]
        # to prepare opens a transaction (asyncpg sends no Sync), which would time out
        await self.execute("select")

    def begin(self, place: tuple[str, ...] = (), *, read_only: bool = False) -> None:
        """Open a transaction in a place (its `set local …`) together with the next statement.

        A transaction that a reader left unended is committed first.
        """
        if self.is_unended:
            self._ahead.append(_prepared(_COMMIT))
            self.is_unended = False
        self._ahead.append(_prepared(_BEGIN_READ_ONLY if read_only else _BEGIN))
        self._ahead.extend(map(_text, place))
        while len(self._writes) > _MOST_WRITES:  # none of them is waiting to be sent now
            self._writes.pop(next(iter(self._writes)))

    async def send_ahead(self, text: str, arguments: Sequence[Any]) -> None:
        """Run a statement that gives no rows together with the next one that is waited for.

        Its error, if it has one, is raised by that one.
        """
        statement = self._writes.get(text)
        if statement is None:
            statement = self._writes[text] = await self.prepare(text)
        self._ahead.append(_bound(statement.get_name(), [written(each) for each in arguments]))
        if self._query_loggers:
            with self._time_and_log(text, arguments, None):
                pass

    async def send(self) -> None:
        """Send what was to go ahead of a next statement by itself; raises its error."""
        if self._ahead:
            await self.fetch("select")

    async def commit(self) -> None:
        """Commit, together with what was still to be sent."""
        self._check_open()
        if self._ahead or self.is_in_transaction():
            await self.fetch("commit")
        self.is_unended = False

    async def rollback(self) -> None:
        """Roll back, and forget what was still to be sent."""
        self._ahead.clear()
        self.is_unended = False
        # where the line broke there is nothing left to roll back, nor to ask about it
        if not self.is_closed() and self.is_in_transaction():
            await self.execute("rollback")

    async def execute(self, query: str, *arguments: Any, **options: Any) -> str:
        """Run a statement, or several; several take nothing with them, so that goes out before."""
        if not arguments:
            await self.send()
        return await super().execute(query, *arguments, **options)

    async def _do_execute(
        self, query: str, executor: Callable[..., Awaitable[Any]], *arguments: Any, **options: Any
    ) -> Any:
        """Do as asyncpg does, once the statement is prepared with what goes ahead of it."""

        async def together(*of_asyncpg: Any) -> Any:
            line = cast("_Protocol", self._protocol).line
            line.ahead = b"".join(self._ahead)
            self._ahead.clear()
            try:
                return await executor(*of_asyncpg)
            finally:
                if line.ahead:  # the arguments could not be written, so nothing was sent
                    line.ahead = b""
                    self.terminate()  # nobody may go on as if it had begun

        return await super()._do_execute(query, together, *arguments, **options)


def _bound(name: str, parameters: list[bytes | None]) -> bytes:
    """Give the messages that run a prepared statement with parameters written as text."""
    parts = [b"\x00", name.encode(), b"\x00\x00\x00", pack("!H", len(parameters))]
    for each in parameters:
        if each is None:
            parts.append(_NULL)
        else:
            parts.append(pack("!i", len(each)))
            parts.append(each)
    parts.append(b"\x00\x00")
    bind = b"".join(parts)
    return b"B" + pack("!i", len(bind) + 4) + bind + _EXECUTE


@lru_cache(maxsize=16)
def _prepared(name: str) -> bytes:
    """Give the messages that run a prepared statement without parameters: Bind, Execute."""
    bind = b"\x00" + name.encode() + b"\x00" + pack("!hhh", 0, 0, 0)
    return b"B" + pack("!i", len(bind) + 4) + bind + _EXECUTE


@lru_cache(maxsize=4096)
def _text(text: str) -> bytes:
    """Give the messages that run a text once: Parse, Bind, Execute."""
    parse = b"\x00" + text.encode() + b"\x00" + pack("!h", 0)
    return b"P" + pack("!i", len(parse) + 4) + parse + _prepared("")
