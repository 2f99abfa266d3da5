"""SQL text: expressions rendered once by SQLAlchemy, and the few shapes they are put into.

Every expression (a column, a policy's condition) is rendered by SQLAlchemy's asyncpg dialect the
first time it is used, with placeholders for the row's alias and for parameters. A plan is these
texts put together. That is a hundred times cheaper than building and compiling a `select` for each
document, which matters when a stranger sends a thousand new documents.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.sql.visitors import replacement_traverse

_DIALECT = asyncpg.dialect()
NULL, EMPTY = "null", "'{}'::json"
_ROW, _PARAMETER = "\x01", "\x02"
_SPLIT = re.compile(f"({_ROW}|{_PARAMETER}[^{_PARAMETER}]+{_PARAMETER})")


@dataclass(frozen=True)
class Template:
    """It is an expression's text, split where the row's alias (None) or a parameter (a bind) goes."""

    parts: tuple[str | sa.BindParameter[Any] | None, ...]
    columns: frozenset[str]


_templates: dict[int, tuple[Any, sa.Table | None, Template]] = {}


def template(expression: sa.ColumnElement[Any], table: sa.Table | None) -> Template:
    """Render an expression over `table` once; expressions are module constants and stay alive."""
    known = _templates.get(id(expression))
    if known is not None and known[0] is expression and known[1] is table:
        return known[2]
    made = _render(expression, table)
    _templates[id(expression)] = (expression, table, made)
    return made


def _render(expression: sa.ColumnElement[Any], table: sa.Table | None) -> Template:
    binds: dict[str, sa.BindParameter[Any]] = {}
    columns: set[str] = set()

    def replace(element: Any, **_: Any) -> Any:
        if isinstance(element, sa.Column) and element.table is table:
            columns.add(element.name)
            return sa.literal_column(f"{_ROW}.{element.name}", element.type)
        if isinstance(element, sa.BindParameter) and element.required:
            binds[element.key] = element
            return sa.literal_column(f"{_PARAMETER}{element.key}{_PARAMETER}", element.type)
        return None

    placed = replacement_traverse(expression, {}, replace)
    compiled = placed.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True})
    pieces = (piece for piece in _SPLIT.split(str(compiled)) if piece)
    parts = tuple(
        None if p == _ROW else binds[p[1:-1]] if p[0] == _PARAMETER else p.replace("\n", " ")
        for p in pieces
    )
    return Template(parts, frozenset(columns))


def type_name(type_: sa.types.TypeEngine[Any]) -> str:
    """Return PostgreSQL's name of a type, for a parameter's cast."""
    return type_.compile(dialect=_DIALECT).lower()


@dataclass
class Row:
    """It is a row in scope: its generated alias, which no GraphQL name can equal, and its table."""

    alias: str
    table: sa.Table
    used: set[str] = field(default_factory=set)

    def column(self, column: sa.Column[Any]) -> str:
        """Return SQL for one of its columns."""
        self.used.add(column.name)
        return f"{self.alias}.{column.name}"


Parameter = Callable[[sa.BindParameter[Any]], str]


def expression(element: sa.ColumnElement[Any], row: Row | None, parameter: Parameter) -> str:
    """Return SQL for an expression over `row`."""
    if isinstance(element, sa.Column) and row is not None and element.table is row.table:
        return row.column(element)
    rendered = template(element, row.table if row else None)
    if row is not None:
        row.used |= rendered.columns
    alias = row.alias if row else ""
    return "".join(
        alias if part is None else part if isinstance(part, str) else parameter(part)
        for part in rendered.parts
    )


def label(key: str) -> str:
    """Quote a response key; GraphQL names contain no quote."""
    return f'"{key}"'


def json_record(alias: str, columns: list[tuple[str, str]], source: str = "") -> str:
    """Return SQL for one JSON object of these (key, SQL) pairs; `source` may be empty."""
    if not columns:
        return f"(select {EMPTY}{source})"
    listed = ", ".join(f"{sql} as {label(key)}" for key, sql in columns)
    return f"(select row_to_json({alias}.*) from (select {listed}{source}) as {alias})"


def source(table: sa.Table, alias: str, conditions: list[str]) -> str:
    """Return FROM and WHERE."""
    return joined((f"{table.fullname} as {alias}",), conditions)


def joined(tables: Iterable[str], conditions: list[str]) -> str:
    """Return FROM and WHERE over several tables."""
    where = f" where {' and '.join(conditions)}" if conditions else ""
    return f" from {', '.join(tables)}{where}"


def capped_count(from_where: str, most: int, alias: str) -> str:
    """Return SQL that counts rows, at most `most`; no further row is read."""
    return f"(select count(*)::int from (select 1{from_where} limit {most}) as {alias})"


def quoted(text: str) -> str:
    """Return a constant of our own (a type's name) as SQL text."""
    return f"'{text}'::text"
