"""This is what inspections bring to the whole."""

from tenants.domain import Domain
from tenants.inspections import policy
from tenants.inspections.tables import inspections
from tenants.viewer import Principal

DOMAIN = Domain(
    name="inspections",
    tables=(inspections,),
    policies=(policy,),
    standings={Principal.INSPECTOR: policy.STANDING},
)
