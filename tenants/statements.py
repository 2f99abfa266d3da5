"""Statements are written with SQLAlchemy Core and rendered once to the text that asyncpg takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import asyncpg as dialect

from tenants.columns import bound
from tenants.policy import Rule, visible
from tenants.viewer import Principal

Values = dict[str, Any]
_DIALECT = dialect.dialect()


@dataclass(frozen=True)
class Statement:
    """The text of a statement and its parameter names in order; constants are kept separately.

    `gives_rows` is false for a change that returns nothing.
    """

    text: str
    names: tuple[str, ...]
    constants: Values = field(default_factory=dict)
    gives_rows: bool = True

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values in the statement's order.

        A missing value raises KeyError: it is a bug.
        """
        constants = self.constants
        return [constants[n] if n in constants else values[n] for n in self.names]


def render(statement: sa.Executable) -> Statement:
    """Compile a SQLAlchemy statement to asyncpg's text once."""
    compiled: Any = statement.compile(dialect=_DIALECT)  # pyright: ignore[reportAttributeAccessIssue] # every Executable we write is a ClauseElement
    names = tuple(compiled.positiontup or ())
    constants: Values = {
        n: compiled.binds[n].value for n in names if not compiled.binds[n].required
    }
    gives_rows = not compiled.statement.is_dml or bool(compiled.effective_returning)
    return Statement(compiled.string, names, constants, gives_rows)


rendered = lru_cache(maxsize=1024)(render)


class Lock(Enum):
    """It is the row lock that a found row has until the end of the transaction."""

    CHANGE = {"key_share": True}  # noqa: RUF012 # the arguments for FOR NO KEY UPDATE
    SHARE = {"read": True}  # noqa: RUF012 # FOR SHARE: others may read it for their own change
    NONE = None


@lru_cache(maxsize=256)
def find(rule: Rule, principal: Principal, lock: Lock) -> sa.Executable:
    table = rule.table
    seen = visible(table, principal)
    if seen is None:
        raise LookupError(f"{principal} sees nothing of {table}")
    found = sa.select(*table.c, rule.first_failing().label("refusal")).where(
        table.c.id == bound(table.c.id), seen
    )
    return found.with_for_update(of=table, **lock.value) if lock.value else found


def tenant_key(table: sa.Table) -> sa.Column[int]:
    """Give the column that says whose a row is: a community's, or a district's above them."""
    return table.c.community_id if "community_id" in table.c else table.c.district_id


def _is_ours(table: sa.Table) -> sa.ColumnElement[bool]:
    key = tenant_key(table)
    return key == sa.bindparam(key.name, type_=sa.Integer())


@lru_cache(maxsize=256)
def hold(table: sa.Table) -> sa.Executable:
    return (
        sa.select(table.c.id)
        .where(
            _is_ours(table),
            table.c.id == bound(table.c.id),
        )
        .with_for_update(key_share=True)
    )


@lru_cache(maxsize=256)
def insert(table: sa.Table, names: tuple[str, ...]) -> sa.Executable:
    return sa.insert(table).values({n: _value(table, n) for n in names})


@lru_cache(maxsize=256)
def insert_new(table: sa.Table, names: tuple[str, ...]) -> sa.Executable:
    made = postgresql.insert(table).values({n: _value(table, n) for n in names})
    return made.on_conflict_do_nothing().returning(tenant_key(table))


@lru_cache(maxsize=256)
def update(table: sa.Table, names: tuple[str, ...]) -> sa.Executable:
    changes: dict[str, Any] = {n: _value(table, n) for n in names}
    if "version" in table.c:
        changes["version"] = table.c.version + sa.literal_column("1")
    return (
        sa.update(table)
        .where(
            _is_ours(table),
            table.c.id == bound(table.c.id),
        )
        .values(changes)
    )


def _value(table: sa.Table, name: str) -> sa.BindParameter[Any]:
    return bound(table.c[name])


def prefixed(values: Values) -> Values:
    return {f"v_{name}": value for name, value in values.items()}
