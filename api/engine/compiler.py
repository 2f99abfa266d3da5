"""Selection + bindings → one SQL statement that gives the response's JSON.

The compiler walks the selection with the schema. Each field's binding says which text to print;
the shapes are those of engine-wide measurements: a to-one is a scalar sub-select, a page is cut to
its rows before any JSON is built. Decisions that change the text (a condition's truth, whether an
argument is given, an id's prefix) are asked of the request and noted: they are the plan's key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType, get_named_type
from graphql.language import FieldNode

from api.engine import bindings as b
from api.engine.arguments import MAX_PAGE, Arguments, Binder, id_list
from api.engine.contract import Contract, is_connection
from api.engine.cost import Cost
from api.engine.documents import Operation
from api.engine.given import project
from api.engine.identifiers import PREFIX_LENGTH, decode_id, uuid_text
from api.engine.pages import Page
from api.engine.printer import FieldScope, Printer, Probe
from api.engine.selection import Fields, collect, subselections
from api.engine.sql import Row, capped_count, label, quoted, record, source
from api.engine.values import Environment
from tenants.scopes import Scope
from tenants.viewer import Principal

_NULL = "null"


@dataclass
class Compiled:
    """A read: SQL text with the binders of its parameters, or no SQL and a maker of the value."""

    text: str | None
    binders: list[Binder]
    make: Callable[[Environment], Any] | None
    cost: Cost
    requires: list[tuple[Scope, str]]


class Compiler:
    """Compiles one selection for one principal; made anew for each plan."""

    def __init__(
        self, contract: Contract, operation: Operation, principal: Principal, env: Environment
    ) -> None:
        self.contract = contract
        self.operation = operation
        self.requires: list[tuple[Scope, str]] = []
        self._printer = Printer(principal, env)
        self._cost = Cost()

    @property
    def probes(self) -> dict[Probe, Any]:
        """Give the questions that the plan depends on."""
        return self._printer.probes

    # --- the two ways in

    def query(self, standing: Mapping[Principal, sa.Table]) -> Compiled:
        """Compile a query's root selection; the statement also gives the viewer's standing."""
        root = self.contract.schema.query_type
        assert root is not None  # noqa: S101 # every schema has one
        fields = self.fields(root, [self.operation.node.selection_set])
        if not self._reads(root, fields):
            return self._compiled(None, self._maker(root, fields))
        columns = self.columns(root, fields, None)
        text = self._statement(columns, self._version(standing[self._printer.principal]))
        return self._compiled(text, None)

    def payload(
        self, type_: GraphQLObjectType, nodes: list[FieldNode], *, refused: bool
    ) -> Compiled:
        """Compile a mutation's payload; a refused one holds its errors and no rows."""
        fields = self.fields(type_, subselections(nodes))
        if refused or not self._reads(type_, fields):
            return self._compiled(None, self._maker(type_, fields))
        return self._compiled(self._statement(self.columns(type_, fields, None), None), None)

    def fields(self, type_: GraphQLObjectType, sets: list[Any]) -> Fields:
        """Merge selection sets of one concrete type, noting the conditions asked."""
        return collect(self.contract.schema, self.operation.fragments, type_, sets, self._truth)

    def require(self, type_name: str, field_name: str) -> None:
        """Note the scope that a field requires, and charge for a mutation."""
        spec = self.contract.fields.get((type_name, field_name))
        if spec is not None and spec.requires is not None:
            self.requires.append((spec.requires, f"{type_name}.{field_name}"))

    def _truth(self, variable: str) -> bool:
        return self._printer.probe(Probe("if", variable))

    # --- statements

    def _statement(self, columns: list[tuple[str, str]], version: str | None) -> str:
        alias = self._printer.alias()
        listed = ", ".join(f"{sql} as {label(key)}" for key, sql in columns)
        extra = f", {version} as version" if version else ""
        return (
            f"select row_to_json({alias}.*)::text as data{extra} from (select {listed}) as {alias}"
        )

    def _version(self, table: sa.Table) -> str:
        row = self._printer.row(table)
        active = [
            self._printer.visible(table, row),
            self._printer.print(
                table.c.id == sa.bindparam("viewer_id", type_=table.c.id.type), row
            ),
            self._printer.print(table.c.state == "ACTIVE", row),
        ]
        column = row.column(table.c.permission_version)
        return f"(select {column}{source(table, row.alias, active)})"

    def _compiled(self, text: str | None, make: Callable[[Environment], Any] | None) -> Compiled:
        return Compiled(text, self._printer.binders, make, self._cost, self.requires)

    def _reads(self, type_: GraphQLObjectType, fields: Fields) -> bool:
        """Say whether any of these root or payload fields needs the database."""
        return any(
            not isinstance(self.contract.spec(type_.name, name).binding, b.Given)
            for nodes in fields.values()
            if not (name := nodes[0].name.value).startswith("__")
        )

    def _maker(self, type_: GraphQLObjectType, fields: Fields) -> Callable[[Environment], Any]:
        makers: dict[str, Callable[[Environment], Any]] = {}
        for key, nodes in fields.items():
            name = nodes[0].name.value
            if name == "__typename":
                makers[key] = lambda _, value=type_.name: value
            elif name.startswith("__"):
                makers[key] = lambda env, key=key: env.introspection[key]
            else:
                self.require(type_.name, name)
                makers[key] = self._given_maker(type_, name, nodes)
        return lambda env: {key: make(env) for key, make in makers.items()}

    def _given_maker(
        self, type_: GraphQLObjectType, name: str, nodes: list[FieldNode]
    ) -> Callable[[Environment], Any]:
        binding = self.contract.spec(type_.name, name).binding
        if not isinstance(binding, b.Given):
            return lambda _: None  # an entity of a refused mutation
        field_type = type_.fields[name].type
        contract, fragments = self.contract, self.operation.fragments
        return lambda env: project(
            contract.schema, fragments, field_type, nodes, binding.make(env), env
        )

    # --- objects

    def columns(
        self, type_: GraphQLObjectType, fields: Fields, row: Row | None
    ) -> list[tuple[str, str]]:
        """Print the columns of one object, in the client's order."""
        return [(key, self._field(type_, key, nodes, row)) for key, nodes in fields.items()]

    def _field(
        self, type_: GraphQLObjectType, key: str, nodes: list[FieldNode], row: Row | None
    ) -> str:
        name = nodes[0].name.value
        if name == "__typename":
            return quoted(type_.name)
        if name.startswith("__"):
            return self._printer.json(lambda env: env.introspection[key])
        self.require(type_.name, name)
        printer = self._printer
        outer = printer.scope
        printer.scope = FieldScope(Arguments(type_.fields[name], nodes[0], printer.env))
        text = self._bound(type_, name, nodes, row)
        printer.scope = outer
        return text

    def _bound(  # noqa: C901 # one arm for each kind of binding
        self, type_: GraphQLObjectType, name: str, nodes: list[FieldNode], row: Row | None
    ) -> str:
        binding = self.contract.spec(type_.name, name).binding
        target = get_named_type(type_.fields[name].type)
        match binding:
            case b.Column(expression=column):
                return self._column(column, row)
            case b.PublicId():
                assert row is not None  # noqa: S101 # ids belong to rows
                return f"'{b.prefix_of(row.table)}' || {uuid_text(row.column(row.table.c.id))}"
            case b.Given():
                return self._printer.json(self._given_maker(type_, name, nodes))
            case b.Permit():
                return self._permit(binding, self._object(target), nodes, row)
            case b.Value():
                return self._value(binding, self._object(target), nodes, row)
            case b.One():
                return self._one(binding, self._object(target), nodes, row)
            case b.OneByPrincipal():
                choice = binding.choices[self._printer.principal]
                return self._one(choice, self._object(target), nodes, row)
            case b.Either():
                return self._either(binding, nodes, row)
            case b.Page():
                return self._page(binding, f"{type_.name}.{name}", self._object(target), nodes, row)
            case b.Rows():
                return self._rows(binding, self._object(target), nodes, row)
            case b.Count():
                return self._count(binding, row)
            case b.NodeById():
                return self._node(target, nodes)
            case b.NodesByIds():
                return self._nodes(target, nodes)
            case b.Verb():
                raise LookupError(f"{type_.name}.{name} is done, not read")

    def _object(self, type_: Any) -> GraphQLObjectType:
        assert isinstance(type_, GraphQLObjectType)  # noqa: S101 # checked by the schema's tests
        return type_

    def _record(
        self,
        type_: GraphQLObjectType,
        nodes: list[FieldNode],
        row: Row | None,
        from_where: Callable[[], str] = lambda: "",
    ) -> str:
        self._cost.add(1)
        columns = self.columns(type_, self.fields(type_, subselections(nodes)), row)
        return record(self._printer.alias(), columns, from_where())

    def _column(self, column: sa.ColumnElement[Any] | str, row: Row | None) -> str:
        if isinstance(column, str):
            assert row is not None  # noqa: S101 # a name is a name of some row's column
            column = row.table.c[column]
        return self._printer.print(column, row)

    def _value(
        self, binding: b.Value, type_: GraphQLObjectType, nodes: list[FieldNode], row: Row | None
    ) -> str:
        text = self._record(type_, nodes, row)
        if binding.present is None:
            return text
        return f"case when {self._printer.print(binding.present, row)} then {text} end"

    def _permit(
        self, binding: b.Permit, type_: GraphQLObjectType, nodes: list[FieldNode], row: Row | None
    ) -> str:
        parts = {
            "__typename": lambda: quoted(type_.name),
            "allowed": lambda: self._printer.print(binding.allowed, row),
            "code": lambda: self._printer.print(binding.code, row),
            "message": lambda: self._printer.print(binding.message, row),
        }
        self._cost.add(1)
        fields = self.fields(type_, subselections(nodes))
        columns = [(key, parts[group[0].name.value]()) for key, group in fields.items()]
        return record(self._printer.alias(), columns)

    def _one(
        self, binding: b.One, type_: GraphQLObjectType, nodes: list[FieldNode], parent: Row | None
    ) -> str:
        if not self._printer.sees(binding.table):
            return _NULL
        row = self._printer.row(binding.table)
        conditions = self._printer.conditions(binding.table, binding.on, binding.where, row, parent)
        return self._record(type_, nodes, row, lambda: source(binding.table, row.alias, conditions))

    def _either(self, binding: b.Either, nodes: list[FieldNode], row: Row | None) -> str:
        branches: list[str] = []
        for name, link in binding.choices.items():
            ((_, key),) = link.on.items()
            assert not isinstance(key, b.Argument)  # noqa: S101 # a key is a column of the row
            text = self._one(link, self.contract.object(name), nodes, row)
            branches.append(f"when {self._printer.print(key, row)} is not null then {text}")
        return f"case {' '.join(branches)} end"

    def _rows(
        self, binding: b.Rows, type_: GraphQLObjectType, nodes: list[FieldNode], parent: Row | None
    ) -> str:
        if not self._printer.sees(binding.table):
            return "'[]'::json"
        row = self._printer.row(binding.table)
        conditions = self._printer.conditions(binding.table, binding.on, binding.where, row, parent)
        inner = Cost()
        outer, self._cost = self._cost, inner
        columns = self.columns(type_, self.fields(type_, subselections(nodes)), row)
        self._cost = outer
        outer.add(2 + min(binding.most, MAX_PAGE) * (1 + inner.constant))
        listed = ", ".join(f"{sql} as {label(key)}" for key, sql in columns)
        group = f" group by {row.column(binding.group_by)}" if binding.group_by is not None else ""
        order = ", ".join(row.column(column) for column in binding.order)
        alias = self._printer.alias()
        return (
            f"(select coalesce(json_agg({alias}.*), '[]'::json) from (select {listed}"
            f"{source(binding.table, row.alias, conditions)}{group} order by {order}"
            f" limit {binding.most}) as {alias})"
        )

    def _count(self, binding: b.Count, parent: Row | None) -> str:
        if not self._printer.sees(binding.table):
            return "0"
        self._cost.add(2)
        row = self._printer.row(binding.table)
        conditions = self._printer.conditions(binding.table, binding.on, binding.where, row, parent)
        rows = source(binding.table, row.alias, conditions)
        count = capped_count(rows, binding.most, self._printer.alias("c"))
        if binding.present is None:
            return count
        return f"case when {self._printer.print(binding.present, parent)} then {count} end"

    # --- pages

    def _page(
        self,
        binding: b.Page,
        coordinate: str,
        type_: GraphQLObjectType,
        nodes: list[FieldNode],
        parent: Row | None,
    ) -> str:
        if not self._printer.sees(binding.table):
            return _NULL
        assert is_connection(type_)  # noqa: S101 # checked by the schema's tests
        page = Page(self._printer, binding, coordinate, parent)
        fields = self.fields(type_, subselections(nodes))

        outer, self._cost = self._cost, Cost()
        columns = [(key, self._page_field(page, type_, group)) for key, group in fields.items()]
        outer.add(2)
        outer.multiply(page.first, self._cost)
        self._cost = outer
        return record(self._printer.alias(), columns, page.aggregate())

    def _page_field(self, page: Page, type_: GraphQLObjectType, nodes: list[FieldNode]) -> str:
        name = nodes[0].name.value
        if name == "__typename":
            return quoted(type_.name)
        if name == "totalCount":
            return page.total()
        field_type = self._object(get_named_type(type_.fields[name].type))
        fields = self.fields(field_type, subselections(nodes))
        if name == "pageInfo":
            columns = [
                (key, page.info(group[0].name.value, field_type.name))
                for key, group in fields.items()
            ]
            return record(self._printer.alias(), columns)
        if name == "nodes":
            self._cost.add(1)
            return page.collect(
                record(self._printer.alias(), self.columns(field_type, fields, page.row))
            )
        return page.collect(self._edge(page, field_type, fields))

    def _edge(self, page: Page, type_: GraphQLObjectType, fields: Fields) -> str:
        columns: list[tuple[str, str]] = []
        for key, nodes in fields.items():
            name = nodes[0].name.value
            if name == "__typename":
                columns.append((key, quoted(type_.name)))
            elif name == "cursor":
                columns.append((key, page.cursor()))
            else:
                node_type = self._object(get_named_type(type_.fields[name].type))
                columns.append((key, self._record(node_type, nodes, page.row)))
        return record(self._printer.alias(), columns)

    # --- any object by id

    def _node(self, target: Any, nodes: list[FieldNode]) -> str:
        arguments = self._printer.arguments
        variable = arguments.variable("id")
        prefix = (
            self._printer.probe(Probe("prefix", variable, frozenset(self.contract.nodes)))
            if variable
            else str(arguments.constant("id"))[:PREFIX_LENGTH]
        )
        return self._node_of(
            prefix, target, nodes, self._printer.argument("id", lambda i: decode_id(i, prefix))
        )

    def _node_of(self, prefix: str, target: Any, nodes: list[FieldNode], id_sql: str) -> str:
        type_, table = self.contract.nodes.get(prefix, (None, None))
        if type_ is None or table is None or not self._printer.sees(table):
            return _NULL
        if not self._belongs(type_, target):
            return _NULL
        if (scope := table.info["scope"]) is not None:
            self.requires.append((scope, f"Query.node of {type_.name}"))
        row = self._printer.row(table)
        conditions = [self._printer.visible(table, row), f"{row.column(table.c.id)} = {id_sql}"]
        return self._record(type_, nodes, row, lambda: source(table, row.alias, conditions))

    def _belongs(self, type_: GraphQLObjectType, target: Any) -> bool:
        if isinstance(target, GraphQLInterfaceType | GraphQLUnionType):
            return self.contract.schema.is_sub_type(target, type_)
        return target is type_

    def _nodes(self, target: Any, nodes: list[FieldNode]) -> str:
        binder = id_list(self._printer.arguments.binder("ids"))
        kinds = self._printer.parameter(
            sa.Text(), lambda env: [i[:PREFIX_LENGTH] for i in binder(env)], "[]"
        )
        ids = self._printer.parameter(
            sa.Uuid(), lambda env: [decode_id(i, i[:PREFIX_LENGTH]) for i in binder(env)], "[]"
        )
        alias = self._printer.alias("k")
        outer, self._cost = self._cost, Cost()
        branches = [
            f"when '{prefix}' then {self._node_of(prefix, target, nodes, f'{alias}.id')}"
            for prefix in self.contract.nodes
        ]
        most = self._cost.constant / max(len(branches), 1)
        self._cost = outer
        outer.multiply(lambda env: len(binder(env)), Cost(int(most) + 1))
        return (
            f"(select coalesce(json_agg(case {alias}.kind {' '.join(branches)} end order by {alias}.o),"
            f" '[]'::json) from unnest({kinds}, {ids}) with ordinality as {alias}(kind, id, o))"
        )
