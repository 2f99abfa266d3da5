"""The pages for people: links lead somewhere, and commands, settings and targets that are named are there."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from api.cli import app
from tests import proofs

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
HEADINGS = ["## Context", "## Decision", "## Consequences", "## Alternatives"]
pytestmark = pytest.mark.once


def prose(page: Path) -> str:
    """Return a page without its blocks of code."""
    return re.sub(
        r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )


def name(page: Path) -> str:
    """Return how a page is named in a test."""
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """Return where a link can lead inside a page."""
    titles = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    lost: list[str] = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_the_readme_is_read_at_one_sitting() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_the_pages_are_found_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    docs = [page for page in PAGES if page.parent == ROOT / "docs"]
    assert [name(page) for page in docs if f"({name(page)})" not in readme] == []


def test_decisions_are_numbered_and_listed() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| \[(.*)\]\((.*)\) \|$", index, re.MULTILINE)
    titles = [page.read_text(encoding="utf-8").splitlines()[0] for page in DECISIONS]
    assert [f"# {number}. {title}" for number, title, _ in rows] == titles
    assert [file for *_, file in rows] == [page.name for page in DECISIONS]
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_why_what_and_instead_of_what(page: Path) -> None:
    _, *parts = re.split(r"^(## .*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert parts[::2] == HEADINGS
    assert all(len(text.split()) > 3 for text in parts[1::2])


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_that_are_named_are_there(page: Path) -> None:
    unknown: list[str] = []
    for words in re.findall(r"`(?:\.venv/bin/)?linli ([^`]*)`", prose(page)):
        command: Any = typer.main.get_command(app)
        for word in words.split():
            below = getattr(command, "commands", None)
            if below is None:
                break
            if word not in below:
                unknown.append(words)
                break
            command = below[word]
        options = {flag for each in command.params for flag in each.opts}
        unknown += [flag for flag in re.findall(r"--[a-z-]+", words) if flag not in options]
    assert unknown == []


def test_all_settings_are_described_and_no_other() -> None:
    def settings(path: Path) -> set[str]:
        return set(re.findall(r"LINLI_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))

    api = ROOT / "api"
    assert settings(ROOT / "docs" / "operations.md") == {
        *settings(api / "settings.py"),
        *(settings(api / "app.py") & {"LINLI_LOG_LEVEL"}),
    }
    read = set[str]().union(
        *(settings(path) for path in [*api.glob("*.py"), Path(proofs.__file__)])
    )
    assert {name(page): settings(page) - read for page in PAGES if settings(page) - read} == {}


def test_targets_that_are_named_are_there() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = {line.split()[0] for line in told.stdout.splitlines()}
    named = {target for page in PAGES for target in re.findall(r"`make ([a-z-]+)", prose(page))}
    assert named <= targets, named - targets
    wanted = "help run test test-fast check lint format bench prove lock coverage"
    assert set(wanted.split()) <= targets
    hooks = re.findall(r"entry: make (.*)", (ROOT / ".pre-commit-config.yaml").read_text())
    assert hooks == ["check", "test-fast"]
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "make test"
