"""The rules say who sees what is owed and posted, and what is asked and complained about it."""

import sqlalchemy as sa

from tenants.affairs.tables import affair_complaints, affair_questions, obligations, open_affairs
from tenants.columns import DISTRICT, IS_STAFF, STREET, TENANT, VIEWER, among
from tenants.membership.policy import is_viewers_person
from tenants.policy import Access, Condition, holds, never_own, protect
from tenants.scopes import Scope


def _under_viewer(table: sa.Table) -> Condition:
    return (table.c.district_id == DISTRICT) & (
        (sa.literal_column("0") == STREET) | (table.c.street_id == STREET)
    )


# What a community owes by law is no secret, inside and above.
protect(
    obligations,
    Access(inside=(Scope.COMMUNITY_READ,), above=(Scope.DISTRICT_READ,)),
    community=sa.true(),
    guest=sa.true(),
    app=sa.true(),
    inspector=sa.true(),
    district=_under_viewer(obligations),
)
# A draft is for who confirms it and who watches over it.
IS_POSTED = among(open_affairs.c.state, "POSTED")
_CHECKS = holds(Scope.AFFAIRS_CHECK)
_WAS_POSTED = among(open_affairs.c.state, "POSTED", "WITHDRAWN")
protect(
    open_affairs,
    Scope.COMMUNITY_READ,
    community=_WAS_POSTED | IS_STAFF | _CHECKS,
    guest=IS_POSTED,
    app=IS_POSTED,
    inspector=_WAS_POSTED,
)


def affair_is(affair_id: sa.ColumnElement[object], condition: Condition) -> Condition:
    """Return the condition that a row's item, in this community, is such."""
    return sa.exists(
        sa.select(sa.literal_column("1")).where(
            open_affairs.c.community_id == TENANT, open_affairs.c.id == affair_id, condition
        )
    )


# Questions and answers are read by everybody who reads the item.
protect(
    affair_questions,
    Scope.COMMUNITY_READ,
    community=affair_is(affair_questions.c.affair_id, _WAS_POSTED | IS_STAFF | _CHECKS),
)
# A complaint is against the staff: it is for who complains and for who investigates.
protect(
    affair_complaints,
    Access(
        inside=(Scope.AFFAIRS_ASK, Scope.AFFAIRS_INVESTIGATE), above=(Scope.AFFAIRS_INVESTIGATE,)
    ),
    community=(affair_complaints.c.member_id == VIEWER) | holds(Scope.AFFAIRS_INVESTIGATE),
    district=_under_viewer(affair_complaints),
)
never_own(affair_complaints, is_viewers_person(affair_complaints.c.member_id))
