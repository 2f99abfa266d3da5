"""Every log line of the test run, and what must stand in none of them."""

import logging

from api.logs import JsonFormatter, hush

# Tokens, codes, phones, names and openids that the tests made up; each test adds its own.
UNSPEAKABLE: set[str] = set()
# What processes of their own logged: servers all they print, commands what they print for nobody.
ELSEWHERE: list[str] = []
_SHORTEST = 4


class Overheard(logging.Handler):
    """Keeps each line as the server writes it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.lines.append(self.format(record))


def unspeakable(word: str) -> str:
    """Note a word that no log may hold; gives it back."""
    assert len(word) >= _SHORTEST, "too short to be told from chance"
    UNSPEAKABLE.add(word)
    return word


def listen() -> Overheard:
    """Keep all that is logged from now on, however fine."""
    heard = Overheard()
    root = logging.getLogger()
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    hush()
    return heard


def leaks(lines: list[str], words: set[str]) -> list[str]:
    """Give the words that some line holds."""
    whole = "\n".join(lines)
    return sorted(word for word in words if word in whole)
