"""The ballot paper of a vote has options and says what may be marked; it is checked when drafted."""

from collections.abc import Sequence
from uuid import UUID

from tenants.errors import Code, Refused
from tenants.procedure import Facts
from tenants.text import written
from tenants.transaction import Tx
from tenants.votes.ballots import Method, Paper
from tenants.votes.tables import MOST_OPTIONS, OPTION_LENGTH, vote_options

FOR_AND_AGAINST = ("同意", "反对")
NONE_OF_THESE = "以上都不选"


def paper_of(vote: Facts) -> Paper:
    """Return what a ballot of this vote may be."""
    return Paper(Method(vote["method"]), vote["options"], vote["least"], vote["most"])


def labels_of(
    method: Method, options: Sequence[str] | None, *, can_refuse_all: bool = False
) -> list[str]:
    """Return the options' texts, all different; a proposal has its own two.

    Where all can be refused, "none of these" comes last and takes one of the places. Raises
    INVALID, and what `written` raises for a text.
    """
    if method is Method.PROPOSAL:
        if options:
            raise Refused(
                Code.INVALID, "同意/反对的表决没有其他选项。A proposal has no options.", "options"
            )
        return [*FOR_AND_AGAINST]
    labels = [
        written(text, OPTION_LENGTH, "options", str(place))
        for place, text in enumerate(options or ())
    ]
    last = [NONE_OF_THESE] if can_refuse_all else []
    most = MOST_OPTIONS - len(last)
    if not 2 <= len(labels) <= most or len({*labels, *last}) < len(labels) + len(last):
        but = f"，“{NONE_OF_THESE}”由系统加在最后" if last else ""
        raise Refused(
            Code.INVALID,
            f"须有 2–{most} 个不同的选项{but}。2 to {most} options, all different.",
            "options",
        )
    return [*labels, *last]


def most_marks_of(method: Method, most: int, options: int) -> int:
    """Return how many options a ballot may mark; raise INVALID for an impossible number."""
    if method in (Method.PROPOSAL, Method.SINGLE):
        return 1
    if not 1 <= most <= options:
        raise Refused(Code.INVALID, f"须为 1–{options}。It must be 1 to {options}.", "mostMarks")
    return most


async def print_options(tx: Tx, vote_id: UUID, labels: Sequence[str]) -> None:
    """Write the options of a new vote."""
    for place, label in enumerate(labels):
        await tx.insert(vote_options, vote_id=vote_id, place=place, label=label)
