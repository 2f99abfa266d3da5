"""Compile a selection and its bindings to one SQL statement that gives the response's JSON.

The compiler walks the selection with the schema. Each field's binding says which text to print;
the shapes are those of engine-wide measurements: a to-one is a scalar sub-select, a page is cut to
its rows before any JSON is built. Decisions that change the text (a condition's truth, whether an
argument is given, an id's prefix) are asked of the request and noted: they are the plan's key.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLObjectType, get_named_type
from graphql.language import FieldNode

from api.engine import bindings as b
from api.engine.arguments import Binder
from api.engine.compilation import Compilation, Requires
from api.engine.contract import as_object
from api.engine.cost import SCALAR_BYTES, Cost, longest
from api.engine.given import Maker, field_maker, object_maker
from api.engine.nodes import node, nodes_by_ids
from api.engine.pages import connection
from api.engine.printer import Probe
from api.engine.rows import count, either, one, public_id, rows
from api.engine.selection import Fields, subselections
from api.engine.sql import EMPTY, Row, json_record, label, quoted, source
from tenants.domain import Standing
from tenants.domains import DOMAINS

_PERMIT_BYTES = 250  # a refusal's sentence in two languages


@dataclass
class Compiled:
    """It is a read: SQL text with the binders of its parameters, and a maker of what no table holds.

    A query always has its text, which gives the viewer's standing at least; a payload has either.
    """

    text: str | None
    binders: list[Binder]
    make: Maker | None
    cost: Cost
    requires: Requires


class Compiler(Compilation):
    """It compiles one selection for one principal; it is made anew for each plan."""

    @property
    def probes(self) -> dict[Probe, Any]:
        """Return the questions that the plan depends on."""
        return self.printer.probes

    # --- the two ways in

    def query(self) -> Compiled:
        """Compile a query's root selection."""
        root = self.contract.schema.query_type
        assert root is not None  # noqa: S101 # every schema has one
        return self.roots(root, self.fields(root, [self.operation.node.selection_set]))

    def roots(self, root: GraphQLObjectType, fields: Fields) -> Compiled:
        """Compile root fields that change nothing; the statement also gives the viewer's standing."""
        maker = None if self._reads(root, fields) else self._maker(root, fields)
        columns = [] if maker else self.columns(root, fields, None)
        # what reads no table is made in Python, and asks for the viewer's standing all the same
        text = self._statement(columns, self._version(DOMAINS.standings[self.printer.principal]))
        return self._compiled(text, maker)

    def payload(
        self, type_: GraphQLObjectType, nodes: list[FieldNode], *, refused: bool
    ) -> Compiled:
        """Compile a mutation's payload; a refused one holds its errors and no rows."""
        fields = self.fields(type_, subselections(nodes))
        if refused or not self._reads(type_, fields):
            return self._compiled(None, self._maker(type_, fields))
        return self._compiled(self._statement(self.columns(type_, fields, None), None), None)

    # --- statements

    def _statement(self, columns: list[tuple[str, str]], version: str | None) -> str:
        extra = f", {version} as version" if version else ""
        if not columns:
            return f"select {EMPTY} as data{extra}"
        alias = self.printer.alias()
        listed = ", ".join(f"{sql} as {label(key)}" for key, sql in columns)
        return f"select row_to_json({alias}.*) as data{extra} from (select {listed}) as {alias}"

    def _version(self, standing: Standing) -> str:
        row = self.printer.row(standing.table)
        conditions = [
            self.printer.visible(standing.table, row),
            self.printer.print(standing.is_own, row),
        ]
        found = self.printer.print(standing.version, row)
        own = source(standing.table, row.alias, conditions)
        absent = standing.absent
        otherwise = self._version(absent) if isinstance(absent, Standing) else str(absent)
        return f"coalesce((select {found}{own}), {otherwise})"

    def _compiled(self, text: str | None, make: Maker | None) -> Compiled:
        return Compiled(text, self.printer.binders, make, self.cost, self.requires)

    def _reads(self, type_: GraphQLObjectType, fields: Fields) -> bool:
        """Say whether any of these root or payload fields needs the database."""
        return any(
            not isinstance(self.contract.spec(type_.name, name).binding, b.Given)
            for nodes in fields.values()
            if not (name := nodes[0].name.value).startswith("__")
        )

    def _maker(self, type_: GraphQLObjectType, fields: Fields) -> Maker:
        for nodes in fields.values():
            self.require(type_.name, nodes[0].name.value)
        return object_maker(self.contract, self.operation.fragments, type_, fields)

    # --- fields

    def bound(  # noqa: C901 # one arm for each kind of binding
        self, type_: GraphQLObjectType, name: str, nodes: list[FieldNode], row: Row | None
    ) -> str:
        """Return SQL for one field, by the kind of its binding."""
        binding = self.contract.spec(type_.name, name).binding
        target = get_named_type(type_.fields[name].type)
        match binding:
            case b.Column(expression=column):
                return self._column(column, row)
            case b.PublicId() | b.IdOf():
                return public_id(self, binding, row)
            case b.Given():
                made = field_maker(self.contract, self.operation.fragments, type_, name, nodes)
                return self.printer.json(made)
            case b.Permit():
                return self._permit(binding, as_object(target), nodes, row)
            case b.Parts():
                return self._parts(binding, as_object(target), nodes, row)
            case b.Value():
                return self._value(binding, as_object(target), nodes, row)
            case b.One():
                return one(self, binding, as_object(target), nodes, row)
            case b.OneByPrincipal():
                choice = binding.choices[self.printer.principal]
                return one(self, choice, as_object(target), nodes, row)
            case b.Either():
                return either(self, binding, nodes, row)
            case b.Page():
                coordinate = f"{type_.name}.{name}"
                return connection(self, binding, coordinate, as_object(target), nodes, row)
            case b.Rows():
                return rows(self, binding, as_object(target), nodes, row)
            case b.Count():
                return count(self, binding, row)
            case b.NodeById():
                return node(self, target, nodes)
            case b.NodesByIds():
                return nodes_by_ids(self, target, nodes)
            case b.Verb():
                raise LookupError(f"{type_.name}.{name} is done, not read")

    def _column(self, column: sa.ColumnElement[Any] | str, row: Row | None) -> str:
        if isinstance(column, str):
            assert row is not None  # noqa: S101 # a name is a name of some row's column
            column = row.table.c[column]
        self.cost.weigh(longest(column))
        return self.printer.print(column, row)

    def _value(
        self, binding: b.Value, type_: GraphQLObjectType, nodes: list[FieldNode], row: Row | None
    ) -> str:
        text = self.record(type_, nodes, row)
        if binding.present is None:
            return text
        return f"case when {self.printer.print(binding.present, row)} then {text} end"

    def _permit(
        self, binding: b.Permit, type_: GraphQLObjectType, nodes: list[FieldNode], row: Row | None
    ) -> str:
        verdict = binding.of_principal(self.printer.principal)
        parts = {
            "__typename": lambda: quoted(type_.name),
            "allowed": lambda: self.printer.print(verdict.allowed, row),
            "code": lambda: self.printer.print(verdict.code, row),
            "message": lambda: self.printer.print(verdict.message, row),
        }
        self.cost.add(1)
        fields = self.fields(type_, subselections(nodes))
        self.cost.weigh(_PERMIT_BYTES * len(fields))
        columns = [(key, parts[group[0].name.value]()) for key, group in fields.items()]
        return json_record(self.printer.alias(), columns)

    def _parts(
        self, binding: b.Parts, type_: GraphQLObjectType, nodes: list[FieldNode], row: Row | None
    ) -> str:
        self.cost.add(1)
        columns: list[tuple[str, str]] = []
        for key, group in self.fields(type_, subselections(nodes)).items():
            name = group[0].name.value
            self.cost.weigh(len(key) + SCALAR_BYTES)
            made = binding.expressions.get(name)
            columns.append(
                (key, quoted(type_.name) if made is None else self.printer.print(made, row))
            )
        return json_record(self.printer.alias(), columns)
