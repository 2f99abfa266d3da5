"""A policy declares what each principal kind sees of a table, and why a verb is refused."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa

from tenants.columns import TENANT, VIEWER_SCOPES
from tenants.errors import Code
from tenants.scopes import SCOPES_OF_ROLE, Role, Scope
from tenants.viewer import Principal

Condition = sa.ColumnElement[bool]

# what officers do to others, and residents do not
_OF_OFFICERS = (
    SCOPES_OF_ROLE[Role.DISTRICT_ADMIN] | SCOPES_OF_ROLE[Role.DEPARTMENT_HANDLER]
) - SCOPES_OF_ROLE[Role.RESIDENT]
OWN_CASE = "不能经办自己的事。Not in your own case."
_MESSAGES = {
    Code.FORBIDDEN: "您没有权限这样做。You may not do this.",
    Code.WRONG_STATE: "当前状态不允许这样做。Not possible in its present state.",
    Code.ALREADY_DONE: "已经做过了。This was done already.",
}


@dataclass(frozen=True, eq=False)
class Reason:
    """It is one reason for refusal: when `when` is true of the row, the verb is refused with `code`."""

    code: Code
    when: Condition
    message: str


@dataclass(frozen=True, eq=False)
class Rule:
    """It is a verb on a row of `table`: the scope it needs, and its grounds for refusal in order.

    `above` are further reasons for officers, checked in their own view and not inside a community.
    """

    name: str
    scope: Scope
    table: sa.Table
    reasons: tuple[Reason, ...]
    above: tuple[Reason, ...] = ()

    @property
    def codes(self) -> set[Code]:
        """Return every code that it may refuse with, including those for officers."""
        reasons = [*self.reasons, *self.above]
        if self.scope in _OF_OFFICERS and "own" in self.table.info:
            reasons.append(self.table.info["own"])
        return {reason.code for reason in reasons}

    def first_failing(self) -> sa.ColumnElement[Any]:
        """Return the index of the first reason that is true of the row; null if none is."""
        if not self.reasons:
            return sa.cast(sa.null(), sa.Integer())
        return sa.case(
            *((reason.when, sa.literal_column(str(i))) for i, reason in enumerate(self.reasons))
        )

    def _pick(self, of_scope: str, of_reason: list[str]) -> sa.ColumnElement[Any]:
        lacks_scope = ~holds(self.scope)
        cases = [(lacks_scope, _text(of_scope))]
        cases += [(r.when, _text(word)) for r, word in zip(self.reasons, of_reason, strict=True)]
        return sa.case(*cases)

    def refusal_code(self) -> sa.ColumnElement[Any]:
        """Return the refusal code for the viewer, missing scope included; null if allowed."""
        return self._pick(Code.FORBIDDEN, [reason.code for reason in self.reasons])

    def refusal_message(self) -> sa.ColumnElement[Any]:
        """Return the message that goes with `refusal_code`."""
        words = [reason.message for reason in self.reasons]
        return self._pick(f"令牌缺少权限 {self.scope}。The token lacks this scope.", words)


# A reason without its own message gets the general one of its code.
Ground = tuple[Code, Condition] | tuple[Code, Condition, str]


def rule(
    name: str, scope: Scope, table: sa.Table, *grounds: Ground, above: tuple[Ground, ...] = ()
) -> Rule:
    """Declare a rule."""
    return Rule(name, scope, table, reasons(grounds), reasons(above))


def reasons(grounds: Iterable[Ground]) -> tuple[Reason, ...]:
    """Return the reasons of some grounds, each with its message."""
    return tuple(Reason(g[0], g[1], g[2] if len(g) == 3 else _MESSAGES[g[0]]) for g in grounds)


def never_own(table: sa.Table, is_own: Condition) -> None:
    """Declare which rows of `table` are an officer's own case: an officer may change none of them.

    The condition is checked inside the community, and may compare a person with VIEWER_PERSON.
    """
    table.info["own"] = Reason(Code.FORBIDDEN, is_own, OWN_CASE)


@lru_cache(maxsize=256)
def asked_of_officers(rule: Rule, *, acts: bool) -> Rule:
    """Return a rule as it is checked for an officer: in their own view, or when the officer `acts`."""
    own = rule.table.info.get("own")
    more = ((own,) if own is not None else ()) if acts else rule.above
    return replace(rule, reasons=(*rule.reasons, *more)) if more else rule


@dataclass(frozen=True, eq=False)
class Access:
    """It holds the scopes that allow reading rows of a table; the access token must have one of them.

    `inside` is for viewers of a community, `above` for those of a district or department.
    """

    inside: tuple[Scope, ...] = ()
    above: tuple[Scope, ...] = ()

    def of(self, principal: Principal) -> tuple[Scope, ...]:
        """Return the scopes for a principal kind; an empty tuple if no scope is needed."""
        return self.above if principal.is_above else self.inside


# Readable with any access token: names of places, legal time limits, the district's categories.
OPEN = Access()
# Only reachable through a row that needs a scope itself.
PART = Access()


@cache
def holds(*scopes: Scope) -> Condition:
    """Return the condition that the viewer's access token has one of these scopes.

    It is one object for the same scopes: the texts of conditions are kept by object.
    """
    return sa.or_(*(_text(scope) == sa.any_(VIEWER_SCOPES) for scope in scopes))


def protect(
    table: sa.Table,
    access: Scope | Access,
    *,
    community: Condition | None = None,
    guest: Condition | None = None,
    district: Condition | None = None,
    department: Condition | None = None,
    app: Condition | None = None,
    inspector: Condition | None = None,
) -> None:
    """Declare the scope that rows of `table` need, and which rows each principal kind sees.

    The scope is checked whatever path leads to a row. A principal kind that is not named sees no
    row.

    Inside a tenant each condition always includes the community key, if the table has one: the
    planner and a sharding router prune by it. Row-level security stays the real barrier.
    """
    walls: dict[Principal, Condition] = {}
    inside = {
        Principal.COMMUNITY: community,
        Principal.GUEST: guest,
        Principal.APP: app,
        Principal.INSPECTOR: inspector,
    }
    for principal, condition in inside.items():
        if condition is not None:
            is_ours = [table.c.community_id == TENANT] if "community_id" in table.c else []
            walls[principal] = sa.and_(*is_ours, condition)
    above = {Principal.DISTRICT: district, Principal.DEPARTMENT: department}
    walls |= {principal: seen for principal, seen in above.items() if seen is not None}
    table.info["declared"] = walls
    table.info["access"] = access if isinstance(access, Access) else Access((access,), (access,))


def publish(table: sa.Table, *, above: tuple[Scope, ...] = ()) -> None:
    """Declare that every viewer sees every row of `table`, which holds no tenant's data.

    Inside a community no scope is needed; above it one of the scopes in `above`, if any are given.
    """
    table.info["declared"] = dict.fromkeys(Principal, sa.true())
    table.info["access"] = Access(above=above) if above else OPEN


@dataclass(frozen=True, eq=False)
class Narrowing:
    """Viewers of some kinds see less of a table that belongs to a lower domain."""

    table: sa.Table
    condition: Condition
    principals: tuple[Principal, ...]


def narrow(table: sa.Table, condition: Condition, *principals: Principal) -> Narrowing:
    """Return what lets viewers of these kinds see less of a table; its domain lists it."""
    return Narrowing(table, condition, principals)


def complete(tables: Iterable[sa.Table], narrowings: Iterable[Narrowing]) -> None:
    """Make visible what was declared of some tables, as the domains above them narrow it."""
    for table in tables:
        if "declared" in table.info:
            table.info["visible"] = dict(table.info["declared"])
    for each in narrowings:
        walls = each.table.info["visible"]
        for principal in each.principals:
            walls[principal] = sa.and_(walls[principal], each.condition)


def access_to(table: sa.Table) -> Access:
    """Return the scopes that rows of `table` need."""
    return table.info["access"]


def visible(table: sa.Table, principal: Principal) -> Condition | None:
    """Return the condition under which a principal kind sees a row of `table`; None means never.

    Raises KeyError before the domains are listed (`complete`): a row is never shown to more viewers
    because a domain was forgotten.
    """
    return table.info["visible"].get(principal)


def _text(value: str) -> sa.ColumnElement[str]:
    quoted = value.replace("'", "''")
    return sa.literal_column(f"'{quoted}'", sa.Text())
