"""A proof runs a sample in the ordinary suite, and whole in `make prove`, which writes down what it saw.

Mark the test `proof`, take its counts from `whole(sample, count)`, and call the fixture `proves` with one
line of figures at its end. With LINLI_PROVE=1 the line stands in bench/PROOFS.md, with its date and commit,
once the test has passed; the lines of the other proofs stay as they are.
"""

import os
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from zlib import crc32

import pytest

ROOT = Path(__file__).parents[1]
PROOFS = ROOT / "bench" / "PROOFS.md"
PROVE = os.environ.get("LINLI_PROVE") == "1"
HEAD = """# Proofs

`make prove` runs every proof with its full count and writes its line here; `make test` runs a sample of each.
A line is written when its proof has passed, with the commit that was proven (`+` where files had changed).

| proof | seen | date | commit |
| --- | --- | --- | --- |
"""
Proves = Callable[[str], None]
_KEY = "proof"
T = TypeVar("T")


def whole(sample: int, count: int) -> int:
    """Give the sample, or with LINLI_PROVE=1 the full count."""
    return count if PROVE else sample


def sampled(several: Sequence[T], most: int, *of: object) -> list[T]:
    """Give `most` of several, drawn by a checksum of `of`, or with LINLI_PROVE=1 all of them.

    It is the same sample in every run. What is drawn for every query, state or path, each time with
    other members, leaves none of them out.
    """
    if PROVE or len(several) <= most:
        return list(several)
    chance = Random(crc32(" ".join(map(str, of)).encode()))
    return chance.sample(several, most)


@pytest.fixture
def proves(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Proves:
    """Give what takes the figures of a proof, to be written down if the test passes."""
    return lambda figures: record_property(_KEY, [_name(request.node), figures])


def _name(item: pytest.Function) -> str:
    """Name a proof by its test, and what that was called with."""
    callspec = getattr(item, "callspec", None)
    of = f" [{callspec.id}]" if callspec is not None else ""
    return item.originalname.removeprefix("test_").replace("_", " ") + of


class Proofs:
    """Collects the figures of the tests that passed, in whatever process, and writes them at the end."""

    def __init__(self, path: Path = PROOFS) -> None:
        self._path = path
        self._seen: dict[str, str] = {}
        self._commit = commit()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a test that passed has recorded."""
        if report.when == "call" and report.passed:
            seen: list[Any] = [value for key, value in report.user_properties if key == _KEY]
            self._seen |= dict(seen)

    def pytest_sessionfinish(self) -> None:
        """Replace the lines of what was proven now."""
        today = datetime.now(UTC).date().isoformat()
        self.write(
            {
                name: f"{seen.replace('|', '/')} | {today} | {self._commit}"
                for name, seen in self._seen.items()
            }
        )

    def write(self, rows: dict[str, str]) -> None:
        """Write the table with these rows for those that had their names."""
        if rows:
            old = self._path.read_text(encoding="utf-8") if self._path.exists() else ""
            kept = [line[2:-2].split(" | ", 1) for line in old.splitlines() if line[:2] == "| "]
            table = {name: rest for name, rest in kept if name not in {"proof", "---"}} | rows
            lines = [f"| {name} | {rest} |\n" for name, rest in sorted(table.items())]
            self._path.write_text(HEAD + "".join(lines), encoding="utf-8")


def commit() -> str:
    """Name the commit of the work tree, with a plus where files of it have changed."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{PROOFS}")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + ("+" if changed else "")
