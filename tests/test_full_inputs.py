"""An input with all texts at their limits fits into a body, in any escaping."""

import re

import orjson
import pytest
from graphql import GraphQLInputObjectType, get_named_type

from api.incoming import MAX_BODY, MAX_TEXT, from_body
from api.schema.schema import contract

SCHEMA = contract().schema
INPUTS = [type_ for type_ in SCHEMA.type_map.values() if isinstance(type_, GraphQLInputObjectType)]
# "1–2500 字", "至多 1000 字": how the schema states the limit of a text
_MOST = re.compile(r"(?:–|至多 )(\d+) (?:个字符|字)")
_CHARACTER = "\\ud842\\udfb7"  # 𠮷 in its longest escaped form
_OTHER = 100  # characters of an id, a moment, a word


def full(type_: GraphQLInputObjectType) -> str:
    """Return the JSON of an input with all texts at their limits; a list has one item."""
    parts: list[str] = []
    for name, field in type_.fields.items():
        named = get_named_type(field.type)
        if isinstance(named, GraphQLInputObjectType):
            parts.append(f'"{name}": [{full(named)}]')
            continue
        found = _MOST.search(field.description or "")
        most = int(found[1]) if found and named.name == "String" else _OTHER
        parts.append(f'"{name}": "{_CHARACTER * most}"')
    return "{" + ", ".join(parts) + "}"


@pytest.mark.parametrize("type_", INPUTS, ids=lambda type_: type_.name)
def test_a_full_input_fits_into_a_body(type_: GraphQLInputObjectType) -> None:
    text = orjson.dumps("m" * 4000).decode()
    body = f'{{"query": {text}, "variables": {{"input": {full(type_)}}}}}'.encode()

    assert len(body) <= MAX_BODY
    assert from_body(body).variables is not None
    assert MAX_TEXT < MAX_BODY


def test_the_longest_texts_of_the_schema_are_among_them() -> None:
    longest = max(len(full(type_)) for type_ in INPUTS)

    assert longest > 12 * 20_000, "a historic letter and its answer"
