"""Terms: how a text is found by what it says, in Chinese too.

PostgreSQL's text search takes a Chinese sentence for one word. Here each pair of neighbouring
Chinese characters is a term, as is each Latin word or number. Terms are plain rows with a plain
index, which row security can use.
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
_PAIR = re.compile(f"[{_CHINESE}]{{2}}")
_SPECIAL = re.compile(r"[%_\\]")
_MOST_TERMS = 3000
_MOST_TERM = 40
_SIZES = (128, 64, 32, 16, 8, 4, 2, 1)
MOST_WORDS = 8
# how many terms of a query are looked up; what more it says is looked for in the texts
_MOST_ASKED = 8
_COUNTED = 1000  # a term that more texts have is as common as any


def folded(text: str) -> str:
    """Give a text as it is searched: width, composition and capitals make no difference."""
    return unicodedata.normalize("NFKC", text).lower()


def _folded(text: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Do as `folded` does, in PostgreSQL."""
    return sa.func.lower(sa.func.pg_catalog.normalize(text, sa.literal_column("'NFKC'")))


def terms_of(text: str) -> list[str]:
    """Give the terms of a text, each once, in order: 社区通 → 社区, 区通; Linli 3 → linli, 3."""
    found: dict[str, None] = {}
    for run in _RUNS.findall(folded(text)):
        if run[0].isascii():
            found[run[:_MOST_TERM]] = None
        else:
            found.update(dict.fromkeys(a + b for a, b in pairwise(run)))
    return list(found)[:_MOST_TERMS]


@dataclass(frozen=True)
class Query:
    """What a search asks for.

    A text that has all of `pairs`, and one of `terms`, is a candidate; `patterns` (of LIKE) are held
    against what it says. The words that are a pair each need no pattern; where no terms are asked,
    `all_patterns` has one for every word.
    """

    words: list[str]
    terms: list[str]
    pairs: list[str]
    patterns: list[str]
    all_patterns: list[str]

    @classmethod
    def of(cls, text: str) -> "Query":
        """Read a query; without `terms` nothing can be found by it."""
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
    """The terms of one kind of text: rows of `table`, whose column `of` names what they are from."""

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
        """Note the terms of a new text, many rows in one statement of a few fixed sizes."""
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
        """Drop the terms of what is gone."""
        await tx.row(self._forget, v_of=id)


# What the argument `query` says, in parts.
TERMS, PAIRS, PATTERNS, ALL_PATTERNS = (
    sa.bindparam(f"argument query#{part}", type_=TEXTS)
    for part in ("terms", "pairs", "patterns", "all")
)


class Finding:
    """How rows are found by their terms: `table` is of the terms, its column `of` names the rows.

    `has_words` reads the row's texts, and need not be asked where `is_told`: the terms said it all.
    `has_all_words` reads them for who sees no terms.
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
        # says all of it of each row alone
        is_led_to = id == sa.any_(sa.func.array(ids.scalar_subquery()))
        self.is_found = is_led_to & (self.is_told | self.has_words)


def _rarest(table: sa.Table) -> sa.ColumnElement[str]:
    """Give the term of the query that the fewest texts have: the index is walked by it."""
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
    """State that whatever a row of terms is from has every pair of characters as well."""
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
