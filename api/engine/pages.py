"""Compile a connection: what is aggregated from its rows, and the subqueries beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLObjectType, get_named_type
from graphql.language import FieldNode

from api.engine import bindings as b
from api.engine.arguments import Binder, cursor_part, page_size
from api.engine.compilation import Compilation
from api.engine.contract import as_object, is_connection
from api.engine.cost import Cost
from api.engine.identifiers import CursorKey, cursor_tag, print_cursor
from api.engine.printer import Printer, Probe
from api.engine.selection import Fields, subselections
from api.engine.sql import NULL, Row, capped_count, joined, json_record, label, quoted
from api.engine.values import Environment

COUNT_CAP = 10_001
# limits when rows are searched by their texts: rows, and bytes of text
_MOST_ROWS = 2000
_MOST_BYTES = 500_000


def connection(
    compiler: Compilation,
    binding: b.Page,
    coordinate: str,
    type_: GraphQLObjectType,
    nodes: list[FieldNode],
    parent: Row | None,
) -> str:
    """Return SQL for a connection; its cursors are bound to `coordinate` (`Type.field`)."""
    through, sees = binding.through, compiler.printer.sees
    is_led = through is None or through.unled is not None or sees(through.table)
    if not (sees(binding.table) and is_led):
        return NULL
    assert is_connection(type_)  # noqa: S101 # checked by the schema's tests
    page = Page(compiler.printer, binding, coordinate, parent)
    fields = compiler.fields(type_, subselections(nodes))
    page.is_read = any(group[0].name.value in {"nodes", "edges"} for group in fields.values())
    with compiler.costing() as item:
        columns = [(key, _field(compiler, page, type_, group)) for key, group in fields.items()]
    record = json_record(compiler.printer.alias(), columns, page.aggregate())
    compiler.cost.add(2)
    compiler.cost.multiply(page.size(), item)
    if binding.through and page.walks:
        compiler.cost.multiply(page.effort(binding.through), Cost(page.walks))
    return record


def _field(
    compiler: Compilation, page: "Page", type_: GraphQLObjectType, nodes: list[FieldNode]
) -> str:
    name = nodes[0].name.value
    if name == "__typename":
        return quoted(type_.name)
    if name == "totalCount":
        return page.total()
    field_type = as_object(get_named_type(type_.fields[name].type))
    fields = compiler.fields(field_type, subselections(nodes))
    if name == "pageInfo":
        return page.infos(fields, field_type.name)
    if name == "nodes":
        compiler.cost.add(1)
        columns = compiler.columns(field_type, fields, page.row)
        return page.collect(json_record(compiler.printer.alias(), columns))
    columns = [(key, _edge(compiler, page, field_type, group)) for key, group in fields.items()]
    return page.collect(json_record(compiler.printer.alias(), columns))


def _edge(
    compiler: Compilation, page: "Page", type_: GraphQLObjectType, nodes: list[FieldNode]
) -> str:
    name = nodes[0].name.value
    if name == "__typename":
        return quoted(type_.name)
    if name == "cursor":
        return page.cursor()
    node_type = as_object(get_named_type(type_.fields[name].type))
    return compiler.record(node_type, nodes, page.row)


@dataclass(frozen=True)
class _Rows:
    """It is the rows of a connection before they are cut to a page, and their sort columns."""

    row: Row
    lead: Row | None
    through: b.Through | None
    conditions: list[str]
    order: tuple[sa.Column[Any], ...]
    direction: str
    searched: tuple[str, str, str] = ("", "", "")  # is_told, where and size of Through

    def key(self, column: sa.Column[Any]) -> str:
        """Return a column of the order; the last one is read from the table of search terms."""
        if self.lead is None or self.through is None or column is not self.order[-1]:
            return self.row.column(column)
        return self.lead.column(self.through.key)

    def source(self, *more: str, columns: Iterable[str] = ()) -> str:
        """Return FROM and WHERE; `columns` are the columns that are read of the row."""
        conditions = [*self.conditions, *more]
        walked = [row for row in (self.lead, self.row) if row is not None]
        tables = [f"{row.table.fullname} as {row.alias}" for row in walked]
        is_told, where, size = self.searched
        if not where:
            return joined(tables, conditions)
        # The scan ends early where few rows are wanted, because nothing in it sorts.
        order = f" order by {', '.join(self.key(c) + self.direction for c in self.order)}"
        names = sorted({*columns, *self.row.used, *(column.name for column in self.order)})
        listed = ", ".join(f"{self.row.alias}.{name}" for name in names)
        sizes = f'sum({size}) over ({order.strip()}) as "s-0"'
        most = f"case when {is_told} then {COUNT_CAP} else {_MOST_ROWS} end"
        walk = f"(select {listed}, {sizes}{joined(tables, conditions)}{order} limit {most})"
        alias = self.row.alias
        found = f'({is_told} or ({alias}."s-0" <= {_MOST_BYTES} and {where}))'
        return joined([f"{walk} as {alias}"], [found])


class Page:
    """One connection while it is compiled: the aggregates over its rows, and its subqueries."""

    def __init__(self, printer: Printer, binding: b.Page, coordinate: str, parent: Row | None):
        self._printer = printer
        self._binding = binding
        self._parent = parent
        self._keys = [CursorKey(column) for column in binding.order]
        self._tag = cursor_tag(coordinate)
        arguments = printer.arguments
        self.first: Binder = page_size(arguments.binder("first"))
        self._arguments = arguments
        self._has_after = self._given("after")
        self._filters = [f for f in binding.filters if self._given(f.argument.name)]
        for argument in (*(f.argument for f in binding.filters), *binding.arguments):
            printer.scope.decode[argument.name] = argument.decode
        self.row = printer.row(binding.table)
        self._collected: list[tuple[str, str]] = []
        # whether `nodes` or `edges` is selected, and so the rows are read
        self.is_read = False
        # the aggregated sort keys of all rows, in order, for the first and the last cursor
        self._ends: dict[sa.Column[Any], str] = {}
        self.walks = 0  # how often the search terms are scanned (`Through`)

    def effort(self, through: b.Through) -> Binder:
        """Return a function that calculates the points of one such scan."""
        name, points = through.effort
        value = self._arguments.binder(name)
        return lambda env: points(value(env))

    def _given(self, name: str) -> bool:
        variable = self._arguments.variable(name)
        if variable:
            return self._printer.probe(Probe("has", variable))
        return self._arguments.constant(name) is not None

    @cached_property
    def _limit(self) -> str:
        return self._printer.parameter(sa.BigInteger(), self.first)

    @cached_property
    def _after(self) -> list[str]:
        binder = self._arguments.binder("after")
        return [
            self._printer.parameter(
                key.column.type, cursor_part(binder, self._tag, self._keys, index)
            )
            for index, key in enumerate(self._keys)
        ]

    def size(self) -> Binder:
        """Return a function that reads the page size and checks an otherwise unread `after`."""
        if not self._has_after or "_after" in vars(self):
            return self.first
        check = cursor_part(self._arguments.binder("after"), self._tag, self._keys, 0)

        def checked(env: Environment) -> int:
            check(env)
            return self.first(env)

        return checked

    def collect(self, item: str) -> str:
        """Aggregate an expression over the page's rows; return the name of the result."""
        name = label(f"a-{len(self._collected)}")
        self._collected.append((name, f"coalesce(json_agg({item}), '[]'::json)"))
        return name

    def cursor(self) -> str:
        """Return SQL for a row's cursor."""
        return print_cursor(self._tag, self._keys, self.row.column)

    def infos(self, fields: Fields, type_name: str) -> str:
        """Return SQL for PageInfo."""
        columns = [
            (key, self._info(nodes[0].name.value, type_name)) for key, nodes in fields.items()
        ]
        return json_record(self._printer.alias(), columns)

    def _info(self, name: str, type_name: str) -> str:
        if name == "__typename":
            return quoted(type_name)
        if name == "hasNextPage":
            return self._has_next()
        if name == "hasPreviousPage":
            return self._has_previous()
        return self._end(first=name == "startCursor")

    def _end(self, *, first: bool) -> str:
        """Return SQL for the first or last row's cursor; other rows' are not printed."""
        if not self._ends:
            for column in self._binding.order:
                self._ends[column] = label(f"a-{len(self._collected)}")
                keys = f"array_agg({self.row.column(column)})"
                self._collected.append((self._ends[column], keys))
        index = "1" if first else f"cardinality({next(iter(self._ends.values()))})"
        return print_cursor(
            self._tag, self._keys, lambda column: f"({self._ends[column]})[{index}]"
        )

    def total(self) -> str:
        """Return SQL for the number of all rows, up to a cap; the cursor is ignored."""
        return capped_count(self._fresh().source(), COUNT_CAP, self._printer.alias("c"))

    def aggregate(self) -> str:
        """Return FROM: the page's rows, cut first and aggregated once; it is empty if none is needed."""
        if not self._collected:
            return ""
        inner = self._fresh()
        names = sorted(self.row.used | {c.name for c in self._binding.order})
        listed = ", ".join(f"{inner.row.alias}.{name}" for name in names)
        rows = (
            f"(select {listed}{inner.source(*self._beyond(inner), columns=names)}"
            f"{self._order(inner)} limit {self._limit}) as {self.row.alias}"
        )
        gathered = ", ".join(f"{sql} as {name}" for name, sql in self._collected)
        return f" from (select {gathered} from {rows}) as {self._printer.alias()}"

    def _has_next(self) -> str:
        rows = self._fresh()
        found = rows.source(*self._beyond(rows))
        probe = f"exists(select 1{found}{self._order(rows)} offset {self._limit} limit 1)"
        if not self.is_read:
            return probe
        # after a page that is not full there are no more rows
        counted = label(f"a-{len(self._collected)}")
        self._collected.append((counted, "count(*)"))
        return f"({counted} = {self._limit} and {probe})"

    def _has_previous(self) -> str:
        if not self._has_after:
            return "false"
        rows = self._fresh()
        before = self._compare(rows, "<=" if not self._binding.descending else ">=")
        return f"exists(select 1{rows.source(before)})"

    def _fresh(self) -> _Rows:
        printer, binding, through = self._printer, self._binding, self._binding.through
        row, lead, searched = printer.row(binding.table), None, ("", "", "")
        scan = through.unled if through and not printer.sees(through.table) else None
        where = None if through else binding.where
        on = scan.on if scan else binding.on
        conditions = printer.conditions(binding.table, on, where, row, self._parent)
        conditions += [f"({printer.print(f.condition, row)})" for f in self._filters]
        if through:
            held, is_told = (scan.where, "false") if scan else (through.where, "")
            if not scan:
                lead = printer.row(through.table)
                conditions += printer.conditions(
                    through.table, through.on, through.leads, lead, None
                )
                conditions.append(f"{row.column(binding.order[-1])} = {lead.column(through.key)}")
            searched = (
                is_told or printer.print(through.is_told, None),
                f"({printer.print(held, row)})",
                printer.print(through.size, row),
            )
            self.walks += 1
        direction = " desc" if binding.descending else ""
        return _Rows(row, lead, through, conditions, binding.order, direction, searched)

    def _beyond(self, rows: _Rows) -> list[str]:
        if not self._has_after:
            return []
        return [self._compare(rows, "<" if self._binding.descending else ">")]

    def _compare(self, rows: _Rows, operator: str) -> str:
        names = (rows.key(column) for column in self._binding.order)
        return f"({', '.join(names)}) {operator} ({', '.join(self._after)})"

    def _order(self, rows: _Rows) -> str:
        names = (rows.row.column(column) + rows.direction for column in self._binding.order)
        return " order by " + ", ".join(names)
