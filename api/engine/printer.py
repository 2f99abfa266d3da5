"""Collect the parts of a plan while it is compiled: its parameters, its names and its probes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from api.engine import bindings as b
from api.engine.arguments import Arguments, Binder
from api.engine.identifiers import PREFIX_LENGTH
from api.engine.sql import Row, expression, type_name
from api.engine.values import Environment
from tenants.policy import visible
from tenants.viewer import Principal

_KEY = "community_id"


@dataclass(frozen=True)
class Probe:
    """It is a question about a request's variables whose answer changes the plan.

    `if`: whether a variable is true; `has`: whether it has a value; `prefix`: the prefix of the id
    it holds (one of `choices`, or none).
    """

    kind: str
    variable: str
    choices: frozenset[str] = frozenset()

    def ask(self, env: Environment) -> Any:
        """Return the answer for one request."""
        value = env.variables.coerced.get(self.variable)
        if self.kind == "if":
            return bool(value)
        if self.kind == "has":
            return value is not None
        prefix = value[:PREFIX_LENGTH] if isinstance(value, str) else ""
        return prefix if prefix in self.choices else ""


@dataclass
class FieldScope:
    """One field's arguments while its SQL is printed; each is bound once.

    `decode` maps an argument inside an expression to the function that reads it.
    """

    arguments: Arguments | None = None
    decode: dict[str, b.Decode] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)


class Printer:
    """It prints expressions and conditions as SQL, numbers parameters and generates names."""

    def __init__(self, principal: Principal, env: Environment) -> None:
        self.principal = principal
        self.env = env
        self.binders: list[Binder] = []
        self.probes: dict[Probe, Any] = {}
        self.scope = FieldScope()
        self._viewer_parameters: dict[str, str] = {}
        self._aliases = 0

    def probe(self, probe: Probe) -> Any:
        """Return the request's answer, and record that the plan depends on it."""
        self.probes[probe] = answer = probe.ask(self.env)
        return answer

    def alias(self, letter: str = "x") -> str:
        """Return a new name that no GraphQL name can equal."""
        self._aliases += 1
        return f'"{letter}-{self._aliases}"'

    def row(self, table: sa.Table) -> Row:
        """Return a new row of `table` with a new alias."""
        return Row(self.alias("r"), table)

    def print(self, element: sa.ColumnElement[Any], row: Row | None) -> str:
        """Return SQL for an expression over `row`."""
        return expression(element, row, self._bind)

    def sees(self, table: sa.Table) -> bool:
        """Return whether the principal kind may see any row of `table`."""
        return visible(table, self.principal) is not None

    def visible(self, table: sa.Table, row: Row) -> str:
        """Return the SQL condition under which the principal kind sees a row.

        It is needed for every alias of a table.
        """
        condition = visible(table, self.principal)
        assert condition is not None  # noqa: S101 # callers check `sees` first
        return f"({self.print(condition, row)})"

    def conditions(
        self,
        table: sa.Table,
        on: Mapping[str, sa.ColumnElement[Any] | b.Argument],
        where: sa.ColumnElement[bool] | None,
        row: Row,
        parent: Row | None,
    ) -> list[str]:
        """Return the SQL conditions that tie a row to its parent and make it visible.

        For a viewer above the communities that condition names no tenant, so the row is tied to
        the parent's community key.
        """
        conditions = [self.visible(table, row)]
        if self.principal.is_above and parent and _KEY not in on:
            ours, theirs = table.c.get(_KEY), parent.table.c.get(_KEY)
            if ours is not None and theirs is not None:
                conditions.append(f"{row.column(ours)} = {parent.column(theirs)}")
        for name, value in on.items():
            column = row.column(table.c[name])
            if isinstance(value, b.Argument):
                conditions.append(
                    f"{column} = {self.argument(value.name, value.decode, value.type)}"
                )
            elif value is b.ABSENT:
                conditions.append(f"{column} is null")
            else:
                conditions.append(f"{column} = {self.print(value, parent)}")
        if where is not None:
            conditions.append(f"({self.print(where, row)})")
        return conditions

    @property
    def arguments(self) -> Arguments:
        """Return the arguments of the field being printed."""
        assert self.scope.arguments is not None  # noqa: S101 # set for every field
        return self.scope.arguments

    def argument(
        self, name: str, decode: b.Decode | None, type_: sa.types.TypeEngine[Any] | None = None
    ) -> str:
        """Return a field's argument as a parameter; `name` may have a suffix (`query#words`)."""
        if name not in self.scope.printed:
            binder = self.arguments.binder(name.partition("#")[0])
            read: Binder = (lambda env: decode(binder(env))) if decode else binder
            self.scope.printed[name] = self.parameter(type_ or sa.Uuid(), read)
        return self.scope.printed[name]

    def parameter(self, type_: sa.types.TypeEngine[Any], binder: Binder, suffix: str = "") -> str:
        """Return a new numbered parameter, cast to its type so that the driver need not guess."""
        self.binders.append(binder)
        return f"${len(self.binders)}::{type_name(type_)}{suffix}"

    def json(self, make: Callable[[Environment], Any]) -> str:
        """Return a parameter for a value made in Python, sent as JSON."""
        self.binders.append(lambda env: orjson.dumps(make(env)).decode())
        return f"${len(self.binders)}::json"

    def _bind(self, bind: sa.BindParameter[Any]) -> str:
        kind, _, name = bind.key.partition(" ")
        if kind == "argument":
            return self.argument(name, self.scope.decode.get(name), bind.type)
        if kind == "outcome":
            return self.parameter(bind.type, lambda env: env.outcome.get(name))
        if kind == "signed":
            return self.parameter(bind.type, lambda env: env.signed[name])
        key = bind.key
        if key not in self._viewer_parameters:
            printed = self.parameter(bind.type, lambda env: env.values[key])
            self._viewer_parameters[key] = printed
        return self._viewer_parameters[key]
