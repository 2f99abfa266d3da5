"""uvicorn's options, the same wherever the server is started."""

from typing import Any

from api.protocol import Protocol

APPLICATION = "api.app:create_app"
_GRACE_SECONDS = 10
_KEEP_ALIVE_SECONDS = 5


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
