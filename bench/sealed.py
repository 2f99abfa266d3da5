"""`python -m bench.sealed [--quick]`: secret ballots cast at a constant rate, opened, counted, verified.

All goes through the API of a server with two workers, in one poll of one community: every voter casts,
and then changes their ballot again and again. Then the same of a poll by name, to compare. A whole run
writes its line to PROOFS.md.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any

import httpx

from api.scrutineer import Program, Scrutineer
from api.settings import Settings
from bench.ground import ROOT
from bench.operations import FRESH_KEY
from bench.spread import Load, Spread, request
from tenants.votes.tables import VoteState
from tests.linli import Linli
from tests.proofs import Proofs, commit
from tests.served import Served, served
from tests.settled import ENVIRONMENT, Settled, settled
from tests.tenants.secret_hall import IDENTITIES, NAMES
from tests.votes.device import Device

NAME = "sealed ballots are cast, counted and verified in time [bench]"
RATE = 500
_START = """mutation ($input: StartPollInput!) {
  startPoll(input: $input) { vote { id } userErrors { code message } } }"""
_CAST = """mutation ($input: CastBallotInput!) {
  castBallot(input: $input) { vote { id %s { version } } userErrors { code } } }"""
_LOOK = """query ($id: ID!) { node(id: $id) { ... on Vote {
  state filePath notice { body } result { ballots invalid } } } }"""


class Failed(Exception):
    """What was measured did not do what it should."""


def main() -> None:
    """Measure, print the figures, and write them down."""
    parser = argparse.ArgumentParser(prog="python -m bench.sealed", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter; leaves PROOFS.md alone")
    is_quick = parser.parse_args().quick
    voters, seconds = (800, 4) if is_quick else (8000, 60)
    with tempfile.TemporaryDirectory(prefix="linli-sealed-") as folder:
        figures = measure(Path(folder), voters, seconds)
    print(figures)
    if not is_quick:
        today = datetime.now(UTC).date().isoformat()
        Proofs().write({NAME: f"{figures} | {today} | {commit()}"})


def measure(folder: Path, voters: int, seconds: int) -> str:
    """Run both polls; return the figures in words. Raises Failed."""
    data = folder / "data"
    Linli(data)("migrate", code=0)
    known = ",".join(
        f"{name}:{each.public_key().public_bytes_raw().hex()}"
        for name, each in zip(NAMES, IDENTITIES, strict=True)
    )
    more = {
        "LINLI_SCRUTINEERS": known, "LINLI_CLOCK_SECONDS": "0.5", "LINLI_LIMITS_FACTOR": "1e9",
        "LINLI_LOG_LEVEL": "WARNING",
    }  # fmt: skip
    with served(data, folder, workers=2, **ENVIRONMENT | more) as running:
        people = asyncio.run(settled(Settings(data=data), voters))
        sealed = Poll(running, people, folder, seconds, is_secret=True)
        casts = sealed.cast()
        counted = asyncio.run(sealed.counted())
        verified = verify(sealed.file)
        named = Poll(running, people, folder, seconds, is_secret=False).cast()
    return (
        f"{voters} voters of one poll, two workers: {said(casts)}; {counted}; "
        f"stand-alone verification {verified:.2f} s. By name: {said(named)}"
    )


class Poll:
    """A poll in which everybody votes at a constant rate."""

    def __init__(
        self, running: Served, people: Settled, folder: Path, seconds: int, *, is_secret: bool
    ) -> None:
        self._url = f"{running.url}/graphql"
        self._base = running.url
        self._people = people
        self._load = Load(RATE, seconds)
        self._secrecy = "SECRET" if is_secret else "RECORDED"
        self._folder = folder
        self.file = folder / "vote.json"
        # long enough to seal all ballots and to cast them
        self._closes = datetime.now(UTC) + timedelta(seconds=30 + 4 * seconds)
        answer = self._ask(
            _START,
            input={
                "boardId": people.place.board(), "question": "充电桩装在哪里？",
                "options": ["东门", "西门", "不装"], "secrecy": self._secrecy,
                "closesAt": self._closes.isoformat(), "idempotencyKey": self._secrecy,
            },
        )["startPoll"]  # fmt: skip
        if answer["userErrors"]:
            raise Failed(str(answer))
        self._id: str = answer["vote"]["id"]

    def cast(self) -> Spread:
        """Have everybody cast and change their ballot; raises Failed if the close came first."""
        if self._secrecy == "SECRET":
            asyncio.run(self._rounds())
        opened = self._until(VoteState.OPEN)
        number = RATE * (self._load.seconds + 2)
        ballots = list(self._ballots(number, opened["notice"]))
        if datetime.now(UTC) + timedelta(seconds=self._load.seconds + 5) > self._closes:
            raise Failed("sealing took so long that the poll would close")
        took = self._load.put_on(self._url, iter(ballots))
        spread = self._load.summary(took, communities=1)
        if sum(each < inf for each in took) != number:
            raise Failed(f"{spread.refused} casts were refused")
        return spread

    def _ballots(self, number: int, notice: Any) -> Iterator[bytes]:
        """Yield whole requests: everybody's first ballot, then everybody's change, and so on."""
        own = "viewerBallot" if notice is None else "viewerEnvelope"
        voters = self._people.tokens
        for each in range(number):
            marks = bytes(int(option == each % 3) for option in range(3))
            ballot = (
                {"marks": list(marks)}
                if notice is None
                else {"sealed": Device(notice["body"], marks).sent}
            )
            given = {
                "voteId": self._id, **ballot, "replaces": each // len(voters) or None,
                "idempotencyKey": FRESH_KEY,
            }  # fmt: skip
            body = {"query": _CAST % own, "variables": {"input": given}}
            yield request(self._url, voters[each % len(voters)], body)

    async def counted(self) -> str:
        """Wait for the close, have two programs open the ballots, and load the file; return the times."""
        await asyncio.sleep((self._closes - datetime.now(UTC)).total_seconds())
        self._until(VoteState.COUNTING)
        async with httpx.AsyncClient(base_url=self._base, timeout=60) as client:
            handed_in = _handed_in(client)
            first, second, _ = self._programs(client)
            await first.round()
            began = time.perf_counter()
            await second.round()
            opened = time.perf_counter() - began
            # the first handed in two layers, the second the other half of the first of them
            published = handed_in[2]
            seen = self._look()
            began = time.perf_counter()
            file = await client.get(seen["filePath"])
            loaded = time.perf_counter() - began
        self.file.write_bytes(file.content)
        size = len(json.loads(file.content)["ballots"])
        if (seen["state"], seen["result"]) != (VoteState.CLOSED, {"ballots": size, "invalid": 0}):
            raise Failed(str(seen))
        return (
            f"{size} ballots counted and published {published:.2f} s after the second opening arrived "
            f"({opened:.2f} s with the opening itself), the file of {len(file.content) / 1e6:.1f} MB "
            f"loaded in {loaded:.2f} s"
        )

    async def _rounds(self) -> None:
        async with httpx.AsyncClient(base_url=self._base, timeout=60) as client:
            for each in self._programs(client):
                await each.round()

    def _programs(self, client: httpx.AsyncClient) -> Sequence[Program]:
        return [
            Program(Scrutineer(client), each, self._folder / str(place), None)
            for place, each in enumerate(IDENTITIES, 1)
        ]

    def _until(self, state: VoteState) -> dict[str, Any]:
        """Wait for a state; return the vote."""
        end = time.monotonic() + 60
        while (found := self._look())["state"] != state:
            if time.monotonic() > end:
                raise Failed(f"it is {found['state']}, not {state}")
            time.sleep(0.1)
        return found

    def _look(self) -> dict[str, Any]:
        return self._ask(_LOOK, id=self._id)["node"]

    def _ask(self, query: str, **variables: Any) -> dict[str, Any]:
        return self._people.asks(self._base, query, **variables).json()["data"]


def _handed_in(client: httpx.AsyncClient) -> list[float]:
    """Return the list to which the seconds are added that each opened layer takes to be answered."""
    took: list[float] = []
    began: list[float] = []

    async def sent(request: httpx.Request) -> None:
        if request.url.path.endswith("/openings"):
            began.append(time.perf_counter())

    async def answered(response: httpx.Response) -> None:
        if response.request.url.path.endswith("/openings"):
            took.append(time.perf_counter() - began[-1])

    client.event_hooks = {"request": [sent], "response": [answered]}
    return took


def verify(file: Path) -> float:
    """Count the published file with the stand-alone verifier; return the seconds. Raises Failed."""
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 # our own script
        [sys.executable, str(ROOT / "verifier" / "linli_verify.py"), str(file)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failed(done.stdout + done.stderr)
    return time.perf_counter() - began


def said(spread: Spread) -> str:
    """Say what the load came to."""
    return (
        f"{spread.rate} casts/s for {spread.seconds:.0f} s, {spread.refused} refused, "
        f"median {spread.p50:.0f} ms, 99 % {spread.p99:.0f} ms"
    )


if __name__ == "__main__":
    main()
