"""What the commands share: how they print, fail, read the settings and reach the database."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

import asyncpg
import typer
from rich.console import Console

from api.settings import Settings
from tenants.db import Database

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)
T = TypeVar("T")


def settings_here() -> Settings:
    """Read the settings from the environment, or end the command and say why not."""
    try:
        return Settings.from_environment()
    except ValueError as error:
        fail(str(error))


class Postgres:
    """The embedded PostgreSQL, started if needed and stopped by whoever started it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._started = False

    def __enter__(self) -> Settings:
        cluster = self._settings.cluster
        if cluster is not None:
            self._started = cluster.start()
        return self._settings

    def __exit__(self, *_: object) -> None:
        cluster = self._settings.cluster
        if cluster is not None and self._started:
            cluster.stop()


def with_database(settings: Settings, work: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    """Do the work with a database opened for it, or end the command and say why not."""

    async def run() -> T:
        try:
            database = await Database.connect(
                settings.role_urls(), size=4, statements=200, ring=settings.ring
            )
        except OSError as error:
            fail(f"The database cannot be reached: {error}")
        except asyncpg.PostgresError as error:
            fail(f"The database refuses us: {error}. Has `linli migrate` been run?")
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def fail(message: str) -> NoReturn:
    """End the command with a message."""
    err.print(message, style="red", markup=False)
    raise typer.Exit(1)
