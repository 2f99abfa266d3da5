"""How often a change waits for the database."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest

from tenants.connection import Connection


@contextmanager
def round_trips() -> Generator[list[str]]:
    """Give the texts whose answers are waited for meanwhile: one for each round trip."""
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
