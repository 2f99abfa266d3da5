"""Provide a server in its own process, on a free port, with the options of `linli serve`."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from api.settings import Settings
from tests.overheard import ELSEWHERE

_START_SECONDS = 30
_PROGRAM = """
import os, sys, uvicorn
from api.logs import configure
from api.serving import APPLICATION, listeners, options
os.umask(0o077)
configure("INFO")
config = uvicorn.Config(APPLICATION, **options("127.0.0.1", int(sys.argv[1])))
uvicorn.Server(config).run(listeners(config))
"""


class Server:
    """It is a running server on the tests' PostgreSQL, with the tests' keys; it logs to a file."""

    def __init__(
        self, settings: Settings, folder: Path, port: int | None = None, **environment: str
    ) -> None:
        self._log = folder / "server.log"
        self.port = port or _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, str(self.port)],
                env={**os.environ, **_environment(settings), **environment},
                stdout=log,
                stderr=log,
            )
        self._wait()

    @property
    def pid(self) -> int:
        """Return the id of its process."""
        return self._process.pid

    @property
    def log(self) -> str:
        """Return everything that it has printed so far."""
        return self._log.read_text()

    def terminate(self) -> None:
        """Ask it to stop (SIGTERM), as the deployment of a new version does."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = 20) -> int:
        """Wait until the process has ended; return its exit code."""
        return self._process.wait(seconds)

    def kill(self) -> None:
        """Kill it without warning, as a failing machine would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Stop it, by force if it does not stop in time."""
        if self._process.poll() is None:
            self.terminate()
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        ELSEWHERE.append(self.log)

    def _wait(self) -> None:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=1).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        self.stop()
        raise AssertionError(f"the server did not start:\n{self.log}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _environment(settings: Settings) -> dict[str, str]:
    assert settings.database_url is not None
    return {
        "LINLI_DATA": str(settings.data),
        "LINLI_DATABASE_URL": settings.database_url,
        "LINLI_PUBLIC_URL": settings.public_url,
        "LINLI_POOL_SIZE": "4",
        "LINLI_LIMITS_FACTOR": "1e6",
        # its background workers must not change the rows of other tests
        "LINLI_BACKGROUND": "1" if settings.background else "0",
        "LINLI_CLOCK_SECONDS": str(settings.clock_seconds),
        "LINLI_DOCUMENTS_SECONDS": str(settings.documents_seconds),
    }
