"""Expressions over registers of owners that the schema shows."""

import sqlalchemy as sa

from tenants.columns import NOW, local_day
from tenants.owners.tables import owners_rules, part_owners

is_in_force = owners_rules.c.effective_from <= local_day(NOW)
share = (
    sa.cast(part_owners.c.share_part, sa.Text())
    + sa.literal_column("'/'")
    + sa.cast(part_owners.c.share_whole, sa.Text())
)
