"""Make one measurement: a few seconds of requests by wrk, or of transactions by pgbench."""

import json
import re
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.contenders import POOL, Contender
from bench.ground import Ground
from bench.meter import Meter
from bench.operations import FRESH_KEY, FRESH_UUID, Body

CONNECTIONS = 16  # twice the pool, so that no server waits for a client
_TIMEOUT = "10s"

_LUA = """
local body = %s
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer %s"
wrk.body = body
%s
function done(summary, latency, requests)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format('RESULT [%%d, %%d, %%d, %%d, %%d, %%d, %%d]\\n', summary.requests, summary.duration,
    summary.bytes, failed, latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
"""
# Keys and uuids are never repeated: eight random digits for each run, then a counter.
_LUA_FRESH = """
local n = 0
function request()
  n = n + 1
  local key = string.format("%s-%%08x", n)
  local uuid = string.format("%s-0000-7000-8000-0000%%08x", n)
  return wrk.format(nil, nil, nil, (body:gsub("%s", key):gsub("%s", uuid)))
end
"""


class Failed(Exception):
    """Requests failed, so there is no figure to report."""


@dataclass(frozen=True)
class Sample:
    """It is the result of one measurement; latencies, and CPU time for each request, in milliseconds."""

    per_second: float
    requests: int
    p50: float
    p95: float = 0.0
    p99: float = 0.0
    server_cpu: float = 0.0
    postgresql_cpu: float = 0.0


class Wrk:
    """Loads one server with one operation."""

    def __init__(
        self,
        folder: Path,
        ground: Ground,
        server: Contender,
        token: str,
        body: Body,
        size: int,
        connections: int = CONNECTIONS,
    ) -> None:
        """Prepare to send `body` and to expect answers of `size` bytes."""
        self._connections = connections
        self._folder, self._ground, self._server, self._token = folder, ground, server, token
        self._body = json.dumps(body, ensure_ascii=False)
        self._size = size

    def run(self, seconds: int) -> Sample:
        """Load the server for some seconds; raises Failed if an answer is missing or cut."""
        script = self._folder / "request.lua"
        script.write_text(self._script())
        meter = Meter(self._server.process, self._ground.postmaster)
        done = _output(
            ["wrk", "-t1", f"-c{self._connections}", f"-d{seconds}s", "--timeout", _TIMEOUT,
             "-s", str(script), self._server.url]
        )  # fmt: skip
        spent = meter.spent()
        found = re.search(r"^RESULT (.*)$", done, re.MULTILINE)
        requests, microseconds, size, failed, p50, p95, p99 = (
            json.loads(found[1]) if found else [0] * 7
        )
        if failed or not requests:
            raise Failed(f"{self._server.url}: {done[-500:]}")
        if size < requests * self._size * 0.95:
            raise Failed(f"{self._server.url}: answers are shorter than the one that was checked")
        return Sample(
            per_second=requests / microseconds * 1e6,
            requests=requests,
            p50=p50 / 1000,
            p95=p95 / 1000,
            p99=p99 / 1000,
            server_cpu=spent.server / requests * 1000,
            postgresql_cpu=spent.postgresql / requests * 1000,
        )

    def _script(self) -> str:
        fresh = ""
        if FRESH_KEY in self._body or FRESH_UUID in self._body:
            run = secrets.token_hex(4)
            fresh = _LUA_FRESH % (
                run,
                run,
                *(f.replace("-", "%%-") for f in (FRESH_KEY, FRESH_UUID)),
            )
        return _LUA % (f"[==[{self._body}]==]", self._token, fresh.replace("%%-", "%-"))


class Pgbench:
    """Runs the transaction that linli sends, without HTTP."""

    def __init__(self, folder: Path, ground: Ground, script: str) -> None:
        self._folder, self._ground, self._script = folder, ground, script

    def run(self, seconds: int) -> Sample:
        """Run transactions for some seconds, on as many connections as the servers have."""
        path = self._folder / "transaction.pgbench"
        path.write_text(self._script)
        done = _output(
            [str(self._ground.cluster.binaries / "pgbench"), "--no-vacuum", "--protocol=prepared",
             f"--client={POOL}", "--jobs=1", f"--time={seconds}",
             f"--file={path}", self._ground.app_url]
        )  # fmt: skip
        speed = re.search(r"^tps = ([0-9.]+)", done, re.MULTILINE)
        count = re.search(r"actually processed: (\d+)", done)
        latency = re.search(r"latency average = ([0-9.]+)", done)
        if not (speed and count and latency) or "number of failed transactions: 0" not in done:
            raise Failed(done[-500:])
        return Sample(float(speed[1]), int(count[1]), float(latency[1]))


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 # our own commands
    return done.stdout + done.stderr
