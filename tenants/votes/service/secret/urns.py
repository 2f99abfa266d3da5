"""The urn of a secret vote is closed with a signed count, opened by two scrutineers, and counted."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.procedure import Facts, Row
from tenants.taking import take
from tenants.transaction import Tx
from tenants.votes import publishing
from tenants.votes.ballots import Unit
from tenants.votes.counting import Result, Turnout
from tenants.votes.procedure import CLOSES, COUNTED, FINALISES, TALLY
from tenants.votes.publishing import Statement, Urn
from tenants.votes.sealing import leaf
from tenants.votes.secret.tables import ListKind, envelopes
from tenants.votes.service.counts import keep, trace
from tenants.votes.service.papers import paper_of
from tenants.votes.service.rolls import size_of
from tenants.votes.service.secret.files import keep_file
from tenants.votes.service.secret.lists import keep_list
from tenants.votes.service.secret.notices import eligible_of, rule_set_of
from tenants.votes.service.secret.statements import say, statements_of
from tenants.votes.service.turnout import ways_of
from tenants.votes.tables import VoteTrack, votes


async def close_urn(tx: Tx, vote: Facts, attending: int | None = None) -> Row:
    """Sign how many ballots lie in the urn, list them without names, and hand them to the scrutineers.

    `attending` is how many were present, where a meeting was held. If the quorum was missed, no
    ballot is opened, and the count ends here. Returns the vote as it is now.
    """
    leaves = sorted(leaf(ballot) for ballot in await sealed_of(tx, vote["id"]))
    said = await statements_of(tx, vote["id"])
    units = await eligible_of(tx, vote, (await size_of(tx, vote["roll_id"])).voters)
    present = {} if attending is None else dict.fromkeys(units, attending)
    body = publishing.closed_body(leaves, {"online": len(leaves)}, present)
    await say(tx, vote["id"], body, said)
    await keep_list(tx, vote["id"], ListKind.URN, b"".join(leaves))
    if vote["track"] == VoteTrack.POLL:
        return await take(tx, CLOSES, vote, to="COUNTING")
    found = await _count(tx, vote, said, [], len(leaves))
    if all(step.is_met for step in found.trace if step.option is None):
        return await take(tx, TALLY, vote, to="COUNTING")
    await say(tx, vote["id"], publishing.result_body(found, 0), said)
    await keep_file(tx, vote["id"], said, Urn(leaves, [], []), [], [])
    # nobody knows whether what was not opened is void
    tallies = {unit: replace(tally, void=0) for unit, tally in found.tallies.items()}
    await _keep(tx, vote, replace(found, tallies=tallies), len(leaves))
    return await take(tx, TALLY, vote, to="TALLIED")


async def count_urn(tx: Tx, vote: Facts, said: list[Statement], urn: Urn) -> Row:
    """Count what two scrutineers have opened, and sign the result; a poll is published with it.

    `said` ends with what both scrutineers said. Returns the vote as it is now.
    """
    good, invalid = publishing.sorted_out(said[0], paper_of(vote), urn)
    void = len(urn.leaves) - len(good)
    found = await _count(tx, vote, said, good, void)
    await say(tx, vote["id"], publishing.result_body(found, len(good)), said)
    await keep_file(tx, vote["id"], said, urn, good, invalid)
    await _keep(tx, vote, replace(found, invalid=void), len(urn.leaves))
    if vote["track"] != VoteTrack.POLL:
        return await take(tx, COUNTED, vote, to="TALLIED")
    await drop_sealed(tx, vote["id"])
    return await take(tx, COUNTED, vote, to="CLOSED", published_at=tx.now)


async def finalise(tx: Tx, vote: Facts) -> Row:
    """End the objection period of a vote; of a secret one, forget the sealed bytes."""
    await drop_sealed(tx, vote["id"])
    return await take(tx, FINALISES, vote)


async def _count(
    tx: Tx, vote: Facts, said: list[Statement], good: Sequence[bytes], void: int
) -> Result:
    """Count opened ballots under the vote's rule, `void` more having taken part."""
    attending = attending_of(said)
    units = await eligible_of(tx, vote, (await size_of(tx, vote["roll_id"])).voters)
    rules = await rule_set_of(tx, vote)
    return publishing.count(
        paper_of(vote), None if rules is None else rules.rule,
        {unit: Turnout(number, attending.get(unit)) for unit, number in units.items()},
        good, void, said[-1].root, seats=vote["seats"], none_of_these=vote["none_of_these"],
    )  # fmt: skip


async def _keep(tx: Tx, vote: Facts, found: Result, ballots: int) -> None:
    rules = await rule_set_of(tx, vote)
    if rules is None:
        await keep(tx, vote["id"], found, ballots)
        return
    ways = await ways_of(tx, vote, rules.units)
    await keep(tx, vote["id"], found, ballots, ways)
    await trace(tx, vote["id"], rules, found)


async def sealed_of(tx: Tx, vote_id: UUID) -> list[bytes]:
    """Return the sealed ballots of a vote, in no order."""
    return [row["sealed"] for row in await tx.rows(_SEALED, v_id=vote_id)]


async def drop_sealed(tx: Tx, vote_id: UUID) -> None:
    """Forget the sealed bytes of a vote whose result stands; the lists stay."""
    await tx.row(_DROP, v_id=vote_id)


def attending_of(said: Sequence[Statement]) -> dict[Unit, int]:
    """Return how many were present, as it was signed at the close."""
    (closed,) = [each.said for each in said if each.said["type"] == "closed"]
    return {Unit(unit): number for unit, number in closed["attending"].items()}


_ID = sa.bindparam("v_id", type_=votes.c.id.type)
_OF_VOTE = (envelopes.c.community_id == TENANT) & (envelopes.c.vote_id == _ID)
_SEALED = sa.select(envelopes.c.sealed).where(_OF_VOTE)
_DROP = sa.update(envelopes).where(_OF_VOTE).values(sealed=sa.null())
