"""These rules say who sees a pact, its drafts, its texts, and what was said of them."""

import sqlalchemy as sa

from tenants.columns import IS_STAFF, TENANT, VIEWER
from tenants.membership.policy import is_viewers_person
from tenants.membership.tables import member_records
from tenants.pacts.events import pact_events
from tenants.pacts.matters import pact_votes
from tenants.pacts.signatures import pact_signatures
from tenants.pacts.submissions import pact_submissions, review_items
from tenants.pacts.suggestions import pact_suggestions
from tenants.pacts.tables import pact_dues, pacts
from tenants.pacts.versions import draft_clauses, pact_changes, pact_clauses, pact_versions
from tenants.policy import PART, Access, Condition, never_own, protect
from tenants.scopes import Scope

_ONE = sa.literal_column("1")


def _was_submitted(
    community_id: sa.ColumnElement[int], version_id: sa.ColumnElement[object]
) -> Condition:
    """Return the condition that a version was handed to the street."""
    return sa.exists(
        sa.select(_ONE).where(
            pact_submissions.c.community_id == community_id,
            pact_submissions.c.version_id == version_id,
        )
    )


# Making a pact is everybody's business; its draft is the staff's until it is published. The street
# sees what was submitted to it, and no other text.
_READS = Access(inside=(Scope.PACT_READ,), above=(Scope.PACT_REVIEW,))
protect(pacts, _READS, community=sa.true(), district=pacts.c.submitted_at.is_not(None))
never_own(pacts, is_viewers_person(pacts.c.started_by))
protect(draft_clauses, PART, community=IS_STAFF)
protect(
    pact_versions,
    _READS,
    community=sa.true(),
    district=_was_submitted(pact_versions.c.community_id, pact_versions.c.id),
)
protect(
    pact_clauses,
    PART,
    community=sa.true(),
    district=_was_submitted(pact_clauses.c.community_id, pact_clauses.c.version_id),
)
protect(pact_changes, PART, community=sa.true())
protect(pact_events, PART, community=sa.true())
protect(pact_dues, PART)  # no field leads to it
protect(pact_suggestions, Scope.PACT_READ, community=sa.true())
protect(pact_submissions, _READS, community=sa.true(), district=sa.true())
protect(review_items, PART, community=sa.true(), district=sa.true())
protect(pact_votes, PART, community=sa.true())

# Of signatures a member sees their own household's; who did not sign is told to nobody.
_VIEWERS_HOUSEHOLD = (
    sa.select(member_records.c.household_id)
    .where(member_records.c.community_id == TENANT, member_records.c.id == VIEWER)
    .scalar_subquery()
)
# false, and not null, for who has no household
IS_OF_VIEWERS_HOUSEHOLD = sa.func.coalesce(
    pact_signatures.c.household_id == _VIEWERS_HOUSEHOLD, sa.false(), type_=sa.Boolean()
)
protect(pact_signatures, Scope.PACT_READ, community=IS_STAFF | IS_OF_VIEWERS_HOUSEHOLD)
