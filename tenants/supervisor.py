"""Keep the embedded PostgreSQL running for as long as any process uses it.

Each process that uses it holds a shared file lock in the data folder. The first process starts
PostgreSQL, and the last one to leave stops it: no command stops what a server still uses, whichever
came first. If PostgreSQL is killed, the processes that use it start it again. A PostgreSQL that
linli did not start is never stopped.
"""

import fcntl
import logging
import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType

from tenants.embedded import Cluster

log = logging.getLogger("linli.database")

_LOOK_SECONDS = 0.1
_FAILED_SECONDS = 2.0


class Supervisor:
    """It is the use of a cluster by this process, for the length of a `with` block."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._folder = cluster.data.parent
        self._users = -1
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._keep_running, name="postgres", daemon=True)

    def __enter__(self) -> None:
        """Use the cluster; start it if it does not run."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._alone():
            # its text is the process id of the PostgreSQL that linli started
            path = self._folder / "postgres.users"
            self._users = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                self._start()
            except BaseException:
                os.close(self._users)
                raise
        self._watch.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        """Release the cluster; stop it if no other process uses it."""
        self._done.set()
        self._watch.join()
        with self._alone():
            try:
                if self._is_last() and self._is_ours():
                    self._cluster.stop()
            finally:
                os.close(self._users)

    def _keep_running(self) -> None:
        pause = _LOOK_SECONDS
        while not self._done.wait(pause):
            pause = _LOOK_SECONDS
            if self._cluster.is_alive():
                continue
            log.warning("PostgreSQL is gone, and is started again")
            try:
                with self._alone():
                    self._start()
            except Exception as error:  # noqa: BLE001 # whatever failed is tried again
                log.error("PostgreSQL was not started: %s", error)
                pause = _FAILED_SECONDS

    def _start(self) -> None:
        if self._cluster.start():
            # overwrite, then cut: that needs no free space on the disk
            number = str(self._cluster.postmaster()).encode()
            os.ftruncate(self._users, os.pwrite(self._users, number, 0))

    def _is_last(self) -> bool:
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _is_ours(self) -> bool:
        return os.pread(self._users, 32, 0) == str(self._cluster.postmaster()).encode()

    @contextmanager
    def _alone(self) -> Generator[None]:
        """Prevent other processes from starting or stopping it during the block."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
