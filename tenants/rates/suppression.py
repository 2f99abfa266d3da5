"""Hide small counts from a community, so that none can be calculated by subtraction.

A number below its minimum is hidden. If the total minus all shown categories leaves one hidden
category, or too few cases, the smallest shown category is hidden as well, until at least two
categories and enough cases are hidden. Hidden numbers are 0 in the result.
"""

from collections.abc import Collection, Mapping
from typing import TypeVar

from tenants.rates.tables import COUNTED, EXCLUSIONS, FEWEST, LEAST_CELL

Key = TypeVar("Key")
Counts = Mapping[str, int]

# Counts that are shown or hidden together: a whole and its parts.
_RATES = {"response_due": ("response_met",), "callbacks": ("solved", "partly", "satisfied")}


def published(
    total: Counts, categories: Mapping[Key, Counts]
) -> tuple[dict[str, int], dict[Key, dict[str, int]]]:
    """Return the total and the categories that may be read; leave out a category with few cases."""
    told: dict[str, Collection[Key]] = {
        whole: _told({key: counts[whole] for key, counts in categories.items()}, FEWEST, categories)
        for whole in _RATES
    }
    rows = [key for key in categories if any(key in told[whole] for whole in _RATES)]
    for name in EXCLUSIONS:
        cells = {key: counts[name] for key, counts in categories.items()}
        told[name] = _told(cells, LEAST_CELL, rows)
    shown = {
        key: _row(categories[key], [name for name in told if key in told[name]]) for key in rows
    }
    least = dict.fromkeys(_RATES, FEWEST) | dict.fromkeys(EXCLUSIONS, LEAST_CELL)
    return _row(total, [name for name in told if total[name] >= least[name]]), shown


def _told(cells: Mapping[Key, int], least: int, candidates: Collection[Key]) -> set[Key]:
    told = {key for key in candidates if cells[key] >= least}
    while told and not _is_covered([cells[key] for key in cells if key not in told], least):
        # among equal cells always the same one, so that every worker hides the same
        told.remove(min(told, key=lambda key: (cells[key], str(key))))
    return told


def _is_covered(hidden: list[int], least: int) -> bool:
    left = [number for number in hidden if number]
    return not left or (len(left) > 1 and sum(left) >= least)


def _row(counts: Counts, told: Collection[str]) -> dict[str, int]:
    names = {part for name in told for part in (name, *_RATES.get(name, ()))}
    return {name: counts[name] if name in names else 0 for name in COUNTED}
