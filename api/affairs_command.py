"""`linli affairs` prints what the communities under an officer owe by law, as a table."""

from datetime import datetime
from typing import Annotated, Any

import typer

from api.remote import LOCAL, Failed, Remote, Token, Url, token_or_ask
from api.terminal import fail, table
from tenants.affairs.words import ObligationState
from tenants.workdays import SHANGHAI

app = typer.Typer(no_args_is_help=True, help="Open affairs: what communities owe by law.")
_OWED = """query ($after: Cursor, $state: ObligationState) { district {
  obligations(first: 50, after: $after, state: $state) { pageInfo { hasNextPage endCursor }
    nodes { name source dueAt state community { code name } } } } }"""
_SAID = {ObligationState.OVERDUE: "逾期 overdue", ObligationState.DUE: "待完成 due"}


@app.callback()
def affairs() -> None:
    """Keep `due` a command of its own name, alone as it is."""


@app.command()
def due(
    every: Annotated[
        bool, typer.Option("--all", help="What is due and not late as well; else what is late.")
    ] = False,
    url: Url = LOCAL,
    token: Token = None,
) -> None:
    """Print what the communities under an officer owe by law, late first, soonest due first.

    The token is an officer's, with district:read.
    """
    rows: list[list[str]] = []
    with Remote(url, token_or_ask(token)) as remote:
        try:
            for state in _SAID if every else [ObligationState.OVERDUE]:
                found = remote.pages(_OWED, "district", "obligations", state=state.value)
                rows += [_row(each, state) for each in found]
        except Failed as error:
            fail(str(error))
    table(["community", "", "what", "by", "due", ""], rows)


def _row(owed: dict[str, Any], state: ObligationState) -> list[str]:
    by = datetime.fromisoformat(owed["dueAt"]).astimezone(SHANGHAI)
    place = owed["community"]
    return [
        place["code"], place["name"], owed["name"], owed["source"], f"{by:%Y-%m-%d %H:%M}", _SAID[state]
    ]  # fmt: skip
