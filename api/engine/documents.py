"""Parse, limit and validate documents, once for each text.

The limits (static_limits.py) are checked before validation, whose time is quadratic in what they
limit.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, GraphQLSchema, parse, specified_rules, validate
from graphql.language import (
    BREAK,
    ArgumentNode,
    DocumentNode,
    FragmentDefinitionNode,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    StringValueNode,
    VariableDefinitionNode,
    Visitor,
    visit,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.engine.errors import BadValue, ErrorCode, RequestError, bad_input
from api.engine.static_limits import check_limits

MAX_TOKENS = 500
_MAX_ERRORS = 5
_AST_BYTES_PER_CHARACTER = 150  # measured: bench/memory.py

# Strawberry adds these two to its own validation, so our cached validation needs them too.
_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(eq=False)
class Operation:
    """One operation of a document, and the keys of the plans made for it (see plans.py)."""

    node: OperationDefinitionNode
    name: str | None
    fragments: dict[str, FragmentDefinitionNode]
    plans: dict[Any, Any] = field(default_factory=dict)
    probes: tuple[Any, ...] = ()

    @property
    def kind(self) -> str:
        """Return `query`, `mutation` or `subscription`."""
        return self.node.operation.value


@dataclass(eq=False)
class Document:
    """A valid document: its operations."""

    operations: list[Operation]

    def operation(self, name: str | None) -> Operation:
        """Return the operation that the request names, or the only one; raises RequestError."""
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
    """The documents of one schema, cached by text up to a number of bytes."""

    def __init__(self, schema: GraphQLSchema, *, most_bytes: int = 48_000_000) -> None:
        self._schema = schema
        self._most = most_bytes
        self._kept: OrderedDict[str, Document | RequestError] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def known(self, text: str) -> Document | None:
        """Return the document of a cached text, or None; raises the text's cached error."""
        found = self._kept.get(text)
        if found is None:
            return None
        self._kept.move_to_end(text)
        if isinstance(found, RequestError):
            raise found
        return found

    def read(self, text: str) -> Document:
        """Parse, limit and validate a new text; takes milliseconds, which the caller charges."""
        return self.keep(text, self.examine(text))

    def examine(self, text: str) -> Document | RequestError:
        """Do the work of `read` without changing the cache, so any thread may call it."""
        if (found := self._kept.get(text)) is not None:
            return found  # the same text was read a moment ago
        try:
            return self._read(text)
        except RequestError as error:
            return error

    def keep(self, text: str, found: Document | RequestError) -> Document:
        """Cache what `examine` returned; return it, or raise it if it is an error."""
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
            if "Parsing aborted" in error.message:  # too many tokens, or nested too deeply
                code = ErrorCode.QUERY_TOO_COMPLEX
            raise RequestError.of(code, [error]) from None
        except RecursionError:
            raise RequestError(
                ErrorCode.QUERY_TOO_COMPLEX, "The document nests too deep."
            ) from None
        check_limits(tree)
        _refuse_nul(tree, text)
        errors = validate(self._schema, tree, _RULES, max_errors=_MAX_ERRORS)
        if errors and all(isinstance(error.original_error, BadValue) for error in errors):
            raise RequestError.of(ErrorCode.BAD_USER_INPUT, [_named(tree, e) for e in errors])
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


def _named(tree: DocumentNode, error: GraphQLError) -> GraphQLError:
    """Return the error with the name of the argument or input field before its message."""
    finder = _FindName((error.nodes or [None])[0])
    visit(tree, finder)
    return GraphQLError(f"`{finder.name}`: {error.message}", error.nodes)


class _FindName(Visitor):
    """Finds the innermost argument or input field that contains a value."""

    def __init__(self, value: Node | None) -> None:
        super().__init__()
        self._value = value
        self.name = ""

    def enter(self, node: Node, _key: Any, parent: Any, _path: Any, above: list[Any]) -> Any:
        if node is not self._value:
            return None
        for each in (*above, parent):
            if isinstance(each, ArgumentNode | ObjectFieldNode):
                self.name = each.name.value
            elif isinstance(each, VariableDefinitionNode):
                self.name = f"${each.variable.name.value}"
        return BREAK


class _FindNul(Visitor):
    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if "\x00" in node.value:
            raise bad_input("Text cannot hold the character U+0000.")


def _refuse_nul(tree: DocumentNode, text: str) -> None:
    """Refuse the escape of U+0000 in a string literal: PostgreSQL's text cannot hold it."""
    if "\x00" in text or "\\u0000" in text or "\\u{0" in text:
        visit(tree, _FindNul())
