"""Count a month in SQL: cases by their first deadline, callbacks by their day."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.columns import DISTRICT, NOW, TENANT, TIME, UUID, among
from tenants.petitions.facts import petition_facts
from tenants.petitions.tables import petition_callbacks, petitions
from tenants.places.tables import communities
from tenants.rates.tables import (
    COUNTED,
    FEWEST,
    LEAST_CELL,
    TOTAL,
    UNRANKED,
    community_rates,
    rate_snapshots,
)


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
        (_facts.community_id == TENANT) & (_facts.id == _said.petition_id),
    )
    .where(
        _said.community_id == TENANT,
        ~_facts.is_imported,
        _said.at >= _bound("begin"),
        _said.at < _bound("end"),
    )
)
# the community does not know of a petition that bypassed the committee
_IS_AT_COMMUNITY = sa.exists(
    sa.select(_written(1)).where(
        petitions.c.community_id == TENANT,
        petitions.c.id == _facts.id,
        petitions.c.is_at_community,
    )
)


def _added(cases: sa.Select[Any], callbacks: sa.Select[Any]) -> sa.Select[Any]:
    """Return the sums for each category and for all together."""
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


OWN = _added(_CASES.where(_IS_AT_COMMUNITY), _CALLBACKS.where(_IS_AT_COMMUNITY))
_sums = _added(_CASES, _CALLBACKS).cte("sums")
_halves = _written(2) * _sums.c.solved + _sums.c.partly
_RANKING = sa.case(
    (_sums.c.callbacks < _written(FEWEST), _written(UNRANKED)),
    (_halves < _written(2 * LEAST_CELL), _written(0)),
    else_=_halves * _written(1000) // (_written(2) * _sums.c.callbacks),
)
_place = communities.c
# Run first in a transaction that counts. With old statistics a community looks empty, and the
# database would then read all of its petitions once for each petition.
NO_NESTED_LOOPS = sa.select(
    sa.func.set_config(
        sa.literal_column("'enable_nestloop'"), sa.literal_column("'off'"), sa.true()
    )
)
PLACE = sa.select(communities).where(_place.community_id == TENANT)
_CATEGORY = sa.func.coalesce(
    _sums.c.category_id, sa.literal_column(f"'{TOTAL}'::uuid", _snap.category_id.type)
)
_SEED = sa.bindparam("v_seed", type_=UUID)
_ROW: dict[str, Any] = {
    "community_id": _place.community_id,
    # derived from one new id, for each row: a sharded INSERT … SELECT accepts no random function
    "id": sa.cast(sa.func.md5(sa.cast(_SEED, sa.Text()) + sa.cast(_CATEGORY, sa.Text())), UUID),
    "district_id": _place.district_id,
    "street_id": _place.street_id,
    "month": sa.bindparam("v_month", type_=sa.Text()),
    "category_id": _CATEGORY,
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
# the number of months counted here: 1, or 0 if another worker has counted it
COUNT = sa.select(
    sa.cast(sa.func.count(), sa.Integer()).label("made")
).select_from(_TOTAL).add_cte(_CATEGORIES)  # fmt: skip
KNOWN = sa.select(
    sa.select(sa.func.max(_snap.month))
    .where(_snap.community_id == TENANT, _snap.is_total)
    .scalar_subquery()
    .label("counted"),
    sa.select(sa.func.min(_facts.submitted_at))
    .where(_facts.community_id == TENANT, ~_facts.is_imported)
    .scalar_subquery()
    .label("first"),
)
_own = community_rates.c
LACKED = (
    sa.select(_snap.month)
    .where(
        _snap.community_id == TENANT,
        _snap.is_total,
        ~sa.exists(
            sa.select(_written(1)).where(
                _own.community_id == TENANT, _own.is_total, _own.month == _snap.month
            )
        ),
    )
    .order_by(_snap.month)
)
_IS_COUNTED = sa.exists(
    sa.select(_written(1)).where(
        _snap.community_id == _place.community_id,
        _snap.district_id == DISTRICT,
        _snap.month == sa.bindparam("v_month", type_=sa.Text()),
        _snap.is_total,
    )
)
_HAD_PETITIONS = sa.exists(
    sa.select(_written(1)).where(
        _facts.community_id == _place.community_id,
        _facts.district_id == DISTRICT,
        ~_facts.is_imported,
        _facts.submitted_at < _bound("end"),
    )
)
_IS_UNTOLD = sa.exists(
    sa.select(_written(1)).where(
        _snap.community_id == _place.community_id,
        _snap.district_id == DISTRICT,
        _snap.is_total,
        ~sa.exists(
            sa.select(_written(1)).where(
                _own.community_id == _snap.community_id,
                _own.district_id == DISTRICT,
                _own.is_total,
                _own.month == _snap.month,
            )
        ),
    )
)
LACKING = (
    sa.select(_place.community_id)
    .where(_place.district_id == DISTRICT, (~_IS_COUNTED & _HAD_PETITIONS) | _IS_UNTOLD)
    .order_by(_place.community_id)
)
