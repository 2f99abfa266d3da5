"""The command `linli` as a shell runs it: in its own process, configured by its environment."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.overheard import ELSEWHERE

COMMAND = Path(sys.executable).parent / "linli"


@dataclass(frozen=True)
class Said:
    """A command's exit code and output."""

    code: int
    out: str
    err: str


class Linli:
    """Runs the command over one data folder and, if it is given, one PostgreSQL."""

    def __init__(self, data: Path, database_url: str | None = None, **more: str) -> None:
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ
        }
        self.environment = {**kept, "LINLI_DATA": str(data), "PYTHONUTF8": "1", **more}
        if database_url is not None:
            self.environment["LINLI_DATABASE_URL"] = database_url

    def __call__(self, *arguments: str | Path, code: int | None = None, typed: str = "") -> Said:
        """Run it to its end with `typed` as input; assert its exit code, if `code` is given."""
        done = subprocess.run(
            [COMMAND, *arguments],
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        ELSEWHERE.append(done.stderr)
        said = Said(done.returncode, done.stdout, done.stderr)
        assert code is None or said.code == code, said
        return said
