"""Provide every path through the schema from `Query` to a type, and the query for a path."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from graphql import GraphQLObjectType, GraphQLUnionType, get_named_type, is_required_argument

from api.engine.static_limits import MAX_DEPTH
from api.schema.schema import contract

SCHEMA = contract().schema
Path = tuple[tuple[str, str], ...]  # of (type, field), or of an interface and one of its types
_FIRST = 2  # page size on the way: more rows lead to the same community


@cache
def ways_to(*targets: str) -> tuple[Path, ...]:
    """Return every path from Query to the first of these types that meets no type twice.

    Paths end at the depth limit: there are ten thousands of them.
    """
    return tuple(_walk("Query", (), frozenset({"Query"}), frozenset(targets)))


def _walk(name: str, path: Path, seen: frozenset[str], targets: frozenset[str]) -> Iterator[Path]:
    if name in targets:
        yield path
        return
    if not fits(path, 1):
        return
    for field, target in steps(name):
        if target not in seen:
            yield from _walk(target, (*path, (name, field)), seen | {target}, targets)


def connections() -> list[Path]:
    """Return the shortest path to every connection of the schema."""
    found: dict[tuple[str, str], Path] = {}
    edge: list[tuple[str, Path]] = [("Query", ())]
    seen = {"Query"}
    for name, path in edge:
        for field, target in steps(name):
            if target.endswith("Connection"):
                found.setdefault((name, field), (*path, (name, field)))
            if target not in seen:
                seen.add(target)
                edge.append((target, (*path, (name, field))))
    return list(found.values())


def steps(name: str) -> Iterator[tuple[str, str]]:
    """Yield the (field, type) pairs that lead on from a type; of a connection, only its nodes."""
    type_: Any = SCHEMA.type_map[name]
    if name.endswith("Connection"):
        yield "nodes", get_named_type(type_.fields["nodes"].type).name
    elif isinstance(type_, GraphQLObjectType):
        for field, definition in type_.fields.items():
            target = get_named_type(definition.type)
            if hasattr(target, "fields") or isinstance(target, GraphQLUnionType):
                yield field, target.name
    else:
        for possible in SCHEMA.get_possible_types(type_):
            yield f"... on {possible.name}", possible.name


def query(path: Path, end: str, ids: dict[str, str], **at_end: str) -> str:
    """Print the query of a path, with `end` selected at its end.

    `ids` has an id for each prefix; `at_end` are arguments of the last connection, or else of the last
    field, as well if that connection has no such ones. Connections on the way also select their totals.
    """
    text = end
    for place in range(len(path) - 1, -1, -1):
        name, field = path[place]
        if field.startswith("..."):
            text = f"__typename {field} {{ {text} }}"
            continue
        after = path[place + 1][1] if place + 1 < len(path) else ""
        given = at_end if place == _taker(path, at_end) else {}
        around = "totalCount pageInfo { hasNextPage } " if name.endswith("Connection") else ""
        text = f"{around}{field}{_arguments(name, field, after, ids, given)} {{ {text} }}"
    return f"{{ {text} }}"


def fits(path: Path, deeper: int) -> bool:
    """Say whether a selection `deeper` levels below a path is within the depth limit."""
    return sum(not field.startswith("...") for _, field in path) + deeper <= MAX_DEPTH


def _taker(path: Path, arguments: Iterable[str]) -> int:
    """Return the index of the field that takes these arguments."""
    last = _last_page(path)
    name, field = path[last]
    type_: Any = SCHEMA.type_map[name]
    taken = set() if field.startswith("...") else {*type_.fields[field].args}
    return last if {*arguments} <= taken else len(path) - 1


def _last_page(path: Path) -> int:
    """Return the index of the last field that is a connection, or else of the last field."""
    places = [i for i, (name, _) in enumerate(path) if name.endswith("Connection")]
    return places[-1] - 1 if places else len(path) - 1


def _arguments(
    name: str, field: str, after: str, ids: dict[str, str], given: dict[str, str]
) -> str:
    type_: Any = SCHEMA.type_map[name]
    arguments = type_.fields[field].args
    values = {"first": str(_FIRST)} if "first" in arguments else {}
    for argument, definition in arguments.items():
        if is_required_argument(definition):
            values[argument] = _value(name, field, argument, after, ids)
    values |= {key: value for key, value in given.items() if key in arguments}
    return f"({', '.join(f'{k}: {v}' for k, v in values.items())})" if values else ""


def _value(name: str, field: str, argument: str, after: str, ids: dict[str, str]) -> str:
    if argument in ("id", "ids"):
        kind = after.removeprefix("... on ") if after.startswith("...") else field.capitalize()
        prefix = next(p for p, (node, _) in contract().nodes.items() if node.name == kind)
        one = f'"{ids.get(prefix, prefix)}"'
        return f"[{one}]" if argument == "ids" else one
    values = {
        "slug": '"neighbours"',
        "sinceId": f'"{ids.get("pvr_", "pvr_")}"',
        "query": '"停水"',
        "month": '"2026-10"',
    }
    if argument not in values:
        raise LookupError(f"{name}.{field}({argument}:) wants a value here")
    return values[argument]
