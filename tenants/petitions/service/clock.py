"""The clock does this with petitions."""

from tenants.clock import Timed
from tenants.petitions.facts import petition_facts
from tenants.petitions.procedure import PETITIONS, RISE
from tenants.petitions.service.handling import rise

TIMED = Timed(PETITIONS, petition_facts, {RISE: lambda tx, petition: rise(tx, RISE, petition)})
