"""Select the columns of a member's export: what the API shows them, and what the law requires.

Every column is reviewed (tests/exports.txt); a new one is exported once the review says so.
"""

from collections.abc import Mapping

import sqlalchemy as sa

from tenants.columns import TENANT, VIEWER
from tenants.membership.tables import member_records
from tenants.policy import Condition, visible
from tenants.viewer import Principal

SEALED = ("real_name", "phone", "id_number")

# Columns that are not exported, with the reason; of one table if the table is named.
WITHHELD: Mapping[str, str] = {
    "version": "the count of changes, for the machine",
    "permission_version": "what tokens are checked against",
    "person_id": "the number by which the door knows a person; what it holds is exported from there",
    "household_id": "a number; the address is exported in words",
    "desks": "where rows are shown above, for the walls",
    "next_at": "when the server's clock looks next",
    "moderation_case.report_count": "that and how often neighbours reported is not told to the author",
    "moderation_case.was_held": "how a case began tells that somebody reported",
    "petition.source_author": "what another system calls an author: an imported letter is nobody's here",
    "petition.source_id": "another system's number",
    "petition.goal_rule_id": "which rule of the law set the goal, for the machine",
    "idempotency_key.key": "a client's own key, good for nothing else",
    "invitation.idempotency_key": "a client's own key, good for nothing else",
}  # fmt: skip
# The ids of other persons who acted: each is exported only to that person.
_ACTED = """acted_by actor_id answered_by appeal_decided_by created_by decided_by dismissal_asked_by ended_by
granted_by handler_id identity_checked_by invited_by issued_by proposed_by recorded_by registered_by
reviewed_by suspended_by"""
OTHERS: Mapping[str, str] = dict.fromkeys(
    _ACTED.split(), "who acted, where the API does not name them"
)
# The API names these persons, so the export does too.
NAMED = ("moderation_case.decided_by", "petition_event.actor_id")


def shown(table: sa.Table) -> list[sa.ColumnElement[object]]:
    """Return the columns of a table that the person its rows are about may read."""
    return [
        _own(column) if reason_for_own_alone(column) else column
        for column in table.c
        if reason_withheld(column) is None
    ]


def reason_withheld(column: sa.Column[object]) -> str | None:
    """Return why a column is not exported, or None if it is."""
    if isinstance(column.type, sa.LargeBinary):
        return "a hash, or sealed"
    if column.table is member_records and column.name in SEALED:
        return "sealed; exported opened"
    return WITHHELD.get(f"{column.table.name}.{column.name}") or WITHHELD.get(column.name)


def reason_for_own_alone(column: sa.Column[object]) -> str | None:
    """Return why a column is exported only if it names the reader, or None if it always is."""
    return None if f"{column.table.name}.{column.name}" in NAMED else OTHERS.get(column.name)


def exported(table: sa.Table, is_about: Condition) -> sa.Executable:
    """Select the rows that are about the viewer, as JSON."""
    where = [table.c.community_id == TENANT, is_about]
    if table.info.get("told_when_visible"):
        seen = visible(table, Principal.COMMUNITY)
        assert seen is not None  # noqa: S101 # such a table is visible to its subject
        where.append(seen)
    rows = sa.select(*shown(table)).where(*where).subquery("x")
    return sa.select(sa.func.row_to_json(sa.literal_column("x.*")).label("data")).select_from(rows)


def _own(column: sa.Column[object]) -> sa.ColumnElement[object]:
    return sa.case((column == VIEWER, column)).label(column.name)
