"""Measure the CPU time of a server and of PostgreSQL, the figure least affected by a busy machine."""

from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Spent:
    """CPU seconds."""

    server: float
    postgresql: float


class Meter:
    """Counts the CPU time of a server and of PostgreSQL's processes since it was created."""

    def __init__(self, server: psutil.Process, postmaster: psutil.Process) -> None:
        self._server = server
        self._postmaster = postmaster
        self._began = _seconds(server)
        self._backends_began = self._backends()

    def spent(self) -> Spent:
        """Return the CPU time since then."""
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
    except psutil.NoSuchProcess:  # a backend has ended meanwhile
        return 0.0
    return times.user + times.system
