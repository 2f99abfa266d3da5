"""`linli backup` writes a server's whole data into a folder, and `linli restore` brings it back."""

from pathlib import Path
from typing import Annotated

import typer

from api.settings import Settings
from api.terminal import fail, out, postgres, settings_here, wait_for_postgres
from tenants.backup import BackupRefused, Place, back_up
from tenants.postgres_tools import ToolFailed
from tenants.restore import restore

Folder = Annotated[Path, typer.Argument(help="The folder of the backup.", file_okay=False)]


def backup_command(folder: Folder) -> None:
    """Write everything that the server keeps into a new folder; it may serve meanwhile.

    The folder holds the keys that open names and phones: keep it as you keep these.
    """
    with postgres(settings_here()) as settings:
        try:
            made = back_up(_place(settings), folder.absolute())
        except (BackupRefused, ToolFailed, OSError) as error:
            fail(f"No backup was made: {error}")
    out.print(
        f"{sum(made.rows.values())} rows and {made.images} image files, at migration "
        f"{made.migration}, in {folder}",
        markup=False,
    )


def restore_command(folder: Folder) -> None:
    """Restore a backup into an empty data folder and an empty database; then run `linli doctor`."""
    with postgres(settings_here()) as settings:
        wait_for_postgres(settings)
        try:
            done = restore(folder.absolute(), _place(settings), password=settings.role_password)
        except (BackupRefused, ToolFailed, OSError) as error:
            fail(f"Not restored: {error}")
    out.print(
        f"restored what was kept at {done.made_at}: {sum(done.rows.values())} rows and "
        f"{done.images} image files; run `linli migrate`, then `linli doctor`",
        markup=False,
    )


def _place(settings: Settings) -> Place:
    return Place(settings.data, settings.admin_url, settings.files)
