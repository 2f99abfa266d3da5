"""Keep the state of one compilation, and walk over a selection as all kinds of bindings do.

The functions that print a kind of binding (rows, pages, nodes) take a `Compilation`; the compiler
above them says which function prints which.
"""

from abc import ABC, abstractmethod
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from graphql import GraphQLObjectType
from graphql.language import FieldNode

from api.engine.arguments import Arguments
from api.engine.contract import Contract
from api.engine.cost import SCALAR_BYTES, Cost
from api.engine.documents import Operation
from api.engine.printer import FieldScope, Printer, Probe
from api.engine.selection import Fields, collect, subselections
from api.engine.sql import Row, json_record, quoted
from api.engine.values import Environment
from tenants.policy import access_to
from tenants.scopes import Scope
from tenants.viewer import Principal

# What a token must have: of each entry any one scope, and the first place that asks for it.
Requires = dict[tuple[Scope, ...], str]


class Compilation(ABC):
    """It is one selection as it is compiled for one principal kind: what is printed and asked so far."""

    def __init__(
        self, contract: Contract, operation: Operation, principal: Principal, env: Environment
    ) -> None:
        self.contract = contract
        self.operation = operation
        self.requires: Requires = {}
        self.printer = Printer(principal, env)
        self.cost = Cost()

    @abstractmethod
    def bound(
        self, type_: GraphQLObjectType, name: str, nodes: list[FieldNode], row: Row | None
    ) -> str:
        """Return SQL for one field, by the kind of its binding."""

    def fields(self, type_: GraphQLObjectType, sets: list[Any]) -> Fields:
        """Merge selection sets of one concrete type, noting the conditions asked."""
        return collect(self.contract.schema, self.operation.fragments, type_, sets, self._truth)

    def require(self, type_name: str, field_name: str) -> None:
        """Note the scopes that a field requires: its own, and those of the rows it leads to.

        Below the roots, a kind of which the principal sees no row asks for nothing: it is empty
        there for every token.
        """
        spec = self.contract.fields.get((type_name, field_name))
        if spec is None:
            return
        place = f"{type_name}.{field_name}"
        if spec.requires is not None:
            self.ask((spec.requires,), place)
        for table in spec.kinds:
            if type_name == "Query" or self.printer.sees(table):
                self.ask(access_to(table).of(self.printer.principal), place)

    def ask(self, scopes: tuple[Scope, ...], place: str) -> None:
        """Note that any one of these scopes is needed, if there are any."""
        if scopes:
            self.requires.setdefault(scopes, place)

    @contextmanager
    def costing(self) -> Generator[Cost]:
        """Collect the cost of what is printed meanwhile by itself."""
        outer, self.cost = self.cost, Cost()
        try:
            yield self.cost
        finally:
            self.cost = outer

    def _truth(self, variable: str) -> bool:
        return self.printer.probe(Probe("if", variable))

    def columns(
        self, type_: GraphQLObjectType, fields: Fields, row: Row | None
    ) -> list[tuple[str, str]]:
        """Print the columns of one object, in the client's order."""
        return [(key, self._field(type_, key, nodes, row)) for key, nodes in fields.items()]

    def _field(
        self, type_: GraphQLObjectType, key: str, nodes: list[FieldNode], row: Row | None
    ) -> str:
        name = nodes[0].name.value
        self.cost.weigh(len(key) + SCALAR_BYTES)
        if name == "__typename":
            return quoted(type_.name)
        if name.startswith("__"):
            return self.printer.json(lambda env: env.introspection[key])
        self.require(type_.name, name)
        printer = self.printer
        outer = printer.scope
        printer.scope = FieldScope(Arguments(type_.fields[name], nodes[0], printer.env))
        text = self.bound(type_, name, nodes, row)
        printer.scope = outer
        return text

    def record(
        self,
        type_: GraphQLObjectType,
        nodes: list[FieldNode],
        row: Row | None,
        found: str = "",
    ) -> str:
        """Print one object; `found` is the `from … where …` that its row comes from."""
        self.cost.add(1)
        columns = self.columns(type_, self.fields(type_, subselections(nodes)), row)
        return json_record(self.printer.alias(), columns, found)
