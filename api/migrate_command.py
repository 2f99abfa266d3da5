"""`linli migrate` brings roles, database and schema up to date."""

from typing import Annotated

import psycopg
import typer
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from api.settings import Settings
from api.terminal import fail, out, postgres, settings_here, wait_for_postgres
from tenants.migrate import migrate as run_migrations


def migrate(
    to: Annotated[str, typer.Option(help="The migration to stop at.")] = "head",
) -> None:
    """Create the roles and the database where they are missing, and bring the schema up to date."""
    with postgres(settings_here()) as settings:
        migrated(settings, to)
    out.print("migrated")


def migrated(settings: Settings, to: str = "head") -> None:
    """Bring roles, database and schema up to date; end the command if that fails."""
    wait_for_postgres(settings)
    try:
        run_migrations(settings.admin_url, password=settings.role_password, to=to)
    except (psycopg.Error, DBAPIError, CommandError) as error:
        fail(f"Not migrated: {str(getattr(error, 'orig', error)).strip()}")
