"""Folders in memory, where PostgreSQL does not wait for a disk: nothing of them is needed after the run.

Its settings stay those of an operator, because a server refuses to start over others. Tests of what a kill
or a full disk leaves do not use this.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

_MEMORY = Path("/dev/shm")  # noqa: S108 # mkdtemp makes a folder of our own in it
_ENOUGH = 4 * 2**30
_PREFIX = "linli-tests-"


@contextmanager
def in_memory(tmp_path_factory: pytest.TempPathFactory, name: str) -> Generator[Path]:
    """Give an empty folder for the length of the block: in memory if there is enough, or on the disk."""
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _ENOUGH:
        yield tmp_path_factory.mktemp(name)
        return
    _sweep()
    folder = Path(tempfile.mkdtemp(dir=_MEMORY, prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove what a run that was killed has left."""
    for left in _MEMORY.glob(f"{_PREFIX}*"):
        if not psutil.pid_exists(int(left.name.removeprefix(_PREFIX).split("-")[0])):
            shutil.rmtree(left, ignore_errors=True)
