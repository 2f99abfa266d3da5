"""How uvicorn serves the application: the same wherever it is started."""

from typing import Any

from api.protocol import Protocol

APPLICATION = "api.app:create_app"
_GRACE_SECONDS = 10
_KEEP_ALIVE_SECONDS = 5


def options(host: str, port: int) -> dict[str, Any]:
    """Give uvicorn's options."""
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
        # no browser takes an answer for anything else than it says it is
        "headers": [("x-content-type-options", "nosniff")],
        # who stands before us is a setting of ours, and nobody by default (api/forwarded.py)
        "proxy_headers": False,
        "timeout_keep_alive": _KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": _GRACE_SECONDS,
        "backlog": 2048,
    }
