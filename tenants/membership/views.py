"""The schema shows these expressions over members."""

import sqlalchemy as sa

from tenants.columns import NOW
from tenants.membership.tables import member_records, members

has_role = sa.bindparam("argument role", type_=sa.Text()) == sa.any_(members.c.roles)
is_active = members.c.state == "ACTIVE"
is_review_overdue = sa.and_(
    member_records.c.review_due_at.is_not(None),
    member_records.c.reviewed_at.is_(None),
    member_records.c.review_due_at < NOW,
)
