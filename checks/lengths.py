"""A source file has at most 300 lines. The files that are still longer are listed, and the list shrinks."""

from pathlib import Path

LIMIT = 300
FOLDERS = ("api", "tenants", "demo")
LIST = Path("checks") / "long-files.txt"


def faults(root: Path) -> list[str]:
    """Say which file is too long and not listed, and which is listed for no reason."""
    listed = {line for line in (root / LIST).read_text().splitlines() if not line.startswith("#")}
    lines = {
        path.relative_to(root).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*.py"))
    }
    too_long = {name: count for name, count in lines.items() if count > LIMIT}
    return [
        *(
            f"{name} has {count} lines, more than {LIMIT}: split it"
            for name, count in too_long.items()
            if name not in listed
        ),
        *(
            f"{name} has no more than {LIMIT} lines, or is gone: take it out of {LIST}"
            for name in sorted(listed - set(too_long))
        ),
    ]
