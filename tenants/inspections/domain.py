"""What inspections bring."""

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
