"""`linli pacts` verifies the texts of pacts, and prints one."""

from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from api.pact_page import collect, page
from api.remote import LOCAL, Failed, Remote, Token, Url, token_or_ask
from api.terminal import fail, out, postgres, settings_here, with_database
from tenants.db import Database
from tenants.pacts.verify import Verified
from tenants.pacts.verify import verify as verify_pacts
from tenants.places.tables import community_keys
from tenants.viewer import system

app = typer.Typer(no_args_is_help=True, help="The texts of pacts.")
_KEYS = sa.select(community_keys.c.community_id, community_keys.c.code)

Most = Annotated[int, typer.Option(min=1, help="How many findings of one community to print.")]


@app.command()
def verify(most: Most = 10) -> None:
    """Hash every published text again, and compare it with what was voted on, filed and audited."""
    with postgres(settings_here()) as settings:
        codes, verified = with_database(settings, _verify)
    out.print(f"{len(codes)} communities, {verified.versions} published texts")
    for community, findings in verified.findings.items():
        for text in findings[:most]:
            out.print(f"community {community} ({codes[community]}): {text}", markup=False)
        if len(findings) > most:
            out.print(f"community {community}: and {len(findings) - most} findings more")
    if any(verified.findings.values()):
        raise typer.Exit(1)
    out.print(
        "Every text is as it was published, voted on and filed. `linli audit verify` verifies the chain."
    )


@app.command(name="print")
def print_(
    pact: Annotated[str, typer.Argument(help="The pact's id: pct_…")],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The HTML page to write.")],
    url: Url = LOCAL,
    token: Token = None,
) -> None:
    """Write the text that a pact published last as a page to print; the token needs pact:read."""
    with Remote(url, token_or_ask(token)) as remote:
        try:
            asked = collect(pact)
            request = next(asked)
            while True:
                request = asked.send(remote.run(request[0], **request[1]))
        except StopIteration as ended:
            file.write_text(page(ended.value), encoding="utf-8")
        except LookupError:
            fail(f"There is no pact {pact} with a text, or it is not for you to see.")
        except Failed as error:
            fail(str(error))
    out.print(f"pact: written to {file}", markup=False)


async def _verify(database: Database) -> tuple[dict[int, str], Verified]:
    async with database.command(system(0)) as tx:
        codes = {row["community_id"]: row["code"] for row in await tx.rows(_KEYS)}
    return codes, await verify_pacts(database, codes)
