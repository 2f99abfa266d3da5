"""Provide attacks on connections and on endpoints without authentication (S1, S4, S7, S14, S15)."""

import asyncio
import secrets
from contextlib import AsyncExitStack
from typing import Any

from tenants.membership.service.codes import chance
from tests.attacks.harness import Attacker, Seen, attack

_MANY = 2010
_PIECE = 64 * 1024


async def _flood(attacker: Attacker, beginning: bytes, piece: bytes) -> None:
    """Send a beginning, then one piece repeatedly; count how the server ends the connection."""
    async with attacker.connected() as (reader, writer):
        writer.write(beginning)
        try:
            while not reader.at_eof():
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
        finally:
            line = await reader.readline()
            attacker.seen[line[9:12].decode() or "closed"] += 1


def _refused(seen: Seen) -> None:
    assert set(seen) <= {"431", "414", "closed", "cut off"}, seen
    assert seen["431"] + seen["414"] + seen["cut off"] > 0


@attack("S1", "header lines without end", expect=_refused)
async def header_lines(attacker: Attacker) -> None:
    await _flood(attacker, b"GET /livez HTTP/1.1\r\nhost: x\r\n", b"a:b\r\n" * (_PIECE // 5))


@attack("S1", "one value without end", expect=_refused)
async def one_value(attacker: Attacker) -> None:
    await _flood(attacker, b"GET /livez HTTP/1.1\r\nhost: x\r\nx-a: ", b"a" * _PIECE)


@attack("S1", "an address without end", expect=_refused)
async def one_address(attacker: Attacker) -> None:
    await _flood(attacker, b"GET /", b"a" * _PIECE)


@attack("S4", "two thousand silent connections", persons=2)
async def silent(attacker: Attacker) -> None:
    await _hold(attacker, b"")


@attack("S4", "half heads", persons=2)
async def half_heads(attacker: Attacker) -> None:
    await _hold(attacker, b"GET /livez HTTP/1.1\r\nhost: x\r\nx-a: ")


@attack("S15", "half bodies", persons=2)
async def half_bodies(attacker: Attacker) -> None:
    await _hold(attacker, attacker.post("/auth/refresh", {"refresh_token": "x" * 99})[:-50])


async def _hold(attacker: Attacker, beginning: bytes) -> None:
    """Open connections as fast as possible, and hold each until the server closes it."""
    async with AsyncExitStack() as held:
        for _ in range(_MANY // 2):
            try:
                _, writer = await held.enter_async_context(attacker.connected())
            except OSError:
                attacker.seen["refused"] += 1
                continue
            writer.write(beginning)
        await asyncio.sleep(1)


@attack("S15", "answers that nobody reads")
async def unread(attacker: Attacker) -> None:
    async with AsyncExitStack() as held:
        for _ in range(60):
            _, writer = await held.enter_async_context(attacker.connected(limit=1))
            transport: Any = writer.transport
            transport.pause_reading()
            writer.write(attacker.get("/schema.graphql").replace(b"close", b"keep-alive") * 10)
        await asyncio.sleep(2)


@attack("S7", "the contract again and again", persons=40)
async def contract(attacker: Attacker) -> None:
    await attacker.ask(attacker.get("/schema.graphql"))


@attack("S7", "pictures of codes that never were", persons=40)
async def pictures(attacker: Attacker) -> None:
    await attacker.ask(attacker.get(f"/join/1-{chance()}.png"))


@attack("S7", "the metrics", persons=40)
async def metrics(attacker: Attacker) -> None:
    await attacker.ask(attacker.get("/metrics", "x-forwarded-for: 127.0.0.1"))


@attack("S14", "sign-ins from invented addresses", persons=20)
async def invented_addresses(attacker: Attacker) -> None:
    invented = ".".join(str(secrets.randbelow(256)) for _ in range(4))
    await attacker.ask(
        attacker.post("/auth/refresh", {"refresh_token": "x" * 40}, f"x-forwarded-for: {invented}")
    )
