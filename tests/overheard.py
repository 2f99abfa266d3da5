"""Collects every log line of the test run, and the secret words that no line may contain."""

import logging
import os
import subprocess
from tempfile import NamedTemporaryFile

from api.logs import JsonFormatter, hush

# Tokens, codes, phones, names and openids that the tests made up; each test adds its own.
UNSPEAKABLE: set[str] = set()
# The logs of other processes: everything from servers, standard error from commands.
ELSEWHERE: list[str] = []
_SHORTEST = 4


class Overheard(logging.Handler):
    """Keeps each line as the server writes it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(self.format(record))


def unspeakable(word: str) -> str:
    """Note a word that no log may contain; return it."""
    assert len(word) >= _SHORTEST, "too short to be told from chance"
    UNSPEAKABLE.add(word)
    return word


def listen() -> Overheard:
    """Keep everything that is logged from now on, at any level."""
    heard = Overheard()
    root = logging.getLogger()
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    hush()
    return heard


def leaks(lines: list[str], words: set[str]) -> list[str]:
    """Return the words that some line contains.

    A run prints 100 MB and makes up ten thousand words: `grep` looks for all of them at once, and only
    the lines that it finds are searched for each.
    """
    if not words:
        return []
    with NamedTemporaryFile("w", encoding="utf-8") as patterns:
        patterns.write("\n".join(words))
        patterns.flush()
        found = subprocess.run(
            ["grep", "--text", "--fixed-strings", f"--file={patterns.name}"],
            input="\n".join(lines), capture_output=True, encoding="utf-8", errors="surrogateescape",
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
    assert found.returncode in {0, 1}, found.stderr
    return sorted(word for word in words if word in found.stdout)
