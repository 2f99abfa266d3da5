"""Appeals to the street declare the steps of their procedure, whose table is membership's."""

from tenants.appeals import policy
from tenants.domain import Domain

DOMAIN = Domain(name="appeals", policies=(policy,))
