"""What the commands share: how they print, fail, read the settings and reach the database."""

import asyncio
from collections.abc import Callable, Coroutine, Generator, Iterable, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, NoReturn, TypeVar

import asyncpg
import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.settings import Settings
from tenants.db import Database
from tenants.errors import Unavailable
from tenants.outages import outlasted
from tenants.supervisor import Supervisor

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)
T = TypeVar("T")
# what is no terminal has no width
_wide = Console(highlight=False, width=1000)


def settings_here() -> Settings:
    """Read the settings from the environment, or end the command and say why not."""
    try:
        return Settings.from_environment()
    except ValueError as error:
        fail(str(error))


@contextmanager
def postgres(settings: Settings) -> Generator[Settings]:
    """Have the embedded PostgreSQL run for the length of the block, unless another is named."""
    cluster = settings.cluster
    with Supervisor(cluster) if cluster is not None else nullcontext():
        yield settings


def with_database(
    settings: Settings, work: Callable[[Database], Coroutine[Any, Any, T]], *, patience: float = 0
) -> T:
    """Do the work with a database opened for it, or end the command and say why not.

    A database that cannot serve yet is waited for, for so many seconds.
    """

    async def opened() -> Database:
        return await Database.connect(
            settings.role_urls(), size=4, statements=200, ring=settings.ring
        )

    async def run() -> T:
        try:
            database = await outlasted(opened, patience)
        except Unavailable as error:
            fail(f"The database cannot be reached: {error.__cause__ or error.reason}")
        except asyncpg.PostgresError as error:
            fail(f"The database refuses us: {error}. Has `linli migrate` been run?")
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table. What people wrote is shown as text: it colours nothing and moves no cursor."""
    made = Table(box=None, pad_edge=False)
    for column in columns:
        # an id is there to be copied
        made.add_column(column, overflow="fold", no_wrap=column == "id")
    for row in rows:
        made.add_row(*(Text(_printable(str(cell))) for cell in row))
    (out if out.is_terminal else _wide).print(made, soft_wrap=False)


def as_json(value: object) -> None:
    """Print what a program will read."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def fail(message: str) -> NoReturn:
    """End the command with a message."""
    err.print(message, style="red", markup=False)
    raise typer.Exit(1)


def report(refused: Iterable[str]) -> None:
    """Say what was refused, at the end; then the command has failed."""
    refused = list(refused)
    for each in refused:
        err.print(each, style="red", markup=False)
    if refused:
        raise typer.Exit(1)
