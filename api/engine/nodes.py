"""Read any object by its id: the prefix names the type, and row security decides."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from graphql.language import FieldNode

from api.engine.arguments import id_list
from api.engine.compilation import Compilation
from api.engine.cost import Cost
from api.engine.identifiers import PREFIX_LENGTH, decode_id
from api.engine.printer import Probe
from api.engine.sql import NULL, source
from tenants.policy import access_to, holds


def node(compiler: Compilation, target: Any, nodes: list[FieldNode]) -> str:
    """Return SQL for `node(id:)`: the branch of the id's prefix, or null for other ids."""
    printer = compiler.printer
    arguments = printer.arguments
    variable = arguments.variable("id")
    if variable:
        prefix = printer.probe(Probe("prefix", variable, frozenset(compiler.contract.nodes)))
    else:
        prefix = str(arguments.constant("id"))[:PREFIX_LENGTH]
    return _of_prefix(
        compiler,
        prefix,
        target,
        nodes,
        lambda: printer.argument("id", lambda text: decode_id(text, prefix)),
    )


def nodes_by_ids(compiler: Compilation, target: Any, nodes: list[FieldNode]) -> str:
    """Return SQL for `nodes(ids:)`: a branch for each type, in the order of the input.

    Nulls and duplicates are kept.
    """
    printer = compiler.printer
    binder = id_list(printer.arguments.binder("ids"))
    kinds = printer.parameter(
        sa.Text(), lambda env: [text[:PREFIX_LENGTH] for text in binder(env)], "[]"
    )
    ids = printer.parameter(
        sa.Uuid(), lambda env: [decode_id(text, text[:PREFIX_LENGTH]) for text in binder(env)], "[]"
    )
    alias = printer.alias("k")
    branches: list[str] = []
    costs: list[Cost] = []
    for prefix in compiler.contract.nodes:
        with compiler.costing() as cost:
            text = _of_prefix(compiler, prefix, target, nodes, lambda: f"{alias}.id", refuse=False)
        branches.append(f"when '{prefix}' then {text}")
        costs.append(cost)
    compiler.cost.multiply(lambda env: len(binder(env)), Cost(choices=[costs]))
    return (
        f"(select coalesce(json_agg(case {alias}.kind {' '.join(branches)} end order by {alias}.o),"
        f" '[]'::json) from unnest({kinds}, {ids}) with ordinality as {alias}(kind, id, o))"
    )


def _of_prefix(
    compiler: Compilation,
    prefix: str,
    target: Any,
    nodes: list[FieldNode],
    id_sql: Callable[[], str],
    *,
    refuse: bool = True,
) -> str:
    """Return SQL for the row of one type that has this id.

    Without the scope of the type the operation is refused (`refuse`), or else the row is null.
    """
    type_, table = compiler.contract.nodes.get(prefix, (None, None))
    if type_ is None or table is None or not compiler.printer.sees(table):
        return NULL
    if not compiler.contract.schema.is_sub_type(target, type_):
        return NULL
    row = compiler.printer.row(table)
    conditions = [compiler.printer.visible(table, row), f"{row.column(table.c.id)} = {id_sql()}"]
    scopes = access_to(table).of(compiler.printer.principal)
    if refuse:
        compiler.ask(scopes, f"Query.node of {type_.name}")
    elif scopes:
        conditions.append(f"({compiler.printer.print(holds(*scopes), row)})")
    return compiler.record(type_, nodes, row, source(table, row.alias, conditions))
