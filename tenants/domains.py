"""All domains are listed here, the lowest first; each declares in its own folder what it brings."""

import tenants.affairs.domain
import tenants.appeals.domain
import tenants.appraisals.domain
import tenants.apps.domain
import tenants.audit.domain
import tenants.boards.domain
import tenants.catalogue.domain
import tenants.documents.domain
import tenants.duty.domain
import tenants.expiry
import tenants.identity.domain
import tenants.images.domain
import tenants.inspections.domain
import tenants.membership.domain
import tenants.officers.domain
import tenants.origins
import tenants.owners.domain
import tenants.pacts.domain
import tenants.petitions.domain
import tenants.places.domain
import tenants.projects.domain
import tenants.quotas
import tenants.rates.domain
import tenants.supervision.domain
import tenants.topics.domain
import tenants.votes.domain
from tenants.domain import Domains

DOMAINS = Domains(
    (
        tenants.audit.domain.DOMAIN,
        tenants.identity.domain.DOMAIN,
        tenants.documents.domain.DOMAIN,
        tenants.quotas.DOMAIN,
        tenants.origins.DOMAIN,
        tenants.places.domain.DOMAIN,
        tenants.membership.domain.DOMAIN,
        tenants.expiry.DOMAIN,
        tenants.officers.domain.DOMAIN,
        tenants.apps.domain.DOMAIN,
        tenants.inspections.domain.DOMAIN,
        tenants.images.domain.DOMAIN,
        tenants.boards.domain.DOMAIN,
        tenants.appeals.domain.DOMAIN,
        tenants.catalogue.domain.DOMAIN,
        tenants.duty.domain.DOMAIN,
        tenants.owners.domain.DOMAIN,
        tenants.affairs.domain.DOMAIN,
        tenants.petitions.domain.DOMAIN,
        tenants.rates.domain.DOMAIN,
        tenants.supervision.domain.DOMAIN,
        tenants.votes.domain.DOMAIN,
        tenants.topics.domain.DOMAIN,
        tenants.projects.domain.DOMAIN,
        tenants.appraisals.domain.DOMAIN,
        tenants.pacts.domain.DOMAIN,
    )
)
