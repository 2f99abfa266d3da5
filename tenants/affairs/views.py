"""These expressions over open affairs are shown by the schema."""

import sqlalchemy as sa

from tenants.affairs.procedure import ANSWER, CONFIRM_AFFAIR
from tenants.affairs.tables import affair_complaints, obligations, open_affairs
from tenants.columns import IS_STAFF, NOW, among

_YEAR = sa.literal_column("interval '1 year'")
# What the openness of a community is counted by: items that fell due in the last year.
fell_due = (
    among(obligations.c.about, "OPEN_AFFAIRS")
    & (obligations.c.due_at <= NOW)
    & (obligations.c.due_at > NOW - _YEAR)
)
was_met_in_time = fell_due & (obligations.c.met_at <= obligations.c.due_at)
# Filters of lists.
in_state = obligations.c.state == sa.bindparam("argument state", type_=sa.Text())
is_in_state = affair_complaints.c.state == sa.bindparam("argument state", type_=sa.Text())
of_code = open_affairs.c.code == sa.bindparam("argument code", type_=sa.Text())
# What waits for the viewer.
waits_for_confirmation = CONFIRM_AFFAIR.refusal_code().is_(None)
waits_for_answer = ANSWER.refusal_code().is_(None)
waits_for_staff = IS_STAFF & among(obligations.c.state, "DUE", "OVERDUE")
