"""Search terms: find a text by its words, also in Chinese.

PostgreSQL's text search takes a Chinese sentence for one word. Here each pair of neighbouring
Chinese characters is a term, and so is each Latin word or number. Terms are plain rows with a plain
index, which row-level security can use.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT, TEXTS
from tenants.transaction import Tx

_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(f"[{_CHINESE}]+|[a-z0-9]+")
_SPECIAL = re.compile(r"[%_\\]")
_MOST_TERMS = 3000
_MOST_TERM = 40
_SIZES = (128, 64, 32, 16, 8, 4, 2, 1)
MOST_WORDS = 8
# how many terms of a query are looked up; the other words are matched against the texts
_MOST_ASKED = 8
_COUNTED = 1000  # counts stop here: terms in more texts than this are equally common


def folded(text: str) -> str:
    """Return a text normalised for search: width, composition and case make no difference."""
    return unicodedata.normalize("NFKC", text).lower()


def _folded(text: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Do as `folded` does, in PostgreSQL."""
    return sa.func.lower(sa.func.pg_catalog.normalize(text, sa.literal_column("'NFKC'")))


def terms_of(text: str) -> list[str]:
    """Return the distinct terms of a text, in order: 社区通 → 社区, 区通; Linli 3 → linli, 3."""
    found: dict[str, None] = {}
    for run in _RUNS.findall(folded(text)):
        if run[0].isascii():
            found[run[:_MOST_TERM]] = None
        else:
            found.update(dict.fromkeys(a + b for a, b in pairwise(run)))
    return list(found)[:_MOST_TERMS]


@dataclass(frozen=True)
class Query:
    """It is what a search asks for.

    A text that has all of `pairs` and one of `terms` is a candidate; then it must match `patterns`
    (of LIKE). A word that is itself a pair needs no pattern. `all_patterns` has one for each word,
    for searches that use no terms.
    """

    words: list[str]
    terms: list[str]
    pairs: list[str]
    patterns: list[str]
    all_patterns: list[str]

    @classmethod
    def of(cls, text: str) -> "Query":
        """Parse a query; if it has no `terms`, it can find nothing."""
        words = list(dict.fromkeys(folded(text).split()))
        found = terms_of(text)
        pairs = [term for term in found if not term[0].isascii()][:_MOST_ASKED]
        terms = pairs or found[:_MOST_ASKED]
        told = [terms] if len(terms) == 1 and len(terms[0]) < _MOST_TERM else [pairs]
        looked_for = [word for word in words if word not in told[0]]
        return cls(words, terms, pairs, _patterns(looked_for), _patterns(words))


def _patterns(words: list[str]) -> list[str]:
    return [f"%{_escaped(word)}%" for word in words]


def _escaped(word: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", word)


class TermIndex:
    """It indexes the terms of one kind of text: rows of `table`, whose column `of` names the text's row."""

    def __init__(self, table: sa.Table, of: sa.Column[Any]) -> None:
        self._id = sa.bindparam("v_of", type_=of.type)
        self._forget = sa.delete(table).where(table.c.community_id == TENANT, of == self._id)
        self._insert = {size: self._rows(table, of.name, size) for size in _SIZES}

    def _rows(self, table: sa.Table, of: str, size: int) -> sa.Executable:
        return sa.insert(table).values(
            [
                {
                    "community_id": TENANT,
                    "term": sa.bindparam(f"v_term_{i}", type_=sa.Text()),
                    of: self._id,
                }
                for i in range(size)
            ]
        )

    async def add(self, tx: Tx, id: UUID, text: str) -> None:
        """Insert the terms of a new text, many rows in one statement of a few fixed sizes."""
        rest = terms_of(text)
        for size in _SIZES:
            while len(rest) >= size:
                batch, rest = rest[:size], rest[size:]
                terms = {f"v_term_{i}": term for i, term in enumerate(batch)}
                await tx.row(self._insert[size], v_of=id, **terms)

    async def replace(self, tx: Tx, id: UUID, text: str) -> None:
        """Replace the terms after an edit."""
        await self.forget(tx, id)
        await self.add(tx, id, text)

    async def forget(self, tx: Tx, id: UUID) -> None:
        """Delete the terms of a deleted text."""
        await tx.row(self._forget, v_of=id)


# The parts of the argument `query`.
TERMS, PAIRS, PATTERNS, ALL_PATTERNS = (
    sa.bindparam(f"argument query#{part}", type_=TEXTS)
    for part in ("terms", "pairs", "patterns", "all")
)


class Finding:
    """It says how rows are found by their terms: `table` holds the terms, its column `of` names the rows.

    `has_words` reads the texts of a row; it is not needed if `is_told`, when the terms decide
    alone. `has_all_words` reads them for viewers who see no terms.
    """

    def __init__(
        self,
        title: sa.Column[str],
        body: sa.Column[str],
        id: sa.Column[Any],
        table: sa.Table,
        of: str,
    ) -> None:
        text = title + sa.literal_column(r"E'\n'") + body
        self.rarest = _rarest(table)
        self.has_pairs = _has_pairs(table, of)
        self.is_told = sa.func.cardinality(PATTERNS) == sa.literal_column("0")
        # folded once, whatever the number of words
        is_like = _folded(text).op("like", is_comparison=True)
        self.has_words, self.has_all_words = (
            is_like(sa.all_(PATTERNS)),
            is_like(sa.all_(ALL_PATTERNS)),
        )
        self.size = sa.func.octet_length(title) + sa.func.octet_length(body)
        ids = sa.select(table.c[of]).where(
            table.c.community_id == TENANT, table.c.term == self.rarest, self.has_pairs
        )
        # the whole condition, for a single row
        is_led_to = id == sa.any_(sa.func.array(ids.scalar_subquery()))
        self.is_found = is_led_to & (self.is_told | self.has_words)


def _rarest(table: sa.Table) -> sa.ColumnElement[str]:
    """Return the query's term that the fewest texts have: the index is scanned by it."""
    asked = sa.func.unnest(TERMS).table_valued("term").render_derived(name="asked")
    one = sa.literal_column("1")
    counted = table.alias("counted")
    few = (
        sa.select(one)
        .where(counted.c.community_id == TENANT, counted.c.term == asked.c.term)
        .limit(sa.literal_column(str(_COUNTED)))
        .correlate(asked)
        .subquery("few")
    )
    number = sa.select(sa.func.count()).select_from(few).scalar_subquery()
    return sa.select(asked.c.term).order_by(number).limit(one).scalar_subquery()


def _has_pairs(table: sa.Table, of: str) -> sa.ColumnElement[bool]:
    """Return the condition that the text of a term's row has every pair of characters as well."""
    pairs = sa.func.unnest(PAIRS).table_valued("pair").render_derived(name="pairs")
    other = table.alias("other")
    one = sa.literal_column("1")
    has_it = sa.exists(
        sa.select(one)
        .where(
            other.c.community_id == TENANT, other.c[of] == table.c[of], other.c.term == pairs.c.pair
        )
        .correlate(table, pairs)
    )
    return ~sa.exists(sa.select(pairs.c.pair).where(~has_it))
