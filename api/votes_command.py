"""`linli votes`: count a published vote again, settle a dispute over a ballot, print minutes, archive."""

import json
import zipfile
from collections.abc import Generator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, TypeVar

import httpx
import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.archive import Broken, check, gather, pack, published_files
from api.minutes import Facts, Request, collect, page
from api.remote import LOCAL, Failed, Remote, Token, Url, token_or_ask
from api.terminal import fail, out
from tenants.votes.dispute import Finding, Receipt, settle

# one page of Python that shares no code with the server: anybody can run it without Linli
T = TypeVar("T")
_VERIFIER: Any = import_module("verifier.linli_verify")
app = typer.Typer(no_args_is_help=True, help="Published votes, minutes and archives of meetings.")

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The published file.")]
Key = Annotated[
    str | None,
    typer.Option(
        "--server-key",
        help="The server's public key in hexadecimal, as you know it from elsewhere. Without it the "
        "file shows only that it agrees with itself.",
    ),
]
_SAID = {
    Finding.COUNTED: "The ballot is in every list: it was counted.",
    Finding.VOID: "The ballot was opened, and is void: it is not marked as it may be.",
    Finding.UNOPENED: "The quorum was missed: no ballot was opened.",
    Finding.NOT_OF_THIS_RECEIPT: "The seed and the marks are not those of this receipt, or the server "
    "did not sign it.",
    Finding.LOST_BY_SERVER: "The server gave a receipt, and the ballot is not in its urn: the server lost it.",
    Finding.LOST_BY_FIRST: "The ballot was in the urn and was not handed on: the first scrutineer lost it.",
    Finding.LOST_BY_SECOND: "The ballot was handed on and is in no list: the second scrutineer lost it.",
}


@app.command()
def verify(file: File, server_key: Key = None) -> None:
    """Check a published file, or the archive of a meeting, and count it again.

    Of a published file every signature and every list is checked; of an archive every hash, and each
    published file in it.
    """
    is_archive = zipfile.is_zipfile(file)
    found = (
        _archive_recounted(file, server_key) if is_archive else _recounted(_read(file), server_key)
    )
    out.print(f"Everything holds. Counted: {json.dumps(found, ensure_ascii=False)}", markup=False)


@app.command()
def minutes(
    meeting: Annotated[str, typer.Argument(help="The meeting's id: mtg_…")],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The HTML page to write.")],
    url: Url = LOCAL,
    token: Token = None,
) -> None:
    """Write the minutes of a meeting as a page to print, with room for signatures.

    It has what the token's owner may see: the staff sees attendance, proxies and service, and a result
    once it is published. The token needs vote:read and member:read.
    """
    with Remote(url, token_or_ask(token)) as remote:
        file.write_text(page(_driven(remote, collect(meeting), meeting)), encoding="utf-8")
    out.print(f"minutes: written to {file}", markup=False)


@app.command()
def archive(
    meeting: Annotated[str, typer.Argument(help="The meeting's id: mtg_…")],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The ZIP file to write.")],
    url: Url = LOCAL,
    token: Token = None,
) -> None:
    """Write all papers of a meeting into one file: notice, roll, attendance, ballots, results, minutes.

    It has what the token's owner may see, and the hash of each part; `linli votes verify` checks it.
    The token needs vote:read and member:read.
    """
    with Remote(url, token_or_ask(token)) as remote:
        found = _driven(remote, gather(meeting), meeting)
        published = {vote: _fetched(url, path) for vote, path in published_files(found).items()}
    file.write_bytes(pack(found, published, datetime.now(UTC)))
    out.print(f"archive: written to {file}", markup=False)


@app.command()
def dispute(
    file: File,
    ballot: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="What the voter's device keeps: JSON with seed, marks, receipt and signature.",
        ),
    ],
    server_key: Annotated[
        str, typer.Option("--server-key", help="The server's public key, known from elsewhere.")
    ],
) -> None:
    """Say what became of one ballot, and who answers for it; shown by the voter's seed alone."""
    published, kept = _read(file), _read(ballot)
    _recounted(published, server_key)
    try:
        receipt = Receipt(kept["receipt"], bytes.fromhex(kept["signature"]))
        seed, marks = bytes.fromhex(kept["seed"]), bytes(kept["marks"])
        server = Ed25519PublicKey.from_public_bytes(bytes.fromhex(server_key))
    except (KeyError, TypeError, ValueError) as error:
        fail(f"{ballot} or the key cannot be read: {error}")
    finding, place = settle(published, server, receipt, seed, marks)
    out.print(_SAID[finding] + (f" Scrutineer at place {place}." if place else ""))
    if finding is not Finding.COUNTED:
        raise typer.Exit(1)


def _archive_recounted(file: Path, server_key: str | None) -> dict[str, Any]:
    try:
        by_name, secret = check(file.read_bytes())
    except (Broken, ValueError, KeyError, TypeError, IndexError, AssertionError) as error:
        fail(f"It does not hold: {error}")
    return {**by_name, **{name: _recounted(each, server_key) for name, each in secret.items()}}


def _driven(remote: Remote, asked: Generator[Request, Facts, T], meeting: str) -> T:
    """Send the requests of a generator and return what it makes of the answers."""
    try:
        request = next(asked)
        while True:
            query, variables = request
            request = asked.send(remote.run(query, **variables))
    except StopIteration as ended:
        found: T = ended.value
        return found
    except LookupError:
        fail(f"There is no meeting {meeting}, or it is not for you to see.")
    except Failed as error:
        fail(str(error))


def _fetched(url: str, path: str) -> bytes:
    """Return a published file; it needs no token."""
    try:
        answer = httpx.get(f"{url.rstrip('/')}{path}", timeout=60)
        return answer.raise_for_status().content
    except httpx.HTTPError as error:
        fail(f"{path} cannot be fetched: {error}")


def _recounted(file: Any, server_key: str | None) -> dict[str, Any]:
    try:
        return _VERIFIER.verify(file, server_key)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, StopIteration) as error:
        fail(f"It does not hold: {error}")


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        fail(f"{file} is no JSON.")
