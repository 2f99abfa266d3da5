"""Count the lines and statements of api, tenants and demo at some commits: `python -m checks.size COMMIT …`."""

import ast
import subprocess
import sys
from pathlib import Path

from checks.lengths import FOLDERS

ROOT = Path(__file__).parents[1]
# What was built beside the structure, and is counted apart.
APART = ("tenants/votes/", "tenants/owners/", "demo/votes", "demo/owners", "demo/committee")
OF_VOTES = {
    "assemblies", "meetings", "meeting_verbs", "minutes", "minutes_queries", "property_areas", "rolls",
    "scrutineer", "scrutineer_command", "scrutiny", "secret_votes", "vote_verbs", "vote_results", "votes",
    "votes_command", "rule_confirmations", "demo_scrutineers",
}  # fmt: skip


def sizes(commit: str) -> tuple[int, int, int, int]:
    """Return lines and statements of a commit: of all, and without votes and owners."""
    listed = _git("ls-tree", "-r", "--name-only", commit, *FOLDERS)
    names = [name for name in listed.splitlines() if name.endswith(".py")]
    counted = {name: _counted(_git("show", f"{commit}:{name}")) for name in names}
    rest = [both for name, both in counted.items() if not _is_apart(name)]
    return (
        *(sum(column) for column in zip(*counted.values(), strict=True)),
        *(sum(column) for column in zip(*rest, strict=True)),
    )  # type: ignore[return-value] # two pairs


def _counted(text: str) -> tuple[int, int]:
    statements = sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(text)))
    return len(text.splitlines()), statements


def _is_apart(name: str) -> bool:
    return name.startswith(APART) or (name.startswith("api/") and Path(name).stem in OF_VOTES)


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603, S607 # git as the developer has it
    return done.stdout


if __name__ == "__main__":
    for each in sys.argv[1:] or ["HEAD"]:
        lines, statements, rest_lines, rest_statements = sizes(each)
        sys.stdout.write(
            f"{each}: {lines} lines, {statements} statements; "
            f"without votes and owners {rest_lines} lines, {rest_statements} statements\n"
        )
