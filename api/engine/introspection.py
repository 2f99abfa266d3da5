"""Answer `__schema` and `__type` with graphql-core, and cache the answers."""

import sys
from typing import Any

import orjson
from graphql import DocumentNode, ExecutionResult, GraphQLSchema, execute_sync
from graphql.language import FieldNode, OperationDefinitionNode, SelectionSetNode

from api.engine.cache import Cache
from api.engine.documents import Operation
from api.engine.errors import ErrorCode, RequestError
from api.engine.values import Environment

# points: `__schema` returns the whole schema, `__type` one type
PRICE = {"__schema": 100, "__type": 10}
_Key = tuple[str, str]


class Introspection:
    """It keeps introspection answers of one schema as JSON, up to a number of bytes."""

    def __init__(self, schema: GraphQLSchema, *, most_bytes: int = 8_000_000) -> None:
        self._schema = schema
        self._kept: Cache[_Key, bytes] = Cache(most_bytes)

    @property
    def bytes(self) -> int:
        """Return the bytes of what is kept."""
        return self._kept.bytes

    def answer(
        self, operation: Operation, fields: dict[str, list[FieldNode]], env: Environment
    ) -> None:
        """Put the answer of each field into `env`. Slow; only one thread at a time may call it."""
        for key, nodes in fields.items():
            text = "".join(node.loc.source.body for node in nodes[:1] if node.loc)
            name = (text, repr((operation.name, key, env.variables.coerced)))
            found = self._kept.get(name)
            if found is None:
                found = orjson.dumps(self._ask(operation, nodes, env)[key])
                self._kept.put(name, found, _size(name, found))
            env.introspection[key] = orjson.Fragment(found)

    def _ask(
        self, operation: Operation, nodes: list[FieldNode], env: Environment
    ) -> dict[str, Any]:
        asked = OperationDefinitionNode(
            operation=operation.node.operation,
            variable_definitions=operation.node.variable_definitions,
            selection_set=SelectionSetNode(selections=tuple(nodes)),
        )
        document = DocumentNode(definitions=(asked, *operation.fragments.values()))
        sources = env.variables.sources
        given = {n: s.value for n, s in sources.items() if n in env.variables.coerced}
        result = execute_sync(self._schema, document, variable_values=given)
        assert isinstance(result, ExecutionResult)  # noqa: S101 # execute_sync returns only that
        if result.errors or result.data is None:
            raise RequestError.of(ErrorCode.GRAPHQL_VALIDATION_FAILED, result.errors or [])
        return result.data


def _size(name: _Key, found: bytes) -> int:
    return 500 + sum(map(sys.getsizeof, name)) + sys.getsizeof(found)
