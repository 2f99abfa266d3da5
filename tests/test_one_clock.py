"""Rules compare times only with the injected clock."""

import re
from pathlib import Path

from tests.test_permissions import matrix

ROOT = Path(__file__).parents[1]
OF_THE_DATABASE = re.compile(
    r"func\.(now|clock_timestamp|current_timestamp|localtimestamp)\b|\b(now|clock_timestamp|"
    r"transaction_timestamp|statement_timestamp)\(\)|\bcurrent_(date|timestamp)\b"
)
# The files that use the database's clock, and why.
ALLOWED = {
    "tenants/audit/service.py": "an entry is stamped by the database, after whoever held the chain",
    "tenants/audit/above.py": "the same, for the chain of a district",
    "tenants/audit/past.py": "the head of a chain that was written at once says when that was",
    "tenants/audit/verify.py": "entries are compared with the database's own stamps",
    "tenants/audit/checkpoints.py": "a checkpoint stands beside the database's stamps",
    "tenants/documents/service.py": "when a document was registered is noted and compared with nothing",
}


def test_no_rule_asks_the_database_for_the_time() -> None:
    """Checked in the rendered rules, so it does not matter how they are written."""
    assert OF_THE_DATABASE.search(matrix()) is None


def test_who_asks_the_database_for_the_time_says_why() -> None:
    """Checked in both packages; a new use is either listed with its reason or fixed."""
    found = {
        str(path.relative_to(ROOT))
        for package in ("tenants", "api")
        for path in (ROOT / package).rglob("*.py")
        if OF_THE_DATABASE.search(path.read_text())
    }
    assert found == ALLOWED.keys()
