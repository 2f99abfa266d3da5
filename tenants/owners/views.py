"""Expressions over registers of owners that the schema shows."""

import sqlalchemy as sa

from tenants.columns import NOW
from tenants.owners.tables import owners_rules, part_owners

_SHANGHAI = sa.literal_column("'Asia/Shanghai'")
is_in_force = owners_rules.c.effective_from <= sa.cast(sa.func.timezone(_SHANGHAI, NOW), sa.Date())
share = (
    sa.cast(part_owners.c.share_part, sa.Text())
    + sa.literal_column("'/'")
    + sa.cast(part_owners.c.share_whole, sa.Text())
)
