"""A scrutineer's machine keeps a key file for each vote, asks the server, and hands in what it opened.

The key never leaves the machine. A key file is bound to the first urn that it opens: whoever shows it
another urn of the same vote, with one ballot in it perhaps, gets nothing.
"""

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tenants.votes.publishing import Statement
from tenants.votes.sealing import INNER_SIZE, ONION_SIZE, PAIRS
from tenants.votes.secret.opening import Handed, KeyPair, Unfit, accepted, opened, shown
from tenants.votes.service.secret.lists import LEAF_SIZE, parted

FORMAT = "linli-scrutineer-1"
SEED_BYTES = 32


class Refusal(Exception):
    """The server refused, or cannot be reached; the message says why."""


@dataclass(frozen=True)
class KeyFile:
    """It holds the key of one vote: where the vote is, the scrutineer's place, the seed, and the opened urn.

    `path` is the vote's path on the server, `server` the public key by which its statements are
    checked, as it was known when the file was made.
    """

    file: Path
    path: str
    vote: str
    place: int
    seed: bytes
    server: bytes
    urn: str | None = None

    @classmethod
    def new(cls, file: Path, path: str, vote: str, place: int, server: bytes) -> "KeyFile":
        """Draw a seed and write the file; raises FileExistsError where there is one."""
        if file.exists():
            raise FileExistsError(file)
        made = cls(file, path, vote, place, secrets.token_bytes(SEED_BYTES), server)
        made.write()
        return made

    @classmethod
    def read(cls, file: Path) -> "KeyFile":
        """Read a key file; raises ValueError for any other file."""
        given = orjson.loads(file.read_bytes())
        if given.get("format") != FORMAT:
            raise ValueError(f"{file} is no key of a scrutineer")
        seed, server = bytes.fromhex(given["seed"]), bytes.fromhex(given["server"])
        return cls(file, given["path"], given["vote"], given["place"], seed, server, given["urn"])

    def write(self) -> None:
        """Write the file, readable by its owner only: completely or not at all."""
        given = {
            "format": FORMAT, "path": self.path, "vote": self.vote, "place": self.place,
            "seed": self.seed.hex(), "server": self.server.hex(), "urn": self.urn,
        }  # fmt: skip
        new = self.file.with_suffix(f".{secrets.token_hex(4)}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            handle.write(orjson.dumps(given, option=orjson.OPT_INDENT_2))
            handle.flush()
            os.fsync(handle.fileno())
        new.replace(self.file)

    @property
    def keys(self) -> KeyPair:
        """Return the keys of the seed."""
        return KeyPair(self.seed)

    @property
    def proof(self) -> bytes:
        """Return the signature by which a person shows that they hold the keys they register."""
        return self.keys.signing.sign(accepted(self.vote, self.keys.seal_key, self.keys.sign_key))

    def bound_to(self, urn: str) -> "KeyFile":
        """Return the key bound to an urn, and write it down before anything is opened.

        Raises Unfit if it opened another.
        """
        if self.urn not in (None, urn):
            raise Unfit("this key has opened another urn of the vote")
        if self.urn == urn:
            return self
        bound = replace(self, urn=urn)
        bound.write()
        return bound

    def destroy(self) -> None:
        """Overwrite the seed and delete the file; what a disk or a backup keeps of it, nobody can say."""
        with self.file.open("r+b") as handle:
            handle.write(bytes(self.file.stat().st_size))
            handle.flush()
            os.fsync(handle.fileno())
        self.file.unlink()


class Scrutineer:
    """It does at a server what the key file of a vote allows."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._clock = clock

    async def ask(self, path: str, **asked: Any) -> Any:
        """Return the JSON at a path; raises Refusal."""
        return _read(await self._sent(self._client.get(path, params=asked)))

    async def show(self, key: KeyFile, identity: Ed25519PrivateKey | None = None) -> None:
        """Show the keys to the server, the first time signed by a program's identity."""
        await self._say(key, "keys", identity or key.keys.signing)

    async def open(self, key: KeyFile, pair: tuple[int, int]) -> int:
        """Open one layer of the ballots and hand it in; return how many there were.

        Raises Refusal, and Unfit if what the server gives is not the urn of the vote.
        """
        given = await self.ask(f"{key.path}/boxes", place=key.place, first=pair[0], second=pair[1])
        size = ONION_SIZE if key.place == pair[0] else INNER_SIZE
        handed = Handed(
            [Statement(each["body"], each["signature"]) for each in given["said"]],
            parted(b64decode(given["leaves"]), LEAF_SIZE),
            parted(b64decode(given["boxes"]), size),
        )
        if len(handed.said) < 2 or handed.said[0].said["vote"] != key.vote:
            raise Unfit("not the vote of this key")
        closed = next(each.said for each in handed.said if each.said["type"] == "closed")
        bound = key.bound_to(closed["root"])
        said, items = opened(bound.keys, key.place, pair, handed, key.server, self._clock())
        await self._post(
            f"{key.path}/openings", first=pair[0], second=pair[1], body=said.body,
            signature=said.signature, items=b64encode(b"".join(items)).decode(),
        )  # fmt: skip
        return len(handed.boxes)

    async def open_all(self, key: KeyFile) -> bool:
        """Open what waits for this scrutineer, of each pair; return whether anything was opened.

        Each opens its own layer of both its pairs at once, so that whoever comes second ends the count.
        """
        has_opened = False
        for pair in PAIRS:
            stand = await self.ask(f"{key.path}/scrutiny")
            is_handed_on = list(pair) in stand["openings"]
            is_mine = key.place == pair[1] if is_handed_on else key.place == pair[0]
            if stand["state"] == "COUNTING" and is_mine:
                await self.open(key, pair)
                has_opened = True
        return has_opened

    async def destroy(self, key: KeyFile) -> None:
        """Tell the server that the key is destroyed, and destroy it."""
        await self._say(key, "destroyed", key.keys.signing)
        key.destroy()

    async def _say(self, key: KeyFile, what: str, signer: Ed25519PrivateKey) -> None:
        pair, at = key.keys, self._clock()
        signed = signer.sign(shown(what, key.vote, pair.seal_key, pair.sign_key, at))
        await self._post(
            f"{key.path}/{what}", place=key.place, sealKey=pair.seal_key.hex(),
            signKey=pair.sign_key.hex(), at=int(at.timestamp()), signature=signed.hex(),
        )  # fmt: skip

    async def _post(self, path: str, **given: Any) -> None:
        _read(await self._sent(self._client.post(path, json=given)))

    async def _sent(self, request: Any) -> httpx.Response:
        try:
            return await request
        except httpx.TransportError as error:
            raise Refusal(f"the server cannot be reached: {error}") from None


class Program:
    """It is a scrutineer that nobody watches, and takes part in every secret poll that is given to it.

    `folder` has its keys, one file a vote; `server` is the server's public key as its operator was
    told it, None to take the first one that is seen.
    """

    def __init__(
        self,
        scrutineer: Scrutineer,
        identity: Ed25519PrivateKey,
        folder: Path,
        server: bytes | None,
    ) -> None:
        self._scrutineer = scrutineer
        self._identity = identity
        self._folder = folder
        self._server = server
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def name(self) -> str:
        """Return the public key by which servers know the program, in hexadecimal."""
        return self._identity.public_key().public_bytes_raw().hex()

    async def round(self) -> int:
        """Show a key, open or destroy, wherever it is time; return how much was done. Raises Refusal."""
        waits = await self._scrutineer.ask("/scrutiny", identity=self.name)
        self._server = self._server or bytes.fromhex(waits["serverKey"])
        done = 0
        for path in waits["votes"]:
            done += await self._attend(path)
        for file in sorted(self._folder.glob("*.key")):
            key = KeyFile.read(file)
            if (await self._scrutineer.ask(f"{key.path}/scrutiny"))["isOver"]:
                await self._scrutineer.destroy(key)
                done += 1
        return done

    async def _attend(self, path: str) -> int:
        stand = await self._scrutineer.ask(f"{path}/scrutiny")
        (mine,) = [each for each in stand["scrutineers"] if each["identity"] == self.name]
        file = self._folder / f"{stand['vote']}.key"
        if mine["isAsked"] and mine["sealKey"] is not None and file.exists():
            await self._scrutineer.show(KeyFile.read(file))
            return 1
        if mine["sealKey"] is None:
            assert self._server is not None  # noqa: S101 # asked before
            # a file without a shown key: the answer was lost, and the same key is shown again
            key = (
                KeyFile.read(file)
                if file.exists()
                else KeyFile.new(file, path, stand["vote"], mine["place"], self._server)
            )
            await self._scrutineer.show(key, self._identity)
            return 1
        return int(file.exists() and await self._scrutineer.open_all(KeyFile.read(file)))


def _read(response: httpx.Response) -> Any:
    try:
        found = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        raise Refusal(f"the server answers {response.status_code}, and no JSON") from None
    if response.status_code >= 400:
        raise Refusal(f"{found.get('code')}: {found.get('message')}")
    return found
