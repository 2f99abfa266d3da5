"""Asks the engine and the reference the same, and compares data and the order of keys."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from api.engine.errors import ErrorCode, RequestError
from api.engine.executor import Engine
from api.engine.preparing import Request
from api.schema.schema import contract
from tenants.db import Database
from tenants.viewer import Viewer
from tests.engine.reference import BUDGET, SIGNED, Reference

# Enrichment may exceed the limits, or use one response key for two fields.
_DISCARDED = {ErrorCode.QUERY_TOO_COMPLEX, ErrorCode.GRAPHQL_VALIDATION_FAILED}


class Different(AssertionError):
    """It is raised where the two answers differ."""


@dataclass
class Tally:
    """It is what was compared so far."""

    texts: set[str] = field(default_factory=set)
    compared: int = 0
    with_rows: int = 0
    next_pages: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    by_viewer: dict[str, int] = field(default_factory=dict)


class Asker:
    """It is a new engine and the reference."""

    def __init__(self, database: Database, reference: Reference) -> None:
        self.engine = Engine(contract(), database, {}, lambda: SIGNED)
        self.reference = reference
        self.tally = Tally()

    async def engine_text(
        self, viewer: Viewer, text: str, variables: Any = None, name: str | None = None
    ) -> str:
        """Return the engine's answer as text."""
        prepared = self.engine.prepare(Request(text, name, variables), viewer)
        prepared.env.budget = BUDGET
        return (await self.engine.run(prepared, "tests")).decode()

    async def data(
        self, viewer: Viewer, text: str, variables: Any = None, name: str | None = None
    ) -> Any:
        """Return the engine's data."""
        return read(await self.engine_text(viewer, text, variables, name))["data"]

    async def both(
        self, viewer: Viewer, text: str, variables: Any = None, name: str | None = None
    ) -> Any:
        """Return the data that both agree on; raise Different if they do not."""
        found = await self.data(viewer, text, variables, name)
        self._compare(found, viewer, text, variables, name)
        return found

    def from_thread(
        self, loop: asyncio.AbstractEventLoop, who: tuple[str, Viewer], asked: tuple[str, Any, str | None],
        *, sound: bool,
    ) -> bool:  # fmt: skip
        """Compare from another thread; return False if the engine refused and was allowed to."""
        (label, viewer), (text, variables, name) = who, asked
        running = self.data(viewer, text, variables, name)
        try:
            found = asyncio.run_coroutine_threadsafe(running, loop).result(30)
        except RequestError as error:
            self.tally.refused[error.code] = self.tally.refused.get(error.code, 0) + 1
            is_discarded = error.code in _DISCARDED or _is_of_another_kind(error)
            if sound and not is_discarded:
                raise Different(f"refused: {error}\n{text}\n{variables}") from error
            return False
        self._compare(found, viewer, text, variables, name)
        tally = self.tally
        tally.compared += 1
        tally.texts.add(text)
        tally.with_rows += self.reference.rows > 0
        tally.next_pages += self.reference.next_pages > 0
        tally.by_viewer[label] = tally.by_viewer.get(label, 0) + 1
        return True

    def _compare(
        self, found: Any, viewer: Viewer, text: str, variables: Any, name: str | None
    ) -> None:
        expected, errors = self.reference.answer(viewer, text, name, variables)
        if errors or json.dumps(found) != json.dumps(expected):
            raise Different(
                f"{text}\nvariables: {variables}\nengine:    {json.dumps(found, ensure_ascii=False)}\n"
                f"reference: {json.dumps(expected, ensure_ascii=False)}\nerrors: {errors}"
            )


def _is_of_another_kind(error: RequestError) -> bool:
    """Say whether `node` got the id of a kind whose scope the viewer does not have."""
    return str(error.errors[0]["extensions"].get("field", "")).startswith("Query.node of ")


def read(text: str) -> Any:
    """Read JSON; raise if an object has the same key twice."""
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    assert len(found) == len(pairs), f"a key is there twice: {pairs}"
    return found
