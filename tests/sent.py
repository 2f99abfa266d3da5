"""Checks every statement that the product sends in a test run, by its database role."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tenants.connection import Connection
from tests.statement_rules import ABOVE, EVERYWHERE, INSIDE, faults

_ROOT = Path(__file__).parents[1]
# every statement passes through these modules, whatever module wrote it
_BENEATH = {
    str(_ROOT / "tenants" / f"{name}.py") for name in ("connection", "db", "pool", "transaction")
}
_OURS = tuple(f"{_ROOT / name}/" for name in ("api", "tenants", "demo", "tests"))
# at most, for each test: generated statements are much alike
_MOST = 300
_RULES = {"linli_app": INSIDE, "linli_district": ABOVE}


class Sent:
    """It holds the statements that were sent; `new_faults` checks those since its last call."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()
        self._new: list[tuple[str, str]] = []

    def note(self, connection: Any, text: str) -> None:
        """Note a statement, unless a test wrote it."""
        one = connection._params.user, text
        if one not in self._known and not _is_of_a_test(sys._getframe(2)):
            self._known.add(one)
            self._new.append(one)

    def new_faults(self) -> list[str]:
        """Return the faults of the new statements."""
        new, self._new = self._new[:_MOST], []
        return [
            f"{fault}: {text}"
            for role, text in new
            for fault in faults(text, *_RULES.get(role, EVERYWHERE))
        ]


def listen(patch: pytest.MonkeyPatch) -> Sent:
    """Note everything that is sent from now on."""
    sent = Sent()

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        async def noted(self: Connection, query: str, *arguments: Any, **options: Any) -> Any:
            sent.note(self, query)
            return await method(self, query, *arguments, **options)

        return noted

    for name in ("_do_execute", "execute", "prepare", "send_ahead"):
        patch.setattr(Connection, name, noting(getattr(Connection, name)))
    return sent


def _is_of_a_test(frame: FrameType | None) -> bool:
    """Say whether a test wrote it: the first frame of ours outside `_BENEATH` decides."""
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(_OURS) and path not in _BENEATH and path != __file__:
            return path.startswith(_OURS[-1])
        frame = frame.f_back
    return True
