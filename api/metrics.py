"""What Prometheus is told."""

from functools import cache

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("linli_requests_total", "GraphQL requests", ["kind", "status"])
LATENCY = Histogram(
    "linli_request_seconds",
    "GraphQL request time",
    ["kind"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 8),
)
KEPT = Gauge("linli_kept", "Entries kept in a cache", ["cache"], multiprocess_mode="livesum")
POOL = Gauge("linli_pool_connections", "Connections", ["state"], multiprocess_mode="livesum")


def count(kind: str, status: int, seconds: float) -> None:
    """Count a request of a kind that ended with a status."""
    requests, latency = _children(kind, status)
    requests.inc()
    latency.observe(seconds)


@cache
def _children(kind: str, status: int) -> tuple[Counter, Histogram]:
    # looking a label up costs more than counting
    return REQUESTS.labels(kind, status), LATENCY.labels(kind)
