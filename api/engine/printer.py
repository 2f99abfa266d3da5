"""The plan while it is printed: its parameters, its names, and the questions it depends on."""

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
    """A question whose answer changes a plan: `if` a variable is true, `has` it a value, or the
    `prefix` (one of `choices`, or none) of the id it holds."""

    kind: str
    variable: str
    choices: frozenset[str] = frozenset()

    def ask(self, env: Environment) -> Any:
        """Answer for one request."""
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

    `decode` says how an argument that stands inside an expression is read.
    """

    arguments: Arguments | None = None
    decode: dict[str, b.Decode] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)


class Printer:
    """Prints expressions and conditions, numbering parameters and generating names."""

    def __init__(self, principal: Principal, env: Environment) -> None:
        self.principal = principal
        self.env = env
        self.binders: list[Binder] = []
        self.probes: dict[Probe, Any] = {}
        self.scope = FieldScope()
        self._viewer_parameters: dict[str, str] = {}
        self._aliases = 0

    def probe(self, probe: Probe) -> Any:
        """Ask the request, and note that the plan depends on the answer."""
        self.probes[probe] = answer = probe.ask(self.env)
        return answer

    def alias(self, letter: str = "x") -> str:
        """Generate a name that no GraphQL name can equal."""
        self._aliases += 1
        return f'"{letter}-{self._aliases}"'

    def row(self, table: sa.Table) -> Row:
        """Name a new row of `table`."""
        return Row(self.alias("r"), table)

    def print(self, element: sa.ColumnElement[Any], row: Row | None) -> str:
        """Print an expression over `row`."""
        return expression(element, row, self._bind)

    def sees(self, table: sa.Table) -> bool:
        """Say whether the principal may see any row of `table`."""
        return visible(table, self.principal) is not None

    def visible(self, table: sa.Table, row: Row) -> str:
        """Print the condition under which the principal sees a row: on every alias of a table."""
        condition = visible(table, self.principal)
        assert condition is not None  # noqa: S101 # callers ask `sees` first
        return f"({self.print(condition, row)})"

    def conditions(
        self,
        table: sa.Table,
        on: Mapping[str, sa.ColumnElement[Any] | b.Argument],
        where: sa.ColumnElement[bool] | None,
        row: Row,
        parent: Row | None,
    ) -> list[str]:
        """Print what ties a row to its parent, always with what makes it visible.

        Above the communities that names no tenant, so the parent's does.
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
        """Give the arguments of the field being printed."""
        assert self.scope.arguments is not None  # noqa: S101 # set for every field
        return self.scope.arguments

    def argument(
        self, name: str, decode: b.Decode | None, type_: sa.types.TypeEngine[Any] | None = None
    ) -> str:
        """Print an argument of the field as a parameter; `name` may carry a mark (`query#words`)."""
        if name not in self.scope.printed:
            binder = self.arguments.binder(name.partition("#")[0])
            read: Binder = (lambda env: decode(binder(env))) if decode else binder
            self.scope.printed[name] = self.parameter(type_ or sa.Uuid(), read)
        return self.scope.printed[name]

    def parameter(self, type_: sa.types.TypeEngine[Any], binder: Binder, suffix: str = "") -> str:
        """Number a new parameter, cast to its type so that the driver need not guess."""
        self.binders.append(binder)
        return f"${len(self.binders)}::{type_name(type_)}{suffix}"

    def json(self, make: Callable[[Environment], Any]) -> str:
        """Bring in a value made in Python, as JSON."""
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
