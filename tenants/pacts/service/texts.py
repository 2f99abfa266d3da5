"""Read a version of a pact's text, and see that it is as it was published."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.errors import Code, Refused
from tenants.pacts.comparing import Clause
from tenants.pacts.hashing import hash_of
from tenants.pacts.versions import draft_clauses, pact_clauses, pact_versions
from tenants.procedure import Facts
from tenants.transaction import Row, Tx


def clauses_of(rows: Iterable[Row]) -> list[Clause]:
    """Return the clauses in some rows."""
    return [Clause(row["clause_id"], row["heading"], row["body"]) for row in rows]


async def check_text(tx: Tx, pact: Facts) -> None:
    """Raise INVALID if the words of a pact's text are not those that were published under its hash."""
    version = await tx.row(_VERSION, v_id=pact["version_id"])
    rows = await tx.rows(CLAUSES, v_id=pact["version_id"])
    if version is None or hash_of(version["title"], clauses_of(rows)) != pact["text_hash"]:
        raise Refused(
            Code.INVALID,
            "文本与公布时的不同，不能继续，请核查数据库（linli pacts verify）。\n"
            "The text is not as it was published: see `linli pacts verify`.",
            "pactId",
        )


async def copy_to_draft(tx: Tx, pact_id: UUID, version_id: UUID | None) -> None:
    """Begin a draft anew: with the clauses of a version, or with none."""
    await tx.row(CLEAR_DRAFT, v_id=pact_id)
    if version_id is not None:
        await tx.row(_COPY, v_id=pact_id, v_version_id=version_id)


_ID = sa.bindparam("v_id", type_=pact_versions.c.id.type)
_VERSION = sa.select(pact_versions.c.title).where(
    pact_versions.c.community_id == TENANT, pact_versions.c.id == _ID
)
CLAUSES = (
    sa.select(pact_clauses.c.clause_id, pact_clauses.c.heading, pact_clauses.c.body)
    .where(pact_clauses.c.community_id == TENANT, pact_clauses.c.version_id == _ID)
    .order_by(pact_clauses.c.place)
)
CLEAR_DRAFT = sa.delete(draft_clauses).where(
    draft_clauses.c.community_id == TENANT, draft_clauses.c.pact_id == _ID
)
_WORDS = ("place", "clause_id", "heading", "body")
_COPY = sa.insert(draft_clauses).from_select(
    ["community_id", "pact_id", *_WORDS],
    sa.select(pact_clauses.c.community_id, _ID, *(pact_clauses.c[name] for name in _WORDS)).where(
        pact_clauses.c.community_id == TENANT,
        pact_clauses.c.version_id == sa.bindparam("v_version_id", type_=pact_versions.c.id.type),
    ),
)
