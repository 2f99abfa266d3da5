"""Choose what `make test-fast` runs: every test that needs no server, and a sample of those that ask one.

The sample goes through HTTP to the embedded PostgreSQL alone. A file that takes many seconds for little
belongs to `HEAVY`, which the whole suite begins with; one that tells soonest that something is broken, to `SAMPLE`.
"""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
SAMPLE = {
    "api/test_http.py",
    "api/test_scripts.py",
    "api/test_signin.py",
    "engine/test_cases.py",
    "engine/test_statements.py",
    "tenants/test_comments.py",
    "tenants/test_petitions.py",
    "tenants/test_posts.py",
    "tenants/test_roles.py",
}
HEAVY = {
    "clients/test_clients.py",
    "test_backup.py",
    "test_bench.py",
    "test_embedded.py",
    "test_from_nothing.py",
    "test_full_disk.py",
    "test_kills.py",
    "test_miniprogram.py",
    "test_readiness.py",
    "test_supervisor.py",
    "test_worked_example.py",
    "votes/test_publishing.py",
    "votes/test_sealing_js.py",
}


def is_fast(item: pytest.Item, version: str | None) -> bool:
    """Say whether a test is one of the fast suite; `version` is the PostgreSQL that it asks for."""
    name = item.path.relative_to(ROOT).as_posix()
    if "demo_cluster" in getattr(item, "fixturenames", ()):
        return False
    return name not in HEAVY if version is None else version == "embedded" and name in SAMPLE
