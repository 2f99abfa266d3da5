"""The engine knows of a field of the schema its binding and the scopes it requires."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.engine import bindings as b
from tenants.domains import DOMAINS
from tenants.scopes import Scope

METADATA_KEY = "linli"


@dataclass(frozen=True)
class FieldSpec:
    """It is what the engine knows of a field: its binding, and the scope it requires as a field.

    The scopes that its rows ask for are those of their kinds: `kinds`.
    """

    binding: b.Binding
    requires: Scope | None = None

    @property
    def kinds(self) -> tuple[sa.Table, ...]:
        """Return the tables whose rows the field leads to: their scopes are required too.

        Two kinds of rows ask nothing: the viewer's own, which says whom the token speaks for, and
        the one that a mutation has just changed, which its own scope was needed for.
        """
        match self.binding:
            case b.One(table=table, on=on):
                return () if _is_changed(on) else (table,)
            case b.Either(choices=choices):
                return tuple(one.table for one in choices.values() if not _is_changed(one.on))
            case b.Page(table=table, through=through):
                return (table, through.table) if through else (table,)
            case b.Rows(table=table) | b.Count(table=table):
                return (table,)
            case _:
                return ()

    @property
    def named_scopes(self) -> list[tuple[Scope, ...]]:
        """Return the scopes for the SDL; of each entry any one is enough."""
        own = [] if self.requires is None else [(self.requires,)]
        asked = [DOMAINS.access[table] for table in self.kinds]
        either = [(*access.inside, *access.above) for access in asked]
        return list(dict.fromkeys(tuple(dict.fromkeys(n)) for n in [*own, *either] if n))


def _is_changed(on: Mapping[str, sa.ColumnElement[Any] | b.Argument]) -> bool:
    """Return whether a link leads to the row whose id a mutation returned."""
    return any(
        isinstance(value, sa.BindParameter) and value.key.startswith("outcome ")
        for value in on.values()
    )
