"""The policies of all domains: importing this module declares the access rules of every table."""

from types import ModuleType

import tenants.appeals.policy
import tenants.apps.policy
import tenants.audit.policy
import tenants.boards.policy
import tenants.catalogue.policy
import tenants.duty.policy
import tenants.images.policy
import tenants.inspections.policy
import tenants.membership.policy
import tenants.officers.policy
import tenants.petitions.policy
import tenants.places.policy
import tenants.rates.policy
import tenants.supervision.policy

POLICIES: tuple[ModuleType, ...] = (
    tenants.places.policy,
    tenants.membership.policy,
    tenants.audit.policy,
    tenants.officers.policy,
    tenants.apps.policy,
    tenants.inspections.policy,
    tenants.images.policy,
    tenants.boards.policy,
    tenants.appeals.policy,
    tenants.catalogue.policy,
    tenants.duty.policy,
    tenants.petitions.policy,
    tenants.rates.policy,
    tenants.supervision.policy,
)
