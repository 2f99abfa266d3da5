"""Name the machine, and the versions of all software that took part."""

import json
import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

from bench.contenders import NODE, POSTGRAPHILE_FOLDER
from bench.ground import ROOT

_PACKAGES = ("strawberry-graphql", "graphql-core", "asyncpg", "starlette", "uvicorn", "uvloop")


def versions(postgresql: str) -> dict[str, str]:
    """Return a line for each."""
    package = POSTGRAPHILE_FOLDER / "node_modules" / "postgraphile" / "package.json"
    postgraphile = json.loads(package.read_text())["version"]
    wrk = re.search(r"wrk (\S+)", _output("wrk", "--version"))
    listed = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return {
        "CPU": f"{_processor()}, {os.cpu_count()} cores, {_memory()} GB",
        "System": f"{platform.system()} {platform.release()}",
        "Python": f"{platform.python_version()}; {listed}",
        "PostgreSQL": postgresql,
        "Node": f"{_output(str(NODE), '--version')}; PostGraphile {postgraphile}",
        "wrk": wrk[1] if wrk else "unknown",
        "linli": _revision(),
    }


def _revision() -> str:
    """Return the measured commit, with a + if files differ from it."""
    head = _output("git", "rev-parse", "--short", "HEAD")
    changed = _output("git", "status", "--porcelain", "--untracked-files=no")
    return head + ("+" if changed else "")


def _output(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 # our own commands
    return (done.stdout or done.stderr).strip()


def _processor() -> str:
    found = Path("/proc/cpuinfo")
    lines = found.read_text().splitlines() if found.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
