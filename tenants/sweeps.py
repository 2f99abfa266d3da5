"""Sweeps look for what falls due in communities by itself, community by community."""

import logging
from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import ClassVar, Self

from tenants.db import Database
from tenants.errors import Busy
from tenants.places.everywhere import everywhere
from tenants.rounds import again
from tenants.server import Server
from tenants.transaction import Client, Tx
from tenants.viewer import system

log = logging.getLogger("linli.sweeps")

# The database cannot serve now: the whole sweep is tried again in the next round.
NO_DATABASE = (Busy, OSError)


@dataclass(frozen=True)
class Sweep(ABC):
    """Work that falls due in communities, looked for every `seconds`; any number of workers may.

    A subclass names itself for the log (`what`), says how many seconds after a server's start it
    begins (`first`), and does the share of one community in `community`.
    """

    what: ClassVar[str]
    first: ClassVar[float]

    database: Database
    seconds: float = 3600

    @classmethod
    def of(cls, server: Server) -> Self:
        """Return the sweep of a server; one that needs more than the database takes it from there."""
        return cls(server.database)

    @abstractmethod
    async def community(self, number: int) -> int:
        """Do what is due in one community; return how many rows were changed."""

    async def due(self) -> list[int]:
        """Return the tenant keys of the communities to go through: all, unless a subclass knows better."""
        return await everywhere(self.database)

    async def sweep(self) -> int:
        """Go through the communities once; return how many rows were changed.

        What fails in one community is logged and keeps no other community waiting. Raises Busy or
        OSError where the database cannot serve.
        """
        changed = 0
        for number in await self.due():
            try:
                changed += await self.community(number)
            except NO_DATABASE:
                raise
            except Exception:
                log.exception("%s: community %d failed", self.what, number)
        return changed

    def inside(self, number: int) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction inside a community, in which the system acts."""
        actor = system(0)
        return self.database.act(actor, Client(actor.client_id, ""), self.database.clock(), number)

    def kept(self) -> AbstractAsyncContextManager[None]:
        """Sweep again and again for the length of the block; what is under way at its end is undone."""
        return again(self.sweep, seconds=self.seconds, first=self.first, what=self.what)
