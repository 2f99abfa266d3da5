"""In the instant run-off the last goes out, and its ballots pass to their next preference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tenants.votes.ballots import Ballot, Unit

# Gives each option its place in a published draw; the lowest of those that tie goes out.
Lot = Callable[[int], bytes]


@dataclass(frozen=True)
class Runoff:
    """It holds each round's votes for each option, those of ballots without a preference left, the winner.

    `winner` is None where the last two options stand equal: a tie is a result, and no lot breaks it.
    It is None as well where no ballot has a preference.
    """

    rounds: tuple[tuple[int, ...], ...]
    exhausted: tuple[int, ...]
    winner: int | None


def run_off(ballots: Sequence[Ballot], options: int, unit: Unit, lot: Lot) -> Runoff:
    """Eliminate one option a round until one has more than half of the votes that still count.

    Where several are last, `lot` decides which goes out, unless they are the last two.
    """
    orders = [_order(ballot.marks) for ballot in ballots]
    weights = [ballot.weights[unit] for ballot in ballots]
    standing = set(range(options))
    rounds: list[tuple[int, ...]] = []
    exhausted: list[int] = []
    while True:
        votes = [0] * options
        left = 0
        for order, weight in zip(orders, weights, strict=True):
            first = next((option for option in order if option in standing), None)
            if first is None:
                left += weight
            else:
                votes[first] += weight
        rounds.append(tuple(votes))
        exhausted.append(left)
        leader = max(standing, key=votes.__getitem__)
        if 2 * votes[leader] > sum(votes):
            return Runoff(tuple(rounds), tuple(exhausted), leader)
        if len(standing) <= 2 and len({votes[option] for option in standing}) == 1:
            return Runoff(tuple(rounds), tuple(exhausted), None)
        standing.remove(min(standing, key=lambda option: (votes[option], lot(option))))


def _order(marks: tuple[int, ...]) -> list[int]:
    return [option for _, option in sorted((mark, n) for n, mark in enumerate(marks) if mark)]
