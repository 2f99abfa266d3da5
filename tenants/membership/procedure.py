"""A membership follows this procedure: application, review, suspension, leaving and erasure."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tenants.columns import IS_SECRETARY, VIEWER
from tenants.errors import Code
from tenants.membership.policy import NOT_STAFF, OWN, is_secretary
from tenants.membership.tables import NOTE_LENGTH, MemberState, members
from tenants.places.counts import add_to_community
from tenants.policy import Ground
from tenants.procedure import Facts, Procedure, Row
from tenants.scopes import Scope
from tenants.transaction import Tx


async def _count(tx: Tx, before: Facts, now: Facts, _changed: dict[str, Any]) -> None:
    """Update the community's number of members."""
    by = (now["state"] == "ACTIVE") - (before["state"] == "ACTIVE")
    await add_to_community(tx, "members", by)


def _ends_tokens(member: Facts, _at: datetime, _by: UUID) -> Row:
    return {"permission_version": member["permission_version"] + 1}


def _leaves(member: Facts, at: datetime, by: UUID) -> Row:
    return {**_ends_tokens(member, at, by), "roles": ["RESIDENT"]}


MEMBERSHIPS = Procedure(
    noun="member", table=members, states=MemberState, id_field="memberId",
    changed=_count,
    audited=lambda action, member, words: {
        "action": action, "subject": member["id"], "reason": words,
    },
)  # fmt: skip
_ENDED = ("MOVED_OUT", "ANONYMISED")
_HERE = tuple(state.value for state in MemberState if state.value not in _ENDED)

# Joining: the mutations of the applicant, and those of the committee.
APPLIED = MEMBERSHIPS.move("APPLIED", (), "APPLIED")
APPLY = MEMBERSHIPS.step(
    "applyForMembership", Scope.MEMBER_APPLY, ("RETURNED", "MOVED_OUT"), "APPLIED",
    may_begin=True,
    more=(
        Code.INVALID, Code.TOO_LONG, Code.REQUIRED,
        Code.ALREADY_DONE, Code.NOT_ELIGIBLE, Code.IDEMPOTENCY_MISMATCH,
    ),
)  # fmt: skip
VERIFY_PHONE = MEMBERSHIPS.step(
    "verifyPhone", Scope.MEMBER_APPLY, "APPLIED", "IDENTITY_OK",
    event="IDENTIFIED", more=(Code.INVALID,),
)  # fmt: skip
CONFIRM_IDENTITY = MEMBERSHIPS.step(
    "confirmIdentity", Scope.MEMBER_REVIEW, "APPLIED", "IDENTITY_OK", NOT_STAFF, OWN,
    event="IDENTIFIED", most=NOTE_LENGTH, said="note",
)  # fmt: skip
SUBMIT = MEMBERSHIPS.step(
    "submitForReview", Scope.MEMBER_APPLY, "IDENTITY_OK", "UNDER_REVIEW", event="SUBMITTED"
)
APPROVE = MEMBERSHIPS.step(
    "approveMember", Scope.MEMBER_REVIEW, "UNDER_REVIEW", "ACTIVE", NOT_STAFF, OWN,
    event="APPROVED", at="joined_at", sets=_ends_tokens,
)  # fmt: skip
RETURN = MEMBERSHIPS.step(
    "returnMember", Scope.MEMBER_REVIEW, "UNDER_REVIEW", "RETURNED", NOT_STAFF, OWN,
    most=NOTE_LENGTH, said="reason",
)  # fmt: skip

# Leaving.
_NOT_FOR_SECRETARIES: Ground = (
    Code.FORBIDDEN,
    ~IS_SECRETARY | (members.c.id == VIEWER) | is_secretary,
    "仅书记，且不对自己或其他书记。The secretary only, and not of themselves or another secretary.",
)
SUSPEND = MEMBERSHIPS.step(
    "suspendMember", Scope.MEMBER_MANAGE, "ACTIVE", "SUSPENDED", _NOT_FOR_SECRETARIES,
    most=NOTE_LENGTH, said="reason", sets=_ends_tokens,
)  # fmt: skip
RESUME = MEMBERSHIPS.step(
    "resumeMember", Scope.MEMBER_MANAGE, "SUSPENDED", "ACTIVE", _NOT_FOR_SECRETARIES,
    event="RESUMED", most=NOTE_LENGTH, said="reason", sets=_ends_tokens,
)  # fmt: skip
LEAVE = MEMBERSHIPS.step(
    "leaveCommunity", Scope.SELF_MANAGE, _HERE, "MOVED_OUT",
    event="LEFT", at="left_at", sets=_leaves, more=(Code.REQUIRED,),
)  # fmt: skip
# A member who withdraws the consent to be identified is recorded as having withdrawn it.
END = MEMBERSHIPS.move("ENDED", _HERE, "MOVED_OUT", at="left_at", sets=_leaves, recorded=False)
ERASE = MEMBERSHIPS.step(
    "eraseMe", Scope.SELF_DATA, (*_HERE, "MOVED_OUT"), "ANONYMISED",
    event="ERASED", sets=_leaves, more=(Code.REQUIRED,),
)  # fmt: skip
