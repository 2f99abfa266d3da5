"""Provide every place in the schema where a client gives a value: arguments, and fields of inputs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    get_named_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

from api.engine.bindings import prefix_of
from api.engine.inputs import EitherRef, Ref
from api.engine.texts import camel
from api.engine.verbs import verbs_of
from api.schema.schema import PARTS
from tests.paths import SCHEMA

Fill = Callable[[str, str], Any]


def _prefixes() -> Iterator[tuple[str, str]]:
    """Yield the fields of inputs that are ids, each with the prefix of the row that it names."""
    for part in PARTS:
        for verb in verbs_of(part):
            for name, (_, field) in verb.fields.items():
                if isinstance(field, Ref):
                    yield camel(name), prefix_of(field.table)
                elif isinstance(field, EitherRef):
                    yield camel(name), prefix_of(field.tables[0])


# One name stands for one kind of row.
PREFIXES = dict(_prefixes())
assert len({*_prefixes()}) == len(PREFIXES)


@dataclass(frozen=True)
class InputPlace:
    """One field of a mutation's input, by its keys; its type is a scalar's name."""

    verb: str
    keys: tuple[str, ...]
    scalar: str

    def __str__(self) -> str:
        return f"{self.verb}.{'.'.join(self.keys)}"

    def text(self) -> str:
        """Print the mutation, with its input as a variable."""
        kind = get_named_type(_input(self.verb)).name
        return f"mutation ($input: {kind}!) {{ {self.verb}(input: $input) {{ userErrors {{ code }} }} }}"

    def given(self, value: Any, fill: Fill) -> dict[str, Any]:
        """Return the variables, with `value` in this place and the required fields filled."""
        return {"input": _with(_input(self.verb), self.keys, value, fill)}


def places() -> Iterator[InputPlace]:
    """Yield every scalar in the input of any mutation."""
    assert SCHEMA.mutation_type is not None
    for verb in SCHEMA.mutation_type.fields:
        for keys, scalar in _scalars(_input(verb), ()):
            yield InputPlace(verb, keys, scalar)


def plain(_name: str, scalar: str) -> Any:
    """Return a value of the scalar."""
    values = {
        "Int": 1,
        "Boolean": True,
        "DateTime": "2027-01-05T09:00:00Z",
        "Month": "2026-10",
        "Date": "2026-10-31",
    }
    return values.get(scalar, "x")


def filled(type_: Any, fill: Fill = plain, name: str = "") -> Any:
    """Return a value of an input type with its required fields only."""
    return _with(type_, (), None, fill, name)


def _with(type_: Any, keys: tuple[str, ...], value: Any, fill: Fill, name: str = "") -> Any:
    if is_non_null_type(type_):
        type_ = type_.of_type
    if is_list_type(type_):
        return [_with(type_.of_type, keys, value, fill, name)]
    if isinstance(type_, GraphQLInputObjectType):
        return {
            field_name: _with(field.type, keys[1:], value, fill, field_name)
            if keys[:1] == (field_name,)
            else filled(field.type, fill, field_name)
            for field_name, field in type_.fields.items()
            if is_required_input_field(field) or keys[:1] == (field_name,)
        }
    if keys == () and value is not None:
        return value
    return (
        next(iter(type_.values)) if isinstance(type_, GraphQLEnumType) else fill(name, type_.name)
    )


def _scalars(type_: Any, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        for name, field in named.fields.items():
            yield from _scalars(field.type, (*keys, name))
    elif not isinstance(named, GraphQLEnumType):
        yield keys, named.name


def _input(verb: str) -> Any:
    assert SCHEMA.mutation_type is not None
    return SCHEMA.mutation_type.fields[verb].args["input"].type
