"""Provide the npm packages of this folder, and a server for the clients built with them."""

from collections.abc import Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from api.settings import Settings
from tests.api.server import Server
from tests.npm import Npm

HERE = Path(__file__).parent
ORIGIN = "https://app.example"
RELAY = "node_modules/relay-compiler/cli.js"
CODEGEN = "node_modules/@graphql-codegen/cli/cjs/bin.js"
_TSC = "node_modules/typescript/bin/tsc"


@pytest.fixture(scope="session")
def npm() -> Npm:
    """Give the npm packages of this folder, installed."""
    here = Npm(HERE)
    here.install()
    return here


@pytest.fixture(scope="session")
def typed(npm: Npm) -> Path:
    """The output of graphql-codegen, compiled by TypeScript; one process at a time makes it."""
    with (HERE / "codegen.json").open("rb") as lock:
        flock(lock, LOCK_EX)
        npm("node", CODEGEN, "--config", "codegen.json")
        npm("node", _TSC, "--project", "tsconfig.json")
    return HERE / "build"


@pytest.fixture(scope="session")
def server(
    settings: Settings, database: object, app: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server on the tests' PostgreSQL; CORS allows pages of one other origin."""
    assert database
    assert app
    folder = tmp_path_factory.mktemp("clients-server")
    running = Server(settings, folder, LINLI_CORS_ORIGINS=ORIGIN)
    yield running
    running.stop()
