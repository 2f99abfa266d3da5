"""The worker that counts a month when it is over: once, for good, in every community.

Any number of workers may look. What one of them counts is one statement's view of the tables, and
its total is the claim: a second worker waits for the first one's commit, and then adds nothing.
"""

import logging
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.calendar import SHANGHAI
from tenants.columns import DISTRICT, NOW, TENANT, TIME, among
from tenants.db import Client, Database, Tx
from tenants.errors import Busy
from tenants.petitions.tables import petition_callbacks, petition_facts, petitions
from tenants.places.everywhere import DISTRICTS, ENTER
from tenants.places.tables import communities
from tenants.rates.suppression import published
from tenants.rates.tables import (
    COUNTED,
    FEWEST,
    LEAST_CELL,
    TOTAL,
    UNRANKED,
    community_rates,
    rate_snapshots,
)
from tenants.rounds import again
from tenants.viewer import system

log = logging.getLogger("linli.rates")

# What began before midnight may be committed after it.
_SETTLED = timedelta(hours=1)
_FIRST_PART = 60  # of a round, before the first: a server that starts has better things to do


def month_of(moment: datetime) -> str:
    """Give the month that a moment lies in, in Shanghai."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m")


def begin_of(month: str) -> datetime:
    """Give a month's first moment."""
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=SHANGHAI)


def after(month: str) -> str:
    """Give the month after this one."""
    return month_of(begin_of(month) + timedelta(days=31))


def months(first: str, until: str) -> Iterator[str]:
    """Give the months from `first`, `until` left out."""
    while first < until:
        yield first
        first = after(first)


@dataclass(frozen=True)
class Snapshots:
    """Counts each month that is over, looking every `seconds`; any number of workers may."""

    database: Database
    seconds: float = 3600

    def kept(self) -> AbstractAsyncContextManager[None]:
        """Look again and again for the length of the block."""
        first = self.seconds / _FIRST_PART
        return again(self.sweep, seconds=self.seconds, first=first, what="the rates")

    async def sweep(self) -> int:
        """Count every month that is over and was not counted; gives how many that were."""
        made = 0
        for number in await self._missing(self._now()):
            try:
                made += await self.catch_up(number)
            except (Busy, OSError):
                raise  # no database: the next round will do
            except Exception:
                # the others are owed it all the same
                log.exception("community %d: a month was not counted", number)
        return made

    def _now(self) -> str:
        """Give the first month that is not over, or not settled."""
        return month_of(self.database.clock() - _SETTLED)

    async def _missing(self, until: str) -> list[int]:
        """Give the communities that had petitions and lack the month before `until`."""
        values = {
            "v_month": month_of(begin_of(until) - timedelta(days=1)),
            "v_end": begin_of(until),
        }
        async with self.database.command(system(0)) as tx:
            numbers: list[int] = []
            for district in await tx.rows(DISTRICTS):
                await tx.row(ENTER, **district)
                found = await tx.rows(_LACKING, **district, **values)
                numbers += [row["community_id"] for row in found]
        return numbers

    async def catch_up(self, number: int) -> int:
        """Count the months of one community that had a petition, each in its own transaction."""
        actor = system(0)
        client = Client(actor.client_id, "")
        async with self.database.act(actor, client, self.database.clock(), number) as tx:
            known = await tx.row(_KNOWN)
        if known is None or known["first"] is None:
            return 0
        first = after(known["counted"]) if known["counted"] else month_of(known["first"])
        made = 0
        for month in months(first, self._now()):
            async with self.database.act(actor, client, self.database.clock(), number) as tx:
                made += await _count(tx, month)
        return made


async def _count(tx: Tx, month: str) -> int:
    """Count a month for those above and for the community itself; 0 where it was counted before."""
    values = {"v_month": month, "v_begin": begin_of(month), "v_end": begin_of(after(month))}
    row = await tx.row(_COUNT, **values)
    if row is None or not row["made"]:
        return 0
    place = await tx.row(_PLACE)
    assert place is not None  # noqa: S101 # a community is never deleted
    own = await tx.rows(_OWN, **values)
    counted = {row["category_id"]: {name: row[name] for name in COUNTED} for row in own}
    of_total, of_categories = published(counted.pop(None), counted)
    for category, counts in {UUID(TOTAL): of_total, **of_categories}.items():
        await tx.insert(
            community_rates,
            id=tx.new_id(),
            district_id=place["district_id"],
            street_id=place["street_id"],
            month=month,
            category_id=category,
            is_total=category == UUID(TOTAL),
            made_at=tx.now,
            **counts,
        )
    return 1


def _bound(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(f"v_{name}", type_=TIME)


def _written(number: int) -> sa.ColumnElement[int]:
    return sa.literal_column(str(number), sa.Integer())


def _counted(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(condition, sa.false()), sa.Integer())


_facts, _said, _snap = petition_facts.c, petition_callbacks.c, rate_snapshots.c
_REFUSED = {
    "excluded_emergency": "EMERGENCY",
    "excluded_other_route": "OTHER_LEGAL_ROUTE",
    "excluded_no_new_facts": "NO_NEW_FACTS",
}
_IS_WITHDRAWN = among(_facts.state, "WITHDRAWN", "MERGED") & _facts.responded_at.is_(None)
_IS_EXCLUDED = sa.func.coalesce(among(_facts.refusal_code, *_REFUSED.values()), sa.false())
_COUNTS = ~_IS_EXCLUDED & ~_IS_WITHDRAWN
_OF_CASES = {
    "response_met": _COUNTS & (_facts.responded_at <= _facts.first_ack_due_at),
    "response_due": _COUNTS,
    "excluded_withdrawn": _IS_WITHDRAWN & ~_IS_EXCLUDED,
    **{name: _facts.refusal_code == sa.literal_column(f"'{c}'") for name, c in _REFUSED.items()},
}
_OF_CALLBACKS = {
    "callbacks": sa.true(),
    "solved": _said.solved == sa.literal_column("'YES'"),
    "partly": _said.solved == sa.literal_column("'PARTLY'"),
    "satisfied": _said.satisfaction >= _written(4),
}
_NONE = sa.literal_column("0", sa.Integer())
_CASES = sa.select(
    _facts.category_id,
    *((_counted(_OF_CASES[n]) if n in _OF_CASES else _NONE).label(n) for n in COUNTED),
).where(
    _facts.community_id == TENANT,
    ~_facts.is_imported,
    _facts.first_ack_due_at >= _bound("begin"),
    _facts.first_ack_due_at < _bound("end"),
)
_CALLBACKS = (
    sa.select(
        _said.category_id,
        *((_counted(_OF_CALLBACKS[n]) if n in _OF_CALLBACKS else _NONE).label(n) for n in COUNTED),
    )
    .join_from(
        petition_callbacks,
        petition_facts,
        (_facts.community_id == _said.community_id) & (_facts.id == _said.petition_id),
    )
    .where(
        _said.community_id == TENANT,
        ~_facts.is_imported,
        _said.at >= _bound("begin"),
        _said.at < _bound("end"),
    )
)
# a letter that went past the committee is not the community's to know of
_IS_AT_COMMUNITY = sa.exists(
    sa.select(_written(1)).where(
        petitions.c.community_id == TENANT,
        petitions.c.id == _facts.id,
        petitions.c.is_at_community,
    )
)


def _added(cases: sa.Select[Any], callbacks: sa.Select[Any]) -> sa.Select[Any]:
    """Add up by category, and all."""
    each = sa.union_all(cases, callbacks).subquery("each")
    sums = (
        sa.cast(sa.func.coalesce(sa.func.sum(each.c[n]), _NONE), sa.Integer()).label(n)
        for n in COUNTED
    )
    return sa.select(
        each.c.category_id,
        (sa.func.grouping(each.c.category_id) == _written(1)).label("is_total"),
        *sums,
    ).group_by(sa.func.grouping_sets(sa.tuple_(each.c.category_id), sa.tuple_()))


_OWN = _added(_CASES.where(_IS_AT_COMMUNITY), _CALLBACKS.where(_IS_AT_COMMUNITY))
_sums = _added(_CASES, _CALLBACKS).cte("sums")
_halves = _written(2) * _sums.c.solved + _sums.c.partly
_RANKING = sa.case(
    (_sums.c.callbacks < _written(FEWEST), _written(UNRANKED)),
    (_halves < _written(2 * LEAST_CELL), _written(0)),
    else_=_halves * _written(1000) // (_written(2) * _sums.c.callbacks),
)
_place = communities.c
_PLACE = sa.select(communities).where(_place.community_id == TENANT)
_ROW: dict[str, Any] = {
    "community_id": TENANT,
    "id": sa.func.gen_random_uuid(),
    "district_id": _place.district_id,
    "street_id": _place.street_id,
    "month": sa.bindparam("v_month", type_=sa.Text()),
    "category_id": sa.func.coalesce(
        _sums.c.category_id, sa.literal_column(f"'{TOTAL}'::uuid", _snap.category_id.type)
    ),
    "is_total": _sums.c.is_total,
    **{name: _sums.c[name] for name in COUNTED},
    "ranking": _RANKING,
    "made_at": NOW,
}
_ROWS = (
    sa.select(*(value.label(name) for name, value in _ROW.items()))
    .select_from(_sums.join(communities, _place.community_id == TENANT))
)  # fmt: skip
_TOTAL = (
    insert(rate_snapshots)
    .from_select(list(_ROW), _ROWS.where(_sums.c.is_total))
    .on_conflict_do_nothing()
    .returning(_snap.month)
    .cte("total")
)
_CATEGORIES = (
    insert(rate_snapshots)
    .from_select(list(_ROW), _ROWS.where(~_sums.c.is_total, sa.exists(sa.select(_TOTAL.c.month))))
    .on_conflict_do_nothing()
    .returning(_snap.month)
    .cte("categories")
)
# how many months were made here: one, or none where another worker has made it
_COUNT = sa.select(
    sa.cast(sa.func.count(), sa.Integer()).label("made")
).select_from(_TOTAL).add_cte(_CATEGORIES)  # fmt: skip
_KNOWN = sa.select(
    sa.select(sa.func.max(_snap.month))
    .where(_snap.community_id == TENANT, _snap.is_total)
    .scalar_subquery()
    .label("counted"),
    sa.select(sa.func.min(_facts.submitted_at))
    .where(_facts.community_id == TENANT, ~_facts.is_imported)
    .scalar_subquery()
    .label("first"),
)
_LACKING = sa.select(_place.community_id).where(
    _place.district_id == DISTRICT,
    ~sa.exists(
        sa.select(_written(1)).where(
            _snap.community_id == _place.community_id,
            _snap.district_id == DISTRICT,
            _snap.month == sa.bindparam("v_month", type_=sa.Text()),
            _snap.is_total,
        )
    ),
    sa.exists(
        sa.select(_written(1)).where(
            _facts.community_id == _place.community_id,
            _facts.district_id == DISTRICT,
            ~_facts.is_imported,
            _facts.submitted_at < _bound("end"),
        )
    ),
).order_by(_place.community_id)  # fmt: skip
