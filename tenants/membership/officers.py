"""These rules say who sees officers, and which of them are one person."""

from typing import Any

import sqlalchemy as sa

from tenants.columns import DISTRICT, STREET, VIEWER
from tenants.membership.tables import officers
from tenants.policy import Access, Condition, holds, protect
from tenants.scopes import Scope

# Those who may appoint see officers; each officer sees their own row.
MAY_APPOINT = holds(Scope.OFFICE_APPOINT)
_IS_SAME_OFFICER = officers.c.id == VIEWER
protect(
    officers,
    Access(above=(Scope.OFFICE_APPOINT, Scope.DISTRICT_READ)),
    district=(officers.c.district_id == DISTRICT)
    & (
        _IS_SAME_OFFICER
        | (MAY_APPOINT & ((sa.literal_column("0") == STREET) | (officers.c.street_id == STREET)))
    ),
    department=(officers.c.district_id == DISTRICT) & _IS_SAME_OFFICER,
)


def is_same_person(officer_id: sa.ColumnElement[Any]) -> Condition:
    """Return the condition that an officer is the same person as the viewer; only for above."""
    one, viewer = officers.alias("one"), officers.alias("viewer")
    return sa.exists(
        sa.select(sa.literal_column("1")).where(
            one.c.district_id == DISTRICT,
            one.c.id == officer_id,
            viewer.c.district_id == DISTRICT,
            viewer.c.id == VIEWER,
            viewer.c.person_id == one.c.person_id,
        )
    )
