"""A count is turned into verdicts, purely and exactly; the law names no number, so decisions' is taken."""

from collections.abc import Sequence

from tenants.appraisals.tables import Verdict


def verdict_of(fit: int, unfit: int, present: int) -> Verdict:
    """Return the verdict of those present: more than half of them say fit, or unfit, or neither.

    The laws say that an appraisal is made by the residents' or villagers' meeting or their
    representatives (城市法37、村法38), and that these decide by more than half of those present.
    """
    if 2 * fit > present:
        return Verdict.FIT
    return Verdict.UNFIT if 2 * unfit > present else Verdict.NEITHER


def ends_office(verdict: Verdict, before: Sequence[str]) -> bool:
    """Return whether a verdict ends the office; `before` are earlier ones, the latest first.

    Unfit twice in a row does (城市法37、村法38).
    """
    return verdict is Verdict.UNFIT and bool(before) and before[0] == Verdict.UNFIT
