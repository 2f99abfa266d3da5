"""Let a file of the schema add fields to a type that is declared in another file.

Only the file that adds imports the other one, so the types of two files may lead to each other
without an import circle.
"""

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, TypeVar

import strawberry

Fields = TypeVar("Fields", bound=type)

_BASE = "__extends__"


def extend(base: type) -> Callable[[Fields], Fields]:
    """Declare that the fields of a class belong to the type `base`; `join` adds them to it."""

    def declare(fields: Fields) -> Fields:
        setattr(fields, _BASE, base)
        return strawberry.type(fields)

    return declare


def join(modules: Iterable[ModuleType]) -> None:
    """Add the fields of all extensions in these modules to their types, in this order.

    Raise `ValueError` where a type has a field of that name already.
    """
    for module in modules:
        for item in vars(module).values():
            if (
                isinstance(item, type)
                and item.__module__ == module.__name__
                and _BASE in vars(item)
            ):
                _add(vars(item)[_BASE], item)


def _add(base: Any, extension: Any) -> None:
    fields = base.__strawberry_definition__.fields
    names = {field.name for field in fields}
    for field in extension.__strawberry_definition__.fields:
        if field.name in names:
            raise ValueError(f"{base.__name__} has two fields {field.name}")
        fields.append(field)
