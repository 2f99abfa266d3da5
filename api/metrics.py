"""Give the metrics that Prometheus reads."""

import os
from functools import cache
from pathlib import Path

import psutil
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

REQUESTS = Counter("linli_requests_total", "Requests", ["kind", "status"])
EVENTS = Counter("linli_events_total", "Requests in which something happened", ["event"])
LATENCY = Histogram(
    "linli_request_seconds",
    "Request time",
    ["kind"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 8),
)
KEPT = Gauge("linli_kept", "Entries kept in a cache", ["cache"], multiprocess_mode="livesum")
POOL = Gauge("linli_pool_connections", "Connections", ["state"], multiprocess_mode="livesum")

_MEMORY = "/dev/shm"  # noqa: S108 # a private folder is made in it
CONNECTIONS = Gauge("linli_connections", "Open connections", multiprocess_mode="livesum")
CLOSED = Counter("linli_closed_total", "Connections and requests refused at the door", ["kind"])


def count(kind: str, status: int, seconds: float) -> None:
    """Count a request by kind and status, and record its time."""
    requests, latency = _children(kind, status)
    requests.inc()
    latency.observe(seconds)


@cache
def _children(kind: str, status: int) -> tuple[Counter, Histogram]:
    # looking a label up costs more than counting
    return REQUESTS.labels(kind, status), LATENCY.labels(kind)


def in_memory() -> str | None:
    """Return the folder of a file system in memory, or None if the system has none.

    Workers share their counts in mapped files. On a full disk the system kills a process that writes
    to a new page of such a file.
    """
    return _MEMORY if os.access(_MEMORY, os.W_OK | os.X_OK) else None


def exposition() -> bytes:
    """Return the metrics as text for Prometheus, those of all workers where there are several."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder is None:
        return generate_latest(REGISTRY)
    _forget_the_dead(Path(folder))
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def _forget_the_dead(folder: Path) -> None:
    """Delete the gauges of workers that have ended; their counters stay."""
    workers = {child.pid for child in psutil.Process(os.getppid()).children()}
    for file in folder.glob("gauge_live*_*.db"):
        number = int(file.stem.rpartition("_")[2])
        if number not in workers:
            mark_process_dead(number)
