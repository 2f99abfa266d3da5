"""A test session with a failed test ends, even if that test left a task that holds a connection."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[1]
# the task holds the lock for ever; the end of the session waits for the lock
FAILS = """
import asyncio
import pytest
from tests.conftest import anyio_backend

@pytest.fixture(scope="session")
async def connection():
    lock = asyncio.Lock()
    yield lock
    await lock.acquire()

async def test_it(connection):
    async def hold():
        async with connection:
            await asyncio.Event().wait()

    task = asyncio.create_task(hold())
    await asyncio.sleep(0)
    assert task.done()
"""


def test_it_does_not_wait_for_what_a_failed_test_left(tmp_path: Path) -> None:
    failing = tmp_path / "test_failing.py"
    failing.write_text(FAILS)
    session = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "tests.conftest"]
    own = {name: value for name, value in os.environ.items() if "XDIST" not in name}

    try:
        ended = subprocess.run(
            [*session, "-c", ROOT / "pyproject.toml", failing],
            cwd=ROOT, env=own, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.fail("the session hung at its end")

    assert ended.returncode == pytest.ExitCode.TESTS_FAILED, ended.stdout + ended.stderr
    assert "1 failed" in ended.stdout
