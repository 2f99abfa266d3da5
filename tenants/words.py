"""A closed list has words, each declared with what it means, in Chinese and in English."""

from enum import StrEnum, auto
from typing import Any, Self


class Words(StrEnum):
    """It is an enum of texts: `chinese` is a word's label, `english` a sentence about it, without a
    full stop.
    """

    _value_: str
    chinese: str
    english: str

    def __new__(cls, value: str, chinese: str, english: str) -> Self:
        """Make a member of its text and of what it means."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.chinese, made.english = chinese, english
        return made

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[Any]) -> str:  # noqa: ARG004 # enum's own signature
        return name


def word(chinese: str, english: str) -> Any:
    """Declare a member whose text is its name."""
    return auto(), chinese, english
