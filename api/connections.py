"""Count the open connections of one worker, and close those that have waited too long.

A connection is idle while none of its requests is being answered; idle connections are no load.
Where there is no room for a new connection, the one that has been idle longest is closed for it.
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
    """It is a connection as this module needs it."""

    host: str
    network: str

    def look(self, now: float) -> None:
        """Close the connection if it has waited too long."""
        ...

    def abort(self, kind: str) -> None:
        """Close the connection at once; `kind` says why."""
        ...


@dataclass
class Network:
    """It counts the connections of one address; for IPv6, of the /64 that one subscriber has."""

    open: int = 0
    idle: dict[Connection, None] = field(default_factory=dict[Connection, None])


class Connections:
    """It keeps all open connections, those of each address, and the idle ones, longest idle first."""

    def __init__(self, bounds: Connecting, trusted_proxies: Iterable[str]) -> None:
        self.bounds = bounds
        self.most = _room(bounds.most)
        self.open: set[Connection] = set()
        # A request whose body is still being received is not counted as load.
        self.receiving: set[Connection] = set()
        self._idle: dict[Connection, None] = {}
        self._networks: defaultdict[str, Network] = defaultdict(Network)
        self._trusted = [ipaddress.ip_network(each) for each in trusted_proxies]
        self._noted: Counter[str] = Counter()
        self._logged_at = 0.0
        self._is_looking = False

    def add(self, connection: Connection) -> bool:
        """Add a new connection, closing an idle one if there is no room.

        Returns False if there is no room and no idle connection to close.
        """
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
        """Remove a closed or closing connection. Calling this again does no harm."""
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
        """Mark a connection as idle."""
        if connection in self.open:
            self._idle[connection] = None
            self._networks[connection.network].idle[connection] = None

    def work(self, connection: Connection) -> None:
        """Mark a connection as not idle."""
        if connection in self.open:
            self._idle.pop(connection, None)
            self._networks[connection.network].idle.pop(connection, None)

    def note(self, kind: str) -> None:
        """Count a closed connection or a refused request by kind; never record whose it was.

        Counts are logged once a second.
        """
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
        """Return whether many people share this host: a trusted proxy or no IP address."""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return True
        return any(address in network for network in self._trusted)


@lru_cache(4096)
def network_of(host: str) -> str:
    """Return the host as it is counted: an IPv4 address, or the /64 of an IPv6 address.

    One subscriber has a whole /64.
    """
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
    """Raise this process's limit of open files as far as the system allows.

    Returns how many connections there is room for, at most `wanted`.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    if soft < wanted + _SPARE_DESCRIPTORS:
        soft = wanted + _SPARE_DESCRIPTORS
        soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - _SPARE_DESCRIPTORS))
