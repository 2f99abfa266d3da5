"""The policies of all domains: importing this module declares the access rules of every table."""

from types import ModuleType

import tenants.appeals.policy
import tenants.apps.policy
import tenants.audit.policy
import tenants.boards.cases
import tenants.boards.policy
import tenants.catalogue.policy
import tenants.duty.policy
import tenants.images.policy
import tenants.inspections.policy
import tenants.membership.appeals
import tenants.membership.appointments
import tenants.membership.policy
import tenants.membership.procedure
import tenants.officers.policy
import tenants.petitions.policy
import tenants.petitions.steps
import tenants.places.policy
import tenants.rates.policy
import tenants.supervision.policy
from tenants.procedure import Procedure

POLICIES: tuple[ModuleType, ...] = (
    tenants.places.policy,
    tenants.membership.policy,
    tenants.membership.procedure,
    tenants.membership.appointments,
    tenants.audit.policy,
    tenants.officers.policy,
    tenants.apps.policy,
    tenants.inspections.policy,
    tenants.images.policy,
    tenants.boards.policy,
    tenants.boards.cases,
    tenants.appeals.policy,
    tenants.catalogue.policy,
    tenants.duty.policy,
    tenants.petitions.policy,
    tenants.petitions.steps,
    tenants.rates.policy,
    tenants.supervision.policy,
)
PROCEDURES: tuple[Procedure, ...] = (
    tenants.membership.procedure.MEMBERSHIPS,
    tenants.membership.appointments.APPOINTMENTS,
    tenants.officers.policy.INVITATIONS,
    tenants.membership.appeals.STREET_APPEALS,
    tenants.boards.cases.CASES,
    tenants.petitions.steps.PETITIONS,
    tenants.supervision.policy.ORDERS,
)
