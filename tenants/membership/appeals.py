"""The procedure of appeals to the street: what opens one and decides it stands in tenants.appeals."""

from tenants.membership.street_appeals import StreetAppealState, street_appeals
from tenants.procedure import Procedure
from tenants.taking import unrecorded

# What is appealed against is the subject of the audit: a member, or a case of something hidden.
STREET_APPEALS = Procedure(
    noun="street_appeal",
    table=street_appeals,
    states=StreetAppealState,
    id_field="appealId",
    record=unrecorded,
)
# The ground fell away: the suspension is over, what was hidden is deleted, or the member is gone.
MOOT = STREET_APPEALS.move("MOOTED", "OPEN", "MOOT", at="decided_at", recorded=False)
