"""Text → document: parsed, held to static limits, validated; once for each text.

The limits come before validation, which is quadratic in what they bound. Each fragment is walked
once, so the work is linear in the text whatever the fragments do to each other.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, GraphQLSchema, parse, specified_rules, validate
from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    VariableNode,
    Visitor,
    visit,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.engine.errors import ErrorCode, RequestError, bad_input

MAX_TOKENS = 500
MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_ROOT_FIELDS = 20
MAX_FIELDS = 200
MAX_CONNECTIONS = 12
MAX_OCCURRENCES = 20
MAX_CONDITIONS = 4
MAX_DEFINITIONS = 40
MAX_DIRECTIVES = 20
MAX_KEY_BYTES = 63  # PostgreSQL cuts a column's label there
# Introspection is answered by graphql-core, and its lists multiply: tools send it once, unaliased.
MAX_INTROSPECTIONS = 1
MAX_INTROSPECTION_DEPTH = 16
MAX_INTROSPECTION_FIELDS = 300
_INTROSPECTION = {"__schema", "__type"}
_INTROSPECTION_LISTS = {"fields", "inputFields", "enumValues", "interfaces", "possibleTypes"}
_MOST = (MAX_DEPTH, MAX_ALIASES, MAX_FIELDS)
_MOST_OF_SCHEMA = (MAX_INTROSPECTION_DEPTH, 0, MAX_INTROSPECTION_FIELDS)
_PAGE_FIELDS = {"nodes", "edges", "pageInfo", "totalCount"}
_MAX_ERRORS = 5
_CAP = 10**6
_AST_BYTES_PER_CHARACTER = 150  # measured: bench/memory.py

# Strawberry adds these two to its own validation; a cached validation must not lose them.
_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(eq=False)
class Operation:
    """One operation of a document, and the plans made for it (see plans.py)."""

    node: OperationDefinitionNode
    name: str | None
    fragments: dict[str, FragmentDefinitionNode]
    plans: dict[Any, Any] = field(default_factory=dict)
    probes: tuple[Any, ...] = ()

    @property
    def kind(self) -> str:
        """Say `query`, `mutation` or `subscription`."""
        return self.node.operation.value


@dataclass(eq=False)
class Document:
    """A valid document: its operations by name."""

    operations: list[Operation]

    def operation(self, name: str | None) -> Operation:
        """Give the operation that the request names, or the only one."""
        if name is None and len(self.operations) == 1:
            return self.operations[0]
        for operation in self.operations:
            if name is not None and operation.name == name:
                return operation
        if name is None:
            raise RequestError(
                ErrorCode.BAD_REQUEST, "Several operations: say which by `operationName`."
            )
        raise RequestError(ErrorCode.BAD_REQUEST, f"No operation is named {name[:80]!r}.")


class Documents:
    """The documents of one schema, kept by text within a bound of bytes."""

    def __init__(self, schema: GraphQLSchema, *, most_bytes: int = 48_000_000) -> None:
        self._schema = schema
        self._most = most_bytes
        self._kept: OrderedDict[str, Document | RequestError] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def known(self, text: str) -> Document | None:
        """Give the document of a text seen before; raises again what it raised then."""
        found = self._kept.get(text)
        if found is None:
            return None
        self._kept.move_to_end(text)
        if isinstance(found, RequestError):
            raise found
        return found

    def read(self, text: str) -> Document:
        """Parse, limit and validate a new text. Costs milliseconds: the caller has it budgeted."""
        return self.keep(text, self.examine(text))

    def examine(self, text: str) -> Document | RequestError:
        """Do the work of `read` and change nothing: any thread may."""
        try:
            return self._read(text)
        except RequestError as error:
            return error

    def keep(self, text: str, found: Document | RequestError) -> Document:
        """Keep what `examine` found; gives it, or raises it."""
        if text not in self._kept:
            self._keep(text, found)
        if isinstance(found, RequestError):
            raise found
        return found

    def _read(self, text: str) -> Document:
        try:
            tree = parse(text, max_tokens=MAX_TOKENS)
        except GraphQLError as error:
            code = ErrorCode.GRAPHQL_PARSE_FAILED
            if "Parsing aborted" in error.message:  # too many tokens, or nested too deep
                code = ErrorCode.QUERY_TOO_COMPLEX
            raise RequestError.of(code, [error]) from None
        except RecursionError:
            raise RequestError(
                ErrorCode.QUERY_TOO_COMPLEX, "The document nests too deep."
            ) from None
        _Limits(tree).check()
        _refuse_nul(tree, text)
        errors = validate(self._schema, tree, _RULES, max_errors=_MAX_ERRORS)
        if errors:
            raise RequestError.of(ErrorCode.GRAPHQL_VALIDATION_FAILED, errors[:_MAX_ERRORS])
        return Document(_operations(tree))

    def _keep(self, text: str, document: Document | RequestError) -> None:
        self._kept[text] = document
        self._bytes += _size(text, document)
        while self._bytes > self._most:
            old, dropped = self._kept.popitem(last=False)
            self._bytes -= _size(old, dropped)


def _size(text: str, document: Document | RequestError) -> int:
    return 500 + len(text) * (_AST_BYTES_PER_CHARACTER if isinstance(document, Document) else 2)


def _operations(tree: DocumentNode) -> list[Operation]:
    fragments = {d.name.value: d for d in tree.definitions if isinstance(d, FragmentDefinitionNode)}
    return [
        Operation(d, d.name.value if d.name else None, fragments)
        for d in tree.definitions
        if isinstance(d, OperationDefinitionNode)
    ]


@dataclass(frozen=True)
class _Weight:
    """What one selection set amounts to once its fragments are spread."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    connections: int = 0
    keys: dict[str, int] = field(default_factory=dict)
    conditions: frozenset[str] = frozenset()
    is_page: bool = False  # it selects `nodes`, `edges` or the like, as only connections have
    introspections: int = 0
    lists: int = 0  # of introspection, one inside another


class _Limits:
    """One walk over every fragment and operation, each fragment once."""

    def __init__(self, tree: DocumentNode) -> None:
        self._tree = tree
        self._fragments = {
            d.name.value: d for d in tree.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self._walked: dict[str, _Weight] = {}
        self._active: set[str] = set()
        self._directives = 0

    def check(self) -> None:
        """Refuse the document with QUERY_TOO_COMPLEX, naming the limit it breaks."""
        _bound("definitions", len(self._tree.definitions), MAX_DEFINITIONS)
        # fragments first, deepest first by recursion; those never spread cost validation as well
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
        _bound("introspections", found.introspections, MAX_INTROSPECTIONS)
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
            self._walk(node.selection_set, of_schema=True)
            return _Weight(1, node.alias is not None, 1, keys={key: 1}, introspections=1)
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
            inner.lists + (of_schema and name in _INTROSPECTION_LISTS),
        )

    def _fragment(self, name: str) -> _Weight:
        if name in self._walked:
            return self._walked[name]
        if name in self._active or name not in self._fragments:
            return _Weight()  # cycles and unknown names: validation reports them
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
        max((w.lists for w in weights), default=0),
    )


def _bound(what: str, found: int, most: int) -> None:
    if found > most:
        raise RequestError(
            ErrorCode.QUERY_TOO_COMPLEX, f"The operation exceeds the limit of {most} {what}."
        )


class _FindNul(Visitor):
    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if "\x00" in node.value:
            raise bad_input("Text cannot hold the character U+0000.")


def _refuse_nul(tree: DocumentNode, text: str) -> None:
    """Refuse U+0000 in a literal, which PostgreSQL's text cannot hold; it is written by escape."""
    if "\x00" in text or "\\u0000" in text or "\\u{0" in text:
        visit(tree, _FindNul())
