"""Starts and stops the honest readers of crowd.py, and reads what they measured."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any


@asynccontextmanager
async def reading(task: dict[str, Any]) -> AsyncGenerator["Crowd"]:
    """Run a process of honest readers for the length of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("crowd.py")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    crowd = Crowd(process)
    try:
        await crowd.begin(task)
        yield crowd
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Crowd:
    """It is the process of the honest readers."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout
        self._process = process
        self.measured: dict[str, Any] = {}

    async def begin(self, task: dict[str, Any]) -> None:
        """Start the readers; wait until each has had an answer."""
        self._stdin.write(json.dumps(task).encode() + b"\n")
        assert await asyncio.wait_for(self._stdout.readline(), 60) == b"reading\n"

    async def end(self) -> dict[str, Any]:
        """Stop reading; return what was measured."""
        self._stdin.close()
        line = await asyncio.wait_for(self._stdout.readline(), 60)
        await self._process.wait()
        return json.loads(line)
