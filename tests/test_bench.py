"""`make bench` runs: all peers start and answer alike; every measurement gives a figure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.once
def test_the_bench_runs_from_end_to_end(tmp_path: Path) -> None:
    before = (ROOT / "bench" / "RESULTS.md").read_text()
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--smoke"],
        cwd=ROOT,
        env={**os.environ, "LINLI_BENCH_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for heading in (
        "createPost",
        "castBallot",
        "aliases",
        "20,000 petitions",
        "Targets",
        "Resident memory",
    ):
        assert heading in done.stdout
    # a short run says nothing about speed, so it changes no results
    assert (ROOT / "bench" / "RESULTS.md").read_text() == before
