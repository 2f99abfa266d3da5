"""Measure the cost of a document: CPU for reading and compiling it, and for planning its SQL.

Each document is measured as if it were seen for the first time: it is parsed, checked against the
limits, validated and compiled again, in a process whose schema is already loaded. For a refused
document, the cost until its refusal is measured; it is never planned.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from api.engine.errors import RequestError
from api.engine.executor import Engine
from api.engine.preparing import Prepared, Request
from api.schema.schema import contract
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.scopes import Role, Scope
from tenants.viewer import Principal, Viewer

ROUNDS = 6
WARM = "{ viewer { id displayName } community { id boards { id title } } }"


def secretary(community_id: int = 1) -> Viewer:
    """Return a viewer of one community with every scope, so that no document is refused early."""
    return Viewer(
        principal=Principal.COMMUNITY,
        id=UUID(int=1),
        roles=frozenset({Role.PARTY_SECRETARY, Role.COMMITTEE_MEMBER}),
        scopes=frozenset(Scope),
        version=1,
        client_id="measure",
        token_id="measure",
        expires_at=datetime.now(UTC),
        community_id=community_id,
    )


@dataclass
class Measured:
    """It holds milliseconds of CPU, and the result for the document: a plan or a refusal."""

    here: float
    planning: float
    outcome: Prepared | RequestError

    @property
    def total(self) -> float:
        """Return the sum of both costs."""
        return self.here + self.planning

    @property
    def code(self) -> str | None:
        """Return the code of the refusal, or None."""
        return str(self.outcome.code) if isinstance(self.outcome, RequestError) else None


class Meter:
    """Measures documents with one schema and one connection of linli_app inside a tenant."""

    def __init__(self, connection: Any, viewer: Viewer) -> None:
        self._connection = connection
        self._viewer = viewer

    async def measure(
        self, text: str, variables: dict[str, Any] | None = None, *, rounds: int = ROUNDS
    ) -> Measured:
        """Measure one document; the result is the best of a few rounds."""
        here, outcome = read(self._viewer, text, variables, rounds)
        planning = 0.0
        if isinstance(outcome, Prepared):
            planning = await self._planning(outcome, rounds)
        return Measured(here, planning, outcome)

    async def _planning(self, prepared: Prepared, rounds: int) -> float:
        """Return how long PostgreSQL takes to plan all statements of the operation."""
        plan = prepared.plan
        reads = [plan.query] if plan.query else [step.done for step in plan.steps]
        total = 0.0
        for read_ in reads:
            if read_.text is None:
                continue
            try:
                arguments = [bind(prepared.env) for bind in read_.binders]
            except (RequestError, AttributeError, KeyError):
                continue  # refused before SQL, or it needs an id from a mutation that ran
            total += min([await self._explain(read_.text, arguments) for _ in range(rounds)])
        return total

    async def _explain(self, text: str, arguments: list[Any]) -> float:
        # a new transaction each time: linli_app's transactions have a short time limit
        await self._connection.execute("; ".join(["begin read only", *self._viewer.enter]))
        try:
            found = await self._connection.fetchval(
                f"explain (summary, format json) {text}", *arguments
            )
        finally:
            await self._connection.execute("rollback")
        return float(orjson.loads(found)[0]["Planning Time"])


def read(
    viewer: Viewer, text: str, variables: dict[str, Any] | None = None, rounds: int = ROUNDS
) -> tuple[float, Prepared | RequestError]:
    """Parse, limit, validate and compile a document uncached; return the best of some rounds."""
    best, outcome = float("inf"), None
    for _ in range(rounds):
        engine = Engine(contract(), Database({}, DOMAINS), {})
        started = time.process_time()
        try:
            outcome = engine.prepare(Request(text, None, variables), viewer)
        except RequestError as error:
            outcome = error
        best = min(best, time.process_time() - started)
    assert outcome is not None
    return best * 1000, outcome


async def meter(url: str, community_id: int = 1) -> tuple[Meter, asyncpg.Connection]:
    """Connect as linli_app, enter the tenant, and load the schema and the catalog."""
    connection = await asyncpg.connect(url, statement_cache_size=0)
    made = Meter(connection, secretary(community_id))
    await made.measure(WARM)
    return made, connection
