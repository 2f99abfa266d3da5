"""The clock does this with votes."""

from tenants.clock import Timed
from tenants.votes.procedure import ALARMS, CLOSES, FINALISES, LAPSES, OPENS, VOTES
from tenants.votes.service.closing import close
from tenants.votes.service.opening import alarm, lapse, open_
from tenants.votes.service.secret.urns import finalise
from tenants.votes.tables import vote_dues

TIMED = Timed(
    VOTES,
    vote_dues,
    {OPENS: open_, LAPSES: lapse, ALARMS: alarm, CLOSES: close, FINALISES: finalise},
)
