"""This is what registers of owners bring to the whole."""

from tenants.domain import Domain, Export
from tenants.owners import policy
from tenants.owners import tables as t

DOMAIN = Domain(
    name="owners",
    tables=(
        t.property_areas,
        t.owners_rules,
        t.elections,
        t.property_parts,
        t.property_owners,
        t.part_owners,
    ),
    policies=(policy,),
    keeps={
        t.property_areas: "who named an area, by id",
        t.owners_rules: "who entered the owners' rules, by id",
        t.elections: "who entered that a committee changes its term, by id",
        t.property_owners: "an owner stays one when they leave the system, under a masked name",
    },
    export=Export(
        why={
            t.property_areas: "named by them",
            t.owners_rules: "entered by them",
            t.elections: "entered by them",
            t.property_owners: "what they own, or act for",
        },
        when_visible=frozenset({t.property_owners}),
    ),
)
