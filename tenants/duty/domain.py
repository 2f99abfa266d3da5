"""This is what the duty roster brings to the whole."""

from tenants.domain import Domain, Export
from tenants.duty import policy
from tenants.duty import tables as t
from tenants.duty.service import Roster

DOMAIN = Domain(
    name="duty",
    tables=(t.duty_rosters, t.duty_shifts, t.duty_gaps),
    policies=(policy,),
    sweeps=(Roster.of,),
    keeps={t.duty_shifts: "who was on duty, by id"},
    export=Export(why={t.duty_shifts: "their duty"}),
)
