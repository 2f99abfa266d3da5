"""Test what a notice says of a count."""

import pytest

from tenants.votes.ballots import Unit
from tenants.votes.counting import Comparison
from tenants.votes.thresholds import Base, at_least, more_than
from tenants.votes.words import percent, sentence


def test_a_comparison_that_is_met() -> None:
    step = Comparison(Unit.AREA, at_least("2/3", Base.ELIGIBLE), 4_120_355, 5_800_000)
    assert sentence(step, "参与表决的面积", "民法典第278条") == (
        "参与表决的面积：41,203.55 平方米 / 58,000.00 平方米 = 71.04 %，须 ≥ 2/3，已达到。（民法典第278条）"
    )


def test_one_that_is_not_says_how_much_is_missing() -> None:
    step = Comparison(Unit.HEADS, more_than("1/2", Base.PARTICIPATING), 688, 1376, option=0)
    assert sentence(step, "同意的业主人数", "民法典第278条") == (
        "同意的业主人数：688 / 1,376 = 50.00 %，须 > 1/2，未达到，还差 1。（民法典第278条）"
    )


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [(2, 3, "66.66 %"), (6_666_666, 10_000_000, "66.66 %"), (0, 0, "0.00 %"), (7, 7, "100.00 %")],
)
def test_a_share_is_cut_off_and_never_rounded_up(part: int, whole: int, printed: str) -> None:
    assert percent(part, whole) == printed
