"""Provide the rules that keep a tenant's work in one place, on any PostgreSQL.

A database that is sharded by `community_id` sends a statement to one node if each of the tenant's
tables is restricted to one community in the query where it is used; it refuses other statements, or
is slow. So every statement is checked by these rules. PostgreSQL's own grammar parses it (pglast).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from pglast.parser import parse_sql_json

Node = dict[str, Any]
Check = Callable[["Query"], Iterator[str]]

KEY = "community_id"
# PostgreSQL's functions whose value may differ from row to row
VOLATILE = frozenset(
    [
        "clock_timestamp",
        "currval",
        "gen_random_uuid",
        "lastval",
        "nextval",
        "random",
        "random_normal",
        "set_config",
        "setval",
        "timeofday",
        "uuidv4",
        "uuidv7",
    ]
)
_QUERIES = {"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"}
_CHANGES = {"UpdateStmt", "DeleteStmt", "MergeStmt"}


@dataclass(frozen=True, eq=False)
class Query:
    """A query in a statement; `outer` is the query around it, `inner` are those inside.

    `own` are its nodes by kind, without those of inner queries.
    """

    kind: str
    node: Node
    outer: "Query | None"
    own: list[tuple[str, Node]] = field(default_factory=list)
    inner: list["Query"] = field(default_factory=list)

    @cached_property
    def tables(self) -> dict[str, str]:
        """Return the tenant's tables by alias, without the target of an INSERT."""
        named = [node for kind, node in self.own if kind == "RangeVar"]
        if self.kind in _CHANGES:
            named.append(self.node["relation"])
        return {
            _alias(node): node["relname"] for node in named if node.get("schemaname") == "tenant"
        }

    @cached_property
    def facts(self) -> list[Node]:
        """Return the conditions that hold for all of its rows: those that its WHERE and its joins AND."""
        joins = [node.get("quals") for kind, node in self.own if kind == "JoinExpr"]
        return [fact for each in (self.node.get("whereClause"), *joins) for fact in _anded(each)]

    def walk(self) -> Iterator["Query"]:
        """Yield this query and all queries inside it."""
        yield self
        for query in self.inner:
            yield from query.walk()

    def keys_equal_to(self, alias: str) -> list[Node]:
        """Return what the key of the table with this alias is equal to."""
        found: list[Node] = []
        for fact in self.facts:
            equal = fact.get("A_Expr", {})
            if equal.get("kind") == "AEXPR_OP" and equal["name"][0]["String"]["sval"] == "=":
                left, right = equal["lexpr"], equal["rexpr"]
                found += [right] if self._is_key(left, alias) else []
                found += [left] if self._is_key(right, alias) else []
        return found

    def _is_key(self, node: Node, alias: str) -> bool:
        named = _column(node)
        return named == [alias, KEY] or (named == [KEY] and len(self.tables) == 1)


def faults(text: str, *rules: Check) -> list[str]:
    """Return a statement's faults by these rules."""
    return [fault for query in _parsed(text).walk() for rule in rules for fault in rule(query)]


def asks(text: str) -> bool:
    """Say whether any of these expressions contains a query."""
    return any(kind == "SubLink" for query in _parsed(text).walk() for kind, _ in query.own)


# --- the rules


def names_its_tenant(query: Query) -> Iterator[str]:
    """Inside a community, every table of the tenant needs `community_id = $n` in its query."""
    if any(map(_is_false, query.facts)):
        return  # it reads nothing
    for alias, table in query.tables.items():
        if not any(map(_is_given, query.keys_equal_to(alias))):
            yield f"{table} is not held to one community"


def is_tied(query: Query) -> Iterator[str]:
    """Above, tables of the tenant in one query are joined to each other by `community_id`."""
    around = _tenants_around(query)
    depends = any(
        (_column({kind: node}) or [""])[0] in around
        for each in query.walk()
        for kind, node in each.own
        if kind == "ColumnRef"
    )
    loose = [
        table
        for alias, table in query.tables.items()
        if not any(
            _is_given(other) or (_column(other) or [""])[-1] == KEY
            for other in query.keys_equal_to(alias)
        )
    ]
    # the first table of an independent query is what the others are joined to
    for table in loose if depends else loose[1:]:
        yield f"{table} is not tied by {KEY}"


def locks_inside_one_tenant(query: Query) -> Iterator[str]:
    """FOR UPDATE and similar locks need one community, inside and above."""
    if "lockingClause" in query.node:
        for each in query.walk():
            yield from names_its_tenant(each)


def changes_by_what_stands_still(query: Query) -> Iterator[str]:
    """UPDATE, DELETE and copied rows use no function whose value differs from row to row."""
    parts = [query.node] if query.kind in _CHANGES else []
    if query.kind == "InsertStmt":
        parts = [query.node.get("onConflictClause"), _copied(query)]
    for name in _functions(parts):
        if name in VOLATILE:
            yield f"{name}() is volatile"


def inserts_what_is_known(query: Query) -> Iterator[str]:
    """No value of an INSERT is a query."""
    for source in query.inner if query.kind == "InsertStmt" else []:
        if "valuesLists" in source.node and any(kind == "SubLink" for kind, _ in source.own):
            yield "a value is a query"


def inserts_inside_one_tenant(query: Query) -> Iterator[str]:
    """INSERT … SELECT into a tenant's table takes the key from a row of the tenant."""
    if query.kind != "InsertStmt" or query.node["relation"].get("schemaname") != "tenant":
        return
    names = [column["ResTarget"]["name"] for column in query.node.get("cols", [])]
    for source in query.inner:
        if source.node is _copied(query):
            values = dict(zip(names, source.node["targetList"], strict=False))
            key = _column(values[KEY]["ResTarget"]["val"]) if KEY in values else None
            if not key or key[-1] != KEY or key[0] not in source.tables:
                yield f"{KEY} is not that of a row that is read"


def selects_something(query: Query) -> Iterator[str]:
    """Every inner SELECT has columns."""
    is_empty = not {"targetList", "valuesLists", "larg"} & {*query.node}
    if query.kind == "SelectStmt" and is_empty and query.outer and query.outer.kind:
        yield "a SELECT has no column"


EVERYWHERE: tuple[Check, ...] = (
    locks_inside_one_tenant,
    changes_by_what_stands_still,
    inserts_what_is_known,
    inserts_inside_one_tenant,
    selects_something,
)
INSIDE = (*EVERYWHERE, names_its_tenant)
ABOVE = (*EVERYWHERE, is_tied)


# --- parsing


def _parsed(text: str) -> Query:
    return _read("", orjson.loads(parse_sql_json(text)), None)


def _read(kind: str, node: Node, outer: Query | None) -> Query:
    query, todo = Query(kind, node, outer), list[Any]([node])
    for each in todo:  # it grows during the loop
        if isinstance(each, list):
            todo += filter(None, each)
            continue
        for name, child in each.items():
            if name[0].isupper():
                query.own.append((name, child))
            # the halves of a union are queries without a node of their kind
            is_half = name in {"larg", "rarg"} and "op" in each
            if is_half or name in _QUERIES:
                query.inner.append(_read("SelectStmt" if is_half else name, child, query))
            elif isinstance(child, dict | list):
                todo.append(child)
    return query


def _functions(part: Any) -> list[str]:
    """Return the functions that are called anywhere in a part of a statement."""
    calls = [each for query in _read("", {"part": part}, None).walk() for each in query.own]
    return [n["funcname"][-1]["String"]["sval"] for kind, n in calls if kind == "FuncCall"]


def _alias(table: Node) -> str:
    return table.get("alias", {}).get("aliasname", table["relname"])


def _anded(node: Node | None) -> list[Node]:
    if not node:
        return []
    both = node.get("BoolExpr", {})
    if both.get("boolop") == "AND_EXPR":
        return [fact for each in both["args"] for fact in _anded(each)]
    return [node]


def _column(node: Node) -> list[str] | None:
    fields = node.get("ColumnRef", {}).get("fields", [])
    named = [field["String"]["sval"] for field in fields if "String" in field]
    # a table's name may include its schema
    return named[-2:] or None


def _is_given(node: Node) -> bool:
    while "TypeCast" in node:
        node = node["TypeCast"]["arg"]
    return "ParamRef" in node or "A_Const" in node


def _is_false(node: Node) -> bool:
    constant = node.get("A_Const", {})
    return "boolval" in constant and not constant["boolval"].get("boolval")


def _copied(insert: Query) -> Node | None:
    """Return the SELECT of an INSERT … SELECT."""
    source = insert.node.get("selectStmt", {}).get("SelectStmt", {})
    return None if "valuesLists" in source else source or None


def _tenants_around(query: Query) -> set[str]:
    """Return the aliases of the tenant's rows in the queries around this one."""
    found: set[str] = set()
    outer = query.outer
    while outer is not None:
        found |= {*outer.tables}
        for kind, node in outer.own:
            if kind == "RangeSubselect":
                bodies = [each for each in outer.inner if each.node in node["subquery"].values()]
                if any(each.tables for body in bodies for each in body.walk()):
                    found.add(node["alias"]["aliasname"])
        outer = outer.outer
    return found - {*query.tables}
