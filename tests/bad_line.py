"""A TCP proxy that loses answers: requests arrive, answers may not."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random


@dataclass
class BadLine:
    """It is the proxy's address, and its answers carried and lost, and the most requests at one time."""

    url: str = ""
    carried: int = 0
    lost: int = 0
    most: int = 0


@contextmanager
def bad_line(port: int, *, loses: float, seed: int) -> Generator[BadLine]:
    """Forward connections to a local port, one request each, and cut some of the answers."""
    line, random, running = BadLine(), Random(seed), 0

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal running
        running += 1
        line.most = max(line.most, running)
        above, below = await asyncio.open_connection("127.0.0.1", port)
        pump = asyncio.create_task(_pump(reader, below))
        try:
            answer = await _answer(above)
            if random.random() < loses:
                line.lost += 1
            else:
                line.carried += 1
                writer.write(answer)
                await writer.drain()
        finally:
            running -= 1
            pump.cancel()
            below.close()
            writer.close()

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(carry, "127.0.0.1", 0))
    line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield line
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    server.close()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """Read one answer: its head, and as many bytes as its content-length says."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:"))
    return head + await reader.readexactly(length)
