"""Provide the plain executor: graphql-core with one simple query for each field, from the same bindings.

It uses nothing of the compiler. It shares with it the bindings (what a field is), `visible`, and the
codecs of ids and cursors; how rows are shaped, paged and counted is written here a second time, in
Python and as simply as possible. The rows do not change while it reads, so results are cached.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from graphql import GraphQLError, GraphQLObjectType, build_schema, execute_sync, parse
from sqlalchemy.sql.elements import CollectionAggregate

from api.engine import bindings as b
from api.engine.contract import Contract
from api.engine.identifiers import CursorKey, cursor_tag, decode_cursor, encode_id
from api.engine.values import Environment
from api.schema.schema import sdl
from tenants.policy import visible
from tenants.viewer import Principal, Viewer

DEFAULT_PAGE, MAX_PAGE, COUNT_CAP = 20, 50, 10_001
SIGNED = {"base": "http://linli.test/files/", "until": 1_900_000_000, "inner": b"6", "outer": b"\\"}
BUDGET = {"limit": 5000, "remaining": 4321, "restorePerSecond": 50, "cost": 7}
_DRIVER = "postgresql+psycopg"


@dataclass(frozen=True)
class RowRef:
    """It is a row by its table and key; for a group, the columns that its rows share."""

    table: sa.Table
    key: tuple[tuple[str, Any], ...]
    type_name: str = ""


@dataclass(frozen=True)
class PermitRef:
    """It is what a rule says of a row."""

    verdict: b.Verdict
    row: RowRef


@dataclass(frozen=True)
class PartsRef:
    """It holds expressions over a row, by the names of an object's fields."""

    binding: b.Parts
    row: RowRef


_NOTHING = b.Scan({}, sa.false())


@dataclass(frozen=True)
class PageRef:
    """It is a page, cut from the whole list; `before`, `after`: whether there are rows on that side."""

    rows: tuple[RowRef, ...]
    cursors: tuple[str, ...]
    before: bool
    after: bool
    total: int


@dataclass(frozen=True)
class EdgeRef:
    """It is one row of a page."""

    row: RowRef
    cursor: str


class Reference:
    """Answers as the schema says, slowly. `seen` are the fields that were not null so far."""

    def __init__(self, contract: Contract, urls: dict[Principal, str]) -> None:
        self._contract = contract
        self._schema = build_schema(sdl())
        self._engines = {
            principal: sa.create_engine(sa.make_url(url).set(drivername=_DRIVER))
            for principal, url in urls.items()
        }
        self._known: dict[Viewer, dict[Any, Any]] = {}
        self.seen: set[tuple[str, str]] = set()
        self.rows = 0
        self.next_pages = 0

    def forget(self) -> None:
        """Clear the cached results, because rows have changed, and the seen fields."""
        self._known.clear()
        self.seen = set()

    def close(self) -> None:
        """Close the connections."""
        for engine in self._engines.values():
            engine.dispose()

    def answer(
        self, viewer: Viewer, text: str, name: str | None, variables: dict[str, Any] | None
    ) -> tuple[Any, list[GraphQLError]]:
        """Return an operation's data and errors; count the rows and next pages that it read."""
        self.rows = self.next_pages = 0
        with self._engines[viewer.principal].connect() as connection:
            for statement in viewer.enter:
                connection.exec_driver_sql(statement)
            reading = Reading(self, connection, viewer, self._known.setdefault(viewer, {}))
            result = execute_sync(
                self._schema,
                parse(text),
                operation_name=name,
                variable_values=variables,
                field_resolver=reading.field,
                type_resolver=reading.type,
            )
            connection.rollback()
        return result.data, result.errors or []

    @property
    def contract(self) -> Contract:
        """Return the contract with the bindings."""
        return self._contract


class Reading:
    """It is one operation of one viewer in one transaction."""

    def __init__(
        self, reference: Reference, connection: sa.Connection, viewer: Viewer, known: dict[Any, Any]
    ) -> None:
        self._reference = reference
        self._connection = connection
        self._known = known
        signed = {f"signed {name}": value for name, value in SIGNED.items()}
        self._env = Environment(
            viewer, values=viewer.parameters | signed | {"now": datetime.now(UTC)}, budget=BUDGET
        )
        self._principal = viewer.principal

    def type(self, value: Any, *_: Any) -> str:
        """Return the concrete type of an interface's value."""
        return value.type_name

    def field(self, source: Any, info: Any, **arguments: Any) -> Any:
        """Resolve any field of the schema."""
        value = self._resolve(source, info, arguments)
        if value is not None:
            self._reference.seen.add((info.parent_type.name, info.field_name))
        return value

    def _resolve(self, source: Any, info: Any, arguments: dict[str, Any]) -> Any:
        name = info.field_name
        match source:
            case dict():
                return source[name]
            case PageRef():
                return _of_page(source, name)
            case EdgeRef():
                return source.cursor if name == "cursor" else source.row
            case PermitRef():
                return self._value(getattr(source.verdict, name), source.row)
            case PartsRef():
                return self._value(source.binding.expressions[name], source.row)
        spec = self._reference.contract.spec(info.parent_type.name, name)
        return self._bound(spec.binding, info, source, arguments)

    def _bound(  # noqa: C901 # one arm for each kind of binding
        self, binding: b.Binding, info: Any, row: RowRef | None, arguments: dict[str, Any]
    ) -> Any:
        match binding:
            case b.Given():
                return binding.make(self._env)
            case b.One():
                return self._one(binding, row, arguments)
            case b.OneByPrincipal():
                return self._one(binding.choices[self._principal], row, arguments)
            case b.Page():
                coordinate = f"{info.parent_type.name}.{info.field_name}"
                return self._page(binding, coordinate, row, arguments)
            case b.NodeById():
                return self._node(arguments["id"])
            case b.NodesByIds():
                if len(arguments["ids"]) > MAX_PAGE:
                    raise GraphQLError("too many ids")
                return [self._node(text) for text in arguments["ids"]]
        assert row is not None
        match binding:
            case b.Column(expression=str(column)):
                return _shown(self._value(row.table.c[column], row))
            case b.Column(expression=sa.ColumnElement() as expression):
                return _shown(self._value(expression, row))
            case b.PublicId(prefix=prefix, key=key):
                key = row.table.c.id if key is None else key
                return encode_id(self._value(key, row), prefix or b.prefix_of(row.table))
            case b.IdOf(choices=keys):
                found = ((table, self._value(key, row)) for table, key in keys.items())
                ids = (encode_id(key, b.prefix_of(table)) for table, key in found if key)
                return next(ids, None)
            case b.Permit():
                return PermitRef(binding.of_principal(self._principal), row)
            case b.Parts():
                return PartsRef(binding, row)
            case b.Value():
                return row if self._holds(binding.present, row) else None
            case b.Either():
                return self._either(binding, row)
            case b.Rows():
                return self._rows(binding, row)
            case b.Count():
                found = self._find(binding.table, binding.on, binding.where, row, {})
                return min(len(found), binding.most) if self._holds(binding.present, row) else None
        raise LookupError(binding)

    # --- rows

    def _one(self, binding: b.One, row: RowRef | None, arguments: dict[str, Any]) -> RowRef | None:
        found = self._find(binding.table, binding.on, binding.where, row, arguments)
        assert len(found) <= 1, "one row was meant"
        return found[0] if found else None

    def _either(self, binding: b.Either, row: RowRef) -> RowRef | None:
        for name, link in binding.choices.items():
            found = self._one(link, row, {})
            if found is not None:
                return RowRef(found.table, found.key, name)
        return None

    def _rows(self, binding: b.Rows, row: RowRef) -> list[RowRef]:
        found = self._find(binding.table, binding.on, binding.where, row, {})
        if binding.group_by is None:
            order = {one: [self._value(column, one) for column in binding.order] for one in found}
            return sorted(found, key=order.__getitem__)[: binding.most]
        groups = sorted({self._value(binding.group_by, one) for one in found})
        shared = tuple((c, self._link(value, row, {})) for c, value in binding.on.items())
        group = binding.group_by.name
        return [RowRef(binding.table, (*shared, (group, g))) for g in groups[: binding.most]]

    def _node(self, text: str) -> RowRef | None:
        type_, table = self._reference.contract.nodes.get(text[:4], (None, None))
        if type_ is None or table is None:
            return None
        binding = b.One(table, {"id": b.id_argument("id", table)})
        found = self._one(binding, None, {"id": text})
        assert isinstance(type_, GraphQLObjectType)
        return RowRef(table, found.key, type_.name) if found else None

    def _unled(self, binding: b.Page) -> b.Scan | None:
        """Return the scan to use if the viewer sees no row of `through`; None if they do."""
        through = binding.through
        if through is None or visible(through.table, self._principal) is not None:
            return None
        return through.unled or _NOTHING

    def _page(
        self, binding: b.Page, coordinate: str, row: RowRef | None, arguments: dict[str, Any]
    ) -> PageRef | None:
        scan = self._unled(binding)
        if visible(binding.table, self._principal) is None or scan is _NOTHING:
            return None
        first = arguments.get("first")
        first = DEFAULT_PAGE if first is None else first
        if not 0 <= first <= MAX_PAGE:
            raise GraphQLError("`first` is out of bounds")
        held = scan.where if scan else binding.where
        conditions = [held] if held is not None else []
        given = [f for f in binding.filters if arguments.get(f.argument.name) is not None]
        conditions += [f.condition for f in given]
        named = {
            f"argument {a.name}": a.decode(arguments[a.name.partition("#")[0]])
            for a in (*binding.arguments, *(f.argument for f in given))
        }
        where = sa.and_(*conditions) if conditions else None
        on = scan.on if scan else binding.on
        found = self._find(binding.table, on, where, row, arguments, named)
        keys = {one: tuple(self._value(c, one) for c in binding.order) for one in found}
        found.sort(key=keys.__getitem__, reverse=binding.descending)
        tag, start = cursor_tag(coordinate), 0
        if (after := arguments.get("after")) is not None:
            place = tuple(decode_cursor(after, tag, [CursorKey(c) for c in binding.order]))
            passed = [keys[o] >= place if binding.descending else keys[o] <= place for o in found]
            start = sum(passed)
            self._reference.next_pages += start < len(found)
        rows = tuple(found[start : start + first])
        cursors = tuple(tag + ".".join(_cursor_part(part) for part in keys[one]) for one in rows)
        more = len(found) > start + first
        return PageRef(rows, cursors, start > 0, more, min(len(found), COUNT_CAP))

    def _find(
        self,
        table: sa.Table,
        on: Any,
        where: b.Condition | None,
        parent: RowRef | None,
        arguments: dict[str, Any],
        named: dict[str, Any] | None = None,
    ) -> list[RowRef]:
        """Return all visible rows that are linked to the parent, in no order."""
        wall = visible(table, self._principal)
        links = {name: self._link(value, parent, arguments) for name, value in on.items()}
        is_tied = all(on[name] is b.ABSENT or value is not None for name, value in links.items())
        if wall is None or not is_tied:
            return []
        asked = ("find", table, where is None or id(where), repr(links), repr(named))
        if where is not None and named:
            # this condition is made for this request, so its id is no lasting key
            asked = ("find", table, str(where), repr(links), repr(named))
        keys = list(table.primary_key.columns)

        def statement() -> sa.Select[Any]:
            tied = (_equals(table.c[name], value) for name, value in links.items())
            return sa.select(*keys).where(wall, *tied, *(() if where is None else (where,)))

        rows = self._ask(asked, statement, named or {})
        self._reference.rows += len(rows)
        return [
            RowRef(table, tuple((c.name, v) for c, v in zip(keys, r, strict=True))) for r in rows
        ]

    # --- values

    def _link(self, value: Any, parent: RowRef | None, arguments: dict[str, Any]) -> Any:
        if isinstance(value, b.Argument):
            return value.decode(arguments[value.name])
        if value is b.ABSENT:
            return None
        if isinstance(value, CollectionAggregate):  # = any(array of the parent)
            value = value.element
        if parent is None:
            return self._ask(("bare", id(value)), lambda: sa.select(value), {})[0][0]
        return self._value(value, parent)

    def _holds(self, condition: b.Condition | None, row: RowRef) -> bool:
        return condition is None or bool(self._value(condition, row))

    def _value(self, expression: sa.ColumnElement[Any], row: RowRef) -> Any:
        """Return an expression of a row; its own columns are read together."""
        if isinstance(expression, sa.Column) and expression.table is row.table:
            asked, read = ("row", row.table, row.key), [*row.table.c]
            place = read.index(expression)
        else:
            asked, read, place = ("value", id(expression), row.table, row.key), [expression], 0

        def statement() -> sa.Select[Any]:
            is_it = (row.table.c[name] == value for name, value in row.key)
            return sa.select(*read).select_from(row.table).where(*is_it).limit(1)

        return self._ask(asked, statement, {})[0][place]

    def _ask(
        self, asked: Any, statement: Callable[[], sa.Select[Any]], named: dict[str, Any]
    ) -> list[Any]:
        if asked not in self._known:
            given = self._env.values | named
            self._known[asked] = list(self._connection.execute(statement(), given))
        return self._known[asked]


def _equals(column: sa.Column[Any], value: Any) -> sa.ColumnElement[bool]:
    if value is None:
        return column.is_(None)
    return column.in_(value) if isinstance(value, list) else column == value


def _of_page(page: PageRef, name: str) -> Any:
    match name:
        case "nodes":
            return page.rows
        case "edges":
            return [
                EdgeRef(row, cursor) for row, cursor in zip(page.rows, page.cursors, strict=True)
            ]
        case "pageInfo":
            return {
                "hasNextPage": page.after,
                "hasPreviousPage": page.before,
                "startCursor": page.cursors[0] if page.cursors else None,
                "endCursor": page.cursors[-1] if page.cursors else None,
            }
    assert name == "totalCount"
    return page.total


def _cursor_part(value: Any) -> str:
    """Print one column of a sort key as a cursor holds it (identifiers.py)."""
    match value:
        case bool():
            return str(int(value))
        case int():
            return str(value)
        case UUID():
            return urlsafe_b64encode(value.bytes).rstrip(b"=").decode()
        case datetime():
            whole = int(value.replace(microsecond=0).timestamp())
            return str(whole * 1_000_000 + value.microsecond)
    return value.encode().hex()


def _shown(value: Any) -> Any:
    """Print a moment as PostgreSQL's JSON does: UTC, without trailing zeros in the fraction."""
    if not isinstance(value, datetime):
        return value.isoformat() if isinstance(value, date) else value
    text = value.astimezone(UTC).isoformat()
    head, dot, rest = text.partition(".")
    return f"{head}.{rest[:6].rstrip('0')}{rest[6:]}" if dot else text
