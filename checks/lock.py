"""The lock files hold what pyproject.toml asks for, with hashes, and this environment is what they say.

`requirements/run.txt` is what `make run` installs, `requirements/dev.txt` what `make test` does.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

RUN, DEV = Path("requirements/run.txt"), Path("requirements/dev.txt")


@dataclass(frozen=True)
class Pin:
    """It is one package of a lock file: its only version, where it is wanted, how many files may be it."""

    version: str
    marker: str
    hashes: int

    @property
    def is_wanted(self) -> bool:
        """Return whether it is for this Python on this system."""
        return not self.marker or Requirement(f"any; {self.marker}").marker.evaluate()  # pyright: ignore[reportOptionalMemberAccess]


def faults(root: Path) -> list[str]:
    """Say where lock files, pyproject.toml and this environment differ."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    run, dev = ((root / name).read_text(encoding="utf-8") for name in (RUN, DEV))
    pins = pins_of(dev)
    return [
        *_of_the_text(RUN, run),
        *_of_the_text(DEV, dev),
        *_unmet(RUN, wanted(project, "build"), pins_of(run)),
        *_unmet(DEV, wanted(project, "dev"), pins),
        *(
            f"{RUN} and {DEV} have different versions of {name}"
            for name, pin in pins_of(run).items()
            if name not in pins or pins[name].version != pin.version
        ),
        *_of_this_environment(wanted(project, "dev"), pins),
    ]


def pins_of(text: str) -> dict[str, Pin]:
    """Read the packages of a lock file."""
    found: dict[str, Pin] = {}
    for entry in re.split(r"\n(?=\w)", text):
        if line := re.match(r"([\w.-]+)==([\w.+]+)(?: ; ([^\\\n]+?))? \\\n", entry):
            name, version, marker = line.groups()
            found[name] = Pin(version, marker or "", entry.count("--hash=sha256:"))
    return found


def wanted(project: dict[str, Any], group: str) -> list[Requirement]:
    """Give what the project needs to run, and what a group of pyproject.toml adds."""
    return [
        Requirement(line) for line in [*project["project"]["dependencies"], *_group(project, group)]
    ]


def _group(project: dict[str, Any], name: str) -> Iterator[str]:
    for entry in project["dependency-groups"][name]:
        if isinstance(entry, str):
            yield entry
        else:
            yield from _group(project, entry["include-group"])


def _of_the_text(name: Path, text: str) -> Iterator[str]:
    """Lock files hold packages with hashes only, and no address of an index, no file and no path."""
    if "--only-binary :all:" not in text:
        yield f"{name} lets a package be built from its source, with tools that no lock names"
    for number, line in enumerate(text.splitlines(), 1):
        if "://" in line or re.match(r"\s*--(?!only-binary|hash)", line):
            yield f"{name}:{number} says where to look for packages"
    for package, pin in pins_of(text).items():
        if not pin.hashes:
            yield f"{name} has no hash of {package}"


def _unmet(name: Path, wants: list[Requirement], pins: dict[str, Pin]) -> Iterator[str]:
    for want in wants:
        pin = pins.get(canonicalize_name(want.name))
        if pin is None or not want.specifier.contains(pin.version):
            yield f"{name} has no version that is {want}: run `make lock`"


def _of_this_environment(wants: list[Requirement], pins: dict[str, Pin]) -> Iterator[str]:
    """What is installed is what is locked, and all that is locked is needed."""
    here = {canonicalize_name(each.metadata["Name"]): each.version for each in distributions()}
    for name, version in sorted(here.items()):
        if name in pins and pins[name].version != version:
            yield f"{name} is installed as {version}, and {DEV} has {pins[name].version}"
    needed = _closure(wants)
    for name, pin in pins.items():
        if pin.is_wanted and name not in here:
            yield f"{name} of {DEV} is not installed"
        elif pin.is_wanted and name not in needed:
            yield f"nothing needs {name} of {DEV}: run `make lock`"


def _closure(wants: list[Requirement]) -> set[str]:
    """Give the names of all that is needed here, and what that needs, as the installed packages say."""
    seen: set[tuple[str, str]] = set()
    waiting = [(want, "") for want in wants]
    while waiting:
        want, extra = waiting.pop()
        if want.marker is not None and not want.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(want.name)
        for chosen in {"", *want.extras}:
            if (name, chosen) not in seen:
                seen.add((name, chosen))
                waiting += [(each, chosen) for each in _requirements(name)]
    return {name for name, _ in seen}


def _requirements(name: str) -> list[Requirement]:
    try:
        return [Requirement(line) for line in distribution(name).requires or []]
    except PackageNotFoundError:
        return []
