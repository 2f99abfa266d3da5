"""The clock takes these moves of pacts."""

from tenants.clock import Timed
from tenants.pacts.procedure import COMES_INTO_FORCE, PACTS
from tenants.pacts.service.filing import come_into_force
from tenants.pacts.tables import pact_dues

TIMED = Timed(PACTS, pact_dues, {COMES_INTO_FORCE: come_into_force})
