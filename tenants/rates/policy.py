"""Members see the rates of their community, and admins those of the places under them."""

import sqlalchemy as sa

from tenants.columns import below
from tenants.policy import Access, protect
from tenants.rates.tables import UNRANKED, community_rates, rate_snapshots
from tenants.scopes import Scope

_IS_UNDER_VIEWER = {table: below(table) for table in (rate_snapshots, community_rates)}
protect(rate_snapshots, Scope.DISTRICT_READ, district=_IS_UNDER_VIEWER[rate_snapshots])
protect(
    community_rates,
    Access(inside=(Scope.PETITION_READ,), above=(Scope.DISTRICT_READ,)),
    community=sa.true(),
    district=_IS_UNDER_VIEWER[community_rates],
)
# A community with too few callbacks is not ranked.
is_ranked = rate_snapshots.c.ranking > sa.literal_column(str(UNRANKED))
