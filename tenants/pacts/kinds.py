"""Each kind of pact is made in a way that stands as data (kinds.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tenants.pacts.words import PactKind, PactStage


@dataclass(frozen=True)
class Process:
    """This is how a pact of one kind is made, in one kind of community, or in any if that is None.

    `matter` is the kind of matter that decides it (tenants.votes.rules). `review_days` is how long
    the street has to answer, `filing_days` how long the committee has to file. `least_signatures` is
    how many households agree where nobody votes. `house_rules` names the fields that no law gives.
    """

    pact: PactKind
    community: str | None
    stages: tuple[PactStage, ...]
    source: str
    matter: str | None
    review_source: str | None
    filing_source: str | None
    review_days: int
    filing_days: int
    counts_women: bool
    least_signatures: int
    house_rules: tuple[str, ...]


@cache
def processes() -> tuple[Process, ...]:
    """Return the processes of all kinds."""
    rows = tomllib.loads((Path(__file__).parent / "kinds.toml").read_text())["process"]
    return tuple(_process(row) for row in rows)


def process_of(pact: str, community: str) -> Process | None:
    """Return how a kind of pact is made in a kind of community; None if it is not made there."""
    fits = (each for each in processes() if each.pact == pact)
    return next((each for each in fits if each.community in (None, community)), None)


def kinds_with(stage: PactStage) -> list[str]:
    """Return the kinds of pacts that go through a stage; a kind does so everywhere or nowhere."""
    return list(dict.fromkeys(each.pact.value for each in processes() if stage in each.stages))


def _process(row: dict[str, Any]) -> Process:
    return Process(
        pact=PactKind(row["pact"]),
        community=row.get("community"),
        stages=tuple(PactStage(each) for each in row["stages"]),
        source=row["source"],
        matter=row.get("matter"),
        review_source=row.get("review_source"),
        filing_source=row.get("filing_source"),
        review_days=row.get("review_days", 0),
        filing_days=row.get("filing_days", 0),
        counts_women=row.get("counts_women", False),
        least_signatures=row.get("least_signatures", 0),
        house_rules=tuple(row["house_rules"]),
    )
