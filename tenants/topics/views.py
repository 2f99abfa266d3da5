"""The schema shows these expressions over topics."""

import sqlalchemy as sa

from tenants.columns import VIEWER
from tenants.topics.policy import HAS_SUPPORTED
from tenants.topics.tables import topic_contributions, topics

viewer_has_supported = HAS_SUPPORTED
viewer_is_author = topics.c.author_id == VIEWER
# Filters of the lists.
in_state = topics.c.state == sa.bindparam("argument state", type_=sa.Text())
of_stance = topic_contributions.c.stance == sa.bindparam("argument stance", type_=sa.Text())
