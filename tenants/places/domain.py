"""This is what places bring to the whole."""

from tenants.domain import Domain
from tenants.places import policy
from tenants.places import tables as t

DOMAIN = Domain(
    name="places",
    tables=(
        t.districts,
        t.streets,
        t.departments,
        t.community_keys,
        t.communities,
        t.community_counts,
    ),
    policies=(policy,),
    procedures=(policy.COMMUNITIES,),
)
