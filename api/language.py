"""Chinese for whoever's terminal speaks it; the code says everything in English.

`chinese.toml` has every sentence. Where a sentence has a value, the table has `{}` in its place.
"""

import os
import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from typer import Typer
from typer.main import get_command

_TEXTS = Path(__file__).parent / "chinese.toml"


def speaks_chinese() -> bool:
    """Return whether the locale of the terminal is Chinese (POSIX's order of variables)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := os.environ.get(name):
            return locale.startswith("zh")
    return False


def told(text: str) -> str:
    """Return a message in the language of the terminal, line by line; as it is where none is known."""
    if not speaks_chinese():
        return text
    return "\n".join(_chinese(line) for line in text.split("\n"))


def command(app: Typer) -> Callable[[], Any]:
    """Return the command of an app, whose help is in the language of the terminal."""
    made = get_command(app)
    if speaks_chinese():
        _translate(made)
    return made


def help_of(text: str) -> str | None:
    """Return the Chinese of a help text, found by its first line; None if there is none."""
    return _texts()["help"].get(text.strip().partition("\n")[0].strip())


def message_of(text: str) -> str | None:
    """Return the Chinese of a message; None if there is none."""
    for pattern, template in _patterns():
        if (found := pattern.fullmatch(text)) is not None:
            return template.format(*found.groups())
    return None


def _translate(made: Any) -> None:
    if made.help:
        made.help = help_of(made.help) or made.help
    for parameter in made.params:
        if text := getattr(parameter, "help", None):
            parameter.help = help_of(text) or text
    for each in getattr(made, "commands", {}).values():
        _translate(each)


def _chinese(line: str) -> str:
    return message_of(line) or line


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return the messages as patterns, those with the most words of their own first."""
    found = sorted(_texts()["messages"].items(), key=lambda each: -len(each[0]))
    return [(re.compile(re.escape(text).replace(r"\{\}", "(.*)")), said) for text, said in found]
