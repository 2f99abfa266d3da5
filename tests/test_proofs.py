"""What a proof saw is written down when it has passed, by whatever process it ran in."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs import HEAD, PROOFS, Proofs, commit

pytestmark = pytest.mark.once

CONFTEST = """
from pathlib import Path
from tests.proofs import Proofs, proves

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Proofs(Path(__file__).parents[1] / "PROOFS.md"))
"""
TESTS = """
import pytest

@pytest.mark.parametrize("way", ["in", "out"])
def test_a_door_holds(way, proves):
    proves(f"{len(way)} knocks | none heard")

def test_a_wall_holds(proves):
    proves("7 blows")
    raise AssertionError("it fell")
"""


@pytest.mark.parametrize("more", [[], ["-n", "2"]])
def test_figures_are_written_for_what_has_passed(tmp_path: Path, more: list[str]) -> None:
    # a base folder of its own: a second session in the shared one closes it to PostgreSQL's user
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").write_text(CONFTEST)
    (tmp_path / "tests" / "test_house.py").write_text(TESTS)
    (tmp_path / "PROOFS.md").write_text(
        HEAD
        + "| a door holds [in] | old | 2020-01-01 | abc |\n| a roof | old | 2020-01-01 | abc |\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--rootdir", tmp_path, "-c", "/dev/null",
         "--basetemp", tmp_path / "temp", *more, tmp_path / "tests"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert "1 failed, 2 passed" in done.stdout, done.stdout

    written = (tmp_path / "PROOFS.md").read_text()

    today, of = r"20\d\d-\d\d-\d\d", re.escape(commit())
    assert re.fullmatch(
        re.escape(HEAD)
        + rf"\| a door holds \[in\] \| 2 knocks / none heard \| {today} \| {of} \|\n"
        + rf"\| a door holds \[out\] \| 3 knocks / none heard \| {today} \| {of} \|\n"
        + r"\| a roof \| old \| 2020-01-01 \| abc \|\n",
        written,
    ), written


def test_where_nothing_was_proven_nothing_is_written(tmp_path: Path) -> None:
    Proofs(tmp_path / "PROOFS.md").pytest_sessionfinish()

    assert not (tmp_path / "PROOFS.md").exists()


def test_the_commit_is_named() -> None:
    assert re.fullmatch(r"[0-9a-f]{7,}\+?", commit())
    assert PROOFS.parent.is_dir()
