"""The schema shows these expressions over petitions."""

import sqlalchemy as sa

from tenants.columns import VIEWER, among
from tenants.petitions.policy import is_author
from tenants.petitions.tables import petition_events, petition_terms, petitions
from tenants.petitions.words import PAUSED
from tenants.terms import Finding

_NOUGHT = sa.literal_column("0")


finding = Finding(
    petitions.c.title, petitions.c.body, petitions.c.id, petition_terms, "petition_id"
)
is_listed_to_all = petitions.c.is_listed & (petitions.c.secrecy != "PRIVATE")
# The desk of a department is its number, negated.
department_at_hand = sa.case((petitions.c.desk < _NOUGHT, -petitions.c.desk))
is_paused = among(petitions.c.state, *PAUSED)
is_answered = petitions.c.answer.is_not(None)
is_refused = petitions.c.refusal_code.is_not(None)
answered_then = sa.case(
    (petition_events.c.action == sa.literal_column("'ANSWERED'"), petition_events.c.at)
)
is_reviewed = petitions.c.review_requested_at.is_not(None)
is_viewers = sa.func.coalesce(is_author, sa.false())
is_overdue = petitions.c.ack_overdue | petitions.c.resolve_overdue

# Filters of the lists.
in_state = petitions.c.state == sa.bindparam("argument state", type_=sa.Text())
of_kind = petitions.c.kind == sa.bindparam("argument kind", type_=sa.Text())
in_category = petitions.c.category_id == sa.bindparam(
    "argument categoryId", type_=petitions.c.category_id.type
)
overdue_or_not = is_overdue == sa.bindparam("argument overdue", type_=sa.Boolean())
_ASSIGNED = sa.bindparam("argument assigned", type_=sa.Text())
assigned_to = sa.case(
    (_ASSIGNED == "ME", sa.func.coalesce(petitions.c.handler_id == VIEWER, sa.false())),
    else_=petitions.c.handler_id.is_(None),
)
COMMUNITY_DESK = sa.literal_column("0", sa.Integer())
# `seq` is written last, at the commit: an event without it is not committed.
is_committed = petition_events.c.seq > _NOUGHT
