"""`linli demo` and `linli serve`: start the server, and say so once it answers."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from uuid import UUID

import httpx
import typer
import uvicorn
from rich.progress import Progress

from api.administration import mint, read_communities
from api.checkup import examine_storage
from api.communities_command import bring_in_all
from api.logs import configure
from api.metrics import in_memory
from api.migrate_command import migrated
from api.page import folder
from api.serving import APPLICATION, listeners, options
from api.settings import Settings
from api.terminal import fail, out, postgres, settings_here, with_database
from api.workers import run
from demo.people import DemoPerson, person_of, principals
from demo.seed import seed
from tenants.db import Database
from tenants.doctor import Finding, examine
from tenants.identity.store import identity
from tenants.scopes import Role

DEMO_CSV = Path(__file__).parents[1] / "demo" / "data" / "baoshan-communities.csv"
_ANNOUNCED: tuple[str, ...] = (
    Role.RESIDENT,
    Role.COMMITTEE_MEMBER,
    Role.PARTY_SECRETARY,
    Role.DISTRICT_ADMIN,
)
_ASK_AGAIN_SECONDS = 0.2
_ADDRESS = "demo-address"

Port = Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Workers = Annotated[int, typer.Option(min=1, help="How many server processes.")]


def demo(port: Port = 8000, host: Host = "127.0.0.1", workers: Workers = 1) -> None:
    """Serve the demo district: 567 communities of Baoshan, with people who talk. Safe to repeat."""
    os.environ.setdefault("LINLI_DEMO", "1")
    os.environ.setdefault("LINLI_PUBLIC_URL", f"http://{host}:{port}")
    with postgres(settings_here()) as settings:
        migrated(settings)
        (settings.data / _ADDRESS).write_text(settings.public_url)
        people = with_database(settings, _prepare_demo)
        payers = with_database(settings, lambda database: persons_behind(database, people))
        tokens = {
            role: mint(settings, people[role], payers[role])
            for role in _ANNOUNCED
            if role in people
        }
        _serve(settings, host, port, workers, lambda: _announce(host, port, people, tokens))


def serve(port: Port = 8000, host: Host = "127.0.0.1", workers: Workers = 1) -> None:
    """Serve the API. The database must be migrated; `linli doctor` says whether it is fit."""
    with postgres(settings_here()) as settings:
        found = with_database(settings, _examined(settings), patience=settings.start_seconds)
        grave = [finding.text for finding in found if finding.grave]
        if grave:
            fail("\n".join(grave))
        _serve(settings, host, port, workers, lambda: out.print(f"ready: http://{host}:{port}"))


def told_address(data: Path) -> str | None:
    """Return the address that the demo of this data folder was last started with, if it was."""
    file = data / _ADDRESS
    return file.read_text() if file.is_file() else None


async def _prepare_demo(database: Database) -> dict[str, DemoPerson]:
    if not (people := await principals(database)):
        await bring_in_all(database, read_communities(DEMO_CSV))
        with Progress(console=out, transient=True, disable=not out.is_terminal) as progress:
            tasks: dict[str, Any] = {}

            def show(what: str, done: int, total: int) -> None:
                task = tasks.setdefault(what, progress.add_task(what, total=total))
                progress.update(task, completed=done)

            await seed(database, on_progress=show)
        people = await principals(database)
    return people


async def persons_behind(database: Database, people: dict[str, DemoPerson]) -> dict[str, UUID]:
    """Return the person behind each of the demo's people, whose budget their tokens spend."""
    async with identity(database) as store:
        return {role: await person_of(store, person) for role, person in people.items()}


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
    os.environ["LINLI_LOG_LEVEL"] = settings.log_level
    configure(settings.log_level)
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
        # a thread of its own: uvicorn's parent only waits for its workers
        asking = threading.Thread(target=_once_ready, args=(host, port, announce), daemon=True)
        asking.start()
        run(APPLICATION, workers, **how)


def _once_ready(host: str, port: int, announce: Callable[[], None]) -> None:
    """Call `announce` when a worker answers that it is ready."""
    here = "127.0.0.1" if host in ("0.0.0.0", "") else f"[{host}]" if ":" in host else host  # noqa: S104 # compared, not bound
    while True:
        try:
            if httpx.get(f"http://{here}:{port}/readyz", timeout=5).status_code == 200:
                return announce()
        except httpx.HTTPError:
            pass
        time.sleep(_ASK_AGAIN_SECONDS)


def _examined(settings: Settings) -> Callable[[Database], Any]:
    async def both(database: Database) -> list[Finding]:
        return await examine(database) + await examine_storage(settings)

    return both
