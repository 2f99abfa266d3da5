"""This is what the three rates bring to the whole."""

from tenants.domain import Domain
from tenants.rates import policy
from tenants.rates.service import Snapshots
from tenants.rates.tables import community_rates, rate_snapshots

DOMAIN = Domain(
    name="rates",
    tables=(rate_snapshots, community_rates),
    policies=(policy,),
    sweeps=(Snapshots.of,),
)
