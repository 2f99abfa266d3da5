"""docs/add-a-domain.md, followed to the letter in a copy of the project: what it takes, and that it works."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "add-a-domain.md"
BLOCK = re.compile(r"^```(python|diff|console)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOST_FILES, MOST_EDITS = 4, 6
EXPORTS = "tests/tenants/test_exports.py"
PRINTS = (
    "linli schema > schema.graphql",
    "linli procedures > docs/procedures.md",
    "python -m tests.test_permissions",
)
# the same in one process: importing takes longer than printing
PRINTER = """
from pathlib import Path
from runpy import run_module
from typer.testing import CliRunner
from api.cli import app
for name, to in (("schema", "schema.graphql"), ("procedures", "docs/procedures.md")):
    Path(to).write_text(CliRunner().invoke(app, [name]).output)
run_module("tests.test_permissions", run_name="__main__")
"""
PRINTED = {"schema.graphql", "docs/procedures.md", "tests/permissions.txt", "tests/exports.txt"}
# its own test, and what is generated from the schema, the domains and the tables
CHECKS = (
    "tests/tenants/test_loans.py",
    "tests/test_migrations.py::test_they_make_to_the_letter_what_the_tables_declare",
    "tests/test_migrations.py::test_the_steps_are_numbered_in_one_line",
    "tests/test_isolation_above.py::test_every_wall_before_the_district_asks_for_a_desk_or_for_no_department",
    "tests/test_texts.py::test_every_text_of_the_schema_is_of_one_kind",
    "tests/test_domains.py", "tests/test_procedures.py", "tests/test_schema.py", "tests/test_vocabulary.py",
    "tests/test_schema_bindings.py", "tests/test_scalars.py", "tests/engine/test_verbs.py",
    "tests/test_permissions.py::test_the_matrix_is_the_reviewed_one",
    "tests/test_permissions.py::test_every_mutation_needs_a_scope_and_says_so_in_three_places",
    "tests/test_permissions.py::test_viewer_can_tells_of_every_mutation_on_a_row",
    f"{EXPORTS}::test_every_exported_column_was_reviewed",
)  # fmt: skip
# a copy has no last commit to compare the schema with; the rest plants faults that it knows already
QUIETLY = (
    "-q",
    "-p",
    "no:cacheprovider",
    "-k",
    "not 15 and not is_gone and not is_noticed and not second_word and not promises_is",
)


@dataclass(frozen=True)
class Copy:
    """It is a copy of the project in which the page was followed."""

    folder: Path
    files: list[str]
    edits: list[str]

    def run(self, *command: str | Path) -> str:
        """Run a command there; return its output."""
        paths = os.pathsep.join(str(each) for each in (self.folder, Path(sys.executable).parent))
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=120,
            env={**os.environ, "PYTHONPATH": str(self.folder), "PATH": f"{paths}:{os.environ['PATH']}"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, *arguments: str) -> str:
        """Run Python there."""
        return self.run(sys.executable, *arguments)


def edited(text: str, hunk: str) -> str:
    """Return a text with one hunk of a diff in it; its old lines must stand there exactly once."""
    lines = hunk.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] != "+")
    assert text.count(old) == 1, hunk
    return text.replace(old, "".join(line[1:] for line in lines if line[0] != "-"))


def blocks(*kinds: str) -> Iterator[tuple[str, str]]:
    """Yield the blocks of code on the page of some kinds: name of the file, text."""
    last = max(path.name[:4] for path in (ROOT / "migrations/versions").glob("[0-9]*.py"))
    page = PAGE.read_text(encoding="utf-8")
    for word, number in (("LAST", last), ("NEXT", f"{int(last) + 1:04}")):
        page = page.replace(word, number)
    yield from ((name, text) for kind, name, text in BLOCK.findall(page) if kind in kinds)


def copied(folder: Path) -> None:
    """Copy the project: what git knows, or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def followed(folder: Path) -> Copy:
    """Copy the project, write the page's files, make its edits, and print what it says to print."""
    copied(folder)
    copy = Copy(folder, [], [])
    for name, text in blocks("python"):
        assert not (folder / name).exists(), name
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        copy.files.append(name)
    for name, text in blocks("diff"):
        path = folder / name
        path.write_text(edited(path.read_text(encoding="utf-8"), text), encoding="utf-8")
        copy.edits.append(name)
    ((_, shell),) = blocks("console")
    assert re.sub(r"[ \n]+", " ", shell).strip() == " ".join(
        (*PRINTS, f"pytest --review {EXPORTS}")
    )
    copy.python("-c", PRINTER)
    return copy


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Give the copy."""
    return followed(tmp_path_factory.mktemp("loans"))


def differences(copy: Copy) -> set[str]:
    """Return the files of the copy that are new or other than here."""
    return {
        name
        for path in copy.folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
        for name in [path.relative_to(copy.folder).as_posix()]
        if not (ROOT / name).exists() or (ROOT / name).read_bytes() != path.read_bytes()
    }


def test_its_own_test_and_what_is_generated_pass(copy: Copy) -> None:
    printed = (copy.folder / "schema.graphql").read_text()
    assert "requestLoan(" in printed
    assert "type LoanConnection " in printed
    assert "issueLoan on loan (duty:manage)" in (copy.folder / "tests/permissions.txt").read_text()
    assert "LAPSED" in (copy.folder / "docs/procedures.md").read_text()

    told = copy.python("-m", "pytest", "--review", *CHECKS, *QUIETLY)

    assert re.search(r"\d{3} passed", told), told
    assert "\nloan: what they borrowed\n" in (copy.folder / "tests/exports.txt").read_text()
    copy.run(Path(sys.executable).parent / "lint-imports", "--no-cache")


def test_a_domain_takes_four_files_and_six_edits(copy: Copy) -> None:
    assert len(copy.files) <= MOST_FILES, copy.files
    assert len(copy.edits) <= MOST_EDITS, copy.edits
    changed = differences(copy)
    assert {*copy.files, *copy.edits} <= changed
    assert changed <= {*copy.files, *copy.edits, *PRINTED}
