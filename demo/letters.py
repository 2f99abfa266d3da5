"""Invented people write these letters to their committee: letters.toml, with its slots filled."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_LETTERS = Path(__file__).parent / "data" / "letters.toml"


@dataclass(frozen=True)
class Letter:
    """It is one letter that can be written, and how it is handled."""

    title: str
    body: str
    category: str
    kind: str
    outcome: str = ""
    answer: str = ""
    callback: tuple[str, ...] = ()
    location: str | None = None
    urban: bool = False
    rural: bool = False
    rises: bool = False
    code: str = ""
    reason: str = ""
    route: str | None = None


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(_LETTERS.read_text())


@cache
def letters(kind: str = "") -> tuple[Letter, ...]:
    """Return the letters written in a community of this kind; all letters if `kind` is empty."""
    made = [_letter(each) for each in _file()["letters"]]
    left_out = {"VILLAGE": "urban", "RESIDENTIAL": "rural"}.get(kind)
    return tuple(each for each in made if left_out is None or not getattr(each, left_out))


@cache
def refused() -> tuple[Letter, ...]:
    """Return the letters that no committee accepts."""
    return tuple(_letter(each) for each in _file()["refused"])


def words() -> dict[str, Any]:
    """Return the texts that fit any letter."""
    return _file()["words"]


def _letter(given: dict[str, Any]) -> Letter:
    said: Any = given.get("callback", ())
    return Letter(
        **{name: value for name, value in given.items() if name != "callback"}, callback=tuple(said)
    )
