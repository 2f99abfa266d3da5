"""Lists of rows are bound in the usual way: by id, of the parent that a column of theirs names."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from api.engine.bindings import Argument, Page, Rows

Parent = Mapping[str, sa.ColumnElement[Any] | Argument] | sa.Column[Any]


def page_of(
    table: sa.Table, parent: Parent, *order: sa.Column[Any], index: str = "", **more: Any
) -> Page:
    """Return a page of rows of a table, by id and with the primary key's index unless others are given.

    `parent` is the column of the parent row that theirs of the same name equals, or several by their
    names; `more` are the other fields of Page.
    """
    on = _named(parent)
    return Page(table, on, order or (table.c.id,), index or f"{table.name}_pkey", **more)


def rows_of(table: sa.Table, parent: Parent, *order: sa.Column[Any], **more: Any) -> Rows:
    """Return a whole list of rows of a table, by id unless an order is given; `parent` is as in `page_of`."""
    return Rows(table, _named(parent), order or (table.c.id,), **more)


def _named(parent: Parent) -> Mapping[str, Any]:
    return parent if isinstance(parent, Mapping) else {parent.name: parent}
