"""Print ids, and the fields that lead to rows of other tables: one row, a short list, a count."""

from graphql import GraphQLObjectType
from graphql.language import FieldNode

from api.engine import bindings as b
from api.engine.compilation import Compilation
from api.engine.cost import Cost
from api.engine.identifiers import uuid_text
from api.engine.selection import subselections
from api.engine.sql import EMPTY, NULL, Row, capped_count, label, source

# a short list is charged as a page of the default size, however many rows it may have
ROWS_CHARGED = 20


def public_id(compiler: Compilation, binding: b.PublicId | b.IdOf, row: Row | None) -> str:
    """Return SQL for the public id of the row, or of the row of another table, or null."""
    assert row is not None  # noqa: S101 # ids belong to rows
    if isinstance(binding, b.PublicId):
        start = binding.prefix or b.prefix_of(row.table)
        key = row.table.c.id if binding.key is None else binding.key
        return f"'{start}' || {uuid_text(row.column(key))}"
    ids = (
        f"'{b.prefix_of(table)}' || {uuid_text(compiler.printer.print(key, row))}"
        for table, key in binding.choices.items()
    )
    return f"coalesce({', '.join(ids)})"


def one(
    compiler: Compilation,
    binding: b.One,
    type_: GraphQLObjectType,
    nodes: list[FieldNode],
    parent: Row | None,
) -> str:
    """Return SQL for the one row of a foreign key, or null."""
    if not compiler.printer.sees(binding.table):
        return NULL
    row, found = _found(compiler, binding, parent)
    return compiler.record(type_, nodes, row, found)


def either(
    compiler: Compilation, binding: b.Either, nodes: list[FieldNode], row: Row | None
) -> str:
    """Return SQL for the row of the table whose foreign key is set, or null."""
    branches: list[str] = []
    costs: list[Cost] = []
    for name, link in binding.choices.items():
        ((_, key),) = link.on.items()
        assert not isinstance(key, b.Argument)  # noqa: S101 # a key is a column of the row
        with compiler.costing() as cost:
            text = one(compiler, link, compiler.contract.object(name), nodes, row)
        branches.append(f"when {compiler.printer.print(key, row)} is not null then {text}")
        costs.append(cost)
    compiler.cost.choices.append(costs)
    return f"case {' '.join(branches)} end"


def rows(
    compiler: Compilation,
    binding: b.Rows,
    type_: GraphQLObjectType,
    nodes: list[FieldNode],
    parent: Row | None,
) -> str:
    """Return SQL for a short list of rows."""
    if not compiler.printer.sees(binding.table):
        return "'[]'::json"
    row, found = _found(compiler, binding, parent)
    with compiler.costing() as item:
        columns = compiler.columns(type_, compiler.fields(type_, subselections(nodes)), row)
    item.add(1)
    compiler.cost.add(2)
    compiler.cost.multiply(lambda _: min(binding.most, ROWS_CHARGED), item)
    listed = ", ".join(f"{sql} as {label(key)}" for key, sql in columns) or "1"
    group = f" group by {row.column(binding.group_by)}" if binding.group_by is not None else ""
    order = ", ".join(row.column(column) for column in binding.order)
    alias = compiler.printer.alias()
    each = f"{alias}.*" if columns else EMPTY
    return (
        f"(select coalesce(json_agg({each}), '[]'::json) from (select {listed}{found}{group}"
        f" order by {order} limit {binding.most}) as {alias})"
    )


def count(compiler: Compilation, binding: b.Count, parent: Row | None) -> str:
    """Return SQL for the number of rows, or null."""
    if not compiler.printer.sees(binding.table):
        return "0"
    compiler.cost.add(2)
    _, found = _found(compiler, binding, parent)
    number = capped_count(found, binding.most, compiler.printer.alias("c"))
    if binding.present is None:
        return number
    return f"case when {compiler.printer.print(binding.present, parent)} then {number} end"


def _found(
    compiler: Compilation, binding: b.One | b.Rows | b.Count, parent: Row | None
) -> tuple[Row, str]:
    """Return the alias of a binding's rows, and their `from … where …`."""
    printer, table = compiler.printer, binding.table
    row = printer.row(table)
    conditions = printer.conditions(table, binding.on, binding.where, row, parent)
    return row, source(table, row.alias, conditions)
