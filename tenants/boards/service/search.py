"""Terms: how a post is found by what it says, in Chinese too.

PostgreSQL's text search takes a Chinese sentence for one word. Here each pair of neighbouring
Chinese characters is a term, as is each Latin word or number. Terms are plain rows with a plain
index, which row security can use.
"""

import re
from itertools import pairwise
from uuid import UUID

import sqlalchemy as sa

from tenants.boards.tables import post_terms
from tenants.columns import TENANT
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


async def index(tx: Tx, post_id: UUID, text: str) -> None:
    """Note the terms of a new post, many rows in one statement of a few fixed sizes."""
    rest = terms_of(text)
    for size in _SIZES:
        while len(rest) >= size:
            batch, rest = rest[:size], rest[size:]
            terms = {f"v_term_{i}": term for i, term in enumerate(batch)}
            await tx.row(_INSERT[size], v_post_id=post_id, **terms)


async def reindex(tx: Tx, post_id: UUID, text: str) -> None:
    """Replace a post's terms after an edit."""
    await tx.row(_FORGET, v_post_id=post_id)
    await index(tx, post_id, text)


async def forget(tx: Tx, post_id: UUID) -> None:
    """Drop the terms of a deleted post."""
    await tx.row(_FORGET, v_post_id=post_id)


_POST = sa.bindparam("v_post_id", type_=post_terms.c.post_id.type)
_FORGET = sa.delete(post_terms).where(
    post_terms.c.community_id == TENANT, post_terms.c.post_id == _POST
)
_INSERT = {
    size: sa.insert(post_terms).values(
        [
            {
                "community_id": TENANT,
                "term": sa.bindparam(f"v_term_{i}", type_=sa.Text()),
                "post_id": _POST,
            }
            for i in range(size)
        ]
    )
    for size in _SIZES
}
