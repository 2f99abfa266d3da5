"""Read from a verb's own code the codes that it may be refused with, so that they stand nowhere else.

What a function names is followed: the functions of our own that it calls, the rules that it hands to
`find`, the refusals that it raises. A code that is said may never come; one that comes is said.
"""

import inspect
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tenants.errors import Code, NotFound, Refused, VersionConflict
from tenants.policy import Rule

_OURS = ("tenants", "api.schema", "api.textcheck")
_OF_CLASS: dict[Any, Code] = {NotFound: Code.NOT_FOUND, VersionConflict: Code.VERSION_CONFLICT}


def codes_of(*verbs: Callable[..., Any] | None) -> list[Code]:
    """Give the codes in their own order."""
    found: set[Code] = set()
    seen: set[Any] = set()
    waiting: list[Any] = [verb for verb in verbs if verb is not None]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Rule):
            found |= one.codes
        elif isinstance(one, FunctionType) and one.__module__.startswith(_OURS):
            inner: Any = inspect.unwrap(one)  # a context manager is one round a function
            named = _names(inner.__code__)
            found |= _raised(named)
            waiting += _reached(inner.__globals__, named)
        elif isinstance(one, type) and issubclass(one, Refused):
            found |= {_OF_CLASS[one]} if one in _OF_CLASS else set()
        elif isinstance(one, type) and one.__module__.startswith(_OURS):
            waiting += vars(one).values()  # whatever is handed on may be asked to do what it can
        elif isinstance(one, dict):
            waiting += one.values()
    return [code for code in Code if code in found]


def _raised(named: set[str]) -> set[Code]:
    codes = {Code[name] for name in named & set(Code.__members__)} if "Code" in named else set()
    # a transaction's own: the row is missing, foreign or hidden
    return codes | ({Code.NOT_FOUND} if "find" in named else set())


def _reached(here: dict[str, Any], named: set[str]) -> Iterator[Any]:
    for name in named & here.keys():
        value = here[name]
        if isinstance(value, ModuleType) and value.__name__.startswith(_OURS):
            yield from (value.__dict__[each] for each in named & value.__dict__.keys())
        else:
            yield value


def _names(code: CodeType) -> set[str]:
    inner = (each for each in code.co_consts if isinstance(each, CodeType))
    return set(code.co_names).union(*(_names(each) for each in inner))
