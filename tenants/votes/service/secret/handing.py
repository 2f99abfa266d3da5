"""Open the urn as the server has it: it gives the boxes, and checks what scrutineers hand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import rfc8785
import sqlalchemy as sa

from tenants.columns import DISTRICT, TENANT, among
from tenants.errors import Code, Refused
from tenants.transaction import Tx
from tenants.votes.merkle import root
from tenants.votes.publishing import Statement, Urn
from tenants.votes.sealing import INNER_SIZE, PAIRS, PLAIN_SIZE, onion
from tenants.votes.secret.opening import Handed, follows, is_signed
from tenants.votes.secret.scrutiny import is_asked
from tenants.votes.secret.tables import openings, scrutineers
from tenants.votes.service.secret.keys import at_place, locked, not_theirs, secret_vote
from tenants.votes.service.secret.lists import hashes, leaves_of, parted
from tenants.votes.service.secret.statements import keep, statements_of
from tenants.votes.service.secret.urns import count_urn, sealed_of
from tenants.votes.tables import vote_dues, votes


async def boxes(tx: Tx, vote_id: UUID, place: int, pair: tuple[int, int]) -> Handed:
    """Return what a scrutineer opens: what was said, the urn's leaves, and the boxes, sorted.

    They name nobody. Raises NOT_FOUND, and WRONG_STATE where it is not this scrutineer's turn.
    """
    vote = await secret_vote(tx, vote_id)
    if vote["state"] != "COUNTING" or pair not in PAIRS or place not in pair:
        raise _not_now()
    said = await statements_of(tx, vote_id)
    leaves = await leaves_of(tx, vote_id)
    if place == pair[0]:
        given = sorted(onion(ballot, pair) for ballot in await sealed_of(tx, vote_id))
    else:
        first, given = await _handed_on(tx, vote_id, pair)
        said.append(first)
    return Handed(said, leaves, given)


async def ballots(tx: Tx, vote_id: UUID) -> int:
    """Return how many ballots are being opened; raises NOT_FOUND, and WRONG_STATE if none are."""
    vote = await secret_vote(tx, vote_id)
    if vote["state"] != "COUNTING":
        raise _not_now()
    return len(await leaves_of(tx, vote_id))


async def hand_in(
    tx: Tx, vote_id: UUID, pair: tuple[int, int], statement: Statement, joined: bytes
) -> None:
    """Take what a scrutineer opened: the first of a pair hands it on, the second ends the count.

    `joined` are the items. Raises NOT_FOUND, WRONG_STATE, and INVALID with the first thing that does
    not hold.
    """
    vote = await locked(tx, vote_id)
    if vote["state"] != "COUNTING" or pair not in PAIRS:
        raise _not_now()
    said = await statements_of(tx, vote_id)
    opening = Opening.of(statement)
    if opening.by == pair[0]:
        given = [onion(ballot, pair) for ballot in await sealed_of(tx, vote_id)]
        await _check(tx, vote_id, opening, said[-1], given, _items(joined, INNER_SIZE))
        kept = await tx.insert_new(
            openings, vote_id=vote_id, first=pair[0], second=pair[1], body=statement.body,
            signature=bytes.fromhex(statement.signature), content=joined,
        )  # fmt: skip
        if not kept:
            raise Refused(Code.ALREADY_DONE, "这一层已经交来。This was handed in already.")
        return
    if opening.by != pair[1]:
        raise _unfit("not of this pair")
    first, given = await _handed_on(tx, vote_id, pair)
    items = _items(joined, PLAIN_SIZE)
    await _check(tx, vote_id, opening, first, given, items)
    await keep(tx, vote_id, first, said)
    await keep(tx, vote_id, statement, said)
    leaves = await leaves_of(tx, vote_id)
    await count_urn(tx, vote, said, Urn(leaves, given, items))


@dataclass(frozen=True)
class Opening:
    """It is what a scrutineer says of the items that they hand on, as it was read."""

    statement: Statement
    by: int
    count: int
    root: bytes
    repeated: int
    unreadable: list[bytes]

    @classmethod
    def of(cls, statement: Statement) -> "Opening":
        """Read a statement; raises INVALID for one that is not said as an opening."""
        try:
            said = statement.said
            bytes.fromhex(statement.signature)
            unreadable = [bytes.fromhex(each) for each in said["unreadable"]]
            found = cls(
                statement, int(said["by"]), int(said["count"]), bytes.fromhex(said["root"]),
                int(said["repeated"]), unreadable,
            )  # fmt: skip
            if said["type"] == "opened" and rfc8785.dumps(said) == statement.body.encode():
                return found
        except (KeyError, TypeError, ValueError, AttributeError, rfc8785.CanonicalizationError):
            pass
        raise _unfit("not said as an opening")


async def waiting(tx: Tx, identity: bytes) -> list[UUID]:
    """Return the votes of this community that wait for a program: for its key, or to be opened."""
    rows = await tx.rows(_WAITING, v_identity=identity)
    return [
        row["vote_id"] for row in rows if row["state"] == "COUNTING" or is_asked(row, row, tx.now)
    ]


async def _check(
    tx: Tx,
    vote_id: UUID,
    opening: Opening,
    before: Statement,
    given: Sequence[bytes],
    items: Sequence[bytes],
) -> None:
    """Check what was handed in: its author, its place, its items, and that nothing was lost."""
    mine = await at_place(tx, vote_id, opening.by)
    if mine["sign_key"] is None or not is_signed(opening.statement, mine["sign_key"]):
        raise not_theirs()
    spoilt, boxes = opening.unreadable, {*hashes(given)}
    made = len(items) + opening.repeated + len(spoilt)
    checks = {
        "does not follow from what was said before": follows(opening.statement, before),
        "not sorted, or an item twice": list(items) == sorted({*items}),
        "not the items that were signed": root(hashes(items)) == opening.root,
        "not the number of items that was signed": len(items) == opening.count,
        "not the boxes that were given": spoilt == sorted({*spoilt}) and {*spoilt} <= boxes,
        "not as many as were given": opening.repeated >= 0 and made == len(given),
    }
    for why, is_so in checks.items():
        if not is_so:
            raise _unfit(why)


def _items(joined: bytes, size: int) -> list[bytes]:
    if len(joined) % size:
        raise _unfit("an item of another size")
    return parted(joined, size)


async def _handed_on(tx: Tx, vote_id: UUID, pair: tuple[int, int]) -> tuple[Statement, list[bytes]]:
    """Return what the first of a pair said and handed on."""
    row = await tx.row(_HANDED_ON, v_id=vote_id, v_first=pair[0], v_second=pair[1])
    if row is None:
        raise _not_now()
    return Statement(row["body"], row["signature"].hex()), parted(row["content"], INNER_SIZE)


def _not_now() -> Refused:
    return Refused(Code.WRONG_STATE, "现在没有要开的选票。There is nothing to open now.")


def _unfit(why: str) -> Refused:
    return Refused(Code.INVALID, f"交来的开票结果不能接受。What was handed in is refused: {why}.")


# The communities of a district where scrutineers are to show a key, or to open ballots.
COMMUNITIES = (
    sa.select(vote_dues.c.community_id)
    .distinct()
    .where(vote_dues.c.district_id == DISTRICT, vote_dues.c.scrutiny)
)
_ID = sa.bindparam("v_id", type_=votes.c.id.type)
_HANDED_ON = sa.select(openings).where(
    openings.c.community_id == TENANT,
    openings.c.vote_id == _ID,
    openings.c.first == sa.bindparam("v_first", type_=sa.Integer()),
    openings.c.second == sa.bindparam("v_second", type_=sa.Integer()),
)
_WAITING = (
    sa.select(
        scrutineers.c.vote_id,
        scrutineers.c.seal_key,
        scrutineers.c.shown_at,
        votes.c.state,
        votes.c.closes_at,
    )
    .join(
        votes,
        (votes.c.community_id == scrutineers.c.community_id)
        & (votes.c.id == scrutineers.c.vote_id),
    )
    .where(
        scrutineers.c.community_id == TENANT,
        votes.c.community_id == TENANT,
        scrutineers.c.identity == sa.bindparam("v_identity", type_=scrutineers.c.identity.type),
        among(votes.c.state, "DRAFT", "NOTICED", "OPEN", "COUNTING"),
    )
    .order_by(scrutineers.c.vote_id)
)
