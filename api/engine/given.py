"""Select from a value made in Python: errors, budgets, scopes. The few things no table holds."""

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

from api.engine.selection import collect, subselections
from api.engine.values import Environment


def project(
    schema: GraphQLSchema,
    fragments: dict[str, FragmentDefinitionNode],
    type_: Any,
    nodes: list[FieldNode],
    value: Any,
    env: Environment,
) -> Any:
    """Shape a value (dicts keyed by field name, `__typename` in abstract ones) as selected."""
    named = get_nullable_type(type_)
    if value is None or is_leaf_type(named):
        return value
    if is_list_type(named):
        return [project(schema, fragments, named.of_type, nodes, item, env) for item in value]
    concrete = schema.type_map[value["__typename"]] if is_abstract_type(named) else named
    assert isinstance(concrete, GraphQLObjectType)  # noqa: S101 # what is left is an object

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
