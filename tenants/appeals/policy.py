"""These rules say who appeals to the street, who sees an appeal, and who decides it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.boards.tables import cases, comments, posts
from tenants.columns import IS_STAFF, NOW, TENANT, VIEWER, below
from tenants.errors import Code
from tenants.membership.appeals import STREET_APPEALS
from tenants.membership.policy import is_viewers_person
from tenants.membership.street_appeals import OF_CONTENT, StreetAppealKind, street_appeals
from tenants.membership.tables import member_records, members
from tenants.policy import Access, holds, never_own, protect
from tenants.procedure import Facts, Row
from tenants.scopes import Scope

_ONE = sa.literal_column("1")
is_own = street_appeals.c.member_id == VIEWER
reviews = holds(Scope.APPEAL_REVIEW)
# The staff see that an appeal runs and how it ended; officers see it inside too (tenants.acting).
protect(
    street_appeals,
    Access(inside=(Scope.SELF_MANAGE, Scope.CONTENT_MODERATE), above=(Scope.APPEAL_REVIEW,)),
    community=(IS_STAFF & holds(Scope.CONTENT_MODERATE)) | is_own | reviews,
    guest=is_own,
    district=reviews & below(street_appeals),
)

never_own(
    street_appeals,
    is_viewers_person(street_appeals.c.member_id) | is_viewers_person(street_appeals.c.acted_by),
)

# A suspension that has run out is over, though it is noted only when the member signs in next.
has_lapsed = (
    (street_appeals.c.state == "OPEN")
    & street_appeals.c.suspended_until.is_not(None)
    & (street_appeals.c.suspended_until <= NOW)
)
_IS_SUSPENDED = sa.exists(
    sa.select(_ONE).where(
        members.c.community_id == TENANT,
        members.c.id == member_records.c.id,
        members.c.state == "SUSPENDED",
    )
) & sa.func.coalesce(member_records.c.suspended_until > NOW, sa.true())
APPEAL_SUSPENSION = STREET_APPEALS.step(
    "appealSuspension", Scope.SELF_MANAGE, (), "OPEN",
    (Code.FORBIDDEN, member_records.c.id != VIEWER),
    (Code.WRONG_STATE, ~_IS_SUSPENDED),
    (
        Code.ALREADY_DONE,
        member_records.c.suspension_appeal_id.is_not(None),
        "每次暂停可申诉一次。One appeal for each suspension.",
    ),
    on=member_records, at="created_at", words="words", said="body", more=(Code.IDEMPOTENCY_MISMATCH,),
)  # fmt: skip

_IS_HIDDEN = sa.exists(
    sa.select(_ONE).where(
        posts.c.community_id == TENANT, posts.c.id == cases.c.post_id, posts.c.state == "HIDDEN"
    )
) | sa.exists(
    sa.select(_ONE).where(
        comments.c.community_id == TENANT,
        comments.c.id == cases.c.comment_id,
        comments.c.state == "HIDDEN",
        comments.c.post_state != "DELETED",
    )
)
_ANOTHER_MAY_DECIDE = sa.exists(
    sa.select(_ONE).where(
        members.c.community_id == TENANT,
        members.c.state == "ACTIVE",
        sa.literal("PARTY_SECRETARY") == sa.any_(members.c.roles),
        members.c.id != cases.c.author_id,
        members.c.id != cases.c.decided_by,
    )
)
# an appeal older than deadlines has waited long enough
_IS_IN_TIME = sa.func.coalesce(cases.c.appeal_due_at, cases.c.appealed_at) >= NOW
TAKE_TO_STREET = STREET_APPEALS.step(
    "takeAppealToStreet", Scope.POST_WRITE, (), "OPEN",
    (Code.FORBIDDEN, cases.c.author_id != VIEWER, "只有作者可以申诉。Only the author may appeal."),
    (Code.ALREADY_DONE, cases.c.street_appeal_id.is_not(None)),
    (Code.WRONG_STATE, (cases.c.state != "APPEALED") | ~_IS_HIDDEN),
    (
        Code.WRONG_STATE,
        _ANOTHER_MAY_DECIDE & _IS_IN_TIME,
        "书记尚在期限之内。A secretary may still decide in time.",
    ),
    on=cases, at="created_at", words="words", said="",
    more=(Code.INVALID, Code.IDEMPOTENCY_MISMATCH),
)  # fmt: skip


def _forgets_content(appeal: Facts, _at: datetime, _by: UUID) -> Row:
    """Erase the copy of hidden content once the appeal is decided."""
    is_of_content = appeal["kind"] != StreetAppealKind.SUSPENSION
    return dict.fromkeys(OF_CONTENT) if is_of_content else {}


DECIDE_STREET_APPEAL = STREET_APPEALS.step(
    "decideStreetAppeal", Scope.APPEAL_REVIEW, "OPEN", ("LIFTED", "UPHELD"),
    then=((Code.WRONG_STATE, has_lapsed),),
    event="DECIDED", at="decided_at", by="decided_by", words="decision_reason", said="reason",
    sets=_forgets_content,
)  # fmt: skip
