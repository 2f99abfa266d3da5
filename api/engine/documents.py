"""Parse, limit and validate documents, and keep them with the plans made for them.

The limits (static_limits.py) are checked before validation, whose time is quadratic in what they
limit.
"""

import sys
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
    Token,
    TokenKind,
    VariableDefinitionNode,
    Visitor,
    visit,
)
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.engine.cache import Cache
from api.engine.errors import BadValue, ErrorCode, RequestError, bad_input
from api.engine.static_limits import check_limits

MAX_TOKENS = 500
_MAX_ERRORS = 5
# measured by tests/api/test_kept.py: what any document takes, and each node of its tree
_LEAST_BYTES = 6000
_NODE_BYTES = 300

# Strawberry adds these two to its own validation, so our cached validation needs them too.
_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)

_NO_TOKEN = Token(TokenKind.SOF, 0, 0, 0, 0)


@dataclass(eq=False)
class Operation:
    """It is one operation of a document, with its plans and what they depend on (see plans.py)."""

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
    """It is a valid document: its operations, and the bytes that its text and its tree take."""

    operations: list[Operation]
    own_bytes: int

    @property
    def bytes(self) -> int:
        """Return an estimate of the bytes that it takes in memory with all its plans."""
        return self.own_bytes + sum(
            plan.size for operation in self.operations for plan in operation.plans.values()
        )

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
    """It keeps the documents of one schema by text, with their plans, up to a number of bytes."""

    def __init__(self, schema: GraphQLSchema, *, most_bytes: int = 24_000_000) -> None:
        self._schema = schema
        self._kept: Cache[str, Document | RequestError] = Cache(most_bytes)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """Return the bytes of what is kept."""
        return self._kept.bytes

    @property
    def plans(self) -> int:
        """Return the number of plans that are kept."""
        documents = (each for each in self._kept if isinstance(each, Document))
        return sum(len(operation.plans) for each in documents for operation in each.operations)

    def known(self, text: str) -> Document | None:
        """Return the document of a kept text, or None; raises the text's kept error."""
        found = self._kept.get(text)
        if isinstance(found, RequestError):
            raise found.again()
        return found

    def read(self, text: str) -> Document:
        """Parse, limit and validate a text and keep the result; takes milliseconds."""
        self.keep(text, self.examine(text))
        found = self.known(text)
        assert found is not None  # noqa: S101 # the newest is always kept
        return found

    def examine(self, text: str) -> Document | RequestError:
        """Parse, limit and validate a text; changes nothing, so any thread may call it."""
        if (found := self._kept.peek(text)) is not None:
            return found  # the same text was read a moment ago
        try:
            return self._read(text)
        except RequestError as error:
            return error.again()

    def keep(self, text: str, found: Document | RequestError) -> Document | RequestError:
        """Keep what `examine` returned, if it is new; return what is kept for the text."""
        known = self._kept.peek(text)
        if known is None:
            self._kept.put(text, found, _size(text, found))
        return known or found

    def weigh(self, text: str, document: Document) -> None:
        """Count the bytes of a document's plans, after one was made for it."""
        self._kept.put(text, document, document.bytes)

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
        size = _LEAST_BYTES + sys.getsizeof(text) + _NODE_BYTES * _lightened(tree)
        return Document(_operations(tree), size)


def _size(text: str, found: Document | RequestError) -> int:
    return found.bytes if isinstance(found, Document) else 2000 + sys.getsizeof(text)


def _lightened(tree: DocumentNode) -> int:
    """Take the tokens out of a document's tree; return the number of its nodes.

    An error's place in the text is found without the tokens, which take a third of the memory.
    """
    rest: list[Node] = [tree]
    count = 0
    while rest:
        node = rest.pop()
        count += 1
        if node.loc is not None:
            node.loc.start_token = node.loc.end_token = _NO_TOKEN
        for key in QUERY_DOCUMENT_KEYS.get(node.kind, ()):
            below = getattr(node, key)
            if below:
                rest.extend(below if isinstance(below, tuple) else (below,))
    return count


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
    """It finds the innermost argument or input field that contains a value."""

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
