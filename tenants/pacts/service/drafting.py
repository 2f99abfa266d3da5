"""Make a pact: begin, take up the draft, write it, or call it all off."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.addresses import address_of
from tenants.columns import TENANT, among
from tenants.errors import Code, NotFound, Refused, VersionConflict
from tenants.membership.tables import BUILDING_LENGTH
from tenants.owners.tables import property_areas
from tenants.pacts.comparing import Clause
from tenants.pacts.kinds import Process, process_of, processes
from tenants.pacts.procedure import CANCEL, CLOSED, DRAFT, SET_DRAFT, START
from tenants.pacts.service.texts import CLEAR_DRAFT, copy_to_draft
from tenants.pacts.suggestions import pact_suggestions
from tenants.pacts.tables import TITLE_LENGTH, pact_dues, pacts
from tenants.pacts.versions import (
    BODY_LENGTH,
    HEADING_LENGTH,
    MOST_CLAUSES,
    draft_clauses,
    pact_clauses,
    pact_versions,
)
from tenants.pacts.words import PactKind, PactStage
from tenants.places.tables import communities
from tenants.taking import first, note, said, take, take_each
from tenants.text import written
from tenants.transaction import Row, Tx, unless_taken


@dataclass(frozen=True)
class DraftClause:
    """A clause as it is written; without an id it is new."""

    id: UUID | None
    heading: str | None
    body: str


async def start(
    tx: Tx,
    *,
    kind: PactKind,
    title: str,
    building: str | None,
    property_area_id: UUID | None,
    amends_id: UUID | None,
) -> UUID:
    """Begin to make a pact, or to amend the one in force.

    Raises INVALID, with the source, for a kind that is not made in such a community, WRONG_STATE for
    a pact that is not to be amended, and ALREADY_DONE if one is in the making.
    """
    here = await tx.row(_HERE)
    assert here is not None  # noqa: S101 # a community is never deleted
    await _found(tx, property_area_id, amends_id)
    process = _process(kind, here["kind"])
    title = written(title, TITLE_LENGTH, "title")
    building = written(building, BUILDING_LENGTH, "building") if building else None
    scope = _scope(kind, building, property_area_id)
    amended = await _amended(tx, kind, scope, amends_id)
    pact = first(
        tx, START, to="SOLICITING" if PactStage.SOLICIT in process.stages else "DRAFTING",
        community_id=tx.tenant, kind=kind.value, scope=scope, building=building,
        area_id=property_area_id, title=title, versions=0, amends_id=amends_id,
        district_id=here["district_id"], street_id=here["street_id"],
    )  # fmt: skip
    pact["lineage_id"] = pact["id"] if amended is None else amended["lineage_id"]
    async with unless_taken(tx, "同一公约正在制定。One of its kind is being made.", "kind"):
        await tx.insert(pacts, **pact)
    await tx.insert(
        pact_dues, id=pact["id"], next_at=pact["next_at"],
        district_id=here["district_id"], street_id=here["street_id"],
    )  # fmt: skip
    if pact["state"] == "DRAFTING" and amended is not None:
        await copy_to_draft(tx, pact["id"], amended["version_id"])
    await note(tx, START, pact)
    return pact["id"]


async def take_up(tx: Tx, *, pact_id: UUID) -> UUID:
    """Take up the draft: it begins with the last text, and suggestions are frozen until it is published."""
    pact = await tx.find(pacts, pact_id, "pactId", permit=DRAFT)
    text = pact["version_id"]
    if text is None and pact["amends_id"] is not None:
        amended = await tx.row(_TEXT_OF, v_id=pact["amends_id"])
        text = None if amended is None else amended["version_id"]
    await copy_to_draft(tx, pact["id"], text)
    await take(tx, DRAFT, pact)
    return pact["id"]


async def set_draft(
    tx: Tx, *, pact_id: UUID, expected_version: int, clauses: Sequence[DraftClause]
) -> UUID:
    """Write the whole draft, in this order; a clause that has an id is the one that had it before.

    Raises VERSION_CONFLICT if somebody saved meanwhile, and NOT_FOUND for the id of no clause of this
    pact's texts.
    """
    pact = await tx.find(pacts, pact_id, "pactId", permit=SET_DRAFT)
    if pact["version"] != expected_version:
        raise VersionConflict(pact["version"])
    if not 1 <= len(clauses) <= MOST_CLAUSES:
        raise Refused(
            Code.INVALID,
            f"须有 1–{MOST_CLAUSES} 条。There are 1 to {MOST_CLAUSES} clauses.",
            "clauses",
        )
    rows = await tx.rows(_KNOWN, v_id=pact["id"], v_lineage_id=pact["lineage_id"])
    known = {row["clause_id"] for row in rows}
    kept = [_clause(tx, known, place, each) for place, each in enumerate(clauses)]
    if len({clause.id for clause in kept}) < len(kept):
        raise Refused(Code.INVALID, "同一条出现两次。A clause stands twice.", "clauses")
    await tx.row(CLEAR_DRAFT, v_id=pact["id"])
    await tx.row(
        _WRITE, v_id=pact["id"],
        v_clause_ids=[clause.id for clause in kept],
        v_headings=[clause.heading for clause in kept],
        v_bodies=[clause.body for clause in kept],
    )  # fmt: skip
    await tx.update(pacts, pact["id"])
    await audit.record(tx, "pact.draft_set", subject=pact["id"])
    return pact["id"]


async def cancel(tx: Tx, *, pact_id: UUID, reason: str) -> UUID:
    """Call off the making of a pact, for a reason; suggestions that are open end with it."""
    pact = await tx.find(pacts, pact_id, "pactId", permit=CANCEL)
    words = said(CANCEL, reason)
    await tx.row(_CLOSE_ALL, v_id=pact["id"], v_reason=words)
    await take(tx, CANCEL, pact, words=words)
    return pact["id"]


def _process(kind: PactKind, community: str) -> Process:
    found = process_of(kind, community)
    if found is None:
        elsewhere = next(each for each in processes() if each.pact is kind)
        raise Refused(
            Code.INVALID,
            f"本类社区不制定{kind.chinese}（{elsewhere.source}）。It is made in other communities.",
            "kind",
        )
    return found


async def _found(tx: Tx, area_id: UUID | None, amends_id: UUID | None) -> None:
    if area_id is not None and await tx.row(_AREA, v_id=area_id) is None:
        raise NotFound("propertyAreaId")
    if amends_id is not None and await tx.row(_TEXT_OF, v_id=amends_id) is None:
        raise NotFound("amendsId")


def _scope(kind: PactKind, building: str | None, area_id: UUID | None) -> str:
    """Return what a pact is for within its kind, in a form in which equal things are equal."""
    if (kind is PactKind.BUILDING_PACT) != (building is not None):
        raise Refused(
            Code.INVALID,
            "楼组公约须写明楼栋，其他公约不写。A building's pact names it, and no other does.",
            "building",
        )
    if (kind is PactKind.MANAGEMENT_PACT) != (area_id is not None):
        raise Refused(
            Code.INVALID,
            "管理规约须写明物业区域，其他公约不写。An owners' pact names its area, and no other does.",
            "propertyAreaId",
        )
    if building is not None:
        return address_of(building, "").rstrip("/")
    return "" if area_id is None else str(area_id)


async def _amended(tx: Tx, kind: PactKind, scope: str, amends_id: UUID | None) -> Row | None:
    """Return the pact that is amended; raise unless it is the last of its kind that was in force."""
    last = await tx.row(_LAST, v_kind=kind.value, v_scope=scope)
    if last is not None and last["state"] not in ("IN_FORCE", "ORDERED_TO_CORRECT"):
        last = None
    if last is None and amends_id is None:
        return None
    if last is None or last["id"] != amends_id:
        raise Refused(
            Code.INVALID,
            "须写明修订的是施行中的或被责令改正的那一件；没有则不写。\n"
            "Name the one that is in force, or ordered to be corrected; none if there is none.",
            "amendsId",
        )
    return last


def _clause(tx: Tx, known: set[UUID], place: int, clause: DraftClause) -> Clause:
    path = ("clauses", str(place))
    if clause.id is not None and clause.id not in known:
        raise NotFound(*path, "clauseId")
    heading = written(clause.heading, HEADING_LENGTH, *path, "heading") if clause.heading else None
    return Clause(
        clause.id or tx.new_id(), heading, written(clause.body, BODY_LENGTH, *path, "body")
    )


_ID = sa.bindparam("v_id", type_=pacts.c.id.type)
_HERE = sa.select(communities.c.kind, communities.c.district_id, communities.c.street_id).where(
    communities.c.community_id == TENANT
)
_AREA = sa.select(property_areas.c.id).where(
    property_areas.c.community_id == TENANT, property_areas.c.id == _ID
)
_LAST = (
    sa.select(pacts.c.id, pacts.c.state, pacts.c.lineage_id, pacts.c.version_id)
    .where(
        pacts.c.community_id == TENANT,
        pacts.c.kind == sa.bindparam("v_kind", type_=sa.Text()),
        pacts.c.scope == sa.bindparam("v_scope", type_=sa.Text()),
        among(
            pacts.c.state, "IN_FORCE", "ORDERED_TO_CORRECT", "SUPERSEDED", "REPEALED", "ANNULLED"
        ),
    )
    .order_by(pacts.c.id.desc())
    .limit(sa.literal_column("1"))
)
_TEXT_OF = sa.select(pacts.c.version_id).where(pacts.c.community_id == TENANT, pacts.c.id == _ID)
_KNOWN = (
    sa.select(draft_clauses.c.clause_id)
    .where(draft_clauses.c.community_id == TENANT, draft_clauses.c.pact_id == _ID)
    .union(
        sa.select(pact_clauses.c.clause_id)
        .join(
            pact_versions,
            (pact_versions.c.community_id == TENANT)
            & (pact_versions.c.id == pact_clauses.c.version_id),
        )
        .join(pacts, (pacts.c.community_id == TENANT) & (pacts.c.id == pact_versions.c.pact_id))
        .where(
            pact_clauses.c.community_id == TENANT,
            pacts.c.lineage_id == sa.bindparam("v_lineage_id", type_=pacts.c.id.type),
        )
    )
)
_LISTS = (
    sa.func.unnest(
        sa.bindparam("v_clause_ids", type_=sa.ARRAY(pacts.c.id.type)),
        sa.bindparam("v_headings", type_=sa.ARRAY(sa.Text())),
        sa.bindparam("v_bodies", type_=sa.ARRAY(sa.Text())),
    )
    .table_valued("clause_id", "heading", "body", with_ordinality="place")
    .render_derived(name="listed")
)
_WRITE = sa.insert(draft_clauses).from_select(
    ["community_id", "pact_id", "place", "clause_id", "heading", "body"],
    sa.select(
        pacts.c.community_id,
        pacts.c.id,
        _LISTS.c.place,
        _LISTS.c.clause_id,
        _LISTS.c.heading,
        _LISTS.c.body,
    )
    .select_from(pacts.join(_LISTS, sa.true()))
    .where(pacts.c.community_id == TENANT, pacts.c.id == _ID),
)
_CLOSE_ALL = take_each(
    CLOSED,
    pact_suggestions.c.pact_id == _ID,
    decision_reason=sa.bindparam("v_reason", type_=sa.Text()),
)
