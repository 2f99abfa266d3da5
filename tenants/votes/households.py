"""Who speaks for a household (户的代表): named by its members, and decided by the committee in a dispute."""

from collections.abc import Callable

import sqlalchemy as sa

from tenants.columns import (
    IS_STAFF,
    METADATA,
    TENANT,
    TIME,
    UUID,
    VIEWER,
    among,
    length,
    member,
    tenant_column,
    text,
)
from tenants.errors import Code
from tenants.membership.tables import households, member_records, members
from tenants.policy import PART, Condition, protect, rule
from tenants.scopes import Scope
from tenants.votes.meetings import REASON_LENGTH

# What each member of a household says of who speaks for it. Of somebody who has moved or left, it
# counts for nothing.
household_claims = sa.Table(
    "household_claim",
    METADATA,
    tenant_column(),
    member("named_by"),
    sa.Column("household_id", UUID, nullable=False),
    member("representative_id"),
    sa.Column("named_at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "named_by"),
    sa.ForeignKeyConstraint(
        ["community_id", "named_by"], [members.c.community_id, members.c.id], name="claim_of_member"
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "representative_id"],
        [members.c.community_id, members.c.id],
        name="claim_for_member",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "household_id"],
        [households.c.community_id, households.c.id],
        name="claim_of_household",
    ),
    sa.Index("household_claim_of_household", "community_id", "household_id", "named_by"),
    schema="tenant",
)

# Whom of them the committee decided for; it goes when a member of the household says something else.
household_rulings = sa.Table(
    "household_ruling",
    METADATA,
    tenant_column(),
    sa.Column("household_id", UUID, nullable=False),
    member("representative_id"),
    member("decided_by"),
    sa.Column("decided_at", TIME, nullable=False),
    text("reason", REASON_LENGTH),
    sa.PrimaryKeyConstraint("community_id", "household_id"),
    sa.ForeignKeyConstraint(
        ["community_id", "household_id"],
        [households.c.community_id, households.c.id],
        name="ruling_on_household",
    ),
    sa.ForeignKeyConstraint(
        ["community_id", "representative_id"],
        [members.c.community_id, members.c.id],
        name="ruling_for_member",
    ),
    length("reason", REASON_LENGTH),
    schema="tenant",
)

_ONE = sa.literal_column("1")


def household_of(member_id: sa.ColumnElement[object]) -> sa.ScalarSelect[object]:
    """Return the household of a member, as an expression."""
    record = member_records.alias()
    return (
        sa.select(record.c.household_id)
        .where(record.c.community_id == TENANT, record.c.id == member_id)
        .correlate_except(record)
        .scalar_subquery()
    )


Claims = sa.FromClause


def _is_claimed(
    household_id: sa.ColumnElement[object], about: Callable[[Claims], Condition] | None = None
) -> Condition:
    """Return the condition that a member who lives in a household says something of who speaks for it."""
    claim, record, person = household_claims.alias(), member_records.alias(), members.alias()
    return sa.exists(
        sa.select(_ONE)
        .select_from(claim)
        .join(
            record,
            (record.c.community_id == claim.c.community_id) & (record.c.id == claim.c.named_by),
        )
        .join(
            person,
            (person.c.community_id == claim.c.community_id) & (person.c.id == claim.c.named_by),
        )
        .where(
            claim.c.community_id == TENANT,
            record.c.community_id == TENANT,
            person.c.community_id == TENANT,
            claim.c.household_id == household_id,
            record.c.household_id == household_id,
            among(person.c.state, "ACTIVE"),
            sa.true() if about is None else about(claim),
        )
        .correlate_except(claim, record, person)
    )


def _is_ruled(
    household_id: sa.ColumnElement[object], member_id: sa.ColumnElement[object] | None = None
) -> Condition:
    ruling = household_rulings.alias()
    is_for = sa.true() if member_id is None else ruling.c.representative_id == member_id
    return sa.exists(
        sa.select(_ONE)
        .where(ruling.c.community_id == TENANT, ruling.c.household_id == household_id, is_for)
        .correlate_except(ruling)
    )


def _lives_alone(
    household_id: sa.ColumnElement[object], member_id: sa.ColumnElement[object]
) -> Condition:
    record, person = member_records.alias(), members.alias()
    return ~sa.exists(
        sa.select(_ONE)
        .select_from(record)
        .join(
            person,
            (person.c.community_id == record.c.community_id) & (person.c.id == record.c.id),
        )
        .where(
            record.c.community_id == TENANT,
            person.c.community_id == TENANT,
            record.c.household_id == household_id,
            record.c.id != member_id,
            among(person.c.state, "ACTIVE"),
        )
        .correlate_except(record, person)
    )


def speaks_for(
    household_id: sa.ColumnElement[object], member_id: sa.ColumnElement[object]
) -> Condition:
    """Return the condition that a member speaks for their household.

    Whom the committee decided for; else whom all who said something name; else who is its only member.
    """
    is_named = _is_claimed(household_id, lambda claim: claim.c.representative_id == member_id)
    is_another = _is_claimed(household_id, lambda claim: claim.c.representative_id != member_id)
    return sa.case(
        (_is_ruled(household_id), _is_ruled(household_id, member_id)),
        (_is_claimed(household_id), is_named & ~is_another),
        else_=_lives_alone(household_id, member_id),
    )


def is_settled(household_id: sa.ColumnElement[object]) -> Condition:
    """Return the condition that somebody said who speaks for a household."""
    return _is_ruled(household_id) | _is_claimed(household_id)


def is_disputed(household_id: sa.ColumnElement[object]) -> Condition:
    """Return the condition that the members of a household name different persons, and nobody decided."""
    return ~_is_ruled(household_id) & _is_claimed(
        household_id,
        lambda one: _is_claimed(
            household_id, lambda other: other.c.representative_id != one.c.representative_id
        ),
    )


def _is_viewers(household_id: sa.ColumnElement[object]) -> Condition:
    record = member_records.alias()
    return sa.exists(
        sa.select(_ONE)
        .where(
            record.c.community_id == TENANT,
            record.c.id == VIEWER,
            record.c.household_id == household_id,
        )
        .correlate_except(record)
    )


# Who lives there knows what is said of it, and the staff who decide.
protect(
    household_claims,
    Scope.VOTE_READ,
    community=IS_STAFF | _is_viewers(household_claims.c.household_id),
)
protect(household_rulings, PART, community=IS_STAFF | _is_viewers(household_rulings.c.household_id))

_HOUSEHOLD = household_of(members.c.id)
_IS_GONE = (
    Code.WRONG_STATE,
    ~among(members.c.state, "ACTIVE"),
    "不是现任成员。No member at present.",
)
NAME = rule(
    "nameHouseholdRepresentative", Scope.VOTE_CAST, members, _IS_GONE,
    (Code.FORBIDDEN, ~_is_viewers(_HOUSEHOLD), "只能推定同户的人。Only one of your own household."),
)  # fmt: skip
DECIDE = rule(
    "decideHouseholdRepresentative", Scope.VOTE_MANAGE, members,
    (Code.FORBIDDEN, ~IS_STAFF, "限居委和书记。Only the committee's staff may."), _IS_GONE,
    (
        Code.WRONG_STATE,
        ~is_disputed(_HOUSEHOLD),
        "该户没有争议。The household names nobody, or one only.",
    ),
    (
        Code.WRONG_STATE,
        ~_is_claimed(_HOUSEHOLD, lambda claim: claim.c.representative_id == members.c.id),
        "该户没有人推定此人。Nobody of the household names them.",
    ),
)  # fmt: skip
is_claim_disputed = is_disputed(household_claims.c.household_id)
