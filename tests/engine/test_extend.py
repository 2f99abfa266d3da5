"""A type has the fields that other files add to it, once the schema is built."""

from types import ModuleType
from typing import Any

import pytest
import strawberry

from api.engine.extend import extend, join

pytestmark = pytest.mark.once


def types() -> tuple[type, type]:
    """Return a type with one field, and an extension of it by another."""

    @strawberry.type
    class Street:
        name: str

    @extend(Street)
    class OfStreet:
        code: str

    return Street, OfStreet


def module(**items: Any) -> ModuleType:
    """Return a module in which these classes were declared."""
    made = ModuleType("part")
    for name, item in items.items():
        if isinstance(item, type):
            item.__module__ = "part"
        setattr(made, name, item)
    return made


def fields(type_: Any) -> list[str]:
    return [field.name for field in type_.__strawberry_definition__.fields]


def test_an_extension_is_joined_from_its_module() -> None:
    street, extension = types()
    assert fields(street) == ["name"]

    join([module(OfStreet=extension, number=1)])

    assert fields(street) == ["name", "code"]


def test_an_extension_that_a_module_only_imports_is_not_joined_from_there() -> None:
    street, extension = types()
    importing = ModuleType("other")
    module(OfStreet=extension)
    importing.OfStreet = extension  # type: ignore[attr-defined] # as an import would

    join([importing])

    assert fields(street) == ["name"]


def test_a_field_that_the_type_has_already_is_refused() -> None:
    street, extension = types()
    part = module(OfStreet=extension)
    join([part])

    with pytest.raises(ValueError, match="Street has two fields code"):
        join([part])

    assert fields(street) == ["name", "code"]
