"""`linli audit`: verify the audit entries and report any that were changed."""

from typing import Annotated

import sqlalchemy as sa
import typer

from api.keys import Keys
from api.settings import Settings
from api.terminal import out, postgres, settings_here, with_database
from tenants.audit.verify import Verified
from tenants.audit.verify import verify as verify_audit
from tenants.db import Database
from tenants.places.tables import community_keys
from tenants.viewer import system

app = typer.Typer(no_args_is_help=True, help="The trace of what was done.")
_KEYS = sa.select(community_keys.c.community_id, community_keys.c.code)

Most = Annotated[int, typer.Option(min=1, help="How many findings of one place to print.")]


@app.callback()
def audit() -> None:
    """Keep `verify` a command of its own name, alone as it is."""


@app.command()
def verify(most: Most = 10) -> None:
    """Recompute every community's and district's chain and hold it against the signed checkpoints in the files."""
    with postgres(settings_here()) as settings:
        codes, verified = with_database(settings, lambda database: _verify(database, settings))
    out.print(
        f"{len(verified.communities)} communities, {len(verified.districts)} districts, "
        f"{verified.entries} entries, "
        f"{verified.checkpoint_count} checkpoints"
    )
    for text in verified.checkpoints:
        out.print(f"checkpoints: {text}", markup=False)
    places = {
        f"community {community} ({codes.get(community, 'no code')})": findings
        for community, findings in verified.communities.items()
    } | {f"district {district}": findings for district, findings in verified.districts.items()}
    for place, findings in places.items():
        for text in findings[:most]:
            out.print(f"{place}: {text}", markup=False)
        if len(findings) > most:
            out.print(f"{place}: and {len(findings) - most} findings more")
    out.print(
        "Entries younger than the last checkpoint (by default 60 seconds at most) "
        "are protected by their chain only."
    )
    if any(verified):
        raise typer.Exit(1)
    out.print("Every chain is whole, and every checkpoint is met.")


async def _verify(database: Database, settings: Settings) -> tuple[dict[int, str], Verified]:
    async with database.command(system(0)) as tx:
        codes = {row["community_id"]: row["code"] for row in await tx.rows(_KEYS)}
    keys = Keys(settings.checkpoint_keys)
    return codes, await verify_audit(database, codes, settings.checkpoints, keys.verifies)
