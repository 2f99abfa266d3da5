"""The examples in examples/queries, read as the console reads them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

FOLDER = Path(__file__).parents[1] / "examples" / "queries"
_HEAD = re.compile(r"^# (roles|zh|en|ids|variables): (.+)$")
_IN_DAYS = re.compile(r"\$in(\d+)days")


@dataclass(frozen=True)
class Example:
    """It is a document, the roles that may run it, and its variables.

    In `variables`, `$a.0.b` is looked up in the answer to the query `ids`; `$a.c=false.b` is that of
    the first item whose `c` is false; `$key` is a new idempotency key; `$in7days` is a week from now.
    """

    name: str
    roles: tuple[str, ...]
    titles: tuple[str, str]
    ids: str | None
    variables: Any
    text: str

    def filled(self, run: Callable[[str], Any]) -> Any:
        """Return the variables, with what `run` answers to the query of ids."""
        return _filled(self.variables, run(self.ids) if self.ids else {})


def examples() -> list[Example]:
    """Return all examples by name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.graphql"))]


def _read(path: Path) -> Example:
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [found for line in lines if (found := _HEAD.match(line))]
    head = {found[1]: found[2] for found in heads}
    assert len(head) == len(heads), path
    return Example(
        path.stem,
        tuple(head["roles"].split(", ")),
        (head["zh"], head["en"]),
        head.get("ids"),
        json.loads(head.get("variables", "{}")),
        "\n".join(lines[len(heads) :]),
    )


def _filled(value: Any, answer: Any) -> Any:
    if isinstance(value, dict):
        return {name: _filled(each, answer) for name, each in value.items()}
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    if value == "$key":
        return str(uuid4())
    if (days := _IN_DAYS.fullmatch(value)) is not None:
        return (datetime.now(UTC) + timedelta(days=int(days[1]))).isoformat()
    for step in value[1:].split("."):
        answer = _at(answer, step)
    return answer


def _at(found: Any, step: str) -> Any:
    name, is_choice, wanted = step.partition("=")
    if is_choice:
        return next(each for each in found if json.dumps(each[name]) == wanted)
    return found[int(step) if step.isdigit() else step]
