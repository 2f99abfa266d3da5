"""Publish a draft: from then on it is a version, which nothing changes."""

import json
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenants.columns import TENANT, TEXTS, among
from tenants.errors import Code, Refused
from tenants.pacts.comparing import Change, Clause, changes
from tenants.pacts.hashing import hash_of
from tenants.pacts.procedure import PUBLISH, REOPENED
from tenants.pacts.service.texts import CLEAR_DRAFT, clauses_of
from tenants.pacts.suggestions import pact_suggestions
from tenants.pacts.tables import pacts
from tenants.pacts.versions import draft_clauses, pact_changes, pact_clauses, pact_versions
from tenants.procedure import Facts
from tenants.taking import take, take_each
from tenants.transaction import Row, Tx

# The last versions that a new one is compared with.
MOST_COMPARED = 50


async def publish(tx: Tx, *, pact_id: UUID) -> UUID:
    """Publish the draft as the next version; suggestions that were carried over are open under it.

    Raises WRONG_STATE while a suggestion waits for an answer, and INVALID for a draft without clauses,
    or without a clause about which a suggestion is carried over.
    """
    pact = await tx.find(pacts, pact_id, "pactId", permit=PUBLISH)
    await require_answered(tx, pact)
    rows = await tx.rows(_DRAFT, v_id=pact["id"])
    clauses = clauses_of(rows)
    if not clauses:
        raise Refused(Code.INVALID, "草案没有条文。The draft has no clause.", "pactId")
    await _carried_over_fit(tx, pact, clauses)
    place = {"district_id": pact["district_id"], "street_id": pact["street_id"]}
    version_id = tx.new_id()
    version = {
        "id": version_id, "pact_id": pact["id"], "number": pact["versions"] + 1,
        "title": pact["title"], "size": len(clauses), "published_at": tx.now,
        "published_by": tx.viewer.id, "text_hash": hash_of(pact["title"], clauses), **place,
    }  # fmt: skip
    earlier = await tx.rows(_EARLIER, v_lineage_id=pact["lineage_id"])
    await tx.insert(pact_versions, **version)
    await tx.row(
        _FIX, v_id=pact["id"], v_version_id=version_id, v_size=len(clauses),
        **{f"v_{name}": number for name, number in place.items()},
    )  # fmt: skip
    await _compare(tx, version_id, clauses, earlier)
    await tx.row(CLEAR_DRAFT, v_id=pact["id"])
    await tx.row(_REOPEN, v_id=pact["id"], v_version_id=version_id)
    await take(
        tx, PUBLISH, pact,
        version_id=version_id, text_hash=version["text_hash"], versions=version["number"],
    )  # fmt: skip
    return pact["id"]


async def require_answered(tx: Tx, pact: Facts) -> None:
    """Raise WRONG_STATE if a suggestion on a pact waits for an answer."""
    waiting = await tx.rows(_WAITING, v_id=pact["id"])
    if waiting:
        raise Refused(
            Code.WRONG_STATE,
            f"还有 {len(waiting)} 条建议未处理，须逐条采纳、说明不采纳的理由或留到下一稿。\n"
            "Suggestions wait: each is adopted, declined for a reason, or carried over.",
            "pactId",
            current_state=pact["state"],
        )


async def _carried_over_fit(tx: Tx, pact: Facts, clauses: list[Clause]) -> None:
    """Raise INVALID if the draft lacks a clause that a suggestion is carried over for."""
    drafted = {clause.id for clause in clauses}
    carried = await tx.rows(_CARRIED, v_id=pact["id"])
    if lost := {row["clause_id"] for row in carried} - drafted:
        raise Refused(
            Code.INVALID,
            f"有 {len(lost)} 条条文已删去，其留待再议的建议须先答复。\n"
            "A clause is dropped for which a suggestion is carried over: answer that first.",
            "pactId",
        )


async def _compare(tx: Tx, to_id: UUID, clauses: list[Clause], earlier: list[Row]) -> None:
    """Keep what leads from each earlier version to this one."""
    found = [
        _kept(from_id, place, change)
        for from_id, rows in groupby(earlier, key=lambda row: row["version_id"])
        for place, change in enumerate(changes(clauses_of(rows), clauses), 1)
    ]
    if found:
        await tx.row(_KEEP, v_to_id=to_id, v_changes=json.dumps(found, ensure_ascii=False))


def _kept(from_id: UUID, place: int, change: Change) -> dict[str, object]:
    return {
        "from_id": str(from_id), "place": place, "kind": change.kind.value,
        "clause_id": str(change.clause_id), "from_place": change.from_place,
        "to_place": change.to_place, "is_moved": change.is_moved, "heading": change.heading,
        "body": change.body,
    }  # fmt: skip


_U = pacts.c.id.type
_ID = sa.bindparam("v_id", type_=_U)
_VERSION = sa.bindparam("v_version_id", type_=_U)
_IS_DRAFT = (draft_clauses.c.community_id == TENANT) & (draft_clauses.c.pact_id == _ID)
_DRAFT = sa.select(draft_clauses).where(_IS_DRAFT).order_by(draft_clauses.c.place)
_FIX = sa.insert(pact_clauses).from_select(
    ["community_id", "version_id", "size", "district_id", "street_id", "place", "clause_id", "heading", "body"],
    sa.select(
        draft_clauses.c.community_id, _VERSION, sa.bindparam("v_size", type_=sa.Integer()),
        sa.bindparam("v_district_id", type_=sa.Integer()),
        sa.bindparam("v_street_id", type_=sa.Integer()),
        draft_clauses.c.place, draft_clauses.c.clause_id, draft_clauses.c.heading,
        draft_clauses.c.body,
    ).where(_IS_DRAFT),
)  # fmt: skip
_LATEST = (
    sa.select(pact_versions.c.id)
    .join(pacts, (pacts.c.community_id == TENANT) & (pacts.c.id == pact_versions.c.pact_id))
    .where(
        pact_versions.c.community_id == TENANT,
        pacts.c.lineage_id == sa.bindparam("v_lineage_id", type_=_U),
    )
    .order_by(pact_versions.c.id.desc())
    .limit(sa.literal_column(str(MOST_COMPARED)))
    .subquery("latest")
)
_EARLIER = (
    sa.select(pact_clauses)
    .join(_LATEST, _LATEST.c.id == pact_clauses.c.version_id)
    .where(pact_clauses.c.community_id == TENANT)
    .order_by(pact_clauses.c.version_id, pact_clauses.c.place)
)
_COLUMNS = {
    "from_id": _U, "place": sa.Integer(), "kind": sa.Text(), "clause_id": _U,
    "from_place": sa.Integer(), "to_place": sa.Integer(), "is_moved": sa.Boolean(),
    "heading": TEXTS, "body": TEXTS,
}  # fmt: skip
_GIVEN = (
    sa.func.jsonb_to_recordset(sa.cast(sa.bindparam("v_changes", type_=sa.Text()), JSONB()))
    .table_valued(*(sa.column(name, type_) for name, type_ in _COLUMNS.items()))
    .render_derived(name="given", with_types=True)
)
_KEEP = sa.insert(pact_changes).from_select(
    ["community_id", "to_id", *_COLUMNS],
    sa.select(pact_versions.c.community_id, pact_versions.c.id, *_GIVEN.c)
    .select_from(pact_versions.join(_GIVEN, sa.true()))
    .where(
        pact_versions.c.community_id == TENANT,
        pact_versions.c.id == sa.bindparam("v_to_id", type_=_U),
    ),
)
_OF_PACT = (pact_suggestions.c.community_id == TENANT) & (pact_suggestions.c.pact_id == _ID)
_WAITING = sa.select(pact_suggestions.c.id).where(_OF_PACT, among(pact_suggestions.c.state, "OPEN"))
_CARRIED = sa.select(pact_suggestions.c.clause_id).where(
    _OF_PACT,
    among(pact_suggestions.c.state, "CARRIED_OVER"),
    pact_suggestions.c.clause_id.is_not(None),
)
_REOPEN = take_each(REOPENED, pact_suggestions.c.pact_id == _ID, version_id=_VERSION)
