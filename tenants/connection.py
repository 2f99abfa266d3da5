"""This connection pipelines statements without a result together with the next statement.

asyncpg waits for the answer to each statement before it sends the next one; under load that costs
more than the statements do. PostgreSQL's protocol allows several statements in one message
(pipelining): the server runs them in order and answers all of them at once. Here the messages of
statements that return no rows (`begin`, `set local`, an insert) are kept, and written in one piece
with those of the next statement whose rows are awaited. asyncpg reads over their completion
messages as part of that statement's answer.

If one of the queued statements fails, the statement that they were sent with raises the error, and
the statements after the failed one are not run.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from struct import pack
from typing import Any, cast

import asyncpg
from asyncpg import connection as connecting
from asyncpg import protocol as wire
from asyncpg.prepared_stmt import PreparedStatement

from tenants.parameters import written

_BEGIN, _BEGIN_READ_ONLY, _COMMIT = "linli_begin", "linli_begin_read_only", "linli_commit"
_PREPARED = {_BEGIN: "begin", _BEGIN_READ_ONLY: "begin read only", _COMMIT: "commit"}
_NULL = pack("!i", -1)
_MOST_WRITES = 500  # changing statements kept prepared on each connection
# A prepared statement takes about 100 bytes of its backend for each character of its text.
_MOST_CHARACTERS = 300_000
_EXECUTE = b"E" + pack("!i", 9) + b"\x00" + pack("!i", 0)  # the unnamed portal, all rows


class _Line:
    """asyncpg's transport; it sends the queued messages in one piece with asyncpg's next message."""

    __slots__ = ("_transport", "ahead")

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self.ahead = b""

    def write(self, data: Any) -> None:
        """Send a message of asyncpg, after the messages queued in `ahead`."""
        if self.ahead:
            data, self.ahead = b"".join((self.ahead, data)), b""
        self._transport.write(data)

    def writelines(self, parts: list[Any]) -> None:
        """Send a message that asyncpg writes in parts (executemany), after the queued ones."""
        if self.ahead:
            self.write(b"".join(parts))
        else:
            self._transport.writelines(parts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _Protocol(wire.Protocol):  # pyright: ignore[reportMissingTypeArgument] # generic in its stub only
    """It is asyncpg's protocol over a `_Line`."""

    def connection_made(self, transport: Any) -> None:
        self.line = _Line(transport)
        super().connection_made(self.line)


# asyncpg has no option for the protocol class, as it has one for the connection class
wire.Protocol = _Protocol


class _Statements(connecting._StatementCache):  # pyright: ignore[reportPrivateUsage] # see below
    """It is asyncpg's cache of a connection's prepared statements, bounded by the length of their texts.

    asyncpg bounds their number only. A stranger's document may be a hundred times as long as ours.
    """

    def _maybe_cleanup(self) -> None:  # asyncpg calls this for every new statement
        super()._maybe_cleanup()
        characters = sum(len(key[0]) for key in self._entries)
        while characters > _MOST_CHARACTERS and len(self._entries) > 1:
            key, entry = self._entries.popitem(last=False)
            self._on_remove(entry._statement)
            characters -= len(key[0])


connecting._StatementCache = _Statements  # pyright: ignore[reportPrivateUsage] # nor for this class


class Connection(asyncpg.Connection):
    """It is one connection to PostgreSQL, with a queue of statements to send with the next one."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._ahead: list[bytes] = []
        self._kept: list[object] = []
        self._writes: dict[str, PreparedStatement] = {}
        # a read left its transaction open; the next user of the connection commits it
        self.is_unended = False

    async def get_ready(self) -> None:
        """Prepare the statements that begin and end transactions.

        Call it once, before any other use.
        """
        self._kept = [await self.prepare(text, name=name) for name, text in _PREPARED.items()]
        # preparing opens a transaction (asyncpg sends no Sync), which would time out
        await self.execute("select")

    def begin(self, place: tuple[str, ...] = (), *, read_only: bool = False) -> None:
        """Queue `begin` and the `set local …` of a place; the next statement sends them.

        If a read left its transaction open, that one is committed first.
        """
        if self.is_unended:
            self._ahead.append(_prepared(_COMMIT))
            self.is_unended = False
        self._ahead.append(_prepared(_BEGIN_READ_ONLY if read_only else _BEGIN))
        self._ahead.extend(map(_text, place))
        while len(self._writes) > _MOST_WRITES:  # none of them is queued at this point
            self._writes.pop(next(iter(self._writes)))

    async def send_ahead(self, text: str, arguments: Sequence[Any]) -> None:
        """Queue a statement that returns no rows; it is sent with the next awaited statement.

        If it fails, that next statement raises its error.
        """
        statement = self._writes.get(text)
        if statement is None:
            statement = self._writes[text] = await self.prepare(text)
        self._ahead.append(_bound(statement.get_name(), [written(each) for each in arguments]))
        if self._query_loggers:
            with self._time_and_log(text, arguments, None):
                pass

    async def send(self) -> None:
        """Send the queued statements now; raise their error, if there is one."""
        if self._ahead:
            await self.fetch("select")

    async def commit(self) -> None:
        """Commit, together with the queued statements."""
        self._check_open()
        if self._ahead or self.is_in_transaction():
            await self.fetch("commit")
        self.is_unended = False

    def is_in_transaction(self) -> bool:
        """Return whether a transaction is open; on a broken connection none is."""
        return not self.is_closed() and bool(super().is_in_transaction())

    async def rollback(self) -> None:
        """Roll back and discard the queued statements."""
        self._ahead.clear()
        self.is_unended = False
        if self.is_in_transaction():
            await self.execute("rollback")

    async def execute(self, query: str, *arguments: Any, **options: Any) -> str:
        """Run one statement or several; send the queue first if there are no arguments.

        A text of several statements cannot be pipelined.
        """
        if not arguments:
            await self.send()
        return await super().execute(query, *arguments, **options)

    async def _do_execute(
        self, query: str, executor: Callable[..., Awaitable[Any]], *arguments: Any, **options: Any
    ) -> Any:
        """Execute as asyncpg does, and send the queue with the statement once it is prepared."""

        async def together(*of_asyncpg: Any) -> Any:
            line = cast("_Protocol", self._protocol).line
            line.ahead = b"".join(self._ahead)
            self._ahead.clear()
            try:
                return await executor(*of_asyncpg)
            finally:
                if line.ahead:  # the arguments could not be encoded, so nothing was sent
                    line.ahead = b""
                    self.terminate()  # the transaction has not begun: do not use the connection

        return await super()._do_execute(query, together, *arguments, **options)


def _bound(name: str, parameters: list[bytes | None]) -> bytes:
    """Return the messages that run a prepared statement with parameters as text."""
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
    """Return the messages (Bind, Execute) that run a prepared statement without parameters."""
    bind = b"\x00" + name.encode() + b"\x00" + pack("!hhh", 0, 0, 0)
    return b"B" + pack("!i", len(bind) + 4) + bind + _EXECUTE


@lru_cache(maxsize=4096)
def _text(text: str) -> bytes:
    """Return the messages (Parse, Bind, Execute) that run an SQL text once."""
    parse = b"\x00" + text.encode() + b"\x00" + pack("!h", 0)
    return b"P" + pack("!i", len(parse) + 4) + parse + _prepared("")
