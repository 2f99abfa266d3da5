"""Provide honest readers in their own process, so that the attackers' CPU time does not slow them down.

The first of them sends a new document now and then, as a developer does.

Standard input: one line of JSON (`port`, `tokens`, `query`, `pause`), then nothing until it is closed.
Standard output: one line when each reader has had an answer; at the end one line of JSON.
"""

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from typing import Any
from uuid import uuid4

import uvloop

_PATIENCE_SECONDS = 30
_REQUESTS_OF_A_CONNECTION = 5
_NEW_EVERY = 4


class Reader:
    """Asks, waits a moment, and asks again; over a few connections, as an app does."""

    def __init__(self, task: dict[str, Any], token: str) -> None:
        self._port = task["port"]
        self._pause = task["pause"]
        self._token = token.encode()
        self._query = task["query"]
        self._known = self._request(self._query)
        self._is_writing = token == task["tokens"][0]
        self.milliseconds: list[float] = []
        self.refusals: Counter[str] = Counter()
        self.answered = asyncio.Event()

    async def read(self) -> None:
        """Read until cancelled."""
        while True:
            try:
                await self._over_one_connection()
            except (OSError, asyncio.IncompleteReadError) as error:
                self.refusals[type(error).__name__] += 1
                await asyncio.sleep(self._pause)

    async def _over_one_connection(self) -> None:
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            for _ in range(_REQUESTS_OF_A_CONNECTION):
                writer.write(self._next())
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    answer = await _answer(reader)
                self.milliseconds.append((time.perf_counter() - began) * 1000)
                if answer != "200":
                    self.refusals[answer] += 1
                else:
                    self.answered.set()
                await asyncio.sleep(self._pause)
                began = time.perf_counter()
        finally:
            writer.close()

    def _next(self) -> bytes:
        if self._is_writing and len(self.milliseconds) % _NEW_EVERY == 1:
            return self._request(f"{self._query} # {uuid4()}")
        return self._known

    def _request(self, query: str) -> bytes:
        body = json.dumps({"query": query}).encode()
        return (
            b"POST /graphql HTTP/1.1\r\nhost: linli.test\r\ncontent-type: application/json\r\n"
            b"authorization: Bearer %s\r\ncontent-length: %d\r\n\r\n%s"
            % (self._token, len(body), body)
        )


async def _answer(reader: asyncio.StreamReader) -> str:
    head = await reader.readuntil(b"\r\n\r\n")
    status = head.split(b" ", 2)[1].decode()
    (length,) = [line[15:] for line in head.split(b"\r\n") if line.startswith(b"content-length:")]
    body = await reader.readexactly(int(length))
    return f"{status} with errors" if b'"errors"' in body[:200] else status


async def main() -> None:
    """Run the readers until standard input is closed."""
    loop = asyncio.get_running_loop()
    task = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    readers = [Reader(task, token) for token in task["tokens"]]
    reading = [asyncio.create_task(reader.read()) for reader in readers]
    await asyncio.gather(*(reader.answered.wait() for reader in readers))
    for reader in readers:
        reader.milliseconds.clear()
    sys.stdout.write("reading\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    for each in reading:
        each.cancel()
    milliseconds = sorted(itertools.chain.from_iterable(each.milliseconds for each in readers))
    refusals = sum((reader.refusals for reader in readers), Counter())
    sys.stdout.write(json.dumps({"milliseconds": milliseconds, "refusals": refusals}) + "\n")


if __name__ == "__main__":
    uvloop.run(main())
