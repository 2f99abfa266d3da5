"""Say a count in words: a notice tells each comparison, with its numbers and its source."""

from tenants.votes.ballots import Unit
from tenants.votes.counting import Comparison

SQUARE_METRES = " 平方米"


def number(unit: Unit, amount: int) -> str:
    """Print an amount: `1,376`; an area in square metres: `41,203.55 平方米`."""
    if unit is Unit.AREA:
        return f"{amount // 100:,}.{amount % 100:02}{SQUARE_METRES}"
    return f"{amount:,}"


def percent(part: int, whole: int) -> str:
    """Print a share in percent with two decimals, cut off: what falls short never looks enough."""
    if not whole:
        return "0.00 %"
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02} %"


def sentence(step: Comparison, what: str, source: str) -> str:
    """Print one comparison: what was compared, its numbers, whether it is enough, and by which rule.

    >>> sentence(step, "参与表决的面积", "民法典第278条")
    '参与表决的面积：41,203.55 平方米 / 58,000.00 平方米 = 71.04 %，须 ≥ 2/3，已达到。（民法典第278条）'
    """
    part, whole = number(step.unit, step.part), number(step.unit, step.whole)
    reached = "已达到" if step.is_met else f"未达到，还差 {number(step.unit, step.missing)}"
    share = percent(step.part, step.whole)
    return f"{what}：{part} / {whole} = {share}，须 {step.threshold}，{reached}。（{source}）"
