"""The schema shows these expressions over places."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array

from tenants.columns import STREET
from tenants.places.tables import communities, departments, streets

_NOUGHT = sa.literal_column("0")
in_viewer_street = (_NOUGHT == STREET) | (streets.c.street_id == STREET)

# The street of a department is 0 if it belongs to the district.
its_street_or_none = sa.any_(array([_NOUGHT, communities.c.street_id]))
is_at_work = departments.c.state == "ACTIVE"

is_in_street = communities.c.street_id == (
    sa.select(streets.c.street_id)
    .where(streets.c.id == sa.bindparam("argument streetId", type_=streets.c.id.type))
    .scalar_subquery()
)
is_in_state = communities.c.state == sa.bindparam("argument state", type_=sa.Text())
is_of_kind = communities.c.kind == sa.bindparam("argument kind", type_=sa.Text())
has_in_name = sa.func.strpos(
    communities.c.name, sa.bindparam("argument name", type_=sa.Text())
) > sa.literal_column("0")
