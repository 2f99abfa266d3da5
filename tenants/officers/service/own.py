"""An officer may read all of their own data and be unnamed, as every member may.

Both work in the whole district, whatever desk the officer sits at: what names them lies there, and in
the communities in which they acted.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import orjson
import sqlalchemy as sa

from tenants import audit
from tenants.columns import DISTRICT, NOW, STREET, TENANT, VIEWER, bound
from tenants.domain import Domains
from tenants.errors import Code, Refused
from tenants.inspections.tables import inspections
from tenants.membership.appointments import DECLINE_APPOINTMENT
from tenants.membership.offices import appointments
from tenants.membership.service import leaving, personal, serving
from tenants.membership.service.exporting import shown
from tenants.membership.service.personal import NOBODY
from tenants.membership.tables import OfficerRole, OfficerState, officers
from tenants.officers.policy import DECLINE_INVITATION, ERASE_OFFICER, EXPORT_OFFICER
from tenants.officers.tables import invitations
from tenants.places.everywhere import ABOVE, ENTER
from tenants.places.tables import communities
from tenants.taking import take_each
from tenants.transaction import Row, Tx

_GONE = "提出者已注销。Whoever proposed it was erased."


async def export(tx: Tx) -> dict[str, Any]:
    """Give all that is held about the viewer: about a member here, about an officer in the district."""
    if not tx.principal.is_above:
        return {"community": await personal.export(tx)}
    officer = await tx.find(officers, tx.viewer.id, permit=EXPORT_OFFICER)
    await tx.row(ENTER)
    held = await _held(tx, "district")
    desk = await _held_in(tx, ABOVE)
    # communities in which the officer did nothing say nothing
    inside = {
        str(row["id"]): await _held_in(tx, row["community_id"])
        for row in await tx.rows(_COMMUNITIES)
    }
    await audit.record_above(
        tx, "data.exported", subject=officer["id"], street_id=officer["street_id"]
    )
    return {
        "district": held,
        "desk": desk,
        "communities": {place: rows for place, rows in inside.items() if rows},
    }


async def erase(tx: Tx, *, confirmed: bool) -> UUID:
    """Make the viewer nobody: a member here, an officer in the district; what they did stays.

    Raises WRONG_STATE for the last admin of a district: nobody could appoint another.
    """
    if not tx.principal.is_above:
        return await personal.erase(tx, confirmed=confirmed)
    leaving.require(confirmed)
    officer = await tx.find(officers, tx.viewer.id, permit=ERASE_OFFICER)
    await tx.row(ENTER)
    await _leave_another_admin(tx, officer)
    for row in await tx.rows(_NAMED_IN):
        async with tx.act_in(row["community_id"]) as inside:
            await _unname_in(inside)
    await _unname(tx)
    await serving.end(tx, officer, OfficerState.ANONYMISED, at=tx.now)
    return officer["id"]


async def _held(tx: Tx, schema: str) -> dict[str, Any]:
    """Give the rows of a schema that name the viewer, by table, without the tables that have none."""
    row = await tx.row(exports(schema, tx.domains))
    assert row is not None  # noqa: S101 # an object of lists is one row
    return {table: rows for table, rows in orjson.loads(row["data"]).items() if rows}


async def _held_in(tx: Tx, community_id: int) -> dict[str, Any]:
    async with tx.act_in(community_id) as inside:
        return await _held(inside, "tenant")


async def _leave_another_admin(tx: Tx, officer: Row) -> None:
    """Refuse the last admin of the district itself, holding one who stays until the commit.

    One whose row is being changed at this moment may be leaving too, and does not count.
    """
    is_districts = officer["street_id"] == 0 and officer["department_id"] is None
    if is_districts and await tx.row(_ANOTHER_ADMIN) is None:
        raise Refused(
            Code.WRONG_STATE,
            "您是本区最后一位管理员，须先有人接任。You are the district's last admin: appoint another first.",
            current_state=officer["state"],
        )


async def _unname_in(inside: Tx) -> None:
    """Take the officer's name from a community, and back what they proposed and nobody confirmed."""
    await inside.row(_UNNAME_INSPECTIONS, v_display_name=NOBODY)
    for row in await inside.rows(_WITHDRAW_APPOINTMENTS, v_decision_reason=_GONE):
        await audit.record(inside, "appointment.declined", subject=row["member_id"], reason=_GONE)


async def _unname(tx: Tx) -> None:
    """Take the officer's name from the district, and back what they invited and nobody accepted."""
    for row in await tx.rows(_WITHDRAW_INVITATIONS, v_decision_reason=_GONE):
        await audit.record_above(
            tx, "invitation.declined", subject=row["id"], street_id=row["street_id"], reason=_GONE
        )
    came_by = await tx.rows(_UNNAME_INVITATIONS, v_display_name=NOBODY)
    await tx.row(_FORGET_ASKED)
    await audit.forget_reasons_above(tx, tx.viewer.id, invitations=[row["id"] for row in came_by])
    await tx.row(_UNNAME_OFFICER, v_display_name=NOBODY, v_person_id=uuid4())


@lru_cache
def exports(schema: str, domains: Domains) -> sa.Executable:
    """Select, as one JSON object, the rows of each table of a schema that name the officer."""
    parts: list[sa.Label[Any]] = []
    for table, columns in exported(schema, domains).items():
        named = sa.or_(*(column == VIEWER for column in naming(table)))
        place = (
            table.c.community_id == TENANT
            if schema == "tenant"
            else table.c.district_id == DISTRICT
        )
        rows = sa.select(*columns).where(place, named).subquery("x")
        listed = sa.select(sa.func.json_agg(sa.literal_column("x.*"))).select_from(rows)
        parts.append(listed.scalar_subquery().label(table.name))
    held = sa.select(*parts).subquery("held")
    return sa.select(sa.func.row_to_json(sa.literal_column("held")).label("data")).select_from(held)


def naming(table: sa.Table) -> list[sa.Column[Any]]:
    """Give the columns of a table that may hold an officer's id."""
    return [column for column in table.c if column.info.get("officer") or column.info.get("member")]


def exported(schema: str, domains: Domains) -> dict[sa.Table, list[sa.ColumnElement[Any]]]:
    """Give, of each table of a schema that may name an officer, the columns that are exported.

    Of rows that are about somebody else, an officer is given what they did themselves and no more.
    """
    found: dict[sa.Table, list[sa.ColumnElement[Any]]] = {}
    for table in domains.tables:
        if table.schema == schema and naming(table):
            done = domains.export.in_office.get(table)
            names = None if done is None else {"community_id", "id", *done.split()}
            given = shown(table, domains.export)
            found[table] = [c for c in given if names is None or c.name in names]
    return found


_OF_STREET = (sa.literal_column("0") == STREET) | (communities.c.street_id == STREET)
_COMMUNITIES = (
    sa.select(communities.c.community_id, communities.c.id)
    .where(communities.c.district_id == DISTRICT, _OF_STREET)
    .order_by(communities.c.community_id)
)
_ANOTHER_ADMIN = (
    sa.select(officers.c.id)
    .where(
        officers.c.district_id == DISTRICT,
        officers.c.street_id == sa.literal_column("0"),
        officers.c.roles == sa.literal_column(f"array['{OfficerRole.DISTRICT_ADMIN}']"),
        officers.c.state == "ACTIVE",
        officers.c.id != VIEWER,
        sa.func.coalesce(officers.c.ends_at, sa.literal_column("'infinity'::timestamptz")) > NOW,
    )
    .order_by(officers.c.id)
    .limit(1)
    .with_for_update(read=True, skip_locked=True)
)
_IS_OPEN_PROPOSAL = (appointments.c.proposed_by == VIEWER) & (appointments.c.state == "PROPOSED")
_NAMED_IN = sa.union(
    sa.select(inspections.c.community_id).where(
        inspections.c.district_id == DISTRICT, inspections.c.officer_id == VIEWER
    ),
    sa.select(appointments.c.community_id).where(
        appointments.c.district_id == DISTRICT, _IS_OPEN_PROPOSAL
    ),
)
_NEXT = sa.literal_column("version + 1")
_REASON = sa.bindparam("v_decision_reason", type_=sa.Text())
_NAME = sa.bindparam("v_display_name", type_=sa.Text())
_UNNAME_INSPECTIONS = (
    sa.update(inspections)
    .where(inspections.c.community_id == TENANT, inspections.c.officer_id == VIEWER)
    .values(display_name=_NAME)
)
_WITHDRAW_APPOINTMENTS = take_each(
    DECLINE_APPOINTMENT, appointments.c.proposed_by == VIEWER, decision_reason=_REASON
).returning(appointments.c.member_id)
_OURS = invitations.c.district_id == DISTRICT
_WITHDRAW_INVITATIONS = take_each(
    DECLINE_INVITATION, invitations.c.invited_by == VIEWER, decision_reason=_REASON
).returning(invitations.c.id, invitations.c.street_id)
_UNNAME_INVITATIONS = (
    sa.update(invitations)
    .where(_OURS, invitations.c.officer_id == VIEWER)
    .values(display_name=_NAME, reason=sa.null(), decision_reason=sa.null(), version=_NEXT)
    .returning(invitations.c.id)
)
_FORGET_ASKED = (
    sa.update(officers)
    .where(officers.c.district_id == DISTRICT, officers.c.dismissal_asked_by == VIEWER)
    .values(dismissal_asked_by=sa.null(), dismissal_asked_at=sa.null())
)
_UNNAME_OFFICER = (
    sa.update(officers)
    .where(officers.c.district_id == DISTRICT, officers.c.id == VIEWER)
    .values(
        display_name=_NAME,
        person_id=bound(officers.c.person_id),
        dismissal_asked_by=sa.null(),
        dismissal_asked_at=sa.null(),
    )
)
# every statement that erases an officer: a test finds in them the tables that lose a name
ERASES = (
    _UNNAME_INSPECTIONS,
    _WITHDRAW_APPOINTMENTS,
    _WITHDRAW_INVITATIONS,
    _UNNAME_INVITATIONS,
    _FORGET_ASKED,
    _UNNAME_OFFICER,
)
