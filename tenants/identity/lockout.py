"""Lockout: five failures within a quarter of an hour close a door for as long (GB/T 22239)."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.identity.store import Store
from tenants.identity.tables import attempts

MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)


class LockedOut(Exception):
    """Too many failures; `seconds` is when to try again. Unknown names are locked like known ones."""

    def __init__(self, seconds: int) -> None:
        super().__init__("locked out")
        self.seconds = seconds


async def tried(store: Store, what: str) -> None:
    """Count a try before it is known how it ends, and raise LockedOut where it is one too many.

    However many come at once, each is told its own number: no more than five get through.
    """
    counted = await store.row(
        _TRY, what=_key(store, what), now=store.now, window_start=store.now - WINDOW
    )
    assert counted is not None  # noqa: S101 # an upsert gives its row
    if counted["failures"] > MOST_FAILURES:
        left = counted["since"] + WINDOW - store.now
        raise LockedOut(max(int(left.total_seconds()), 0) + 1)


async def told(store: Store, what: str, *, is_right: bool) -> None:
    """Count how a try ended, before whoever tried is told; raise LockedOut if they may not know.

    However many come at once, they learn of five wrong ones; who is right is never one too many.
    """
    if not is_right:
        return await tried(store, what)
    found = await store.row(_ATTEMPT, what=_key(store, what))
    if found is not None and found["failures"] >= MOST_FAILURES:
        left = found["since"] + WINDOW - store.now
        if left > timedelta():
            raise LockedOut(int(left.total_seconds()) + 1)
    return await succeeded(store, what)


async def succeeded(store: Store, what: str) -> None:
    """Forget the failures of `what`."""
    await store.run(_FORGET, what=_key(store, what))


def _key(store: Store, what: str) -> bytes:
    return store.ring.index(what, purpose="attempt")


_WHAT = sa.bindparam("what", type_=attempts.c.what.type)
_NOW = sa.bindparam("now", type_=attempts.c.since.type)
_STALE = attempts.c.since <= sa.bindparam("window_start", type_=attempts.c.since.type)
_ONE = sa.literal_column("1")
_ATTEMPT = sa.select(attempts).where(attempts.c.what == _WHAT).with_for_update()
_FAIL = (
    insert(attempts)
    .values(what=_WHAT, failures=_ONE, since=_NOW)
    .on_conflict_do_update(
        index_elements=["what"],
        set_={
            "failures": sa.case((_STALE, _ONE), else_=attempts.c.failures + _ONE),
            "since": sa.case((_STALE, _NOW), else_=attempts.c.since),
        },
    )
)
_TRY = _FAIL.returning(attempts.c.failures, attempts.c.since)
_FORGET = sa.delete(attempts).where(attempts.c.what == _WHAT)
