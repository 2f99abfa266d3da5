"""One person enters a paper or a ballot taken down at a voter's; another who reads the same confirms."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.columns import NOW, TENANT, VIEWER
from tenants.errors import Code, NotFound, Refused
from tenants.policy import Rule
from tenants.procedure import Facts
from tenants.statements import Lock
from tenants.transaction import Tx
from tenants.votes.ballots import AGAINST
from tenants.votes.entries import CONFIRM_PAPER, RECORD_PAPER
from tenants.votes.meetings import voters
from tenants.votes.proxies import PaperChannel, papers
from tenants.votes.results import vote_ballots
from tenants.votes.tables import MOST_MATTERS, votes

Marks = Mapping[UUID, Sequence[int]]


async def record(tx: Tx, *, entry_id: UUID, channel: PaperChannel, ballots: Marks) -> list[UUID]:
    """Record what is marked on a voter's paper; what was entered and not confirmed is replaced.

    Marks are as they are on the paper: with too many it is void when it is counted. Raises
    NOT_FOUND for who is not on the roll, ALREADY_DONE if they have a ballot, and INVALID for marks
    that no paper can have.
    """
    for vote in await _found(tx, ballots, RECORD_PAPER):
        given = {
            "v_vote_id": vote["id"], "v_roll_id": vote["roll_id"], "v_voter_id": entry_id,
            "v_channel": channel.value,
            "v_marks": _read(vote, ballots[vote["id"]]),
        }  # fmt: skip
        if await tx.row(_BALLOT, **given) is not None:
            raise Refused(Code.ALREADY_DONE, "该户已投票。A ballot was cast already.", "entryId")
        if await tx.row(_ENTER, **given) is None:
            raise NotFound("entryId")
        await audit.record(tx, "vote.paper_entered", subject=vote["id"])
    return list(ballots)


async def confirm(tx: Tx, *, entry_id: UUID, ballots: Marks) -> list[UUID]:
    """Confirm a paper by reading it again: it is a ballot now.

    Raises NOT_FOUND if none waits, FORBIDDEN to who entered it, INVALID if the two read it
    differently, and ALREADY_DONE if the voter cast a ballot meanwhile.
    """
    for vote in await _found(tx, ballots, CONFIRM_PAPER):
        given = {"v_vote_id": vote["id"], "v_voter_id": entry_id}
        paper = await tx.row(_PAPER, **given)
        if paper is None:
            raise NotFound("entryId")
        if paper["entered_by"] == tx.viewer.id:
            raise Refused(
                Code.FORBIDDEN, "录入人不能复核。Not by the one who entered it.", "entryId"
            )
        if list(ballots[vote["id"]]) != paper["marks"]:
            raise Refused(
                Code.INVALID,
                f"“{vote['question']}”与录入的不同，请核对原票。It differs from what was entered.",
                "ballots",
            )
        if await tx.row(_COUNT, **given) is None:
            raise Refused(Code.ALREADY_DONE, "该户已投票。A ballot was cast already.", "entryId")
        await tx.row(_CONFIRM, **given)
        await audit.record(tx, "vote.paper_confirmed", subject=vote["id"])
    return list(ballots)


async def _found(tx: Tx, ballots: Marks, permit: Rule) -> list[Facts]:
    """Return the votes of a paper, held until the commit: none is counted meanwhile."""
    if not 1 <= len(ballots) <= MOST_MATTERS:
        raise Refused(
            Code.INVALID, f"一次 1–{MOST_MATTERS} 项议题。1 to {MOST_MATTERS} matters.", "ballots"
        )
    return [
        await tx.find(votes, vote_id, "ballots", permit=permit, lock=Lock.SHARE)
        for vote_id in sorted(ballots)
    ]


def _read(vote: Facts, marks: Sequence[int]) -> list[int]:
    if len(marks) != vote["options"] or not all(0 <= mark <= AGAINST for mark in marks):
        raise Refused(
            Code.INVALID,
            f"“{vote['question']}”须为 {vote['options']} 个数，各为 0–{AGAINST}。\n"
            f"A mark of 0 to {AGAINST} for each of its {vote['options']} options.",
            "ballots",
        )
    return list(marks)


_U = votes.c.id.type
_VOTE = sa.bindparam("v_vote_id", type_=_U)
_VOTER = sa.bindparam("v_voter_id", type_=_U)
_BALLOT = sa.select(vote_ballots.c.voter_id).where(
    vote_ballots.c.community_id == TENANT,
    vote_ballots.c.vote_id == _VOTE,
    vote_ballots.c.voter_id == _VOTER,
)
_IS_PAPER = (
    (papers.c.community_id == TENANT)
    & (papers.c.vote_id == _VOTE)
    & (papers.c.voter_id == _VOTER)
    & papers.c.confirmed_at.is_(None)
)
_PAPER = sa.select(papers).where(_IS_PAPER).with_for_update(key_share=True)
_ENTERED = {
    "channel": sa.bindparam("v_channel", type_=sa.Text()),
    "marks": sa.bindparam("v_marks", type_=papers.c.marks.type),
    "entered_by": VIEWER,
    "entered_at": NOW,
}
_ENTER = (
    insert(papers)
    .from_select(
        ["community_id", "vote_id", "roll_id", "voter_id", *_ENTERED],
        sa.select(
            voters.c.community_id, _VOTE, voters.c.roll_id, voters.c.voter_id,
            *_ENTERED.values(),
        ).where(
            voters.c.community_id == TENANT,
            voters.c.roll_id == sa.bindparam("v_roll_id", type_=_U),
            voters.c.voter_id == _VOTER,
        ),
    )
    .on_conflict_do_update(
        index_elements=list(papers.primary_key.columns),
        set_=_ENTERED,
        where=papers.c.confirmed_at.is_(None),
    )
    .returning(papers.c.voter_id)
)  # fmt: skip
_COUNT = (
    insert(vote_ballots)
    .from_select(
        ["community_id", "vote_id", "roll_id", "voter_id", "marks", "first_at", "cast_at",
         "channel", "version"],
        sa.select(
            papers.c.community_id, papers.c.vote_id, papers.c.roll_id, papers.c.voter_id,
            papers.c.marks, NOW, NOW, papers.c.channel, sa.literal_column("1"),
        ).where(_IS_PAPER),
    )
    .on_conflict_do_nothing()
    .returning(vote_ballots.c.voter_id)
)  # fmt: skip
_CONFIRM = sa.update(papers).where(_IS_PAPER).values(confirmed_by=VIEWER, confirmed_at=NOW)
