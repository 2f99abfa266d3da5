"""Lockout: five failures within 15 minutes block further attempts for 15 minutes (GB/T 22239)."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.identity.store import Store
from tenants.identity.tables import attempts

MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)


class LockedOut(Exception):
    """Too many failures; retry after `seconds`. Unknown names are locked out like known ones."""

    def __init__(self, seconds: int) -> None:
        super().__init__("locked out")
        self.seconds = seconds


async def tried(store: Store, what: str) -> None:
    """Count an attempt before its result is known; raise LockedOut if it is one too many.

    Parallel attempts each get their own number, so no more than five are checked.
    """
    counted = await store.row(
        _TRY, what=_key(store, what), now=store.now, window_start=store.now - WINDOW
    )
    assert counted is not None  # noqa: S101 # an upsert returns its row
    if counted["failures"] > MOST_FAILURES:
        left = counted["since"] + WINDOW - store.now
        raise LockedOut(max(int(left.total_seconds()), 0) + 1)


async def told(store: Store, what: str, *, is_right: bool) -> None:
    """Count the result of an attempt before answering; raise LockedOut if it must not be told.

    However many attempts are parallel, at most five are told that they are wrong; a right one is
    not counted.
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
    """Delete the failures of `what`."""
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
