"""Who sees the rates: a community's members their own, admins above those of the places under them."""

import sqlalchemy as sa

from tenants.columns import DISTRICT, STREET
from tenants.policy import protect
from tenants.rates.tables import UNRANKED, rate_snapshots

protect(
    rate_snapshots,
    community=sa.true(),
    district=(rate_snapshots.c.district_id == DISTRICT)
    & ((sa.literal_column("0") == STREET) | (rate_snapshots.c.street_id == STREET)),
)
# A community with too few callbacks is in no ranking.
is_ranked = rate_snapshots.c.ranking > sa.literal_column(str(UNRANKED))
