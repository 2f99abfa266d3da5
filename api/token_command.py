"""`linli token` prints a token of a person of the demo."""

import os
from typing import Annotated

import typer

from api.administration import mint
from api.serve_command import persons_behind, told_address
from api.terminal import fail, postgres, settings_here, with_database
from demo.people import principals
from tenants.scopes import Role, Scope


def token(
    role: Annotated[Role, typer.Argument(help="The role of the demo person to speak for.")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="Narrow the token to this scope; repeatable.")
    ] = None,
) -> None:
    """Print a fresh token of a demo person. In demo mode only (LINLI_DEMO=1 or `linli demo`)."""
    os.environ.setdefault("LINLI_DEMO", "1")
    # a server takes tokens of its own address only: the demo's, wherever it listens
    if (address := told_address(settings_here().data)) is not None:
        os.environ.setdefault("LINLI_PUBLIC_URL", address)
    with postgres(settings_here()) as settings:
        people = with_database(settings, principals)
        if role not in people:
            fail("There is no demo district here yet: run `linli demo` first.")
        payers = with_database(settings, lambda database: persons_behind(database, people))
    typer.echo(mint(settings, people[role], payers[role], frozenset(scope) if scope else None))
