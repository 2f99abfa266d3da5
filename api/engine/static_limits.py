"""Check the limits that a document must keep before it is validated.

Each fragment is walked once, so the time is linear in the text, however fragments use each other.
"""

from dataclasses import dataclass, field

from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

from api.engine.errors import ErrorCode, RequestError

MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_ROOT_FIELDS = 20
MAX_FIELDS = 200
MAX_CONNECTIONS = 12
MAX_OCCURRENCES = 20
MAX_CONDITIONS = 4
MAX_DEFINITIONS = 40
MAX_DIRECTIVES = 20
MAX_KEY_BYTES = 63  # PostgreSQL truncates column labels at this length
# graphql-core answers introspection, and its nested lists multiply. Tools send `__schema` once,
# and some first query a few types to learn what the server supports.
MAX_SCHEMAS = 1
MAX_TYPES = 10
MAX_INTROSPECTION_DEPTH = 16
MAX_INTROSPECTION_FIELDS = 300
_INTROSPECTION = {"__schema", "__type"}
_INTROSPECTION_LISTS = {"fields", "inputFields", "enumValues", "interfaces", "possibleTypes"}
_MOST = (MAX_DEPTH, MAX_ALIASES, MAX_FIELDS)
_MOST_OF_SCHEMA = (MAX_INTROSPECTION_DEPTH, 0, MAX_INTROSPECTION_FIELDS)
_PAGE_FIELDS = {"nodes", "edges", "pageInfo", "totalCount"}
_CAP = 10**6


def check_limits(tree: DocumentNode) -> None:
    """Refuse a document with QUERY_TOO_COMPLEX, naming the limit that it exceeds."""
    _Limits(tree).check()


@dataclass(frozen=True)
class _Weight:
    """It adds up one selection set with its fragments expanded."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    connections: int = 0
    keys: dict[str, int] = field(default_factory=dict)
    conditions: frozenset[str] = frozenset()
    is_page: bool = False  # it selects `nodes`, `edges` or the like, which only connections have
    introspections: int = 0  # the number of `__schema` and `__type`
    schemas: int = 0
    schema_fields: int = 0
    lists: int = 0  # nested lists of introspection


class _Limits:
    """It walks once over every operation and fragment, each fragment once."""

    def __init__(self, tree: DocumentNode) -> None:
        self._tree = tree
        self._fragments = {
            d.name.value: d for d in tree.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self._walked: dict[str, _Weight] = {}
        self._active: set[str] = set()
        self._directives = 0

    def check(self) -> None:
        _bound("definitions", len(self._tree.definitions), MAX_DEFINITIONS)
        # Fragments first, the deepest first by recursion; unused ones are walked too, since
        # validation reads them.
        for name in self._fragments:
            self._fragment(name)
        for definition in self._tree.definitions:
            if isinstance(definition, OperationDefinitionNode):
                weight = self._walk(definition.selection_set)
                _bound("root fields", sum(weight.keys.values()), MAX_ROOT_FIELDS)
                _bound("conditional variables", len(weight.conditions), MAX_CONDITIONS)

    def _walk(self, selection: SelectionSetNode | None, *, of_schema: bool = False) -> _Weight:
        weights: list[_Weight] = []
        conditions: set[str] = set()
        for node in selection.selections if selection else ():
            weight = self._weigh(node, of_schema=of_schema)
            conditions |= weight.conditions | self._conditions(node)
            weights.append(weight)
        found = _sum(weights, frozenset(conditions))
        depth, aliases, fields = _MOST_OF_SCHEMA if of_schema else _MOST
        _bound("depth", found.depth, depth)
        _bound("aliases", found.aliases, aliases)
        _bound("expanded fields", found.fields, fields)
        _bound("connections", found.connections, MAX_CONNECTIONS)
        _bound("introspections", found.introspections, MAX_TYPES)
        _bound("`__schema`", found.schemas, MAX_SCHEMAS)
        _bound("expanded fields of introspection", found.schema_fields, MAX_INTROSPECTION_FIELDS)
        _bound("lists of introspection in one another", found.lists, 1)
        _bound("occurrences of one key", max(found.keys.values(), default=0), MAX_OCCURRENCES)
        return found

    def _weigh(self, node: SelectionNode, *, of_schema: bool) -> _Weight:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        if not isinstance(node, FieldNode):
            return self._walk(getattr(node, "selection_set", None), of_schema=of_schema)
        name, key = node.name.value, (node.alias or node.name).value
        _bound("bytes in a response key", len(key.encode()), MAX_KEY_BYTES)
        if name in _INTROSPECTION:
            inner = self._walk(node.selection_set, of_schema=True)
            return _Weight(
                1, node.alias is not None, 1, keys={key: 1}, introspections=1,
                schemas=name == "__schema", schema_fields=inner.fields,
            )  # fmt: skip
        inner = self._walk(node.selection_set, of_schema=of_schema)
        return _Weight(
            inner.depth + 1,
            inner.aliases + (node.alias is not None),
            inner.fields + 1,
            inner.connections + inner.is_page,
            {key: 1},
            inner.conditions,
            name in _PAGE_FIELDS,
            inner.introspections,
            inner.schemas,
            inner.schema_fields,
            inner.lists + (of_schema and name in _INTROSPECTION_LISTS),
        )

    def _fragment(self, name: str) -> _Weight:
        if name in self._walked:
            return self._walked[name]
        if name in self._active or name not in self._fragments:
            return _Weight()  # validation reports cycles and unknown names
        self._active.add(name)
        fragment = self._fragments[name]
        of_schema = fragment.type_condition.name.value.startswith("__")
        self._walked[name] = self._walk(fragment.selection_set, of_schema=of_schema)
        self._active.discard(name)
        return self._walked[name]

    def _conditions(self, node: SelectionNode) -> set[str]:
        self._directives += len(node.directives or ())
        _bound("directives", self._directives, MAX_DIRECTIVES)
        return {
            argument.value.name.value
            for directive in node.directives or ()
            for argument in directive.arguments or ()
            if isinstance(argument.value, VariableNode)
        }


def _sum(weights: list[_Weight], conditions: frozenset[str]) -> _Weight:
    keys: dict[str, int] = {}
    for weight in weights:
        for key, times in weight.keys.items():
            keys[key] = keys.get(key, 0) + times
    return _Weight(
        max((w.depth for w in weights), default=0),
        min(sum(w.aliases for w in weights), _CAP),
        min(sum(w.fields for w in weights), _CAP),
        min(sum(w.connections for w in weights), _CAP),
        keys,
        conditions,
        any(w.is_page for w in weights),
        min(sum(w.introspections for w in weights), _CAP),
        min(sum(w.schemas for w in weights), _CAP),
        min(sum(w.schema_fields for w in weights), _CAP),
        max((w.lists for w in weights), default=0),
    )


def _bound(what: str, found: int, most: int) -> None:
    if found > most:
        raise RequestError(
            ErrorCode.QUERY_TOO_COMPLEX, f"The operation exceeds the limit of {most} {what}."
        )
