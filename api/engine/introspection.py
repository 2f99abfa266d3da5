"""Answer `__schema` and `__type` with graphql-core, and cache the answers."""

from collections import OrderedDict
from typing import Any

import orjson
from graphql import DocumentNode, ExecutionResult, GraphQLSchema, execute_sync
from graphql.language import FieldNode, OperationDefinitionNode, SelectionSetNode

from api.engine.documents import Operation
from api.engine.errors import ErrorCode, RequestError
from api.engine.values import Environment

# points: `__schema` returns the whole schema, `__type` one type
PRICE = {"__schema": 100, "__type": 10}
MOST_BYTES = 8_000_000
_Key = tuple[str, str]


class Introspection:
    """Introspection answers of one schema as JSON, bounded in bytes, oldest dropped first."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[_Key, bytes] = OrderedDict()
        self.bytes = 0

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
                self._keep(name, found)
            env.introspection[key] = orjson.Fragment(found)

    def _keep(self, name: _Key, found: bytes) -> None:
        self._kept[name] = found
        self.bytes += _size(name, found)
        while self.bytes > MOST_BYTES:
            self.bytes -= _size(*self._kept.popitem(last=False))

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
    return 500 + sum(map(len, name)) + len(found)
