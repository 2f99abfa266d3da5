"""Verdicts are exact: more than half of those present, and twice unfit in a row."""

import pytest

from tenants.appraisals.judging import ends_office, verdict_of
from tenants.appraisals.tables import Verdict


@pytest.mark.parametrize(
    ("fit", "unfit", "present", "verdict"),
    [
        (16, 14, 30, Verdict.FIT),
        (15, 15, 30, Verdict.NEITHER),
        (14, 16, 30, Verdict.UNFIT),
        # who is present and says nothing counts in the whole
        (10, 5, 30, Verdict.NEITHER),
        (1, 0, 1, Verdict.FIT),
        (0, 0, 0, Verdict.NEITHER),
    ],
)
def test_more_than_half_of_those_present_decide(
    fit: int, unfit: int, present: int, verdict: Verdict
) -> None:
    assert verdict_of(fit, unfit, present) is verdict


@pytest.mark.parametrize(
    ("verdict", "before", "ends"),
    [
        (Verdict.UNFIT, ["UNFIT"], True),
        (Verdict.UNFIT, ["UNFIT", "FIT"], True),
        (Verdict.UNFIT, ["FIT", "UNFIT"], False),
        (Verdict.UNFIT, ["NEITHER", "UNFIT"], False),
        (Verdict.UNFIT, [], False),
        (Verdict.NEITHER, ["UNFIT"], False),
        (Verdict.FIT, ["UNFIT"], False),
    ],
)
def test_an_office_ends_with_the_second_unfit_in_a_row(
    verdict: Verdict, before: list[str], ends: bool
) -> None:
    assert ends_office(verdict, before) is ends
