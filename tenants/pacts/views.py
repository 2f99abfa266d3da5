"""These expressions over pacts are shown by the schema."""

import sqlalchemy as sa

from tenants.columns import NOW, TENANT, among
from tenants.membership.tables import households
from tenants.pacts.policy import IS_OF_VIEWERS_HOUSEHOLD
from tenants.pacts.signatures import pact_signatures
from tenants.pacts.submissions import pact_submissions
from tenants.pacts.tables import pacts

_FALSE = sa.false()
_SHANGHAI = sa.literal_column("'Asia/Shanghai'")


def _passed(due: sa.ColumnElement[object], *states: str) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(
        among(pacts.c.state, *states) & (due <= NOW), _FALSE, type_=sa.Boolean()
    )


is_review_overdue = _passed(pacts.c.review_due_at, "UNDER_REVIEW")
is_filing_overdue = _passed(pacts.c.filing_due_at, "ADOPTED")
is_revision_due = _passed(pacts.c.revision_due_at, "IN_FORCE")
is_submission_overdue = sa.func.coalesce(
    pact_submissions.c.answered_at.is_(None) & (pact_submissions.c.due_at <= NOW),
    _FALSE,
    type_=sa.Boolean(),
)


def _day(at: sa.ColumnElement[object]) -> sa.ColumnElement[object]:
    return sa.cast(sa.func.timezone(_SHANGHAI, at), sa.Date())


in_force_on = _day(pacts.c.in_force_at)
revision_on = _day(pacts.c.revision_due_at)
_signed = (
    sa.select(sa.func.count())
    .where(
        pact_signatures.c.community_id == TENANT,
        pact_signatures.c.version_id == pacts.c.version_id,
        among(pact_signatures.c.state, "VALID"),
    )
    .scalar_subquery()
)
# How many households have signed the text; of those that did not, nothing is said, and to a street
# nothing at all.
signature_count = sa.case((pacts.c.community_id == TENANT, _signed))
is_of_viewers_household = IS_OF_VIEWERS_HOUSEHOLD & ~among(pact_signatures.c.state, "WITHDRAWN")


def _of_household(column: sa.Column[str]) -> sa.ScalarSelect[str]:
    return (
        sa.select(column)
        .where(
            households.c.community_id == TENANT,
            households.c.id == pact_signatures.c.household_id,
        )
        .scalar_subquery()
    )


signing_building = _of_household(households.c.building)
signing_room = _of_household(households.c.room)
# Filters of lists.
in_state = pacts.c.state == sa.bindparam("argument state", type_=sa.Text())
of_kind = pacts.c.kind == sa.bindparam("argument kind", type_=sa.Text())
