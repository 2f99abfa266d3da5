"""The schema shows these expressions over appeals to the street."""

import sqlalchemy as sa

from tenants.appeals.policy import has_lapsed, is_own, reviews
from tenants.columns import NOW
from tenants.membership.street_appeals import street_appeals

state_now = sa.case(
    (has_lapsed, sa.literal_column("'MOOT'", sa.Text())), else_=street_appeals.c.state
)
is_overdue = (street_appeals.c.state == "OPEN") & ~has_lapsed & (street_appeals.c.due_at < NOW)
# What is asked of the street is not for those it is asked about.
words_for_viewer = sa.case((is_own | reviews, street_appeals.c.words))
is_of_suspension = street_appeals.c.kind == "SUSPENSION"
