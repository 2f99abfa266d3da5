"""Texts: those of a mutation's input are cleaned before it runs; a docstring is a description."""

import inspect
import re
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from tenants.text import MANY_LINES, ONE_LINE, cleaned

_TEXTS = ONE_LINE | MANY_LINES


def clean(given: Any, *path: str) -> Any:
    """Clean every text in an input in place and return it; `path` is where it stands.

    Each field's name says what kind of text it is (tenants.text). Other strings, which have a
    format of their own, stay as they are, and so does an empty text. Raises Refused for the first
    bad text.
    """
    if is_dataclass(given) and not isinstance(given, type):
        for field in fields(given):
            name = camel(field.name)
            setattr(given, field.name, clean(getattr(given, field.name), *path, name))
    elif isinstance(given, list):
        return [clean(each, *path, str(place)) for place, each in enumerate(given)]  # type: ignore[misc] # of anything
    elif isinstance(given, str) and not isinstance(given, Enum) and given and path[-1] in _TEXTS:
        return cleaned(given, *path)
    return given


def camel(name: str) -> str:
    """Return the name of a field as clients write it."""
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))


def description_of(kind: Any) -> str:
    """Return the docstring of a class as clients read it: a line ends only after a Chinese full stop."""
    lines = inspect.cleandoc(kind.__doc__)
    return re.sub(r"(?<!。)\n", " ", re.sub(r"(?<=[，；：])\n", "", lines))
