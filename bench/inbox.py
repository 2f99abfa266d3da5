"""Measure what reads of a community with 20,000 petitions cost beside the feed: `python -m bench.inbox`."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from api.auth import Identity
from api.engine.identifiers import encode_id
from bench.answers import Different, ask
from bench.caseload import COMMON, EVENTS, RARE, Caseload, fill
from bench.contenders import LINLI, Contender, contenders, mint, token
from bench.ground import DATA, Ground, Reader
from bench.load import Wrk
from bench.operations import Body, operations
from bench.results import Measured, inbox_table
from bench.size import QUICK, SMOKE, WHOLE, Size
from tenants.scopes import Role
from tenants.viewer import Principal

CONNECTIONS = 4  # few clients, so that single requests are measured and not a queue
_ROW = """title state category { topic name } author { displayName } handler { displayName }
  clocks { acknowledgeDueAt isAcknowledgementOverdue resolveDueAt isResolutionOverdue }
  viewerCan { acceptPetition { allowed } assignPetition { allowed } answerPetition { allowed } }"""
_PAGE = "pageInfo { hasNextPage endCursor }"
_INBOX = "{ inbox(first: 20%s) { nodes { id %s } %s } }"
_SEARCH = '{ searchPetitions(query: "%s", first: 20) { nodes { id title state submittedAt } %s } }'
_LIST = """{ community { petitions(first: 20) { nodes { id title state submittedAt
  category { name } support { count viewerHasSupported } author { displayName } } %s } } }"""
_TIMELINE = """query ($id: ID!) { petition(id: $id) { title events(first: %d) {
  nodes { at action actorKind actor { displayName } state isPublic body } %s } } }"""
_QUEUE = "{ district { inbox(first: 20) { nodes { id %s } %s } } }"
_EVENTS = """query ($after: Cursor) { petitionEvents(first: 20, after: $after) {
  nodes { at action state petition { id title } } %s } }"""

Say = Callable[[str], None]


def measure(folder: Path, ground: Ground, server: Contender, size: Size, say: Say) -> Measured:
    """Fill the reader's community; measure the feed and the reads of petitions in turns."""
    reader = ground.reader()
    began = time.perf_counter()
    load = asyncio.run(fill(ground.admin_url, reader, size.petitions))
    took = time.perf_counter() - began
    say(f"{load.filled:,} petitions in {took:.0f} s, {load.common:,} of them with {COMMON}")
    turns = {
        name: Wrk(
            folder,
            ground,
            server,
            who,
            body,
            _checked(name, server, who, body, may_be_empty=size is SMOKE),
            CONNECTIONS,
        )
        for name, (who, body) in _reads(reader, load, server).items()
    }
    for turn in turns.values() if size.warm_up_seconds else ():
        turn.run(size.warm_up_seconds)
    measured = Measured()
    order = list(turns)
    for number in range(1, size.rounds + 1):
        for name in order:
            sample = turns[name].run(1)
            measured.add(name, LINLI, sample)
            say(f"round {number}: {name}: p50 {sample.p50:.1f} ms, p95 {sample.p95:.1f} ms")
        order.reverse()
    return measured


def _reads(reader: Reader, load: Caseload, server: Contender) -> dict[str, tuple[str, Body]]:
    """Return each read by its name: the access token and the request."""
    resident, staff, officer = token(reader), _staff(reader, load), _officer(load)
    inbox = {
        "inbox": "",
        "inbox, overdue": ", overdue: true",
        "inbox, overdue complaints of mine": ", overdue: true, kind: COMPLAINT, assigned: ME",
        "inbox, of nobody": ", assigned: NOBODY, kind: REPORT, overdue: false",
    }
    timeline = {
        "query": _TIMELINE % (EVENTS, _PAGE), "variables": {"id": encode_id(load.petition, "pet_")}
    }  # fmt: skip
    reads: dict[str, tuple[str, Body]] = {"feed": (resident, operations(reader)["feed"].ours)}
    for name, filters in inbox.items():
        reads[name] = staff, {"query": _INBOX % (filters, _ROW, _PAGE)}
    reads |= {
        "search, a common word": (resident, {"query": _SEARCH % (COMMON, _PAGE)}),
        "search, a rare word": (resident, {"query": _SEARCH % (RARE, _PAGE)}),
        "neighbours' list": (resident, {"query": _LIST % _PAGE}),
        f"timeline of {EVENTS} events": (staff, timeline),
        "a street's queue": (officer, {"query": _QUEUE % (_ROW, _PAGE)}),
        "event feed from a cursor": (staff, _events_from_the_middle(server, staff)),
    }
    return reads


def _events_from_the_middle(server: Contender, staff: str) -> Body:
    """Return a request with the cursor of an event far from both ends of the feed."""
    body: Body = {"query": _EVENTS % _PAGE, "variables": {"after": None}}
    for _ in range(5):
        feed = ask(server.url, staff, body).json()["data"]["petitionEvents"]
        body = {**body, "variables": {"after": feed["pageInfo"]["endCursor"]}}
    return body


def _checked(name: str, server: Contender, who: str, body: Body, *, may_be_empty: bool) -> int:
    """Send a request once and return the answer's length; raises Different if it is not whole."""
    response = ask(server.url, who, body)
    answer = response.json()
    if answer.get("errors") or not (may_be_empty or _nodes(answer["data"])):
        raise Different(f"{name}: {response.text[:500]}")
    return len(response.content)


def _nodes(value: object) -> bool:
    """Return whether there is a row anywhere in an answer."""
    if isinstance(value, dict):
        return bool(value.get("nodes")) or any(_nodes(each) for each in value.values())
    return False


def _staff(reader: Reader, load: Caseload) -> str:
    return mint(
        Identity(
            principal=Principal.COMMUNITY,
            id=load.staff,
            org=encode_id(reader.community, "com_"),
            place=reader.community_id,
            roles=frozenset({Role.RESIDENT, Role.COMMITTEE_MEMBER}),
            version=load.staff_version,
        )
    )


def _officer(load: Caseload) -> str:
    return mint(
        Identity(
            principal=Principal.DISTRICT,
            id=load.officer,
            org=encode_id(load.street, "str_"),
            place=load.street_id,
            roles=frozenset({Role.DISTRICT_ADMIN}),
            version=load.officer_version,
        )
    )


def main() -> None:
    """Measure and print the table. RESULTS.md is written by `python -m bench`."""
    parser = argparse.ArgumentParser(prog="python -m bench.inbox", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    size = QUICK if parser.parse_args().quick else WHOLE
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    DATA.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        ground = stack.enter_context(Ground(_say))
        server = stack.enter_context(contenders(ground)[0])
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="linli-bench-")))
        measured = measure(folder, ground, server, size, _say)
    print("\n".join(inbox_table(measured)))


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
