"""The command `linli serve` as an operator runs it: a parent, its workers, one log."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.linli import COMMAND
from tests.overheard import ELSEWHERE

_START_SECONDS = 60
_STARTED = re.compile(rb'"process":(\d+),"message":"Application startup complete')


class Served:
    """It is a running server."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self._process = process
        self._log = log
        self.url = f"http://127.0.0.1:{port}"
        self._read = 0
        self._started: set[int] = set()

    def workers(self) -> list[int]:
        """Return the worker processes: the parent's children except its resource tracker."""
        found: list[int] = []
        for child in psutil.Process(self._process.pid).children():
            with suppress(psutil.NoSuchProcess):  # it may have died in the meantime
                if "spawn_main" in " ".join(child.cmdline()):
                    found.append(child.pid)
        return found

    def printed(self) -> str:
        """Return everything that its processes have printed so far."""
        return self._log.read_text()

    def lines(self) -> list[dict[str, Any]]:
        """Return the log lines; the only other line says that the server is ready."""
        printed = self.printed().splitlines()
        return [json.loads(line) for line in printed if line and not line.startswith("ready: ")]

    def started(self) -> set[int]:
        """Return the processes that have logged that they serve."""
        with self._log.open("rb") as log:
            log.seek(self._read)
            new, whole, _ = log.read().rpartition(b"\n")
        self._read += len(new + whole)
        self._started |= {int(number) for number in _STARTED.findall(new)}
        return self._started

    def is_ready(self) -> bool:
        """Return whether it reports that it is ready."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def is_running(self) -> bool:
        """Return whether the parent process runs."""
        return self._process.poll() is None

    def stop(self) -> int:
        """Stop it with SIGTERM; return its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(60)


@contextmanager
def served(
    data: Path,
    folder: Path,
    database_url: str | None = None,
    at: int | None = None,
    /,
    *,
    workers: int,
    **more: str,
) -> Generator[Served]:
    """Serve for the length of the block, at a free port unless `at` says which."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = at or free.getsockname()[1]
    named = {} if database_url is None else {"LINLI_DATABASE_URL": database_url}
    environment = {**os.environ, "PYTHONUTF8": "1", "LINLI_DATA": str(data), **named, **more}
    path = folder / "served.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            [COMMAND, "serve", "--port", str(port), "--workers", str(workers)],
            env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    running = Served(process, port, path)
    try:
        end = time.monotonic() + _START_SECONDS
        while len(running.started()) < workers:
            assert running.is_running(), running.printed()
            assert time.monotonic() < end, running.printed()
            time.sleep(0.1)
        yield running
    finally:
        if running.is_running():
            running.stop()
        ELSEWHERE.append(running.printed())
