"""Test the audits of graphql-http, the reference implementation of GraphQL over HTTP."""

import json
from pathlib import Path

import anyio.to_thread
import pytest

from tests.api.server import Server
from tests.conftest import SignIn
from tests.npm import Npm
from tests.street import Make

AUDITS = 61


@pytest.fixture(scope="session")
def npm() -> Npm:
    """Give the npm packages of this folder, installed."""
    here = Npm(Path(__file__).parent / "npm")
    here.install()
    return here


@pytest.mark.once
async def test_every_audit_is_ok(server: Server, npm: Npm, make: Make, signed_in: SignIn) -> None:
    token = signed_in(await make.member(await make.community())).token

    said = await anyio.to_thread.run_sync(
        lambda: npm("node", "audit.js", URL=f"{server.url}/graphql", TOKEN=token)
    )

    results = json.loads(said)
    assert [r for r in results if r["status"] != "ok"] == []
    assert len(results) == AUDITS
