"""Selection + bindings → one SQL statement that gives the response's JSON.

The compiler walks the selection with the schema. Each field's binding says which text to print;
the shapes are those of engine-wide measurements: a to-one is a scalar sub-select, a page is cut to
its rows before any JSON is built. Decisions that change the text (a condition's truth, whether an
argument is given, an id's prefix) are asked of the request and noted: they are the plan's key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
import sqlalchemy as sa
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
)
from graphql.language import FieldNode

from api.engine import bindings as b
from api.engine.arguments import MAX_PAGE, Arguments, Binder, cursor_part, id_list, page_size
from api.engine.contract import Contract, is_connection
from api.engine.cost import Cost
from api.engine.documents import Operation
from api.engine.given import project
from api.engine.identifiers import (
    PREFIX_LENGTH,
    CursorKey,
    cursor_tag,
    decode_id,
    print_cursor,
    uuid_text,
)
from api.engine.selection import Fields, collect, subselections
from api.engine.sql import Row, expression, label, quoted, record, source, type_name
from api.engine.values import Environment
from tenants.policy import visible
from tenants.scopes import Scope
from tenants.viewer import Principal

COUNT_CAP = 10_001
_NULL = "null"


@dataclass(frozen=True)
class Probe:
    """A question whose answer changes a plan: `if` a variable is true, `has` it a value, or the
    `prefix` of the id it holds."""

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
class Compiled:
    """A read: SQL text with the binders of its parameters, or no SQL and a maker of the value."""

    text: str | None
    binders: list[Binder]
    make: Callable[[Environment], Any] | None
    cost: Cost
    requires: list[tuple[Scope, str]]


@dataclass
class _Scope:
    """One field's arguments while its SQL is printed; each is bound once."""

    arguments: Arguments | None = None
    decode: dict[str, b.Decode] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)


class Compiler:
    """Compiles one selection for one principal; made anew for each plan."""

    def __init__(
        self, contract: Contract, operation: Operation, principal: Principal, env: Environment
    ) -> None:
        self.contract = contract
        self.operation = operation
        self.principal = principal
        self.env = env
        self.probes: dict[Probe, Any] = {}
        self.requires: list[tuple[Scope, str]] = []
        self.refused = False
        self._binders: list[Binder] = []
        self._viewer_parameters: dict[str, str] = {}
        self._aliases = 0
        self._cost = Cost()
        self._scope = _Scope()

    # --- the two ways in

    def query(self, standing: Mapping[Principal, sa.Table]) -> Compiled:
        """Compile a query's root selection; the statement also gives the viewer's standing."""
        root = self.contract.schema.query_type
        assert root is not None  # noqa: S101 # every schema has one
        fields = self.fields(root, [self.operation.node.selection_set])
        if not self._reads(root, fields):
            return self._compiled(None, self._maker(root, fields))
        columns = self.columns(root, fields, None)
        text = self._statement(columns, self._version(standing[self.principal]))
        return self._compiled(text, None)

    def payload(self, type_: GraphQLObjectType, nodes: list[FieldNode], *, refused: bool) -> Compiled:
        """Compile a mutation's payload; a refused one holds its errors and no rows."""
        self.refused = refused
        fields = self.fields(type_, subselections(nodes))
        if refused or not self._reads(type_, fields):
            return self._compiled(None, self._maker(type_, fields))
        return self._compiled(self._statement(self.columns(type_, fields, None), None), None)

    def fields(self, type_: GraphQLObjectType, sets: list[Any]) -> Fields:
        """Merge selection sets of one concrete type, noting the conditions asked."""
        return collect(
            self.contract.schema, self.operation.fragments, type_, sets, self._truth
        )

    def probe(self, kind: str, variable: str) -> Any:
        """Ask the request, and note that the plan depends on the answer."""
        choices = frozenset(self.contract.nodes) if kind == "prefix" else frozenset[str]()
        probe = Probe(kind, variable, choices)
        self.probes[probe] = answer = probe.ask(self.env)
        return answer

    def require(self, type_name: str, field_name: str) -> None:
        """Note the scope that a field requires, and charge for a mutation."""
        spec = self.contract.fields.get((type_name, field_name))
        if spec is not None and spec.requires is not None:
            self.requires.append((spec.requires, f"{type_name}.{field_name}"))

    def _truth(self, variable: str) -> bool:
        return self.probe("if", variable)

    # --- statements

    def _statement(self, columns: list[tuple[str, str]], version: str | None) -> str:
        alias = self._alias()
        listed = ", ".join(f"{sql} as {label(key)}" for key, sql in columns)
        extra = f", {version} as version" if version else ""
        return f"select row_to_json({alias}.*)::text as data{extra} from (select {listed}) as {alias}"

    def _version(self, table: sa.Table) -> str:
        row = Row(self._alias("r"), table)
        active = [
            *self._visible(table, row),
            self._print(table.c.id == sa.bindparam("viewer_id", type_=table.c.id.type), row),
            self._print(table.c.state == "ACTIVE", row),
        ]
        column = row.column(table.c.permission_version)
        return f"(select {column}{source(table, row.alias, active)})"

    def _compiled(self, text: str | None, make: Callable[[Environment], Any] | None) -> Compiled:
        return Compiled(text, self._binders, make, self._cost, self.requires)

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
            return self._json(lambda env: env.introspection[key])
        self.require(type_.name, name)
        outer, self._scope = self._scope, _Scope(
            Arguments(type_.fields[name], nodes[0], self.env)
        )
        try:
            return self._bound(type_, name, nodes, row)
        finally:
            self._scope = outer

    def _bound(
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
                return self._json(self._given_maker(type_, name, nodes))
            case b.Permit():
                return self._permit(binding, self._object(target), nodes, row)
            case b.Value():
                return self._value(binding, self._object(target), nodes, row)
            case b.One():
                return self._one(binding, self._object(target), nodes, row)
            case b.OneByPrincipal():
                choice = binding.choices[self.principal]
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
        return record(self._alias(), columns, from_where())

    def _column(self, column: sa.ColumnElement[Any] | str, row: Row | None) -> str:
        if isinstance(column, str):
            assert row is not None  # noqa: S101 # a name is a name of some row's column
            column = row.table.c[column]
        return self._print(column, row)

    def _value(
        self, binding: b.Value, type_: GraphQLObjectType, nodes: list[FieldNode], row: Row | None
    ) -> str:
        text = self._record(type_, nodes, row)
        if binding.present is None:
            return text
        return f"case when {self._print(binding.present, row)} then {text} end"

    def _permit(
        self, binding: b.Permit, type_: GraphQLObjectType, nodes: list[FieldNode], row: Row | None
    ) -> str:
        parts = {
            "__typename": lambda: quoted(type_.name),
            "allowed": lambda: self._print(binding.allowed, row),
            "code": lambda: self._print(binding.code, row),
            "message": lambda: self._print(binding.message, row),
        }
        self._cost.add(1)
        fields = self.fields(type_, subselections(nodes))
        columns = [(key, parts[group[0].name.value]()) for key, group in fields.items()]
        return record(self._alias(), columns)

    def _one(
        self, binding: b.One, type_: GraphQLObjectType, nodes: list[FieldNode], parent: Row | None
    ) -> str:
        if visible(binding.table, self.principal) is None:
            return _NULL
        row = Row(self._alias("r"), binding.table)
        conditions = self._conditions(binding.table, binding.on, binding.where, row, parent)
        return self._record(
            type_, nodes, row, lambda: source(binding.table, row.alias, conditions)
        )

    def _either(self, binding: b.Either, nodes: list[FieldNode], row: Row | None) -> str:
        branches: list[str] = []
        for name, link in binding.choices.items():
            ((_, key),) = link.on.items()
            assert not isinstance(key, b.Argument)  # noqa: S101 # a key is a column of the row
            text = self._one(link, self.contract.object(name), nodes, row)
            branches.append(f"when {self._print(key, row)} is not null then {text}")
        return f"case {' '.join(branches)} end"

    def _rows(
        self, binding: b.Rows, type_: GraphQLObjectType, nodes: list[FieldNode], parent: Row | None
    ) -> str:
        if visible(binding.table, self.principal) is None:
            return "'[]'::json"
        row = Row(self._alias("r"), binding.table)
        conditions = self._conditions(binding.table, binding.on, binding.where, row, parent)
        inner = Cost()
        outer, self._cost = self._cost, inner
        columns = self.columns(type_, self.fields(type_, subselections(nodes)), row)
        self._cost = outer
        outer.add(2 + min(binding.most, MAX_PAGE) * (1 + inner.constant))
        listed = ", ".join(f"{sql} as {label(key)}" for key, sql in columns)
        group = f" group by {row.column(binding.group_by)}" if binding.group_by is not None else ""
        order = ", ".join(row.column(column) for column in binding.order)
        alias = self._alias()
        return (
            f"(select coalesce(json_agg({alias}.*), '[]'::json) from (select {listed}"
            f"{source(binding.table, row.alias, conditions)}{group} order by {order}"
            f" limit {binding.most}) as {alias})"
        )

    def _count(self, binding: b.Count, parent: Row | None) -> str:
        if visible(binding.table, self.principal) is None:
            return "0"
        self._cost.add(2)
        row = Row(self._alias("r"), binding.table)
        conditions = self._conditions(binding.table, binding.on, binding.where, row, parent)
        count = self._capped_count(source(binding.table, row.alias, conditions), binding.most)
        if binding.present is None:
            return count
        return f"case when {self._print(binding.present, parent)} then {count} end"

    def _capped_count(self, from_where: str, most: int) -> str:
        return f"(select count(*)::int from (select{from_where} limit {most}) as {self._alias('c')})"

    # --- pages

    def _page(
        self,
        binding: b.Page,
        coordinate: str,
        type_: GraphQLObjectType,
        nodes: list[FieldNode],
        parent: Row | None,
    ) -> str:
        if visible(binding.table, self.principal) is None:
            return _NULL
        assert is_connection(type_)  # noqa: S101 # checked by the schema's tests
        page = _Page(self, binding, coordinate, parent)
        fields = self.fields(type_, subselections(nodes))

        outer, self._cost = self._cost, Cost()
        columns = [(key, self._page_field(page, type_, group)) for key, group in fields.items()]
        outer.add(2)
        outer.multiply(page.first, self._cost)
        self._cost = outer
        return record(self._alias(), columns, page.aggregate())

    def _page_field(self, page: "_Page", type_: GraphQLObjectType, nodes: list[FieldNode]) -> str:
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
            return record(self._alias(), columns)
        if name == "nodes":
            self._cost.add(1)
            return page.collect(record(self._alias(), self.columns(field_type, fields, page.row)))
        return page.collect(self._edge(page, field_type, fields))

    def _edge(self, page: "_Page", type_: GraphQLObjectType, fields: Fields) -> str:
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
        return record(self._alias(), columns)

    # --- any object by id

    def _node(self, target: Any, nodes: list[FieldNode]) -> str:
        arguments = self._arguments
        variable = arguments.variable("id")
        prefix = (
            self.probe("prefix", variable)
            if variable
            else str(arguments.constant("id"))[:PREFIX_LENGTH]
        )
        return self._node_of(prefix, target, nodes, self._argument("id", lambda i: decode_id(i, prefix)))

    def _node_of(self, prefix: str, target: Any, nodes: list[FieldNode], id_sql: str) -> str:
        type_, table = self.contract.nodes.get(prefix, (None, None))
        if type_ is None or table is None or visible(table, self.principal) is None:
            return _NULL
        if not self._belongs(type_, target):
            return _NULL
        if (scope := table.info["scope"]) is not None:
            self.requires.append((scope, f"Query.node of {type_.name}"))
        row = Row(self._alias("r"), table)
        conditions = [*self._visible(table, row), f"{row.column(table.c.id)} = {id_sql}"]
        return self._record(type_, nodes, row, lambda: source(table, row.alias, conditions))

    def _belongs(self, type_: GraphQLObjectType, target: Any) -> bool:
        if isinstance(target, GraphQLInterfaceType | GraphQLUnionType):
            return self.contract.schema.is_sub_type(target, type_)
        return target is type_

    def _nodes(self, target: Any, nodes: list[FieldNode]) -> str:
        binder = id_list(self._arguments.binder("ids"))
        kinds = self._parameter(sa.Text(), lambda env: [i[:PREFIX_LENGTH] for i in binder(env)], "[]")
        ids = self._parameter(
            sa.Uuid(), lambda env: [decode_id(i, i[:PREFIX_LENGTH]) for i in binder(env)], "[]"
        )
        alias = self._alias("k")
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

    # --- conditions, parameters, names

    def _visible(self, table: sa.Table, row: Row) -> list[str]:
        condition = visible(table, self.principal)
        assert condition is not None  # noqa: S101 # callers ask first
        return [self._print(condition, row)]

    def _conditions(
        self,
        table: sa.Table,
        on: Mapping[str, sa.ColumnElement[Any] | b.Argument],
        where: sa.ColumnElement[bool] | None,
        row: Row,
        parent: Row | None,
    ) -> list[str]:
        conditions = [f"({text})" for text in self._visible(table, row)]
        for name, value in on.items():
            column = row.column(table.c[name])
            if isinstance(value, b.Argument):
                conditions.append(f"{column} = {self._argument(value.name, value.decode, value.type)}")
            elif isinstance(value, sa.sql.elements.Null):
                conditions.append(f"{column} is null")
            else:
                conditions.append(f"{column} = {self._print(value, parent)}")
        if where is not None:
            conditions.append(f"({self._print(where, row)})")
        return conditions

    def _print(self, element: sa.ColumnElement[Any], row: Row | None) -> str:
        return expression(element, row, self._bind)

    def _bind(self, bind: sa.BindParameter[Any]) -> str:
        kind, _, name = bind.key.partition(" ")
        if kind == "argument":
            return self._argument(name, self._scope.decode.get(name), bind.type)
        if kind == "outcome":
            return self._parameter(bind.type, lambda env: env.outcome.get(name))
        if bind.key not in self._viewer_parameters:
            key = bind.key
            printed = self._parameter(bind.type, lambda env: env.values[key])
            self._viewer_parameters[key] = printed
        return self._viewer_parameters[bind.key]

    @property
    def _arguments(self) -> Arguments:
        assert self._scope.arguments is not None  # noqa: S101 # set for every field
        return self._scope.arguments

    def _argument(
        self, name: str, decode: b.Decode | None, type_: sa.types.TypeEngine[Any] | None = None
    ) -> str:
        if name not in self._scope.printed:
            binder = self._arguments.binder(name.partition("#")[0])
            read: Binder = (lambda env: decode(binder(env))) if decode else binder
            self._scope.printed[name] = self._parameter(type_ or sa.Uuid(), read)
        return self._scope.printed[name]

    def _parameter(self, type_: sa.types.TypeEngine[Any], binder: Binder, suffix: str = "") -> str:
        self._binders.append(binder)
        return f"${len(self._binders)}::{type_name(type_)}{suffix}"

    def _json(self, make: Callable[[Environment], Any]) -> str:
        self._binders.append(lambda env: orjson.dumps(make(env)).decode())
        return f"${len(self._binders)}::json"

    def _alias(self, letter: str = "x") -> str:
        self._aliases += 1
        return f'"{letter}-{self._aliases}"'


class _Page:
    """One connection while it is printed: what is collected from its rows, and the probes beside."""

    def __init__(self, compiler: Compiler, binding: b.Page, coordinate: str, parent: Row | None):
        self._compiler = compiler
        self._binding = binding
        self._parent = parent
        self._keys = [CursorKey(column) for column in binding.order]
        self._tag = cursor_tag(coordinate)
        arguments = compiler._arguments  # noqa: SLF001 # one class in two parts
        self.first: Binder = page_size(arguments.binder("first"))
        self._arguments = arguments
        self._has_after = self._given("after")
        self._filters = [f for f in binding.filters if self._given(f.argument.name)]
        for argument in (*(f.argument for f in binding.filters), *binding.arguments):
            compiler._scope.decode[argument.name] = argument.decode  # noqa: SLF001
        self.row = Row(compiler._alias("r"), binding.table)  # noqa: SLF001
        self._collected: list[tuple[str, str]] = []
        self._ends: str | None = None

    def _given(self, name: str) -> bool:
        variable = self._arguments.variable(name)
        if variable:
            return self._compiler.probe("has", variable)
        return self._arguments.constant(name) is not None

    @cached_property
    def _limit(self) -> str:
        return self._compiler._parameter(sa.BigInteger(), self.first)  # noqa: SLF001

    @cached_property
    def _after(self) -> list[str]:
        binder = self._arguments.binder("after")
        return [
            self._compiler._parameter(  # noqa: SLF001
                key.column.type, cursor_part(binder, self._tag, self._keys, index)
            )
            for index, key in enumerate(self._keys)
        ]

    def collect(self, item: str) -> str:
        """Aggregate one text over the page's rows; give the name it is read by."""
        name = label(f"a-{len(self._collected)}")
        self._collected.append((name, f"coalesce(json_agg({item}), '[]'::json)"))
        return name

    def cursor(self) -> str:
        """Print a row's cursor."""
        return print_cursor(self._tag, self._keys, self.row.column)

    def info(self, name: str, type_name: str) -> str:
        """Print one field of PageInfo."""
        if name == "__typename":
            return quoted(type_name)
        if name == "hasNextPage":
            return self._has_next()
        if name == "hasPreviousPage":
            return self._has_previous()
        if self._ends is None:
            self._ends = label(f"a-{len(self._collected)}")
            self._collected.append((self._ends, f"array_agg({self.cursor()})"))
        index = "1" if name == "startCursor" else f"cardinality({self._ends})"
        return f"({self._ends})[{index}]"

    def total(self) -> str:
        """Print the capped size of the whole set, the cursor left aside."""
        row, conditions = self._fresh()
        return self._compiler._capped_count(  # noqa: SLF001
            source(self._binding.table, row.alias, conditions), COUNT_CAP
        )

    def aggregate(self) -> str:
        """Print FROM: the page's rows, cut first and gathered once; nothing if nothing was asked."""
        if not self._collected:
            return ""
        table = self._binding.table
        inner, conditions = self._fresh()
        names = sorted(self.row.used | {c.name for c in self._binding.order})
        columns = ", ".join(f"{inner.alias}.{name}" for name in names)
        rows = (
            f"(select {columns}{source(table, inner.alias, [*conditions, *self._beyond(inner)])}"
            f"{self._order(inner)} limit {self._limit}) as {self.row.alias}"
        )
        gathered = ", ".join(f"{sql} as {name}" for name, sql in self._collected)
        return f" from (select {gathered} from {rows}) as {self._compiler._alias()}"  # noqa: SLF001

    def _has_next(self) -> str:
        row, conditions = self._fresh()
        found = source(self._binding.table, row.alias, [*conditions, *self._beyond(row)])
        return f"exists(select{found}{self._order(row)} offset {self._limit} limit 1)"

    def _has_previous(self) -> str:
        if not self._has_after:
            return "false"
        row, conditions = self._fresh()
        before = self._compare(row, "<=" if not self._binding.descending else ">=")
        return f"exists(select{source(self._binding.table, row.alias, [*conditions, before])})"

    def _fresh(self) -> tuple[Row, list[str]]:
        compiler, binding = self._compiler, self._binding
        row = Row(compiler._alias("r"), binding.table)  # noqa: SLF001
        conditions = compiler._conditions(  # noqa: SLF001
            binding.table, binding.on, binding.where, row, self._parent
        )
        conditions += [f"({compiler._print(f.condition, row)})" for f in self._filters]  # noqa: SLF001
        return row, conditions

    def _beyond(self, row: Row) -> list[str]:
        if not self._has_after:
            return []
        return [self._compare(row, "<" if self._binding.descending else ">")]

    def _compare(self, row: Row, operator: str) -> str:
        columns = ", ".join(row.column(c) for c in self._binding.order)
        return f"({columns}) {operator} ({', '.join(self._after)})"

    def _order(self, row: Row) -> str:
        direction = " desc" if self._binding.descending else ""
        return " order by " + ", ".join(row.column(c) + direction for c in self._binding.order)
