"""Read the argument `query` and price a search by it, in the same way for every search."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypedDict

import sqlalchemy as sa

from api.engine import bindings as b
from api.engine.errors import bad_input
from tenants.columns import TEXTS
from tenants.terms import MOST_WORDS, Finding, Query

_MOST_CHARACTERS = 100
_POINTS, _POINTS_A_WORD = 5, 5


class Searched(TypedDict):
    """It holds the parts of a page's binding that find its rows."""

    through: b.Through
    arguments: tuple[b.Argument, ...]


def searched(
    finding: Finding,
    table: sa.Table,
    key: sa.Column[Any],
    *,
    unled: Mapping[str, sa.ColumnElement[Any]] | None = None,
) -> Searched:
    """Return how a page's rows are found by the search terms in `table`.

    A viewer who may see no terms searches the rows `unled` instead, for every word.
    """
    on = {"term": finding.rarest}
    return {
        "through": b.Through(
            table,
            key,
            on,
            leads=finding.has_pairs,
            is_told=finding.is_told,
            where=finding.has_words,
            size=finding.size,
            effort=("query", effort),
            unled=b.Scan(unled, finding.has_all_words) if unled else None,
        ),
        "arguments": (
            b.Argument("query#terms", TEXTS, lambda text: _read(text).terms),
            b.Argument("query#pairs", TEXTS, lambda text: _read(text).pairs),
            b.Argument("query#patterns", TEXTS, lambda text: _read(text).patterns),
            b.Argument("query#all", TEXTS, lambda text: _read(text).all_patterns),
        ),
    }


def effort(text: str) -> int:
    """Return the points of one search for a query, which grow with its words."""
    return _POINTS + _POINTS_A_WORD * len(_read(text).words)


@lru_cache(256)
def _read(text: str) -> Query:
    if len(text) > _MOST_CHARACTERS:
        raise bad_input(f"`query` holds {_MOST_CHARACTERS} characters at most.")
    query = Query.of(text)
    if len(query.words) > MOST_WORDS:
        raise bad_input(f"`query` holds {MOST_WORDS} words at most.")
    if not query.terms:
        raise bad_input("`query` must hold two Chinese characters in a row, or a Latin word.")
    return query
