"""These rules say who sees the duty roster, and who sets it."""

import sqlalchemy as sa

from tenants.columns import IS_SECRETARY, IS_STAFF, NOW
from tenants.duty.tables import duty_gaps, duty_shifts
from tenants.errors import Code
from tenants.membership.tables import members
from tenants.policy import Condition, protect, rule
from tenants.scopes import Scope

protect(duty_shifts, Scope.COMMUNITY_READ, community=sa.true())
protect(duty_gaps, Scope.COMMUNITY_READ, community=IS_STAFF)

_NOT_SECRETARY = (
    Code.FORBIDDEN,
    ~IS_SECRETARY,
    "由书记排班。The secretary sets the roster.",
)
# Only members who belong to the staff today are on duty, whatever the roster says.
may_serve: Condition = (members.c.state == "ACTIVE") & (
    (sa.literal("COMMITTEE_MEMBER") == sa.any_(members.c.roles))
    | (sa.literal("PARTY_SECRETARY") == sa.any_(members.c.roles))
)
SCHEDULE = rule(
    "scheduleDuty",
    Scope.DUTY_MANAGE,
    members,
    _NOT_SECRETARY,
    (Code.WRONG_STATE, members.c.state != "ACTIVE"),
    (Code.INVALID, ~may_serve, "须为居委成员或书记。Must be of the committee, or its secretary."),
)
CANCEL = rule(
    "cancelDuty",
    Scope.DUTY_MANAGE,
    duty_shifts,
    _NOT_SECRETARY,
    (Code.WRONG_STATE, duty_shifts.c.ends_at <= NOW, "已经结束。It is over."),
)
