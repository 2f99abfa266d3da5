"""The command `linli` as a shell runs it: in its own process, configured by its environment.

The process is forked from one that has imported the command, because importing takes longer than most
commands do. What measures branches (`make coverage`) needs processes of its own, and starts them.
"""

import io
import multiprocessing
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.overheard import ELSEWHERE

COMMAND = Path(sys.executable).parent / "linli"
_SECONDS = 120
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["api.cli", "tests.linli"])
_IS_MEASURED = "COVERAGE_PROCESS_CONFIG" in os.environ


@dataclass(frozen=True)
class Said:
    """It is a command's exit code and output."""

    code: int
    out: str
    err: str


class Linli:
    """Runs the command over one data folder and, if it is given, one PostgreSQL."""

    def __init__(self, data: Path, database_url: str | None = None, **more: str) -> None:
        kept = {
            name: os.environ[name]
            for name in ("PATH", "HOME", "PYTHONPATH", "TMPDIR")
            if name in os.environ
        }
        self.environment = {**kept, "LINLI_DATA": str(data), "PYTHONUTF8": "1", **more}
        if database_url is not None:
            self.environment["LINLI_DATABASE_URL"] = database_url

    def __call__(
        self, *arguments: str | Path, code: int | None = None, typed: str = "", fresh: bool = False
    ) -> Said:
        """Run it to its end with `typed` as input; assert its exit code, if `code` is given.

        A `fresh` process is the installed command, from its first import.
        """
        run = self._run if fresh or _IS_MEASURED else self._fork
        said = run([str(each) for each in arguments], typed)
        ELSEWHERE.append(said.err)
        assert code is None or said.code == code, said
        return said

    def _run(self, arguments: list[str], typed: str) -> Said:
        done = subprocess.run(
            [COMMAND, *arguments],
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def _fork(self, arguments: list[str], typed: str) -> Said:
        with TemporaryDirectory() as folder:
            streams = [Path(folder) / name for name in ("in", "out", "err")]
            streams[0].write_text(typed, encoding="utf-8")
            given = (arguments, self.environment, Path.cwd(), streams)
            process = _FORKED.Process(target=_command, args=given)
            process.start()
            process.join(_SECONDS)
            if process.exitcode is None:
                process.kill()
                raise subprocess.TimeoutExpired([COMMAND, *arguments], _SECONDS)
            out, err = (path.read_text(encoding="utf-8") for path in streams[1:])
            return Said(process.exitcode, out, err)


def _command(
    arguments: list[str], environment: dict[str, str], folder: Path, streams: list[Path]
) -> None:
    """Become the command: its arguments, environment, folder and standard streams."""
    from api.cli import main  # imported already, in the process that this one is forked from

    for number, path in enumerate(streams):
        opened = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(open(number, mode + "b", closefd=False), encoding="utf-8")  # noqa: SIM115 # for the life of the process
        for number, mode in enumerate("rww")
    )
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = [str(COMMAND), *arguments]
    main()
