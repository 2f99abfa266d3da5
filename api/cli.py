"""Run the server and look after its database: this is the command `linli`."""

import asyncio
import io
import os
import signal
import sys
from typing import NoReturn

import typer

from api.affairs_command import app as affairs_app
from api.applications_command import app as applications_app
from api.audit_command import app as audit_app
from api.backup_command import backup_command, restore_command
from api.checkup import examine_settings
from api.communities_command import app as communities_app
from api.documents_command import app as documents_app
from api.keys import Keys
from api.language import command, told
from api.migrate_command import migrate
from api.notices_command import app as notices_app
from api.officers_command import app as officers_app
from api.pacts_command import app as pacts_app
from api.petitions_command import app as petitions_app
from api.schema.schema import sdl
from api.scrutineer_command import app as scrutineer_app
from api.serve_command import demo, serve
from api.signin_command import signin, signout
from api.terminal import fail, out, postgres, settings_here, with_database
from api.token_command import token
from api.votes_command import app as votes_app
from tenants.db import Database
from tenants.diagrams import page
from tenants.doctor import examine
from tenants.domains import DOMAINS
from tenants.identity import authenticators, ring_marks
from tenants.identity.store import identity
from tenants.membership.service.resealing import reseal
from tenants.viewer import Principal

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="邻里 Linli: a GraphQL API for the common affairs of residential communities.",
)
keys_app = typer.Typer(no_args_is_help=True, help="The keys that sign access tokens.")
secrets_app = typer.Typer(no_args_is_help=True, help="The keys that seal what is personal.")
_GROUPS = {
    "communities": communities_app, "keys": keys_app, "secrets": secrets_app, "audit": audit_app,
    "officers": officers_app, "petitions": petitions_app, "documents": documents_app,
    "scrutineer": scrutineer_app, "votes": votes_app, "affairs": affairs_app, "pacts": pacts_app,
    "applications": applications_app, "notices": notices_app,
}  # fmt: skip
for _name, _group in _GROUPS.items():
    app.add_typer(_group, name=_name)
for _command in (demo, serve, migrate, token, signin, signout):
    app.command()(_command)
app.command("backup")(backup_command)
app.command("restore")(restore_command)


@app.command()
def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    typer.echo(sdl(), nl=False)


@app.command()
def procedures() -> None:
    """Print the procedures as a page: a diagram of each, and who may do what in which state."""
    typer.echo(page(DOMAINS.procedures), nl=False)


@app.command()
def doctor() -> None:
    """Say in plain words what is wrong with the database, the ring, the roles and each setting."""
    with postgres(settings_here()) as settings:
        findings = with_database(settings, examine)
        findings += asyncio.run(examine_settings(settings))
    for finding in findings:
        label = f"[red]{told('grave')}[/] " if finding.grave else f"{told('note')}  "
        out.print(f"{label} {told(finding.text)}")
    if not findings:
        out.print("The database, the ring, the roles and the settings are as they must be.")
    if any(finding.grave for finding in findings):
        raise typer.Exit(1)


@keys_app.command()
def rotate() -> None:
    """Sign with a new key from now on. Tokens signed before stay good until they expire."""
    out.print(f"now signing with {Keys(settings_here().data / 'keys').rotate()}")


@secrets_app.command("rotate")
def rotate_secrets() -> None:
    """Seal what is personal with a new key from now on, and seal anew what older keys sealed.

    A key that has not sealed for a day is dropped.
    """
    with postgres(settings_here()) as settings:
        sealed, dropped = with_database(settings, _rotate_ring)
    out.print(f"{sealed} envelopes sealed anew, {dropped} retired keys dropped")


def main() -> None:
    """Run the command. SIGTERM ends it like an exception, so that PostgreSQL is stopped too.

    The umask makes every file that it writes readable by its owner only.
    """
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _leave)
    for stream in (sys.stdout, sys.stderr):
        # a terminal that knows no Chinese shows question marks in place of it
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        command(app)()
    except OSError as error:
        sys.exit(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))


def _leave(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


async def _rotate_ring(database: Database) -> tuple[int, int]:
    """Seal everything with a new key; return how many envelopes were sealed, and keys dropped."""
    async with identity(database) as store:
        if missing := await ring_marks.missing(store):
            fail(f"The ring lacks keys that sealed this database: {', '.join(missing)}.")
        database.ring.rotate()
        await ring_marks.mark(store)
        sealed = await authenticators.reseal(store)
    async with database.pools[Principal.DISTRICT].acquire() as connection:
        numbers = await connection.fetch("select community_id from reference.community_key")
    sealed += sum([await reseal(database, row["community_id"]) for row in numbers])
    retired = database.ring.retired()
    async with identity(database) as store:
        await ring_marks.forget(store, retired)
    database.ring.drop(retired)
    return sealed, len(retired)
