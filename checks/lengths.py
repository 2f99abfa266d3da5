"""A source file has at most 300 lines."""

from pathlib import Path

LIMIT = 300
FOLDERS = ("api", "tenants", "demo")


def faults(root: Path) -> list[str]:
    """Say which file is too long."""
    lines = {
        path.relative_to(root).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*.py"))
    }
    return [
        f"{name} has {count} lines, more than {LIMIT}: split it"
        for name, count in lines.items()
        if count > LIMIT
    ]
