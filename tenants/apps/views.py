"""The schema shows these expressions over apps."""

import sqlalchemy as sa

from tenants.apps.policy import manages
from tenants.apps.tables import apps
from tenants.columns import TEXTS, VIEWER

# the names of the Scopes
scopes = sa.func.string_to_array(
    sa.func.translate(
        sa.func.upper(sa.func.array_to_string(apps.c.scopes, sa.literal_column("','"))),
        sa.literal_column("':'"),
        sa.literal_column("'_'"),
    ),
    sa.literal_column("','"),
    type_=TEXTS,
)
# the number of its community and its own id: the client id at /auth/token
client_id = sa.case(
    (
        manages | (apps.c.id == VIEWER),
        sa.func.to_hex(apps.c.community_id, type_=sa.Text())
        + sa.literal_column("'-'")
        + sa.func.replace(
            sa.cast(apps.c.id, sa.Text()), sa.literal_column("'-'"), sa.literal_column("''")
        ),
    )
)
