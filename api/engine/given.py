"""Select from values made in Python (errors, budgets, scopes), which no table holds."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
)
from graphql.language import FieldNode, FragmentDefinitionNode

from api.engine.bindings import Given
from api.engine.contract import Contract
from api.engine.selection import Fields, collect, subselections
from api.engine.values import Environment

Fragments = dict[str, FragmentDefinitionNode]
Maker = Callable[[Environment], Any]


def object_maker(
    contract: Contract, fragments: Fragments, type_: GraphQLObjectType, fields: Fields
) -> Maker:
    """Return a function that makes a root or payload object whose fields need no database."""
    makers: dict[str, Maker] = {}
    for key, nodes in fields.items():
        name = nodes[0].name.value
        if name == "__typename":
            makers[key] = lambda _, value=type_.name: value
        elif name.startswith("__"):
            makers[key] = lambda env, key=key: env.introspection[key]
        else:
            makers[key] = field_maker(contract, fragments, type_, name, nodes)
    return lambda env: {key: make(env) for key, make in makers.items()}


def field_maker(
    contract: Contract,
    fragments: Fragments,
    type_: GraphQLObjectType,
    name: str,
    nodes: list[FieldNode],
) -> Maker:
    """Return a function that makes one given field; links in a refused mutation are null."""
    binding = contract.spec(type_.name, name).binding
    if not isinstance(binding, Given):
        return lambda _: None
    field_type = type_.fields[name].type
    make = binding.make
    return lambda env: project(contract.schema, fragments, field_type, nodes, make(env), env)


def project(
    schema: GraphQLSchema,
    fragments: Fragments,
    type_: Any,
    nodes: list[FieldNode],
    value: Any,
    env: Environment,
) -> Any:
    """Return a value shaped as selected.

    Objects are dicts keyed by field name; those of abstract types have a `__typename`.
    """
    named = get_nullable_type(type_)
    if value is None or is_leaf_type(named):
        return value
    if is_list_type(named):
        return [project(schema, fragments, named.of_type, nodes, item, env) for item in value]
    concrete = schema.type_map[value["__typename"]] if is_abstract_type(named) else named
    assert isinstance(concrete, GraphQLObjectType)  # noqa: S101 # no other type is left

    def truth(variable: str) -> bool:
        return bool(env.variables.coerced.get(variable))

    shaped: dict[str, Any] = {}
    for key, group in collect(schema, fragments, concrete, subselections(nodes), truth).items():
        name = group[0].name.value
        if name == "__typename":
            shaped[key] = concrete.name
        else:
            field_type = concrete.fields[name].type
            shaped[key] = project(schema, fragments, field_type, group, value[name], env)
    return shaped
