"""Provide a Relay project over a schema: for each connection, the fragment of a usual Relay client."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_non_null_type


@dataclass(frozen=True)
class Listing:
    """It is one connection field of one type."""

    parent: GraphQLObjectType
    field: str

    @property
    def module(self) -> str:
        """The file's name; Relay requires every name in the file to begin with it."""
        return f"{self.parent.name}{self.field[0].upper()}{self.field[1:]}List"

    @property
    def is_refetchable(self) -> bool:
        """Return whether Relay can refetch it: at the root, or by its parent's id."""
        return self.parent.name in ("Query", "Viewer") or any(
            each.name == "Node" for each in self.parent.interfaces
        )

    def source(self) -> str:
        """Return the TypeScript module."""
        field = self.parent.fields[self.field]
        needed = {
            name: str(argument.type)
            for name, argument in field.args.items()
            if is_non_null_type(argument.type) and argument.ast_node.default_value is None
        }
        declared = "".join(f', {name}: {{type: "{kind}"}}' for name, kind in needed.items())
        passed = "".join(f", {name}: ${name}" for name in needed)
        refetch = f'@refetchable(queryName: "{self.module}Query")' if self.is_refetchable else ""
        thing = get_named_type(get_named_type(field.type).fields["nodes"].type)
        row = "id" if "id" in thing.fields else "__typename"
        return f"""import {{ graphql }} from "react-relay";
export const fragment = graphql`
  fragment {self.module}_items on {self.parent.name} {refetch}
  @argumentDefinitions(first: {{type: "Int", defaultValue: 10}}, after: {{type: "Cursor"}}{declared}) {{
    {self.field}(first: $first, after: $after{passed}) @connection(key: "{self.module}_{self.field}") {{
      edges {{ node {{ {row} }} }}
    }}
  }}
`;
"""


def listings(schema: GraphQLSchema) -> Iterator[Listing]:
    """Yield every connection field of the schema."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            for name, field in type_.fields.items():
                if get_named_type(field.type).name.endswith("Connection"):
                    yield Listing(type_, name)


def write_project(folder: Path, sdl: str, found: list[Listing]) -> Path:
    """Write the project; return the path of its configuration."""
    (folder / "src").mkdir()
    (folder / "schema.graphql").write_text(sdl, encoding="utf-8")
    for listing in found:
        (folder / "src" / f"{listing.module}.ts").write_text(listing.source(), encoding="utf-8")
    config = folder / "relay.config.json"
    settings = {
        "src": str(folder / "src"),
        "schema": str(folder / "schema.graphql"),
        "language": "typescript",
        "artifactDirectory": str(folder / "generated"),
        "noFutureProofEnums": False,
        "customScalarTypes": {"Cursor": "string", "DateTime": "string"},
    }
    (folder / "generated").mkdir()
    config.write_text(json.dumps(settings))
    return config
