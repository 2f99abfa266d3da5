"""Counts the round trips to the database."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest

from tenants.connection import Connection


@contextmanager
def round_trips() -> Generator[list[str]]:
    """Yield a list that gets each statement whose answer is waited for: a round trip."""
    sent: list[str] = []

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        async def noted(self: Connection, query: str, *arguments: Any, **options: Any) -> Any:
            sent.append(query)
            return await method(self, query, *arguments, **options)

        return noted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "_do_execute", noting(Connection._do_execute))
        patch.setattr(Connection, "execute", noting(Connection.execute))
        yield sent
