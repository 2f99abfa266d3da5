"""The honest readers of crowd.py, begun and ended by whoever measures them."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any


@asynccontextmanager
async def reading(task: dict[str, Any]) -> AsyncGenerator["Crowd"]:
    """Have a process of honest people who read, for the length of the block."""
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
    """The process of the honest."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout
        self._process = process
        self.measured: dict[str, Any] = {}

    async def begin(self, task: dict[str, Any]) -> None:
        """Wait until each was answered once."""
        self._stdin.write(json.dumps(task).encode() + b"\n")
        assert await asyncio.wait_for(self._stdout.readline(), 60) == b"reading\n"

    async def end(self) -> dict[str, Any]:
        """Stop reading; gives what was measured."""
        self._stdin.close()
        line = await asyncio.wait_for(self._stdout.readline(), 60)
        await self._process.wait()
        return json.loads(line)
