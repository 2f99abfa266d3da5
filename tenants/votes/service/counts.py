"""Keep a count: the outcome, what was counted in each unit, and every comparison in words."""

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.transaction import Tx
from tenants.votes.ballots import Unit
from tenants.votes.counting import Comparison, Result
from tenants.votes.results import vote_comparisons, vote_results, vote_tallies
from tenants.votes.rules import RuleSet
from tenants.votes.service.turnout import Ways
from tenants.votes.tables import vote_options
from tenants.votes.thresholds import Base
from tenants.votes.words import sentence


async def keep(
    tx: Tx,
    vote_id: UUID,
    result: Result,
    ballots: int,
    ways: Mapping[Unit, Ways] | None = None,
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
            participating=tally.bases[Base.PARTICIPATING], votes=list(tally.votes),
            against=list(tally.against), abstained=tally.abstained, void=tally.void,
            **asdict((ways or {}).get(unit, Ways())),
        )  # fmt: skip


async def trace(tx: Tx, vote_id: UUID, rule: RuleSet, result: Result) -> None:
    """Keep every comparison of a count in words and numbers."""
    labels = {row["place"]: row["label"] for row in await tx.rows(_LABELS, v_id=vote_id)}
    for place, step in enumerate(result.trace):
        await tx.insert(
            vote_comparisons, vote_id=vote_id, place=place, unit=step.unit.value,
            option=step.option, part=step.part, whole=step.whole,
            base=step.threshold.base.value, threshold=str(step.threshold), is_met=step.is_met,
            words=sentence(step, _what(step, rule, labels), rule.source),
        )  # fmt: skip


def _what(step: Comparison, rule: RuleSet, labels: dict[int, str]) -> str:
    """Say what a comparison is of."""
    if step.option is None:
        return f"{rule.rule.counted.chinese}的{step.unit.chinese}"
    return f"“{labels[step.option]}”的{step.unit.chinese}"


_ID = sa.bindparam("v_id", type_=vote_options.c.vote_id.type)
_LABELS = sa.select(vote_options.c.place, vote_options.c.label).where(
    vote_options.c.community_id == TENANT, vote_options.c.vote_id == _ID
)
