"""The open connections of one worker: how many there may be, and which of them wait for too long.

A connection is idle while no request of its is being answered; idle ones are no load. Where there is
no room for another connection, the one that has been idle longest is closed for it.
"""

import asyncio
import ipaddress
import logging
import resource
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from api.metrics import CLOSED, CONNECTIONS
from api.settings import Connecting

log = logging.getLogger("linli.connections")
_LOOK_SECONDS = 0.5
_LOG_SECONDS = 1.0
_SPARE_DESCRIPTORS = 256  # for the database, files, logs and libraries


class Connection(Protocol):
    """What is kept here."""

    host: str
    network: str

    def look(self, now: float) -> None:
        """Close it if it has waited for too long."""
        ...

    def abort(self, kind: str) -> None:
        """Close it at once; `kind` says why."""
        ...


@dataclass
class Network:
    """The connections of one address (of IPv6, of the /64 that one subscriber has)."""

    open: int = 0
    idle: dict[Connection, None] = field(default_factory=dict[Connection, None])


class Connections:
    """All open connections, those of each address, and the idle ones, longest idle first."""

    def __init__(self, bounds: Connecting, trusted_proxies: Iterable[str]) -> None:
        self.bounds = bounds
        self.most = _room(bounds.most)
        self.open: set[Connection] = set()
        # a request whose body is still on its way is no load yet
        self.receiving: set[Connection] = set()
        self._idle: dict[Connection, None] = {}
        self._networks: defaultdict[str, Network] = defaultdict(Network)
        self._trusted = [ipaddress.ip_network(each) for each in trusted_proxies]
        self._noted: Counter[str] = Counter()
        self._logged_at = 0.0
        self._is_looking = False

    def add(self, connection: Connection) -> bool:
        """Take in a new connection; False if there is no room, and none that is idle to close."""
        network = self._networks[connection.network]
        most = self.bounds.most_of_address
        if most and network.open >= most and not self._is_proxy(connection.host):
            if not network.idle:
                return False
            next(iter(network.idle)).abort("address")
        if len(self.open) >= self.most:
            if not self._idle:
                return False
            next(iter(self._idle)).abort("room")
        self.open.add(connection)
        CONNECTIONS.inc()
        network.open += 1
        self.rest(connection)
        if not self._is_looking:
            self._is_looking = True
            asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)
        return True

    def remove(self, connection: Connection) -> None:
        """Forget a connection that is closed or being closed; again does no harm."""
        if connection not in self.open:
            return
        self.open.discard(connection)
        CONNECTIONS.dec()
        self.receiving.discard(connection)
        self._idle.pop(connection, None)
        network = self._networks[connection.network]
        network.idle.pop(connection, None)
        network.open -= 1
        if not network.open:
            del self._networks[connection.network]

    def rest(self, connection: Connection) -> None:
        """Note that a connection is idle from now on."""
        if connection in self.open:
            self._idle[connection] = None
            self._networks[connection.network].idle[connection] = None

    def work(self, connection: Connection) -> None:
        """Note that a connection is not idle."""
        if connection in self.open:
            self._idle.pop(connection, None)
            self._networks[connection.network].idle.pop(connection, None)

    def note(self, kind: str) -> None:
        """Count what was closed or refused; logged once a second by kind, and never whose it was."""
        CLOSED.labels(kind).inc()
        self._noted[kind] += 1

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in list(self.open):
            connection.look(now)
        if self._noted and now - self._logged_at >= _LOG_SECONDS:
            for kind, times in self._noted.items():
                log.warning("closed", extra={"facts": {"kind": kind, "times": times}})
            self._noted.clear()
            self._logged_at = now
        self._is_looking = bool(self.open or self._noted)
        if self._is_looking:
            loop.call_later(_LOOK_SECONDS, self._look)

    def _is_proxy(self, host: str) -> bool:
        """Say whether many people come from there: a trusted proxy, or what has no address."""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return True
        return any(address in network for network in self._trusted)


@lru_cache(4096)
def network_of(host: str) -> str:
    """Give what is counted as one address: of IPv6 the /64, which one subscriber has whole."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)).network_address)


def _room(wanted: int) -> int:
    """Let this process open the files it takes, as far as the system lets it; gives the room left."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    if soft < wanted + _SPARE_DESCRIPTORS:
        soft = wanted + _SPARE_DESCRIPTORS
        soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - _SPARE_DESCRIPTORS))
