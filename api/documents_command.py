"""`linli documents`: register the documents that a released client may send, by their ids only."""

from pathlib import Path
from typing import Annotated

import orjson
import psycopg
import typer

from api.engine.documents import Documents
from api.engine.errors import RequestError
from api.schema.schema import contract
from api.signin import MINI_PROGRAM
from api.terminal import err, fail, out, postgres, settings_here
from tenants.documents.service import id_of, register, unbind

app = typer.Typer(no_args_is_help=True, help="Trusted documents of released clients.")

File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, help="persisted-documents.json: {sha256: text}."),
]
ClientId = Annotated[str, typer.Option("--client", help="The client that will send them.")]


@app.command("register")
def register_command(file: File, client: ClientId = MINI_PROGRAM) -> None:
    """Register a manifest as graphql-codegen writes it (hashAlgorithm: sha256): all of it or nothing.

    From the first one on the client sends ids only. Register before the client is released; what
    was registered stays, since older versions go on sending it.
    """
    texts = _read(file)
    wrong = [told for text in texts if (told := _wrong(text)) is not None]
    for told in wrong:
        err.print(told, style="red", markup=False)
    if wrong:
        fail(f"{len(wrong)} of {len(texts)} documents are not good: nothing was registered.")
    with postgres(settings_here()) as settings:
        try:
            added = register(settings.admin_url, client, texts)
        except psycopg.Error as error:
            fail(f"Not registered: {str(error).strip()}")
    out.print(f"documents: {added} registered, {len(texts) - added} known")


@app.command("unbind")
def unbind_command(client: ClientId = MINI_PROGRAM) -> None:
    """Delete the documents of a client under development, which may send any text from then on."""
    with postgres(settings_here()) as settings:
        try:
            gone = unbind(settings.admin_url, client)
        except psycopg.Error as error:
            fail(f"Not deleted: {str(error).strip()}")
    out.print(f"documents: {gone} deleted")


def _read(file: Path) -> list[str]:
    try:
        manifest = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        fail(f"{file} is not JSON: {error}")
    if not isinstance(manifest, dict) or not manifest:
        fail(f"{file} holds no documents: it is {{id: text}}.")
    for key, text in manifest.items():
        if not isinstance(text, str) or key.removeprefix("sha256:") != id_of(text):
            fail(f"{key} is not the SHA-256 of its text: set hashAlgorithm to sha256.")
    return list(manifest.values())


def _wrong(text: str) -> str | None:
    try:
        Documents(contract().schema).read(text)
    except RequestError as error:
        reasons = "; ".join(each["message"] for each in error.errors)
        return f"{id_of(text)[:12]}… {' '.join(text.split())[:60]}: {reasons}"
    return None
