"""CPU time spent meanwhile, by a server and by PostgreSQL: what a busy machine spoils least."""

from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Spent:
    """Seconds of CPU."""

    server: float
    postgresql: float


class Meter:
    """Counts the CPU time of a server and of PostgreSQL's processes from when it is made."""

    def __init__(self, server: psutil.Process, postmaster: psutil.Process) -> None:
        self._server = server
        self._postmaster = postmaster
        self._began = _seconds(server)
        self._backends_began = self._backends()

    def spent(self) -> Spent:
        """Tell what was spent since."""
        began = self._backends_began
        return Spent(
            _seconds(self._server) - self._began,
            sum(seconds - began.get(pid, 0.0) for pid, seconds in self._backends().items()),
        )

    def _backends(self) -> dict[int, float]:
        return {child.pid: _seconds(child) for child in self._postmaster.children()}


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # a backend that ended meanwhile
        return 0.0
    return times.user + times.system
