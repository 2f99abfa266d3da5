"""Test `linli scrutineer` and `linli votes` over HTTP, as programs and people at a terminal run them."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from typer.testing import CliRunner, Result

from api.cli import app as linli
from api.settings import Settings
from tenants.embedded import Cluster
from tests.clockwork import House
from tests.tenants.secret_hall import IDENTITIES, Neighbours, secret_hall

pytestmark = pytest.mark.once
_SECONDS = 4


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only."""
    folder = tmp_path_factory.mktemp("commands")
    async with secret_hall(settings, cluster, folder, "scrutineer_commands") as opened:
        yield opened


@asynccontextmanager
async def listening(here: Neighbours) -> AsyncGenerator[str]:
    """Serve the neighbours' API on a free port; give its URL."""
    application: Any = here.client._transport.app  # type: ignore[attr-defined] # httpx's own
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(application, port=port, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 # uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


async def says(*arguments: object, code: int = 0) -> str:
    """Run the command beside the server; assert its exit code and return what it prints."""
    given = [str(each) for each in arguments]
    done: Result = await asyncio.to_thread(CliRunner().invoke, linli, given)
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


async def test_three_programs_hold_a_poll_and_anybody_counts_it_again(
    hall: House, tmp_path: Path
) -> None:
    here = await Neighbours(hall, tmp_path).settle()
    hall.watch.now = datetime.now(UTC)
    files = [tmp_path / f"{place}.pem" for place in (1, 2, 3)]
    for file, identity in zip(files, IDENTITIES, strict=True):
        file.write_bytes(identity.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    closes = hall.watch.now + timedelta(seconds=_SECONDS)
    vote = (await here.start(closesAt=closes.isoformat())).payload["vote"]["id"]
    async with listening(here) as url:

        async def round_() -> None:
            for file in files:
                folder = tmp_path / f"keys of {file.stem}"
                await says("scrutineer", "run", file, folder, "--url", url, "--once")

        await round_()
        await hall.sweep(hall.watch.now)
        device = await here.voted(here.author, vote, 0, 1, 0)
        path = (await here.sees(here.author, vote))["filePath"]
        own = tmp_path / "own.key"
        printed = await says("scrutineer", "new", path, 1, own, "--url", url)
        assert "sealKey: " in printed
        assert "is there already" in await says(
            "scrutineer", "new", path, 1, own, "--url", url, code=1
        )
        # the place has a key already
        assert "ALREADY_DONE" in await says("scrutineer", "show", own, "--url", url, code=1)
        assert "Nothing waits" in await says("scrutineer", "open", own, "--url", url)
        await asyncio.sleep((closes - datetime.now(UTC)).total_seconds() + 0.1)
        await hall.sweep(datetime.now(UTC))
        assert "open nothing" in await says(
            "scrutineer", "open", own, "--url", url, "--count", 9, code=1
        )
        assert "FORBIDDEN" in await says(
            "scrutineer", "open", own, "--url", url, "--count", 1, code=1
        )
        await round_()
        published, kept = tmp_path / "vote.json", tmp_path / "ballot.json"
        published.write_bytes((await here.client.get(path)).content)
        assert "cannot be reached" in await says(
            "scrutineer", "show", own, "--url", "http://127.0.0.1:9", code=1
        )
    server = json.loads(published.read_text())["key"]
    assert "Everything holds" in await says("votes", "verify", published, "--server-key", server)
    assert device.receipt is not None
    ballot = {
        "seed": device.seed.hex(), "marks": list(device.marks), "receipt": device.receipt.body,
        "signature": device.receipt.signature.hex(),
    }  # fmt: skip
    kept.write_text(json.dumps(ballot))
    asked = ("votes", "dispute", published, kept, "--server-key")
    assert "it was counted" in await says(*asked, server)
    assert "does not hold" in await says(*asked, "00" * 32, code=1)
    kept.write_text(json.dumps({**ballot, "marks": [1, 0, 0]}))
    assert "not those of this receipt" in await says(*asked, server, code=1)
    kept.write_text("{}")
    assert "cannot be read" in await says(*asked, server, code=1)
    tampered = published.read_text().replace(device.listed, device.listed[:-6] + "010000")
    published.write_text(tampered)
    assert "does not hold" in await says("votes", "verify", published, code=1)
    published.write_text("nothing")
    assert "is no JSON" in await says("votes", "verify", published, code=1)


async def test_an_identity_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "identity.pem"
    key = (await says("scrutineer", "identity", file)).strip()
    assert len(bytes.fromhex(key)) == 32
    assert file.stat().st_mode & 0o077 == 0
    assert "is there already" in await says("scrutineer", "identity", file, code=1)
