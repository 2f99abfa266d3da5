"""A document as a tree that can be changed and printed again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLSchema, get_named_type
from graphql.language import DocumentNode, FieldNode, InlineFragmentNode, OperationDefinitionNode

from tests.engine.meaning import Word


@dataclass(frozen=True)
class Var:
    """It is a use of a variable."""

    name: str


@dataclass
class Field:
    """A field; `parent` is the type it is selected on."""

    parent: Any
    name: str
    children: "list[Field | Fragment] | None" = None
    alias: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    directives: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def definition(self) -> Any:
        """Return its definition; None for __typename."""
        return None if self.name.startswith("__") else self.parent.fields[self.name]

    @property
    def key(self) -> str:
        """Return its response key."""
        return self.alias or self.name


@dataclass
class Fragment:
    """It is a fragment: inline, or named and then printed separately."""

    parent: Any
    children: "list[Field | Fragment]"
    on: str | None = None
    name: str | None = None
    directives: list[tuple[str, Any]] = field(default_factory=list)


@dataclass
class Variable:
    """It is a variable's declaration, and what each of two requests sends for it, if anything."""

    name: str
    type: str
    default: Any = ...
    sent: tuple[Any, Any] = (..., ...)


@dataclass
class Tree:
    """One query; `extra` is another operation of the same document."""

    root: Any
    children: list[Field | Fragment]
    variables: list[Variable] = field(default_factory=list)
    name: str | None = None
    extra: str = ""

    def fields(self) -> Iterator[Field]:
        """Yield all fields, the outer before the inner."""
        for node in _nodes(self.children):
            if isinstance(node, Field):
                yield node

    def sets(self) -> Iterator[tuple[Any, list[Field | Fragment]]]:
        """Yield all selection sets with the type they are selected on."""
        yield self.root, self.children
        for node in _nodes(self.children):
            if node.children is not None:
                yield (type_of(node), node.children)

    def text(self) -> str:
        """Print the document."""
        declared = ", ".join(map(_declaration, self.variables))
        head = f"query {self.name or ''}{f'({declared})' if declared else ''}"
        parts = [f"{head} {_selections(self.children)}"]
        named = {n.name: n for n in _nodes(self.children) if isinstance(n, Fragment) and n.name}
        parts += [f"fragment {n} on {f.on} {_selections(f.children)}" for n, f in named.items()]
        return "\n".join([*parts, self.extra] if self.extra else parts)

    def values(self, which: int) -> dict[str, Any]:
        """Return the variables of the first or second request."""
        return {v.name: v.sent[which] for v in self.variables if v.sent[which] is not ...}


def type_of(node: Field | Fragment) -> Any:
    """Return the type that a node's children are selected on."""
    return node.parent if isinstance(node, Fragment) else get_named_type(node.definition.type)


def plant(schema: GraphQLSchema, document: DocumentNode) -> Tree:
    """Make a tree of a generated document; arguments are left out and drawn later."""
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return Tree(schema.query_type, _planted(schema, operation.selection_set, schema.query_type))


def _planted(schema: GraphQLSchema, selection: Any, parent: Any) -> list[Field | Fragment]:
    made: list[Field | Fragment] = []
    for node in selection.selections if selection else ():
        if isinstance(node, FieldNode):
            one = Field(parent, node.name.value, alias=node.alias.value if node.alias else None)
            if node.selection_set:
                one.children = _planted(schema, node.selection_set, type_of(one))
            made.append(one)
        elif isinstance(node, InlineFragmentNode):
            on = node.type_condition.name.value if node.type_condition else parent.name
            inner = schema.type_map[on]
            made.append(Fragment(inner, _planted(schema, node.selection_set, inner), on))
    return made


def _nodes(nodes: list[Field | Fragment]) -> Iterator[Field | Fragment]:
    for node in nodes:
        yield node
        yield from _nodes(node.children or [])


def _selections(nodes: list[Field | Fragment]) -> str:
    return "{ " + " ".join(map(_printed, nodes)) + " }"


def _printed(node: Field | Fragment) -> str:
    directives = "".join(f" @{name}(if: {value(v)})" for name, v in node.directives)
    if isinstance(node, Field):
        alias = f"{node.alias}: " if node.alias else ""
        given = ", ".join(f"{name}: {value(v)}" for name, v in node.arguments.items())
        inner = f" {_selections(node.children)}" if node.children is not None else ""
        return f"{alias}{node.name}{f'({given})' if given else ''}{directives}{inner}"
    if node.name:
        return f"...{node.name}{directives}"
    on = f" on {node.on}" if node.on else ""
    return f"...{on}{directives} {_selections(node.children)}"


def _declaration(variable: Variable) -> str:
    default = "" if variable.default is ... else f" = {value(variable.default)}"
    return f"${variable.name}: {variable.type}{default}"


def value(given: Any) -> str:
    """Print a value as GraphQL."""
    match given:
        case Var():
            return f"${given.name}"
        case Word():
            return str(given)
        case list():
            return f"[{', '.join(map(value, given))}]"
    return json.dumps(given, ensure_ascii=False)
