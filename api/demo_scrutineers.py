"""Run the three programs that keep the keys of secret polls in the demo, all on the server's machine.

So they are worth no more than a key that the server keeps itself, and their names say so. A real place
runs `linli scrutineer run` on three machines that three offices look after.
"""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.scrutineer import Program, Refusal, Scrutineer
from api.settings import Settings
from tenants.keyring import KeyRing
from tenants.rounds import again
from tenants.votes.service.secret.keys import Program as Known

log = logging.getLogger("linli.scrutineers")
_NAMES = (
    "演示监票程序一（与服务器同机）",
    "演示监票程序二（与服务器同机）",
    "演示监票程序三（与服务器同机）",
)
_TIMEOUT_SECONDS, _PAUSE_SECONDS = 20, 2


def known(settings: Settings) -> tuple[Known, ...]:
    """Return the programs as the server knows them."""
    return tuple(
        Known(name, identity.public_key().public_bytes_raw())
        for name, identity in zip(_NAMES, _identities(settings.ring), strict=True)
    )


@asynccontextmanager
async def kept(settings: Settings) -> AsyncGenerator[None]:
    """Run the three programs for the length of the block, over HTTP as others do."""
    async with AsyncExitStack() as stack:
        client = httpx.AsyncClient(base_url=settings.public_url, timeout=_TIMEOUT_SECONDS)
        await stack.enter_async_context(client)
        for place, identity in enumerate(_identities(settings.ring), 1):
            folder = settings.data / "scrutineers" / str(place)
            program = Program(Scrutineer(client), identity, folder, None)
            work = again(
                _patient(program), seconds=_PAUSE_SECONDS, first=_PAUSE_SECONDS,
                what=f"scrutineer {place}",
            )  # fmt: skip
            await stack.enter_async_context(work)
        yield


def _patient(program: Program) -> Callable[[], Awaitable[None]]:
    async def round_() -> None:
        try:
            await program.round()
        except Refusal as refusal:
            # the server is starting or stopping, or another worker's program was first
            log.info("a scrutineer's program tries again: %s", refusal)

    return round_


def _identities(ring: KeyRing) -> list[Ed25519PrivateKey]:
    return [
        Ed25519PrivateKey.from_private_bytes(ring.derive(str(place), purpose="demo scrutineers"))
        for place in (1, 2, 3)
    ]
