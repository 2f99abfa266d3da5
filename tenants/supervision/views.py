"""The schema shows these expressions over overdue petitions and supervision orders."""

import sqlalchemy as sa

from tenants.columns import NOW
from tenants.petitions.facts import petition_facts
from tenants.supervision.tables import supervision_orders

_NOUGHT = sa.literal_column("0")
_orders = supervision_orders.c
# What a page of overdue cases holds its columns to.
is_still_open, is_late = sa.true(), sa.true()
# A department's desk is its number below nought.
department = sa.case((_orders.addressed_desk < _NOUGHT, -_orders.addressed_desk))
is_overdue = _orders.state.in_(
    [sa.literal_column(f"'{state}'") for state in ("ISSUED", "ACKNOWLEDGED", "RETURNED")]
) & (_orders.due_at < NOW)
is_case_overdue = petition_facts.c.is_open & petition_facts.c.resolve_overdue
