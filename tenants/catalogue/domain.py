"""The catalogue brings the categories and time limits of petitions."""

from tenants.catalogue import policy
from tenants.catalogue import tables as t
from tenants.domain import Domain

DOMAIN = Domain(
    name="catalogue",
    tables=(t.petition_categories, t.time_limits, t.support_rules),
    policies=(policy,),
    procedures=(policy.CATEGORIES,),
)
