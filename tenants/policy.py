"""The two words of every policy: what a principal sees of a table, and why a verb is refused."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tenants.columns import TENANT, VIEWER_SCOPES
from tenants.errors import Code
from tenants.scopes import Scope
from tenants.viewer import Principal

Condition = sa.ColumnElement[bool]

_MESSAGES = {
    Code.FORBIDDEN: "您没有权限这样做。You may not do this.",
    Code.WRONG_STATE: "当前状态不允许这样做。Not possible in its present state.",
    Code.ALREADY_DONE: "已经做过了。This was done already.",
}


@dataclass(frozen=True, eq=False)
class Reason:
    """One ground for refusal: when `when` holds of the row, the verb is refused with `code`."""

    code: Code
    when: Condition
    message: str


@dataclass(frozen=True, eq=False)
class Rule:
    """A verb on a row of `table`: the scope it needs, and its grounds for refusal in order."""

    name: str
    scope: Scope
    table: sa.Table
    reasons: tuple[Reason, ...]

    def first_failing(self) -> sa.ColumnElement[Any]:
        """Give the index of the first reason that holds of the row; null where none does."""
        if not self.reasons:
            return sa.cast(sa.null(), sa.Integer())
        return sa.case(
            *((reason.when, sa.literal_column(str(i))) for i, reason in enumerate(self.reasons))
        )

    def _pick(self, of_scope: str, of_reason: list[str]) -> sa.ColumnElement[Any]:
        lacks_scope = ~(_text(self.scope) == sa.any_(VIEWER_SCOPES))
        cases = [(lacks_scope, _text(of_scope))]
        cases += [(r.when, _text(word)) for r, word in zip(self.reasons, of_reason, strict=True)]
        return sa.case(*cases)

    def refusal_code(self) -> sa.ColumnElement[Any]:
        """Give the code with which the viewer would be refused, scope included; null if allowed."""
        return self._pick(Code.FORBIDDEN, [reason.code for reason in self.reasons])

    def refusal_message(self) -> sa.ColumnElement[Any]:
        """Give the sentence that goes with `refusal_code`."""
        words = [reason.message for reason in self.reasons]
        return self._pick(f"令牌缺少权限 {self.scope}。The token lacks this scope.", words)


def rule(
    name: str,
    scope: Scope,
    table: sa.Table,
    *reasons: tuple[Code, Condition] | tuple[Code, Condition, str],
) -> Rule:
    """Declare a rule; a reason without a message of its own gets its code's general one."""
    return Rule(
        name,
        scope,
        table,
        tuple(Reason(r[0], r[1], r[2] if len(r) == 3 else _MESSAGES[r[0]]) for r in reasons),
    )


def protect(
    table: sa.Table,
    *,
    community: Condition | None = None,
    guest: Condition | None = None,
    district: Condition | None = None,
    department: Condition | None = None,
    app: Condition | None = None,
    inspector: Condition | None = None,
) -> None:
    """Declare what each principal sees of `table`; a principal not named sees nothing of it.

    Inside a tenant each condition always includes the tenant key, where the table has one: what the
    planner and a sharding router prune by. Row security stays the wall.
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
    table.info["visible"] = walls


def narrow(table: sa.Table, condition: Condition, *principals: Principal) -> None:
    """Let `principals` see less of a table of a domain below, where a domain above must say so."""
    walls = table.info["visible"]
    for principal in principals:
        walls[principal] = sa.and_(walls[principal], condition)


def visible(table: sa.Table, principal: Principal) -> Condition | None:
    """Give the condition under which `principal` sees a row of `table`; None: never."""
    return table.info["visible"].get(principal)


def _text(value: str) -> sa.ColumnElement[str]:
    quoted = value.replace("'", "''")
    return sa.literal_column(f"'{quoted}'", sa.Text())
