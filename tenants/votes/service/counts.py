"""Keeping a count: the outcome, and what was counted in each unit."""

from uuid import UUID

from tenants.transaction import Tx
from tenants.votes.counting import Result
from tenants.votes.results import vote_results, vote_tallies
from tenants.votes.thresholds import Base


async def keep(
    tx: Tx, vote_id: UUID, result: Result, ballots: int, on_site: int | None = None
) -> None:
    """Keep a count: the outcome, and what was counted in each unit."""
    rounds = () if result.runoff is None else result.runoff.rounds
    await tx.insert(
        vote_results, vote_id=vote_id, outcome=result.outcome.value, winners=list(result.winners),
        ballots=ballots, invalid=result.invalid, counted_at=tx.now,
        rounds=[votes for each in rounds for votes in each],
    )  # fmt: skip
    for unit, tally in result.tallies.items():
        await tx.insert(
            vote_tallies, vote_id=vote_id, unit=unit.value,
            eligible=tally.bases[Base.ELIGIBLE], attending=tally.bases.get(Base.ATTENDING),
            on_site=on_site, participating=tally.bases[Base.PARTICIPATING],
            votes=list(tally.votes), against=list(tally.against), abstained=tally.abstained,
            void=tally.void,
        )  # fmt: skip
