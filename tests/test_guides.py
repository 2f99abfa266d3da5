"""The guides in docs/: every command in them is run in order, and its output is as shown."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.auth import Tokens
from api.keys import Keys
from api.settings import Settings
from tests.demonstration import Demonstration
from tests.linli import COMMAND
from tests.overheard import unspeakable

DOCS = Path(__file__).parents[1] / "docs"
# a guide is a page with commands to paste, each followed by what it shows
GUIDES = sorted(page for page in DOCS.glob("*.md") if "```sh" in page.read_text(encoding="utf-8"))
README = DOCS.parent / "README.md"
ADDRESS = "http://127.0.0.1:8000"
END = "-- end of block --"


@dataclass(frozen=True)
class Step:
    """It is a block of commands, and its expected output: kind and text, if the guide shows it."""

    commands: str
    kind: str
    shown: str


def steps_of(guide: str) -> list[Step]:
    """Return the blocks of a guide; the expected output follows its commands directly."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    assert {kind for kind, _ in blocks} <= {"sh", "json", "text"}
    steps: list[Step] = []
    for (kind, text), (after, shown) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if kind == "sh":
            steps.append(Step(text, *(("", "") if after == "sh" else (after, shown))))
    return steps


def like(shown: Any, real: Any) -> bool:
    """Return whether an answer has the shape that is shown.

    Objects must have the same keys; each element of a list must be like one that is shown; texts must
    be equal except where `…` stands for anything; any number matches a number.
    """
    if isinstance(shown, dict):
        return (
            isinstance(real, dict)
            and list(shown) == list(real)
            and all(like(shown[key], real[key]) for key in shown)
        )
    if isinstance(shown, list):
        if not isinstance(real, list) or bool(shown) != bool(real):
            return False
        return all(any(like(one, each) for one in shown) for each in real)
    if isinstance(shown, str) and isinstance(real, str):
        return spelled(shown, real)
    if isinstance(shown, bool) or shown is None:
        return shown is real
    return isinstance(real, int) and not isinstance(real, bool)


def spelled(shown: str, real: str) -> bool:
    """Return whether a text is as shown, where `…` stands for anything."""
    parts = (re.escape(part.strip(" ")) for part in shown.split("…"))
    return re.fullmatch(r"[\s\S]*".join(parts), real) is not None


class Shell:
    """It is one shell that runs the blocks of a guide, as a reader's shell does."""

    def __init__(self, address: str, home: Path) -> None:
        self._address = address
        path = f"{COMMAND.parent}:/usr/local/bin:/usr/bin:/bin"
        self._process = subprocess.Popen(
            ["bash"],
            cwd=home,
            env={"PATH": path, "HOME": str(home), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def run(self, commands: str) -> str:
        """Run a block; return everything that it printed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(
            f"{commands.replace(ADDRESS, self._address)}\necho; echo '{END}'\n"
        )
        self._process.stdin.flush()
        said: list[str] = []
        for line in self._process.stdout:
            if line == f"{END}\n":
                return "".join(said).strip()
            said.append(line)
        raise AssertionError(f"the shell ended: {''.join(said)}")

    def close(self) -> None:
        """Kill the shell."""
        with self._process:  # which closes its pipes
            self._process.kill()


@pytest.fixture
def shell(demo: Demonstration, tmp_path: Path) -> Iterator[Shell]:
    """Give a new reader's shell."""
    made = Shell(demo.url, tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_shows_what_happens(guide: Path, shell: Shell) -> None:
    text = guide.read_text(encoding="utf-8")
    steps = steps_of(text)
    assert len([step for step in steps if step.kind]) >= 4

    for step in steps:
        said = shell.run(step.commands)
        if step.kind == "json":
            assert like(json.loads(step.shown), json.loads(said)), f"{step.commands}\n{said}"
        elif step.kind == "text":
            assert spelled(step.shown.strip(), said), f"{step.commands}\n{said}"
        else:
            assert said == "", step.commands


def test_a_printed_token_spends_the_budget_of_whoever_signs_in(demo: Demonstration) -> None:
    role = "COMMITTEE_MEMBER"
    printed = unspeakable(demo.linli("token", role, code=0).out.strip())
    payers = {
        Tokens(Keys(demo.settings.data / "keys"), issuer, 28800).verify(token, time.time()).payer
        for token, issuer in (
            (printed, Settings.public_url),
            (demo.token(role), demo.settings.public_url),
        )
    }
    assert len(payers) == 1


def test_a_printed_token_is_taken_wherever_the_demo_listens(demo: Demonstration) -> None:
    told = demo.settings.data / "demo-address"
    told.write_text(demo.settings.public_url)  # as `linli demo` writes it
    try:
        printed = unspeakable(demo.linli("token", "RESIDENT", code=0).out.strip())
    finally:
        told.unlink()
    answer = httpx.post(
        f"{demo.url}/graphql",
        json={"query": "{ viewer { roles } }"},
        headers={"authorization": f"Bearer {printed}"},
    )
    assert answer.json() == {"data": {"viewer": {"roles": ["RESIDENT"]}}}


def test_there_is_a_guide_for_each_who_comes() -> None:
    assert [guide.stem for guide in GUIDES] == ["admin-tool", "mini-program", "third-party"]
    for guide in GUIDES:
        assert f"(docs/{guide.name})" in README.read_text(encoding="utf-8")


def test_the_readmes_first_query_shows_a_board(demo: Demonstration, shell: Shell) -> None:
    (query,) = re.findall(
        r"^```sh\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    token = unspeakable(demo.token("RESIDENT"))
    said = json.loads(shell.run(query.replace("$(.venv/bin/linli token RESIDENT)", token)))
    assert "errors" not in said
    assert len(said["data"]["board"]["posts"]["nodes"]) == 3


@pytest.mark.parametrize(
    ("shown", "real", "is_like"),
    [
        ({"a": 1}, {"a": 7}, True),
        ({"a": 1}, {"a": "7"}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": None}, {"a": 0}, False),
        ({"a": True}, {"a": False}, False),
        ([{"a": "x…"}], [{"a": "xy"}, {"a": "xz"}], True),
        ([{"a": "x…"}], [{"a": "xy"}, {"a": "z"}], False),
        ([1], [], False),
        ([], [1], False),
        ("same", "other", False),
    ],
)
def test_a_shape_is_told_from_another(shown: Any, real: Any, is_like: bool) -> None:
    assert like(shown, real) is is_like
