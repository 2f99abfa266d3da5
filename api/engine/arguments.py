"""Give the arguments of a field their values on every request."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, GraphQLField, Undefined, is_non_null_type
from graphql.execution.values import get_argument_values
from graphql.language import FieldNode, ListValueNode, ObjectValueNode, ValueNode, VariableNode

from api.engine.errors import ErrorCode, RequestError, bad_input
from api.engine.identifiers import CursorKey, decode_cursor
from api.engine.values import Environment

Binder = Callable[[Environment], Any]

DEFAULT_PAGE, MAX_PAGE = 20, 50


def coerced(field: GraphQLField, node: FieldNode, env: Environment) -> dict[str, Any]:
    """Coerce a field's arguments with a request's variables; raises RequestError.

    It refuses a null that a variable's default let through validation (spec §5.8.5).
    """
    try:
        return get_argument_values(field, node, env.variables)
    except GraphQLError as error:
        raise RequestError.of(ErrorCode.BAD_USER_INPUT, [error]) from None


class Arguments:
    """It knows the arguments of one field in one operation. No value from the client becomes SQL text."""

    def __init__(self, field: GraphQLField, node: FieldNode, environment: Environment) -> None:
        self._field = field
        self._node = node
        self._written = {a.name.value: a.value for a in node.arguments or ()}
        # Coerced once, with the first request's variables: that is right for constants for ever.
        self._first = coerced(field, node, environment)

    def variable(self, name: str) -> str | None:
        """Return the name of the variable that is an argument's whole value, or None."""
        value = self._written.get(name)
        return value.name.value if isinstance(value, VariableNode) else None

    def constant(self, name: str) -> Any:
        """Return the value of an argument that holds no variable; None if it is absent."""
        return self._first.get(self._key(name))

    def binder(self, name: str) -> Binder:
        """Return a function that reads the argument from a request; None if absent or null."""
        value = self._written.get(name)
        key = self._key(name)
        if value is None or not _holds_variable(value):
            constant = self._first.get(key)
            return lambda _: constant
        if isinstance(value, VariableNode):
            return self._variable_binder(name, value.name.value)
        field, node = self._field, self._node
        return lambda env: coerced(field, node, env).get(key)

    def _variable_binder(self, name: str, variable: str) -> Binder:
        argument = self._field.args[name]
        default = None if argument.default_value is Undefined else argument.default_value
        required = is_non_null_type(argument.type)

        def bind(env: Environment) -> Any:
            value = env.variables.coerced.get(variable, default)
            if value is None and required:
                raise bad_input(f"`{name}` must not be null.")
            return value

        return bind

    def _key(self, name: str) -> str:
        argument = self._field.args.get(name)
        return (argument.out_name if argument else None) or name


def page_size(binder: Binder) -> Binder:
    """Check that `first` is between 0 and 50; null means the default, like an absent `first`."""

    def bind(env: Environment) -> int:
        first = binder(env)
        if first is None:
            return DEFAULT_PAGE
        if not 0 <= first <= MAX_PAGE:
            raise bad_input(f"`first` must be between 0 and {MAX_PAGE}, not {first}.")
        return first

    return bind


def id_list(binder: Binder) -> Binder:
    """Check that a list of ids is no longer than the largest page."""

    def bind(env: Environment) -> list[str]:
        ids = binder(env)
        if len(ids) > MAX_PAGE:
            raise bad_input(f"At most {MAX_PAGE} ids at a time, not {len(ids)}.")
        return ids

    return bind


def cursor_part(binder: Binder, tag: str, keys: list[CursorKey], index: int) -> Binder:
    """Return a function that reads one column of the sort key from a cursor."""
    return lambda env: decode_cursor(binder(env), tag, keys)[index]


def _holds_variable(value: ValueNode) -> bool:
    if isinstance(value, VariableNode):
        return True
    if isinstance(value, ListValueNode):
        return any(_holds_variable(item) for item in value.values)
    if isinstance(value, ObjectValueNode):
        return any(_holds_variable(field.value) for field in value.fields)
    return False
