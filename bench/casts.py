"""castBallot at a constant rate: every voter casts, and then changes their ballot again and again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

import httpx

from api.engine.identifiers import encode_id
from bench.contenders import Contender, token
from bench.ground import Ground, Reader
from bench.operations import FRESH_KEY, Body
from bench.size import Size
from bench.spread import COMMUNITIES, Failed, Load, Spread, request, signed

_VOTERS = 1000  # so many that nobody's next ballot is sent before the last one is answered
_START = "mutation ($input: StartPollInput!) { startPoll(input: $input) { vote { id } userErrors { code } } }"
_CAST = """mutation ($input: CastBallotInput!) {
  castBallot(input: $input) { vote { id viewerBallot { version } } userErrors { code } } }"""


def measure(ground: Ground, server: Contender, size: Size) -> Spread:
    """Cast ballots at the size's rate; raises Failed if ballots and answers differ in number."""
    voters = ground.voters(COMMUNITIES, _VOTERS)
    first = {voter.community_id: voter for voter in reversed(voters)}
    polls = {place: _start(server.url, voter) for place, voter in first.items()}
    before = ground.casts()
    load = Load(size.casts_a_second, size.cast_seconds)
    took = load.put_on(server.url, _casts(server.url, voters, polls))
    cast, answered = ground.casts() - before, sum(each < inf for each in took)
    if cast != answered:
        raise Failed(f"{answered} ballots were answered, {cast} were cast")
    return load.summary(took, communities=len(polls))


def _start(url: str, author: Reader) -> str:
    """Start a poll of a community; return its id."""
    given = {
        "boardId": encode_id(author.board, "brd_"),
        "question": "小区要不要装路灯",
        "method": "PROPOSAL",
        "closesAt": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
        "idempotencyKey": str(author.id),
    }
    answer = httpx.post(
        url,
        json={"query": _START, "variables": {"input": given}},
        headers={"authorization": f"Bearer {token(author)}"},
    )
    done: dict[str, Any] = answer.json()["data"]["startPoll"]
    if done["userErrors"]:
        raise Failed(str(done["userErrors"]))
    return done["vote"]["id"]


def _casts(url: str, voters: list[Reader], polls: dict[int, str]) -> Iterator[bytes]:
    """Yield everyone's first ballot, then everyone's change of it, and so on."""
    version = None
    while True:
        for voter in voters:
            given = {
                "voteId": polls[voter.community_id],
                "marks": [0, 1] if version else [1, 0],
                "replaces": version,
                "idempotencyKey": FRESH_KEY,
            }
            body: Body = {"query": _CAST, "variables": {"input": given}}
            yield request(url, signed(voter), body)
        version = (version or 0) + 1
