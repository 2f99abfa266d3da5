"""The schema shows these expressions over projects."""

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.projects.tables import milestones, projects

_ALL = sa.func.count()
_REACHED = sa.func.count(milestones.c.reached_at)
# A project has a milestone at least.
progress_percent = sa.func.coalesce(
    sa.select(sa.cast(_REACHED * sa.literal_column("100") / _ALL, sa.Integer()))
    .where(milestones.c.community_id == TENANT, milestones.c.project_id == projects.c.id)
    .having(sa.literal_column("0") < _ALL)
    .scalar_subquery(),
    sa.literal_column("0"),
)
