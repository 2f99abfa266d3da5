"""Changes at a constant rate, spread over many communities: createPost here, castBallot in casts.py.

The load is open: a request is sent when it is due, however many are still running, and its time is
counted from when it was due. A closed load would be slowed down by the server that it measures.
"""

import asyncio
import gc
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from math import inf
from urllib.parse import urlsplit
from uuid import uuid4

from bench.contenders import Contender, token
from bench.ground import Ground
from bench.operations import FRESH_KEY, Body, operations
from bench.size import Size

COMMUNITIES = 50
MOST_P99_MS = 100
_WARM_UP_SECONDS = 2
_CONNECTIONS = 64  # likely to be in use at once; further ones are opened when needed

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Spread:
    """It is the load and its result; times in milliseconds.

    A request that was refused because the server was busy counts as one that took for ever.
    """

    rate: int
    communities: int
    seconds: float
    refused: int
    p50: float
    p99: float
    longest: float


class Failed(Exception):
    """It is raised where the number of new posts differs from the number of successful answers."""


def measure(ground: Ground, server: Contender, size: Size) -> Spread:
    """Write posts at the size's rate; raises Failed if posts and answers differ in number."""
    readers = ground.readers(COMMUNITIES)
    before = ground.posts()
    requests = (
        request(server.url, signed(reader), operations(reader)["createPost"].ours)
        for reader in cycle(readers)
    )
    load = Load(size.posts_a_second, size.spread_seconds)
    took = load.put_on(server.url, requests)
    written, answered = ground.posts() - before, sum(each < inf for each in took)
    if written != answered:
        raise Failed(f"{answered} posts were answered, {written} are there")
    return load.summary(took, communities=len({reader.community_id for reader in readers}))


@dataclass(frozen=True)
class Load:
    """It is a constant number of requests a second, after a warm-up at the same rate."""

    rate: int
    seconds: int

    def put_on(self, url: str, requests: Iterator[bytes]) -> list[float]:
        """Send requests when they are due; return how long each took, infinity if refused."""
        # a full collection of this process takes 100 ms, in which it would send and hear nothing
        gc.collect()
        gc.disable()
        try:
            return asyncio.run(self._send(url, requests))
        finally:
            gc.enable()

    async def _send(self, url: str, requests: Iterator[bytes]) -> list[float]:
        line = _Line(url)
        await line.open(_CONNECTIONS)
        loop, began = asyncio.get_running_loop(), time.perf_counter()
        under_way: list[asyncio.Task[float]] = []
        for number in range(self.rate * (self.seconds + _WARM_UP_SECONDS)):
            due = began + number / self.rate
            if (ahead := due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            under_way.append(loop.create_task(line.ask(next(requests), due)))
        took = await asyncio.gather(*under_way)
        line.close()
        return took

    def summary(self, all_took: list[float], communities: int) -> Spread:
        """Return the result without the warm-up."""
        took = sorted(all_took[self.rate * _WARM_UP_SECONDS :])
        return Spread(
            rate=self.rate,
            communities=communities,
            seconds=self.seconds,
            refused=sum(each == inf for each in took),
            p50=took[len(took) // 2] * 1000,
            p99=took[int(len(took) * 0.99)] * 1000,
            longest=took[-1] * 1000,
        )


def request(url: str, token: str, body: Body) -> bytes:
    """Return a whole request with a key of its own."""
    sent = json.dumps(body, ensure_ascii=False).replace(FRESH_KEY, uuid4().hex).encode()
    head = (
        f"POST {urlsplit(url).path} HTTP/1.1\r\nhost: {urlsplit(url).netloc}\r\n"
        f"authorization: Bearer {token}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(sent)}\r\n\r\n"
    )
    return head.encode() + sent


signed = cache(token)  # once, not while the load runs


class _Line:
    """Connections to one server, kept open, with one request on each at a time."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port or 80
        self._idle: list[Streams] = []

    async def open(self, number: int) -> None:
        self._idle = [await self._connect() for _ in range(number)]

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()

    async def ask(self, message: bytes, due: float) -> float:
        """Send one request; return how long after it was due its answer was complete.

        A refused request returns infinity. The server closes a connection that was idle for some
        seconds. A request sent at that moment gets no answer and is sent again with its key, as
        any client does.
        """
        while self._idle:
            connection = self._idle.pop()
            if not connection[0].at_eof():
                with suppress(asyncio.IncompleteReadError, ConnectionError):
                    return await self._exchange(connection, message, due)
        return await self._exchange(await self._connect(), message, due)

    async def _exchange(self, connection: Streams, message: bytes, due: float) -> float:
        reader, writer = connection
        writer.write(message)
        answered = await reader.readuntil(b"\r\n\r\n")
        size = answered.lower().split(b"content-length:")[1].split(b"\r\n")[0]
        answer = await reader.readexactly(int(size))
        took = time.perf_counter() - due
        self._idle.append(connection)
        return took if b'"userErrors":[]' in answer else inf

    async def _connect(self) -> Streams:
        return await asyncio.open_connection(self._host, self._port)
