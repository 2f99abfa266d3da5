"""Select the columns of a member's export: what the API shows them, and what the law requires.

Every column is reviewed (tests/exports.txt); a new one is exported once the review says so.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from tenants.columns import TENANT, VIEWER
from tenants.domain import Export
from tenants.membership.tables import member_records
from tenants.policy import Condition, visible
from tenants.viewer import Principal

SEALED = ("real_name", "phone", "id_number")

# Columns that are not exported of any table, with the reason; domains withhold more of theirs.
WITHHELD: Mapping[str, str] = {
    "version": "the count of changes, for the machine",
    "permission_version": "what tokens are checked against",
    "person_id": "the number by which the door knows a person; what it holds is exported from there",
    "household_id": "a number; the address is exported in words",
    "desks": "where rows are shown above, for the walls",
    "next_at": "when the server's clock looks next",
}  # fmt: skip
# The ids of other persons who acted: each is exported only to that person.
_ACTED = """acted_by actor_id answered_by appeal_decided_by created_by decided_by dismissal_asked_by ended_by
granted_by handler_id identity_checked_by invited_by issued_by planned_by proposed_by published_by
reached_by recorded_by registered_by reviewed_by scheduled_by screened_by suspended_by"""
OTHERS: Mapping[str, str] = dict.fromkeys(
    _ACTED.split(), "who acted, where the API does not name them"
)


def shown(table: sa.Table, export: Export) -> list[sa.ColumnElement[object]]:
    """Return the columns of a table that the person its rows are about may read."""
    return [
        _own(column) if reason_for_own_alone(column, export) else column
        for column in table.c
        if reason_withheld(column, export) is None
    ]


def reason_withheld(column: sa.Column[Any], export: Export) -> str | None:
    """Return why a column is not exported, or None if it is."""
    if isinstance(column.type, sa.LargeBinary):
        return "a hash, or sealed"
    if column.table is member_records and column.name in SEALED:
        return "sealed; exported opened"
    return export.withheld.get(column) or WITHHELD.get(column.name)


def reason_for_own_alone(column: sa.Column[Any], export: Export) -> str | None:
    """Return why a column is exported only if it names the reader, or None if it always is."""
    return None if column in export.named else OTHERS.get(column.name)


def exported(table: sa.Table, is_about: Condition, export: Export) -> sa.Executable:
    """Select the rows that are about the viewer, as JSON."""
    where = [table.c.community_id == TENANT, is_about]
    if table in export.when_visible:
        seen = visible(table, Principal.COMMUNITY)
        assert seen is not None  # noqa: S101 # such a table is visible to its subject
        where.append(seen)
    rows = sa.select(*shown(table, export)).where(*where).subquery("x")
    return sa.select(sa.func.row_to_json(sa.literal_column("x.*")).label("data")).select_from(rows)


def _own(column: sa.Column[Any]) -> sa.ColumnElement[object]:
    return sa.case((column == VIEWER, column)).label(column.name)
