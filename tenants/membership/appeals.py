"""Appeals to the street follow this procedure; its steps are declared in tenants.appeals."""

from tenants.membership.street_appeals import StreetAppealState, street_appeals
from tenants.procedure import Procedure

# The audit records the subject of the appeal: a member, or a moderation case.
STREET_APPEALS = Procedure(
    noun="street_appeal",
    table=street_appeals,
    states=StreetAppealState,
    id_field="appealId",
    audited=lambda _action, _appeal, _words: None,
)
# The appeal has no object any more: the suspension is over, the content deleted or the member gone.
MOOT = STREET_APPEALS.move("MOOTED", "OPEN", "MOOT", at="decided_at", recorded=False)
