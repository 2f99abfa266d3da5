"""Show the rates of one row, of the sum of many rows, and of a row in a ranking."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from tenants.rates.tables import EXCLUSIONS, FEWEST, LEAST_CELL, community_rates, rate_snapshots

Number = sa.ColumnElement[Any]
Parts = Mapping[str, Number]
_CASES, _HALVES = 1, 2


def _written(number: int) -> Number:
    return sa.literal_column(str(number), sa.Integer())


def _published(name: str) -> Number:
    return community_rates.c[name]


def _own(name: str) -> Number:
    return rate_snapshots.c[name]


def _added(name: str) -> Number:
    return sa.cast(sa.func.sum(rate_snapshots.c[name]), sa.Integer())


def _rate(numerator: Number, denominator: Number, unit: int = _CASES, least: int = 0) -> Parts:
    """Return the parts of a rate counted in `unit`s; hide a numerator below `least` cases."""
    is_too_few = denominator < _written(FEWEST * unit)
    is_told = ~is_too_few
    told = is_told & (numerator >= _written(least * unit)) if least else is_told
    return {
        "numerator": sa.case((told, numerator)),
        "denominator": sa.case((is_told, denominator)),
        "isTooFew": is_too_few,
    }


def _rates(
    of: Callable[[str], Number], least: int = 0, excluded: int | None = None
) -> dict[str, Parts]:
    """Return the three rates and the exclusions; hide numbers below `least`, or below `excluded`."""
    halves = _written(_HALVES)
    exclusions = {name: of(name) for name in EXCLUSIONS}
    if fewest := least if excluded is None else excluded:
        exclusions = {n: sa.case((c >= _written(fewest), c)) for n, c in exclusions.items()}
    names = ("emergency", "otherLegalRoute", "noNewFacts", "withdrawnOrMerged")
    return {
        "response": _rate(of("response_met"), of("response_due"), least=least),
        "resolution": _rate(
            halves * of("solved") + of("partly"), halves * of("callbacks"), _HALVES, least
        ),
        "satisfaction": _rate(of("satisfied"), of("callbacks"), least=least),
        "exclusions": dict(zip(names, exclusions.values(), strict=True)),
    }


of_community = _rates(_published, excluded=LEAST_CELL)
of_many = _rates(_added)
in_ranking = _rates(_own, LEAST_CELL)
community_count = sa.cast(sa.func.count(), sa.Integer())
is_total = sa.true()
is_of_category = sa.false()
in_category = community_rates.c.category_id == sa.bindparam(
    "argument categoryId", type_=community_rates.c.category_id.type
)
