"""This is the schema as the engine sees it: GraphQL types and the bindings of their fields."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLObjectType, GraphQLSchema
from strawberry import Schema

from api.engine.bindings import prefix_of
from api.engine.fields import METADATA_KEY, FieldSpec

CONNECTION_FIELDS = {"edges", "nodes", "pageInfo", "totalCount"}


@dataclass(frozen=True)
class Contract:
    """It holds one Strawberry schema; `nodes` maps an id's prefix to its object type and table."""

    strawberry: Schema
    schema: GraphQLSchema
    fields: dict[tuple[str, str], FieldSpec]
    nodes: dict[str, tuple[GraphQLObjectType, sa.Table]]

    @classmethod
    def of(cls, schema: Schema, tables: dict[str, sa.Table]) -> "Contract":
        """Read the bindings from the fields' metadata; `tables` maps Node types to tables."""
        graphql_schema: GraphQLSchema = schema._schema  # the only way to graphql-core  # pyright: ignore[reportPrivateUsage]
        fields: dict[tuple[str, str], FieldSpec] = {}
        for name, type_ in graphql_schema.type_map.items():
            if isinstance(type_, GraphQLObjectType) and not name.startswith("__"):
                for field_name, field in type_.fields.items():
                    spec = _metadata(field).get(METADATA_KEY)
                    if spec is not None:
                        fields[name, field_name] = spec
        nodes = {
            prefix_of(table): (as_object(graphql_schema.type_map[name]), table)
            for name, table in tables.items()
        }
        return cls(schema, graphql_schema, fields, nodes)

    def spec(self, type_name: str, field_name: str) -> FieldSpec:
        """Return the binding of a field."""
        return self.fields[type_name, field_name]

    def object(self, name: str) -> GraphQLObjectType:
        """Return an object type by name."""
        return as_object(self.schema.type_map[name])


def _metadata(field: Any) -> dict[str, Any]:
    definition = field.extensions.get("strawberry-definition")
    return dict(definition.metadata) if definition is not None else {}


def as_object(type_: Any) -> GraphQLObjectType:
    """Return the type as an object type; the schema's tests prove that it is one."""
    assert isinstance(type_, GraphQLObjectType)  # noqa: S101 # an error of ours
    return type_


def is_connection(type_: GraphQLObjectType) -> bool:
    """Return whether a type is one of our connections."""
    return type_.fields.keys() >= CONNECTION_FIELDS
