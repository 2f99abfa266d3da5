"""The command speaks Chinese where the terminal does: every help text and every message has its Chinese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from api.cli import app
from api.language import help_of, message_of
from tests.linli import Linli

ROOT = Path(__file__).parents[1]
FILES = [
    *ROOT.glob("api/*_command.py"),
    *(
        ROOT / "api" / name
        for name in ("cli.py", "terminal.py", "checkup.py", "session.py", "reading.py")
    ),
    *(ROOT / "tenants" / name for name in ("doctor.py", "backup.py", "restore.py")),
]
# What says something to people, by the name of the function that is called with it.
SAYS = {"fail", "print", "Finding", "_note", "BackupRefused"}
CHINESE = {"LANG": "zh_CN.UTF-8"}


def helps(command: Any) -> Iterator[str]:
    """Yield the help texts of a command and of all below it."""
    if command.help:
        yield command.help
    yield from (text for each in command.params if (text := getattr(each, "help", None)))
    for each in getattr(command, "commands", {}).values():
        yield from helps(each)


def template(node: ast.expr) -> str | None:
    """Return a text with `{}` where it has a value; None for what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values
        )
    return None


def messages() -> Iterator[str]:
    """Yield what the commands say, as the code has it, line by line."""
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts: dict[str, ast.expr] = {
            node.targets[0].id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(tree):
            name = getattr(getattr(node, "func", None), "attr", None) or getattr(
                getattr(node, "func", None), "id", None
            )
            if isinstance(node, ast.Call) and name in SAYS:
                for given in node.args:
                    named = texts.get(given.id) if isinstance(given, ast.Name) else given
                    if named is not None and (said := template(named)) is not None:
                        yield from said.split("\n")


def is_said(line: str) -> bool:
    """Return whether a line has words, and not only values and addresses."""
    bare = re.sub(r"\{\}|/\w+/|\[/?\w*\]|http\S*", "", line)
    return bool(re.search(r"[A-Za-z]{2}", bare))


@pytest.mark.once
def test_every_help_text_has_its_chinese() -> None:
    assert [text for text in helps(get_command(app)) if help_of(text) is None] == []


@pytest.mark.once
def test_every_message_has_its_chinese() -> None:
    found = [line for line in messages() if is_said(line)]
    assert len(found) > 80
    assert [line for line in found if message_of(line.replace("{}", "x").strip()) is None] == []


@pytest.mark.once
def test_it_speaks_as_the_terminal_does(tmp_path: Path) -> None:
    url = "postgresql:///none"
    english, chinese = Linli(tmp_path, url, LANG="C.UTF-8"), Linli(tmp_path, url, **CHINESE)
    assert "运行服务。" in chinese("serve", "--help", code=0).out
    assert "Serve the API." in english("serve", "--help", code=0).out
    invite = ("officers", "invite", "--district", "x", "--role", "DISTRICT_ADMIN", "--name", "王")
    assert chinese(*invite, code=1).err == "区的代码是六位数字。\n"
    assert english(*invite, code=1).err == "A district's code has six digits.\n"
    first = Linli(tmp_path, url, LC_ALL="en_GB.UTF-8", **CHINESE)
    assert first(*invite, code=1).err == "A district's code has six digits.\n"
