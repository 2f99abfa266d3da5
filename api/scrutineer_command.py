"""`linli scrutineer`: keep a key of secret votes, on a machine of one's own.

A person has a key file for each vote. A program takes part by itself wherever a server knows it.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import httpx
import typer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.remote import LOCAL, Url
from api.scrutineer import KeyFile, Program, Refusal, Scrutineer
from api.terminal import fail, out
from tenants.votes.secret.opening import Unfit

app = typer.Typer(no_args_is_help=True, help="Keep a key of secret votes (监票人).")
_SECONDS = 60
_FEW = 10
T = TypeVar("T")

File = Annotated[Path, typer.Argument(dir_okay=False, help="The key file.")]
Folder = Annotated[Path, typer.Argument(file_okay=False, help="Where the program keeps its keys.")]
Server = Annotated[
    str | None,
    typer.Option(
        "--server-key",
        help="The server's public key in hexadecimal, as you know it from elsewhere; by default the "
        "first one that it shows.",
    ),
]


@app.command()
def new(
    vote: Annotated[
        str, typer.Argument(help="The vote's filePath: /votes/<community>/<vote>.json.")
    ],
    place: Annotated[int, typer.Argument(min=1, max=3, help="Your place, 1 to 3.")],
    file: File,
    url: Url = LOCAL,
    server_key: Server = None,
) -> None:
    """Make the key of one vote, and print what acceptScrutiny takes."""
    path = f"/{vote.strip('/').removesuffix('.json')}"
    stand = _with(url, lambda scrutineer: scrutineer.ask(f"{path}/scrutiny"))
    server = bytes.fromhex(server_key or stand["serverKey"])
    try:
        key = KeyFile.new(file, path, stand["vote"], place, server)
    except FileExistsError:
        fail(f"{file} is there already: a key is for one vote, and is never replaced.")
    out.print(f"sealKey: {key.keys.seal_key.hex()}\nsignKey: {key.keys.sign_key.hex()}")
    out.print(f"signature: {key.proof.hex()}")
    out.print("Keep the file on this machine only, and a printed copy of its seed in a safe place:")
    out.print(" ".join(key.seed.hex()[at : at + 4] for at in range(0, 64, 4)))


@app.command()
def show(file: File, url: Url = LOCAL) -> None:
    """Say to the server that you still have the key; do so three days before the close."""
    key = _read(file)
    _with(url, lambda scrutineer: scrutineer.show(key))
    out.print("The server knows that you have the key.")


@app.command("open")
def open_command(
    file: File,
    url: Url = LOCAL,
    count: Annotated[
        int | None, typer.Option(help="How many ballots the notice board says there are.")
    ] = None,
) -> None:
    """Open your layer of the ballots of a closed vote, and hand it in."""
    key = _read(file)

    async def work(scrutineer: Scrutineer) -> bool:
        stand = await scrutineer.ask(f"{key.path}/scrutiny")
        number = stand["ballots"]
        if count is not None and number != count:
            fail(f"The server says {number} ballots, and the notice board {count}: open nothing.")
        if number is not None and number < _FEW and count is None:
            typer.confirm(f"Only {number} ballots. Does the notice board say so too?", abort=True)
        return await scrutineer.open_all(key)

    is_done = _with(url, work)
    out.print("Opened and handed in." if is_done else "Nothing waits for you to be opened.")


@app.command()
def destroy(file: File, url: Url = LOCAL) -> None:
    """Destroy the key of a vote that is over, and say so to the server."""
    key = _read(file)
    _with(url, lambda scrutineer: scrutineer.destroy(key))
    out.print("The key is destroyed. Destroy printed copies too.")


@app.command()
def identity(file: File) -> None:
    """Make the identity of a program, and print the public key for LINLI_SCRUTINEERS."""
    if file.exists():
        fail(f"{file} is there already.")
    key = Ed25519PrivateKey.generate()
    file.touch(0o600)
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    out.print(key.public_key().public_bytes_raw().hex())


@app.command()
def run(
    identity: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The identity.")],
    folder: Folder,
    url: Url = LOCAL,
    server_key: Server = None,
    seconds: Annotated[float, typer.Option(help="Between two rounds.")] = 10,
    once: Annotated[bool, typer.Option("--once", help="Make one round and end.")] = False,
) -> None:
    """Keep keys of secret polls as a program: show them, open at the close, destroy at the end."""
    key = serialization.load_pem_private_key(identity.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        fail(f"{identity} is no identity of a program.")
    server = bytes.fromhex(server_key) if server_key else None
    while True:
        try:
            done = _with(url, lambda scrutineer: Program(scrutineer, key, folder, server).round())
        except typer.Exit:
            if once:
                raise
        else:
            if done:
                out.print(f"{done} done")
        if once:
            return
        time.sleep(seconds)


def _read(file: Path) -> KeyFile:
    try:
        return KeyFile.read(file)
    except (OSError, ValueError, KeyError) as error:
        fail(f"{file} cannot be read as a key: {error}")


def _with(url: str, work: Callable[[Scrutineer], Coroutine[Any, Any, T]]) -> T:
    """Do something at a server and return its result; end the command if it refuses or is not there."""

    async def run() -> T:
        async with httpx.AsyncClient(base_url=url, timeout=_SECONDS) as client:
            return await work(Scrutineer(client))

    try:
        return asyncio.run(run())
    except (Refusal, Unfit) as error:
        fail(str(error))
