"""Budgets limit what a viewer spends: points before an operation runs, and the time that it then took.

A budget belongs to the person (`Viewer.payer`), whatever the client, the community or the token.
"""

import time
from collections.abc import Hashable

from api.engine.preparing import Prepared
from api.limits import Buckets
from api.settings import Limits
from tenants.viewer import Viewer

_LEAST_MS_OF_A_DOCUMENT = 10
_REFUSED = 1  # points that a request costs if it is refused before its price is known


class Budgets:
    """It keeps the budgets of persons and places in one worker. A refusal raises RATE_LIMITED."""

    def __init__(self, limits: Limits) -> None:
        self._queries = Buckets(limits.person_queries, "queries")
        self._mutations = Buckets(limits.person_mutations, "changes")
        self._place_queries = Buckets(limits.tenant_queries, "queries in this community")
        self._place_mutations = Buckets(limits.tenant_mutations, "changes in this community")
        self._documents = Buckets(limits.new_documents, "new documents")
        self._computing = Buckets(limits.computing, "milliseconds of computing")
        self._database = Buckets(limits.database, "milliseconds of the database")

    def admit(self, viewer: Viewer) -> None:
        """Refuse a viewer whose time budgets are overdrawn, before the request is read."""
        now = time.monotonic()
        self._computing.take(viewer.payer, 0, now)
        self._database.take(viewer.payer, 0, now)

    def computed(self, viewer: Viewer, seconds: float) -> None:
        """Charge the time for which the event loop was busy with this person's request alone."""
        self._computing.owe(viewer.payer, seconds * 1000, time.monotonic())

    def queried(self, person: Hashable, seconds: float) -> None:
        """Charge the time for which a person held a database connection."""
        self._database.owe(person, seconds * 1000, time.monotonic())

    def admit_document(self, viewer: Viewer) -> None:
        """Take the least that a new document costs; refuse a viewer who has less left."""
        self._documents.take(viewer.payer, _LEAST_MS_OF_A_DOCUMENT, time.monotonic())

    def aside(self, person: Hashable, seconds: float) -> None:
        """Charge a person for work done in the helper thread (new documents, introspection)."""
        self._documents.owe(person, seconds * 1000, time.monotonic())

    def refused(self, viewer: Viewer) -> None:
        """Charge a request that was refused before its price was known."""
        self._queries.take(viewer.payer, _REFUSED, time.monotonic())

    def charge(self, prepared: Prepared, viewer: Viewer) -> int:
        """Take an operation's price from the budgets; return what the person has left."""
        person, place = self._queries, self._place_queries
        if prepared.operation.kind == "mutation":
            person, place = self._mutations, self._place_mutations
        now = time.monotonic()
        left = int(person.take(viewer.payer, prepared.cost, now))
        try:
            place.take(viewer.place, prepared.cost, now)
        except Exception:
            person.give_back(viewer.payer, prepared.cost)
            raise
        prepared.env.budget = {
            "limit": int(person.size),
            "remaining": left,
            "restorePerSecond": int(person.per_second),
            "cost": prepared.cost,
        }
        return left
