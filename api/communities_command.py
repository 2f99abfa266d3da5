"""`linli communities`: the tree of places, as a CSV says it."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
import typer
from rich.progress import Progress

from api.administration import bring_in, read_communities
from api.reading import Encoding
from api.terminal import fail, out, postgres, settings_here, with_database
from tenants.columns import TENANT
from tenants.db import Database
from tenants.errors import NotFound, Refused
from tenants.membership.service import first_secretary
from tenants.membership.tables import join_codes
from tenants.places.tables import community_keys
from tenants.transaction import Client, Tx
from tenants.viewer import system

app = typer.Typer(no_args_is_help=True, help="The tree of places.")
T = TypeVar("T")

Code = Annotated[str, typer.Argument(help="The community's code, twelve digits.")]


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    encoding: Encoding = None,
) -> None:
    """Bring the communities to what a CSV says; may be run again. Nothing is ever deleted."""
    try:
        rows = read_communities(file, encoding)
    except ValueError as error:
        fail(str(error))
    with postgres(settings_here()) as settings:
        with_database(settings, lambda database: bring_in_all(database, rows))


@app.command("join-code")
def join_code(community: Code) -> None:
    """Print the address of a community's join code, for the first who joins it."""
    with postgres(settings_here()) as settings:
        code = with_database(settings, lambda database: _in(database, community, _join_code))
        out.print(f"{settings.public_url}/join/{code}", markup=False)


@app.command("first-secretary")
def first_secretary_command(
    community: Code,
    name: Annotated[str, typer.Option(help="The name that the applicant goes by.")],
    reason: Annotated[str, typer.Option(help="Who decided it, as the audit keeps it.")],
) -> None:
    """Let an applicant in as secretary of a community that has none; the secretary lets in the others."""

    async def appoint(tx: Tx) -> None:
        await first_secretary.appoint(tx, display_name=name, reason=reason)

    with postgres(settings_here()) as settings:
        try:
            with_database(settings, lambda database: _in(database, community, appoint))
        except NotFound:
            fail(f"Nobody who goes by {name} has applied there.")
        except Refused as refused:
            fail(refused.message)
    out.print(f"{name} is the secretary", markup=False)


async def _in(database: Database, code: str, work: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
    """Do the work inside the community of this code; end the command if there is none."""
    async with database.command(system(0)) as tx:
        found = await tx.row(_NUMBER, v_code=code)
    if found is None:
        fail(f"There is no community {code}: `linli communities import` brings it in.")
    actor = system(0)
    client = Client(actor.client_id, "")
    async with database.act(actor, client, database.clock(), found["community_id"]) as tx:
        return await work(tx)


async def _join_code(tx: Tx) -> str:
    found = await tx.row(_JOIN_CODE)
    assert found is not None  # noqa: S101 # every community is founded with one
    return found["code"]


_NUMBER = sa.select(community_keys.c.community_id).where(
    community_keys.c.code == sa.bindparam("v_code", type_=sa.Text())
)
_JOIN_CODE = sa.select(join_codes.c.code).where(
    join_codes.c.community_id == TENANT, join_codes.c.revoked_at.is_(None)
)


async def bring_in_all(database: Database, rows: list[dict[str, str]]) -> None:
    """Bring the communities to what the rows say, and print what that changed."""
    with Progress(console=out, transient=True, disable=not out.is_terminal) as progress:
        task = progress.add_task("communities", total=len(rows))
        try:
            outcomes = await bring_in(database, rows, lambda n: progress.advance(task, n))
        except Refused as refused:
            fail(refused.message)
    created, changed, unchanged = (outcomes[each] for each in ("CREATED", "CHANGED", "UNCHANGED"))
    out.print(f"communities: {created} created, {changed} changed, {unchanged} unchanged")
