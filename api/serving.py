"""uvicorn's options and sockets, the same wherever the server is started."""

import socket
from typing import Any

import uvicorn

from api.protocol import Protocol

APPLICATION = "api.app:create_app"
_GRACE_SECONDS = 10
_KEEP_ALIVE_SECONDS = 5
_ACCEPTED_EACH_TURN = 8


def options(host: str, port: int) -> dict[str, Any]:
    """Return uvicorn's options."""
    return {
        "factory": True,
        "host": host,
        "port": port,
        "loop": "uvloop",
        "http": Protocol,
        "ws": "none",
        "access_log": False,
        "log_config": None,
        "server_header": False,
        # browsers must not guess a content type other than the declared one
        "headers": [("x-content-type-options", "nosniff")],
        # Trusted proxies are a setting of ours, none by default (api/forwarded.py).
        "proxy_headers": False,
        "timeout_keep_alive": _KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": _GRACE_SECONDS,
        "backlog": 2048,
    }


def listeners(config: uvicorn.Config) -> list[socket.socket]:
    """Bind the configured host and port; return several descriptors of the one socket.

    libuv accepts one connection for each descriptor in a turn of the event loop. With one
    descriptor and long turns, new connections would wait behind those of a flood.
    """
    bound = config.bind_socket()
    return [bound, *(bound.dup() for _ in range(_ACCEPTED_EACH_TURN - 1))]
