"""New connections are accepted several at a time."""

import asyncio
import socket

import uvicorn
import uvloop

from api.serving import listeners


async def _accepted_in_one_turn(bound: list[socket.socket], waiting: int) -> int:
    accepted: list[asyncio.Protocol] = []

    class Counted(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted.append(self)
            transport.close()

    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(Counted, sock=each) for each in bound]
    clients = [socket.create_connection(bound[0].getsockname()) for _ in range(waiting)]
    while not accepted:  # noqa: ASYNC110 # it is turns that are counted
        await asyncio.sleep(0)
    counted = len(accepted)
    for client in clients:
        client.close()
    for server in servers:
        server.close()
    return counted


def test_one_turn_of_the_loop_accepts_several_connections() -> None:
    bound = listeners(uvicorn.Config("unused", host="127.0.0.1", port=0))
    assert len({each.getsockname() for each in bound}) == 1
    assert uvloop.run(_accepted_in_one_turn(bound, waiting=8)) >= 4
