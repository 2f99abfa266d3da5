"""The schema shows these expressions over categories, time limits and goals."""

import sqlalchemy as sa

from tenants.catalogue.tables import petition_categories, support_rules
from tenants.columns import NOW

is_in_force = (support_rules.c.effective_from <= NOW) & sa.func.coalesce(
    support_rules.c.effective_to > NOW, sa.true()
)
is_in_use = petition_categories.c.state == "ACTIVE"
