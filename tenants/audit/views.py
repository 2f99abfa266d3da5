"""The schema shows these expressions over the audit."""

from typing import Any

import sqlalchemy as sa

from tenants.audit.policy import is_about_viewer, reads_all
from tenants.audit.tables import audit_entries
from tenants.columns import IS_SECRETARY, VIEWER, among

# Reasons may hold personal data: only the secretary and the persons concerned read them.
shown_reason = sa.case((IS_SECRETARY | is_about_viewer, audit_entries.c.reason))
# the name of the AuditAction
action = sa.func.upper(
    sa.func.replace(audit_entries.c.action, sa.literal_column("'.'"), sa.literal_column("'_'")),
    type_=sa.Text(),
)
# Who acted, for those who may know: themselves, and of acts of an office whoever reads the whole audit.
_IS_OFFICE = audit_entries.c.actor_role.not_in(
    [sa.literal_column("'RESIDENT'"), sa.literal_column("'GUEST'")]
)
shown_actor = sa.case(
    (
        (audit_entries.c.actor_id == VIEWER)
        | (_IS_OFFICE & (audit_entries.c.actor_kind == "MEMBER") & reads_all),
        audit_entries.c.actor_id,
    )
)
_DESK = audit_entries.c.actor_desk
actor_department = sa.case((sa.literal_column("0") > _DESK, -_DESK))


def acts_on(*nouns: str) -> sa.ColumnElement[bool]:
    """State that an entry is of an act on one of these nouns."""
    noun = sa.func.split_part(
        audit_entries.c.action, sa.literal_column("'.'"), sa.literal_column("1"), type_=sa.Text()
    )
    return among(noun, *nouns)


# a gap in the roster has no id that is known outside
is_of_gap = audit_entries.c.action == "duty.gap_found"


def subject_where(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    """Give the subject of an entry of which the condition holds; null of any other."""
    return sa.case((condition, audit_entries.c.subject_id))


number = sa.cast(audit_entries.c.seq, sa.Integer())
