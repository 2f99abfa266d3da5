"""The audit and its readers know these acts (actions.csv): `noun.verbed`, each with what it means."""

import csv
from pathlib import Path

from tenants.words import Words


class AuditAction(Words):
    """审计记下这些事。The audit records these acts."""

    _ignore_ = ["listed", "called", "act"]  # noqa: RUF012 # enum's own
    with (Path(__file__).parent / "actions.csv").open(encoding="utf-8", newline="") as listed:
        for called, *act in list(csv.reader(listed))[1:]:
            vars()[called] = tuple(act)
