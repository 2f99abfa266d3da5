"""Terms: how a text is found by what it says, in Chinese too.

PostgreSQL's text search takes a Chinese sentence for one word. Here each pair of neighbouring
Chinese characters is a term, as is each Latin word or number. Terms are plain rows with a plain
index, which row security can use.
"""

import re
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT, TEXTS
from tenants.db import Tx

_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(f"[{_CHINESE}]+|[a-z0-9]+")
_MOST_TERMS = 3000
_SIZES = (128, 32, 8, 1)


def terms_of(text: str) -> list[str]:
    """Give the terms of a text, each once, in order: 社区通 → 社区, 区通; Linli 3 → linli, 3."""
    found: dict[str, None] = {}
    for run in _RUNS.findall(text.lower()):
        if run[0].isascii():
            found[run[:40]] = None
        else:
            found.update(dict.fromkeys(a + b for a, b in pairwise(run)))
    return list(found)[:_MOST_TERMS]


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


# What a row of terms is found by: one term of the argument `query`.
TERM = sa.bindparam("argument query#term", type_=sa.Text())


def has_words(text: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """State that a text holds every word of the argument `query`."""
    words = sa.bindparam("argument query#words", type_=TEXTS)
    word = sa.func.unnest(words).column_valued("word")
    return ~sa.exists(
        sa.select(sa.literal_column("1")).where(
            sa.func.strpos(sa.func.lower(text), word) == sa.literal_column("0")
        )
    )


def found(text: sa.ColumnElement[str], id: sa.Column[Any], table: sa.Table, of: str) -> Any:
    """State that a row is found: by one term of the argument `query`, then held to every word."""
    ids = sa.select(table.c[of]).where(table.c.community_id == TENANT, table.c.term == TERM)
    return (id == sa.any_(sa.func.array(ids.scalar_subquery()))) & has_words(text)
