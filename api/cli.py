"""The command `linli`: run the server and look after its database."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, NoReturn
from uuid import UUID

import psycopg
import typer
import uvicorn
from alembic.util import CommandError
from rich.progress import Progress
from sqlalchemy.exc import DBAPIError

from api.administration import bring_in, mint, read_communities
from api.applications_command import app as applications_app
from api.audit_command import app as audit_app
from api.documents_command import app as documents_app
from api.keys import Keys
from api.logs import configure
from api.metrics import in_memory
from api.notices_command import app as notices_app
from api.officers_command import app as officers_app
from api.page import folder
from api.petitions_command import app as petitions_app
from api.reading import Encoding
from api.schema.schema import sdl
from api.scrutineer_command import app as scrutineer_app
from api.serving import APPLICATION, listeners, options
from api.settings import Settings
from api.signin_command import signin, signout
from api.terminal import fail, out, postgres, settings_here, wait_for_postgres, with_database
from api.votes_command import app as votes_app
from api.workers import run
from demo.people import DemoPerson, person_of, principals
from demo.seed import seed
from tenants.db import Database
from tenants.diagrams import page
from tenants.doctor import examine
from tenants.domains import DOMAINS
from tenants.errors import Refused
from tenants.identity.store import identity
from tenants.membership.service.resealing import reseal
from tenants.migrate import migrate as run_migrations
from tenants.scopes import Role, Scope
from tenants.viewer import Principal

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="邻里 Linli: a GraphQL API for the common affairs of residential communities.",
)
communities_app = typer.Typer(no_args_is_help=True, help="The tree of places.")
keys_app = typer.Typer(no_args_is_help=True, help="The keys that sign access tokens.")
secrets_app = typer.Typer(no_args_is_help=True, help="The keys that seal what is personal.")
_GROUPS = {
    "communities": communities_app, "keys": keys_app, "secrets": secrets_app, "audit": audit_app,
    "officers": officers_app, "petitions": petitions_app, "documents": documents_app,
    "scrutineer": scrutineer_app, "votes": votes_app,
    "applications": applications_app, "notices": notices_app,
}  # fmt: skip
for _name, _group in _GROUPS.items():
    app.add_typer(_group, name=_name)
app.command()(signin)
app.command()(signout)

DEMO_CSV = Path(__file__).parents[1] / "demo" / "data" / "baoshan-communities.csv"
_ANNOUNCED: tuple[str, ...] = (
    Role.RESIDENT,
    Role.COMMITTEE_MEMBER,
    Role.PARTY_SECRETARY,
    Role.DISTRICT_ADMIN,
)

Port = Annotated[int, typer.Option(help="The port to listen on.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Workers = Annotated[int, typer.Option(min=1, help="How many server processes.")]


@app.command()
def demo(port: Port = 8000, host: Host = "127.0.0.1", workers: Workers = 1) -> None:
    """Serve the demo district: 567 communities of Baoshan, with people who talk. Safe to repeat."""
    os.environ.setdefault("LINLI_DEMO", "1")
    os.environ.setdefault("LINLI_PUBLIC_URL", f"http://{host}:{port}")
    with postgres(settings_here()) as settings:
        _migrate(settings)
        people = with_database(settings, _prepare_demo)
        payers = with_database(settings, lambda database: _payers(database, people))
        tokens = {
            role: mint(settings, people[role], payers[role])
            for role in _ANNOUNCED
            if role in people
        }
        _serve(settings, host, port, workers, lambda: _announce(host, port, people, tokens))


@app.command()
def serve(port: Port = 8000, host: Host = "127.0.0.1", workers: Workers = 1) -> None:
    """Serve the API. The database must be migrated; `linli doctor` says whether it is fit."""
    with postgres(settings_here()) as settings:
        found = with_database(settings, examine, patience=settings.start_seconds)
        grave = [finding.text for finding in found if finding.grave]
        if grave:
            fail("\n".join(grave))
        _serve(settings, host, port, workers, lambda: out.print(f"ready: http://{host}:{port}"))


@app.command()
def migrate(
    to: Annotated[str, typer.Option(help="The migration to stop at.")] = "head",
) -> None:
    """Create the roles and the database where they are missing, and bring the schema up to date."""
    with postgres(settings_here()) as settings:
        _migrate(settings, to)
    out.print("migrated")


@app.command()
def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    typer.echo(sdl(), nl=False)


@app.command()
def procedures() -> None:
    """Print the procedures as a page: a diagram of each, and who may do what in which state."""
    typer.echo(page(DOMAINS.procedures), nl=False)


@app.command()
def token(
    role: Annotated[Role, typer.Argument(help="The role of the demo person to speak for.")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="Narrow the token to this scope; repeatable.")
    ] = None,
) -> None:
    """Print a fresh token of a demo person. In demo mode only (LINLI_DEMO=1 or `linli demo`)."""
    os.environ.setdefault("LINLI_DEMO", "1")
    with postgres(settings_here()) as settings:
        people = with_database(settings, principals)
        if role not in people:
            fail("There is no demo district here yet: run `linli demo` first.")
        payers = with_database(settings, lambda database: _payers(database, people))
    typer.echo(mint(settings, people[role], payers[role], frozenset(scope) if scope else None))


@app.command()
def doctor() -> None:
    """Say in plain words what is wrong with the database, the roles and the settings."""
    with postgres(settings_here()) as settings:
        findings = with_database(settings, examine)
    for finding in findings:
        out.print(f"[red]grave[/]  {finding.text}" if finding.grave else f"note   {finding.text}")
    if not findings:
        out.print("The database, its roles, its walls and its settings are as they must be.")
    if any(finding.grave for finding in findings):
        raise typer.Exit(1)


@communities_app.command("import")
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
        with_database(settings, lambda database: _import(database, rows))


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
        settings.ring.rotate()
        sealed = with_database(settings, _reseal_all)
        dropped = settings.ring.drop_retired()
    out.print(f"{sealed} envelopes sealed anew, {dropped} retired keys dropped")


def main() -> None:
    """Run the command. SIGTERM ends it like an exception, so that PostgreSQL is stopped too.

    The umask makes every file it writes (images, metrics, exports, keys) readable by its owner
    only.
    """
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _leave)
    app()


def _leave(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


def _migrate(settings: Settings, to: str = "head") -> None:
    wait_for_postgres(settings)
    try:
        run_migrations(settings.admin_url, password=settings.role_password, to=to)
    except (psycopg.Error, DBAPIError, CommandError) as error:
        fail(f"Not migrated: {str(getattr(error, 'orig', error)).strip()}")


async def _prepare_demo(database: Database) -> dict[str, DemoPerson]:
    if not (people := await principals(database)):
        await _import(database, read_communities(DEMO_CSV))
        with Progress(console=out, transient=True, disable=not out.is_terminal) as progress:
            tasks: dict[str, Any] = {}

            def show(what: str, done: int, total: int) -> None:
                task = tasks.setdefault(what, progress.add_task(what, total=total))
                progress.update(task, completed=done)

            await seed(database, on_progress=show)
        people = await principals(database)
    return people


async def _payers(database: Database, people: dict[str, DemoPerson]) -> dict[str, UUID]:
    async with identity(database) as store:
        return {role: await person_of(store, person) for role, person in people.items()}


async def _reseal_all(database: Database) -> int:
    async with database.pools[Principal.DISTRICT].acquire() as connection:
        numbers = await connection.fetch("select community_id from reference.community_key")
    return sum([await reseal(database, row["community_id"]) for row in numbers])


async def _import(database: Database, rows: list[dict[str, str]]) -> None:
    with Progress(console=out, transient=True, disable=not out.is_terminal) as progress:
        task = progress.add_task("communities", total=len(rows))
        try:
            outcomes = await bring_in(database, rows, lambda n: progress.advance(task, n))
        except Refused as refused:
            fail(refused.message)
    told = ", ".join(
        f"{outcomes[what]} {what.lower()}" for what in ("CREATED", "CHANGED", "UNCHANGED")
    )
    out.print(f"communities: {told}")


def _announce(host: str, port: int, people: dict[str, DemoPerson], tokens: dict[str, str]) -> None:
    out.print(f"\nready: http://{host}:{port}/graphql")
    if folder() is not None:
        out.print(f"open:  http://{host}:{port}/ in a browser\n")
    for role, minted in tokens.items():
        person = people[role]
        out.print(f"[bold]{role}[/] {person.display_name}, {person.place_name}")
        out.print(f"{minted}\n")


class _Announcing(uvicorn.Server):
    """This server announces when it is ready."""

    announce: Callable[[], None]

    async def startup(self, sockets: Any = None) -> None:
        """Start, then call `announce`."""
        await super().startup(sockets)
        if self.started:
            self.announce()


def _serve(
    settings: Settings, host: str, port: int, workers: int, announce: Callable[[], None]
) -> None:
    os.environ["LINLI_WORKERS"] = str(workers)
    # each worker reads this variable and logs in the same way
    level = os.environ.setdefault("LINLI_LOG_LEVEL", "WARNING" if settings.demo else "INFO")
    configure(level)
    how = options(host, port)
    if workers == 1:
        config = uvicorn.Config(APPLICATION, **how)
        server = _Announcing(config)
        server.announce = announce
        server.run(listeners(config))
        if not server.started:
            raise typer.Exit(1)
        return
    with TemporaryDirectory(prefix="linli-metrics-", dir=in_memory()) as counts:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
        announce()
        run(APPLICATION, workers, **how)
