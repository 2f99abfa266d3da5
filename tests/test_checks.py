"""`make lint` finds a file that is too long, and a lock file that differs from pyproject.toml."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from checks import lengths, lock

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.once


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a copy of the files that the lock is checked against."""
    (tmp_path / "requirements").mkdir()
    for name in ("pyproject.toml", lock.RUN, lock.DEV):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def changed(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text(encoding="utf-8")
    assert change(text) != text
    path.write_text(change(text), encoding="utf-8")


def test_the_lock_is_what_the_project_asks_for(project: Path) -> None:
    assert lock.faults(project) == []
    assert len(lock.pins_of((project / lock.RUN).read_text())) > 40


def test_a_dependency_that_is_not_locked_is_found(project: Path) -> None:
    changed(
        project / "pyproject.toml",
        lambda text: text.replace('"orjson>=', '"anew>=1",\n  "orjson>='),
    )

    assert [
        f"{name} has no version that is anew>=1: run `make lock`" for name in (lock.RUN, lock.DEV)
    ] == lock.faults(project)


def test_a_version_that_is_too_old_is_found(project: Path) -> None:
    changed(project / "pyproject.toml", lambda text: text.replace('"orjson>=3', '"orjson>=999.3'))

    assert len(lock.faults(project)) == 2


def test_two_locks_that_differ_are_found(project: Path) -> None:
    changed(project / lock.RUN, lambda text: text.replace("orjson==", "orjson==9"))

    assert lock.faults(project) == [f"{lock.RUN} and {lock.DEV} have different versions of orjson"]


def test_a_package_that_nothing_needs_is_found(project: Path) -> None:
    changed(project / "pyproject.toml", lambda text: text.replace('  "ruff>=', '  # "ruff>='))

    assert lock.faults(project) == [f"nothing needs ruff of {lock.DEV}: run `make lock`"]


def test_a_version_that_is_not_installed_is_found(project: Path) -> None:
    changed(project / lock.DEV, lambda text: text.replace("ruff==", "ruff==9"))

    (fault,) = lock.faults(project)
    assert fault.startswith("ruff is installed as ")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--extra-index-url packages.example", "says where to look for packages"),
        ("anew @ file:///tmp/anew.whl", "says where to look for packages"),
        ("anew==1.0 \\\n    # via orjson", "has no hash of anew"),
    ],
)
def test_a_lock_names_no_place_and_has_hashes(project: Path, line: str, said: str) -> None:
    changed(project / lock.DEV, lambda text: f"{text}{line}\n")

    assert any(said in fault for fault in lock.faults(project))


def test_a_package_may_not_be_built_by_what_no_lock_names(project: Path) -> None:
    changed(project / lock.RUN, lambda text: text.replace("--only-binary :all:\n", ""))

    (fault,) = lock.faults(project)
    assert "built from its source" in fault


def test_a_long_file_is_found(tmp_path: Path) -> None:
    for folder in lengths.FOLDERS:
        (tmp_path / folder).mkdir()
    for name, lines in {"api/fits.py": 300, "tenants/new.py": 301, "demo/short.py": 1}.items():
        (tmp_path / name).write_text("x = 1\n" * lines)

    assert lengths.faults(tmp_path) == ["tenants/new.py has 301 lines, more than 300: split it"]
