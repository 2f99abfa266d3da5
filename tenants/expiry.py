"""Delete rows after their retention time, in small transactions, in any worker.

Outbox rows and idempotency keys are kept 7 days: no client retries a change later. Sessions are
deleted 7 days after they ended or expired, with their refresh tokens. A rotated refresh token is
kept for as long as a session may stay unused, so that its reuse is detected. Failed attempts are
deleted when they no longer count.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tenants.audit.tables import district_keys, idempotency_keys, outbox_events
from tenants.columns import DISTRICT, TENANT, bound
from tenants.domain import Domain
from tenants.identity.lockout import WINDOW
from tenants.identity.sessions import LIFE
from tenants.identity.store import identity
from tenants.identity.tables import attempts, refresh_tokens, sessions
from tenants.ids import new_id
from tenants.places.everywhere import DISTRICTS, ENTER
from tenants.sweeps import Sweep
from tenants.viewer import system

KEPT = timedelta(days=7)
AT_ONCE = 1000


@dataclass(frozen=True)
class Expiry(Sweep):
    """Delete expired rows."""

    what = "deleting what is over"
    first = 90

    async def sweep(self) -> int:
        """Delete all expired rows; return their number, without the tokens of deleted sessions."""
        now = self.database.clock()
        deleted = await self._at_the_door(now) + await self._above(now - KEPT)
        return deleted + await super().sweep()

    async def community(self, number: int) -> int:
        """Delete the expired rows of one community; return their number."""
        before = self.database.clock() - KEPT
        return sum([await self._inside(number, each, before) for each in (_OUTBOX, _KEYS)])

    async def _inside(self, number: int, statement: sa.Executable, before: datetime) -> int:
        """Delete the expired rows of one table in one community, one transaction for each batch."""
        deleted = 0
        first = new_id(before, lambda _: 0)
        while True:
            async with self.inside(number) as tx:
                found = await tx.rows(statement, v_before=before, v_first=first)
            deleted += len(found)
            if len(found) < AT_ONCE:
                return deleted

    async def _above(self, before: datetime) -> int:
        """Delete the due keys of officers, district by district."""
        deleted = 0
        async with self.database.command(system(0)) as tx:
            for district in await tx.rows(DISTRICTS):
                await tx.row(ENTER, **district)
                found = [None] * AT_ONCE
                while len(found) == AT_ONCE:
                    found = await tx.rows(_KEYS_ABOVE, v_before=before, **district)
                    deleted += len(found)
        return deleted

    async def _at_the_door(self, now: datetime) -> int:
        deleted = 0
        for statement, before in (
            (_ATTEMPTS, now - WINDOW), (_TOKENS, now - LIFE), (_SESSIONS, now - KEPT)
        ):  # fmt: skip
            while True:
                async with identity(self.database) as store:
                    found = await store.rows(statement, v_before=before)
                    if statement is _SESSIONS:
                        ids = [row["id"] for row in found]
                        await store.run(_TOKENS_OF, v_ids=ids)
                        await store.run(_ENDED, v_ids=ids)
                deleted += len(found)
                if len(found) < AT_ONCE:
                    break
        return deleted


def _before(column: sa.Column[datetime]) -> sa.ColumnElement[bool]:
    return column < sa.bindparam("v_before", type_=column.type)


_MOST = sa.literal_column(str(AT_ONCE))


def _deleting(
    table: sa.Table, *key: str, due: sa.ColumnElement[bool], order: str | None = None
) -> sa.Executable:
    """Return the statement that deletes at most AT_ONCE due rows, without waiting for locked ones."""
    columns = [table.c[name] for name in key]
    here = [table.c[place.key] == place for place in (TENANT, DISTRICT) if place.key in table.c]
    some = sa.select(*columns).where(*here, due).limit(_MOST).with_for_update(skip_locked=True)
    if order is not None:
        some = some.order_by(table.c[order])
    return sa.delete(table).where(*here, sa.tuple_(*columns).in_(some)).returning(columns[0])


# ids are in the order of time, and the primary key finds them
_OUTBOX = _deleting(
    outbox_events,
    "id",
    due=(outbox_events.c.id < bound(outbox_events.c.id, "first")) & _before(outbox_events.c.at),
    order="id",
)
_KEYS, _KEYS_ABOVE = (
    _deleting(table, "actor_id", "key", due=_before(table.c.created_at), order="created_at")
    for table in (idempotency_keys, district_keys)
)
# a sign-in attempt holds the row lock at this moment, and resets the row itself
_ATTEMPTS = _deleting(attempts, "what", due=_before(attempts.c.since))
_TOKENS = _deleting(refresh_tokens, "token_hash", due=_before(refresh_tokens.c.rotated_at))
_SESSIONS = (
    sa.select(sessions.c.id)
    .where(_before(sessions.c.ended_at) | _before(sessions.c.expires_at))
    .limit(_MOST)
    .with_for_update(skip_locked=True)
)
_IDS = sa.any_(sa.bindparam("v_ids", type_=sa.ARRAY(sessions.c.id.type)))
_TOKENS_OF = sa.delete(refresh_tokens).where(refresh_tokens.c.session_id == _IDS)
_ENDED = sa.delete(sessions).where(sessions.c.id == _IDS)

DOMAIN = Domain(name="expiry", sweeps=(Expiry.of,))
