"""Voters who send their ballots again and again around the closing second."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any

from tests.street import Answer, SignedIn, key

TWICE, AT_ONCE = 5, 40
# A voter, what they cast, and the key with which they cast it.
Sent = tuple[SignedIn, Any, str]
Cast = Callable[[SignedIn, Any, str], Awaitable[Answer]]


async def rush(
    ballots: Sequence[tuple[SignedIn, Any]], cast: Cast, close: Callable[[], Awaitable[None]]
) -> tuple[dict[Any, set[str]], int]:
    """Have each voter send a ballot five times, many at once, while the vote closes.

    Return what was answered to those that were accepted, by the person's id, and how many casts there
    were. Whoever asks again after the close gets the first answer, accepted or refused.
    """
    sent: list[Sent] = [(who, ballot, key()) for who, ballot in ballots]
    queue = [each for each in sent for _ in range(TWICE)]
    Random(4).shuffle(queue)
    accepted: dict[Any, set[str]] = {}
    refused: set[Any] = set()
    casts = len(queue)
    enough = asyncio.Event()

    def note(who: SignedIn, answer: Answer) -> None:
        if answer.refusals:
            assert answer.refusals == ["WRONG_STATE"]
            refused.add(who.person.id)
        else:
            own = answer.payload["vote"]
            told = str(own["viewerEnvelope"] or own["viewerBallot"])
            accepted.setdefault(who.person.id, set()).add(told)

    async def send() -> None:
        while queue:
            who, ballot, once = queue.pop()
            note(who, await cast(who, ballot, once))
            if casts - len(queue) >= casts // 6:
                enough.set()

    async def closing() -> None:
        await enough.wait()
        await close()

    await asyncio.gather(closing(), *(send() for _ in range(AT_ONCE)))
    await close()
    assert accepted
    assert refused
    in_time = {*accepted}
    for who, ballot, once in sent[:: max(1, len(sent) // 50)]:
        again = await cast(who, ballot, once)
        assert (again.refusals == []) == (who.person.id in in_time)
        note(who, again)
    assert all(len(told) == 1 for told in accepted.values()), "one answer, however often asked"
    return accepted, casts
