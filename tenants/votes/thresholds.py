"""Shares as the law words them, compared exactly: integers and fractions, never floats.

过半数 and 超过 exclude the number they name (GT), 以上 includes it (GE): Civil Code art. 1259. Areas
are integers in 0.01 m², for 19,483.44 × 3 ≥ 29,225.16 × 2 is true in law and false in doubles.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from tenants.words import Words, word


class Operator(StrEnum):
    """It compares a part with a share of the whole."""

    GT = ">"
    GE = "≥"


class Base(Words):
    """比例以此为全体。A share is taken of this whole."""

    ELIGIBLE = word("名册全体", "The whole is all on the roll")
    ATTENDING = word(
        "到会", "The whole is all recorded as present at the meeting, or who voted in it online"
    )
    PARTICIPATING = word(
        "参与表决",
        "The whole is all who took part: valid, blank and void ballots, and counted silence",
    )


@dataclass(frozen=True)
class Threshold:
    """A part must be more than, or at least, a share of a base: `> 1/2 of ATTENDING`."""

    operator: Operator
    share: Fraction
    base: Base

    def is_met(self, part: int, whole: int) -> bool:
        """Return whether `part` of `whole` is enough; of nothing, no part is."""
        if whole <= 0:
            return False
        needed = self.share * whole
        return part > needed if self.operator is Operator.GT else part >= needed

    def least(self, whole: int) -> int:
        """Return the smallest part of `whole` that is enough."""
        needed = self.share * whole
        rounded = -(-needed.numerator // needed.denominator)
        is_even = rounded == needed
        return rounded + 1 if self.operator is Operator.GT and is_even else rounded

    def __str__(self) -> str:
        """Print the comparison and the share: `≥ 2/3`."""
        return f"{self.operator} {self.share.numerator}/{self.share.denominator}"


def more_than(share: str, base: Base) -> Threshold:
    """Return the threshold that excludes its share: `more_than("1/2", Base.ATTENDING)`."""
    return Threshold(Operator.GT, Fraction(share), base)


def at_least(share: str, base: Base) -> Threshold:
    """Return the threshold that includes its share: `at_least("2/3", Base.ELIGIBLE)`."""
    return Threshold(Operator.GE, Fraction(share), base)
