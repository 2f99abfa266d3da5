"""Commands share how they print, fail, read the settings and open the database."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any, NoReturn, TypeVar

import asyncpg
import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.language import told
from api.settings import Settings
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.errors import Unavailable
from tenants.outages import outlasted, unreachable
from tenants.supervisor import Supervisor
from tenants.workdays import SHANGHAI


class Spoken(Console):
    """This console says what it prints in the language of the terminal."""

    def print(self, *objects: Any, **how: Any) -> None:
        """Print the objects; texts are translated."""
        super().print(*(told(each) if isinstance(each, str) else each for each in objects), **how)


out = Spoken(highlight=False, soft_wrap=True)
err = Spoken(highlight=False, soft_wrap=True, stderr=True)
T = TypeVar("T")
# output that goes to no terminal has no width of its own
_wide = Console(highlight=False, width=1000)


def settings_here() -> Settings:
    """Return the settings from the environment; end the command if they are wrong."""
    try:
        return Settings.from_environment()
    except ValueError as error:
        fail(str(error))


@contextmanager
def postgres(settings: Settings) -> Generator[Settings]:
    """Run the embedded PostgreSQL for the length of the block, unless another database is set."""
    cluster = settings.cluster
    with Supervisor(cluster) if cluster is not None else nullcontext():
        yield settings


def with_database(
    settings: Settings, work: Callable[[Database], Coroutine[Any, Any, T]], *, patience: float = 0
) -> T:
    """Open a database, do the work and return its result; end the command if it cannot be opened.

    Waits up to `patience` seconds for a database that cannot serve yet.
    """

    async def opened() -> Database:
        return await Database.connect(
            settings.role_urls(), DOMAINS, size=4, statements=200, ring=settings.ring
        )

    async def run() -> T:
        try:
            database = await _patiently(opened, patience)
        except asyncpg.InvalidPasswordError as error:
            fail(f"The database refuses us: {error}. {_password_advice(settings)}")
        except asyncpg.PostgresError as error:
            fail(f"The database refuses us: {error}. Has `linli migrate` been run?")
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def _password_advice(settings: Settings) -> str:
    if settings.role_password:
        return "Is LINLI_ROLE_PASSWORD the one that `linli migrate` was run with?"
    return "Set LINLI_ROLE_PASSWORD, run `linli migrate` with it, and then this again."


def wait_for_postgres(settings: Settings) -> None:
    """Wait until PostgreSQL accepts connections; end the command after LINLI_START_SECONDS."""

    async def reach() -> None:
        try:
            # every server has this database; ours may not exist yet
            connection = await asyncpg.connect(settings.admin_url, database="postgres")
        except Exception as error:
            if (meant := unreachable(error)) is None:
                raise
            raise meant from error
        await connection.close()

    try:
        asyncio.run(_patiently(reach, settings.start_seconds))
    except asyncpg.PostgresError as error:
        fail(f"The database refuses us: {error}.")


async def _patiently(work: Callable[[], Awaitable[T]], seconds: float) -> T:
    """Return the result of `work`, retried while the database is unavailable; then end the command."""
    try:
        return await outlasted(work, seconds)
    except Unavailable as error:
        fail(f"The database cannot be reached: {error.__cause__ or error.reason}")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table. Cells are printed as plain text: they set no colour and move no cursor."""
    made = Table(box=None, pad_edge=False)
    for column in columns:
        # ids stay whole, so that they can be copied
        made.add_column(column, overflow="fold", no_wrap=column == "id")
    for row in rows:
        made.add_row(*(Text(_printable(str(cell))) for cell in row))
    (out if out.is_terminal else _wide).print(made, soft_wrap=False)


def local(moment: str) -> str:
    """Return a moment of the API as the clocks in China show it, to the minute."""
    return datetime.fromisoformat(moment).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def as_json(value: object) -> None:
    """Print a value as JSON for programs."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def fail(message: str) -> NoReturn:
    """Print a message and end the command with status 1."""
    err.print(message, style="red", markup=False)
    raise typer.Exit(1)


def report(refused: Iterable[str]) -> None:
    """Print what was refused; if anything was, end the command with status 1."""
    refused = list(refused)
    for each in refused:
        err.print(each, style="red", markup=False)
    if refused:
        raise typer.Exit(1)
