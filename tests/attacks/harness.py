r"""Attacks on a separate server, while honest readers in another process are measured.

An attack is a coroutine function that attacks again and again until it is cancelled. Write it in a
module of this folder that `test_attacks.py` imports, and register it with its case and name:

    @attack("S1", "header lines without end")
    async def header_lines(attacker: Attacker) -> None:
        async with attacker.connected() as (reader, writer):
            writer.write(b"GET /livez HTTP/1.1\r\n")
            while True:
                writer.write(b"a:b\r\n" * 1000)
                await writer.drain()

It runs once for each of `persons` attackers (default 5), who take the 2 addresses in turn, and is called
again when it returns or the server closes its connection. `prepare` gets the `Ground` and prepares what the
attack needs; its result is `attacker.prepared`. `attacker.seen` counts what the attacker saw; `expect` is
called at the end with the sum of all. A person is `attacker.token`, a resident of `attacker.place`.

The ordinary suite runs all attacks of a case at once for a few seconds. It asserts that no honest reader
was refused, no answer was a 500, the server still runs, and its memory did not grow beyond a factor.
LINLI_PROVE=1 runs each attack alone for a minute beside 50 readers, then all at once.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psutil

from tests.api.server import Server
from tests.attacks.honest import reading
from tests.conftest import SignIn
from tests.overheard import unspeakable
from tests.proofs import PROVE, whole
from tests.street import Make, Person, Place

SECONDS = whole(3, 60)
READERS = whole(10, 50)
ADDRESSES = ("127.0.0.2", "127.0.0.3")
PERSONS = 5
# the pause between two requests of one reader, whose own budget allows no more in the long run
_PAUSE_SECONDS = 1.0 if PROVE else 0.5
_P99_MILLISECONDS = 500 if PROVE else 5000  # a sample runs beside other tests
_MEMORY = 1.2 if PROVE else 1.5
_REST_SECONDS = 2.0 if PROVE else 0.5  # until the resources of closed connections are freed
_FEED = """{
  community { name }
  board(slug: "neighbours") {
    title
    posts(first: 10) {
      nodes { id title body author { displayName } comments(first: 3) { nodes { body } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""

Worst = Callable[["Attacker"], Awaitable[None]]
Seen = Counter[str]


@dataclass(frozen=True)
class Attack:
    """It is an attack, the number of its attackers, what to prepare, and what to expect."""

    case: str
    name: str
    worst: Worst
    persons: int
    prepare: Callable[["Ground"], Awaitable[Any]] | None
    expect: Callable[[Seen], None] | None


ATTACKS: dict[str, Attack] = {}


def attack(
    case: str,
    name: str,
    *,
    persons: int = PERSONS,
    prepare: Callable[["Ground"], Awaitable[Any]] | None = None,
    expect: Callable[[Seen], None] | None = None,
) -> Callable[[Worst], Worst]:
    """Register an attack of a case under a name."""

    def enter(worst: Worst) -> Worst:
        assert name not in ATTACKS
        ATTACKS[name] = Attack(case, name, worst, persons, prepare, expect)
        return worst

    return enter


@dataclass
class Attacker:
    """One person at one address, with a token; `number` is their index among the attackers."""

    number: int
    port: int
    address: str
    token: str
    place: Place
    prepared: Any = None
    seen: Seen = field(default_factory=Counter)

    @asynccontextmanager
    async def connected(
        self, **options: Any
    ) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """Open a connection from the attacker's address for the length of the block."""
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(self.address, 0), **options
        )
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    async def ask(self, sent: bytes) -> bytes:
        """Send one request over a new connection and count its status; return the answer."""
        async with self.connected() as (reader, writer):
            writer.write(sent)
            answer = await reader.read()
        self.seen[answer[9:12].decode() or "closed"] += 1
        return answer

    async def ask_at_once(self, sent: Iterable[bytes]) -> None:
        """Send many requests at the same time; count those that the server cuts off."""
        answers = await asyncio.gather(*map(self.ask, sent), return_exceptions=True)
        self.seen["cut off"] += sum(isinstance(each, OSError) for each in answers)

    def get(self, path: str, *headers: str) -> bytes:
        """Return a GET request that closes its connection."""
        lines = [f"GET {path} HTTP/1.1", "host: linli.test", "connection: close", *headers, "", ""]
        return "\r\n".join(lines).encode()

    def post(self, path: str, body: object, *headers: str) -> bytes:
        """Return a POST of JSON that closes its connection; /graphql gets the person's token."""
        text = json.dumps(body).encode()
        if path == "/graphql":
            accepted = "accept: application/graphql-response+json"  # so refusals have statuses
            headers = (*headers, accepted, f"authorization: Bearer {self.token}")
        lines = [
            f"POST {path} HTTP/1.1",
            "host: linli.test",
            "connection: close",
            "content-type: application/json",
            f"content-length: {len(text)}",
            *headers,
            "",
            "",
        ]
        return "\r\n".join(lines).encode() + text


@dataclass(frozen=True)
class Sample:
    """It is what the honest readers measured, and the server's memory."""

    asked: int
    refusals: dict[str, int]
    p50: float
    p99: float
    before: int
    after: int
    seen: dict[str, Seen]

    def __str__(self) -> str:
        """Print it in one line."""
        memory = f"{self.before >> 20} → {self.after >> 20} MB"
        times = f"p50 {self.p50:.0f} ms, p99 {self.p99:.0f} ms"
        seen = "; ".join(f"{name} {dict(each)}" for name, each in self.seen.items())
        return f"{self.asked} asked, {self.refusals or 'none'} refused, {times}, {memory}; {seen}"


class Ground:
    """It is a server, the honest readers and the attackers."""

    def __init__(
        self, server: Server, make: Make, sign_in: SignIn, place: Place, people: list[Person]
    ) -> None:
        self.server = server
        self.make = make
        self.sign_in = sign_in
        self.place = place
        self.readers, self.attackers = people[:READERS], people[READERS:]
        self._process = psutil.Process(server.pid)

    def token(self, person: Person, payer: UUID, client: str = "tests") -> str:
        """Mint a person's token whose budget belongs to `payer`."""
        identity = replace(person.identity(), payer=payer)
        return unspeakable(
            self.sign_in.tokens.mint(identity, client_id=client, now=datetime.now(UTC))
        )

    async def withstands(self, *attacks: Attack) -> Sample:
        """Run attacks at once; assert that honest readers did not notice; return the sample."""
        attackers = [(one, each) for one in attacks for each in await self._attackers(one)]
        before = self._process.memory_info().rss
        task = {
            "port": self.server.port,
            "tokens": self._fresh(self.readers),
            "query": _FEED,
            "pause": _PAUSE_SECONDS,
        }
        async with reading(task) as crowd:
            tasks = [asyncio.create_task(_again(one.worst, each)) for one, each in attackers]
            await asyncio.sleep(SECONDS)
            crowd.measured = await crowd.end()
            await _stopped(tasks)
        await asyncio.sleep(_REST_SECONDS)
        seen = {one.name: Counter[str]() for one in attacks}
        for one, each in attackers:
            seen[one.name] += each.seen
        sample = _sample(crowd.measured, before, self._process.memory_info().rss, seen)
        self._assert_unharmed(sample)
        for one in attacks:
            assert seen[one.name]["500"] == 0, sample
            if one.expect is not None:
                one.expect(seen[one.name])
        return sample

    def _assert_unharmed(self, sample: Sample) -> None:
        assert self._process.is_running()
        assert sample.refusals == {}, sample
        assert sample.asked >= len(self.readers), sample
        assert sample.p99 < _P99_MILLISECONDS, sample
        assert sample.after < sample.before * _MEMORY, sample

    def _fresh(self, people: list[Person]) -> list[str]:
        """Mint tokens anew: all attacks together take longer than a token is valid."""
        return [self.token(person, person.id) for person in people]

    async def _attackers(self, one: Attack) -> list[Attacker]:
        tokens = self._fresh(self.attackers)
        prepared = await one.prepare(self) if one.prepare is not None else None
        return [
            Attacker(
                i,
                self.server.port,
                ADDRESSES[i % len(ADDRESSES)],
                tokens[i % len(tokens)],
                self.place,
                prepared,
            )
            for i in range(one.persons)
        ]


def _sample(measured: dict[str, Any], before: int, after: int, seen: dict[str, Seen]) -> Sample:
    times: list[float] = measured["milliseconds"]
    assert times
    p50, p99 = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.99))]
    return Sample(len(times), measured["refusals"], p50, p99, before, after, seen)


async def _stopped(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks until all have ended: one may be lost while a connection is being opened."""
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=1)


async def _again(worst: Worst, attacker: Attacker) -> None:
    """Attack again and again, whatever the server does."""
    while True:
        try:
            await worst(attacker)
        except (OSError, asyncio.IncompleteReadError):
            attacker.seen["cut off"] += 1
        await asyncio.sleep(0)
