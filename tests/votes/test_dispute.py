"""Each way to lose a ballot is pinned on whoever lost it, by the one voter concerned."""

from dataclasses import replace

import pytest

from tenants.votes.ballots import Method, Paper, Unit
from tenants.votes.counting import Rule
from tenants.votes.dispute import Finding, settle
from tenants.votes.sealing import PAIRS
from tenants.votes.thresholds import Base, more_than
from tests.votes.secret import Held, hold, receipt, signing
from tests.votes.test_publishing import verifier

PAPER = Paper(Method.PROPOSAL, 2)
RULE = Rule(
    {Unit.PERSONS: more_than("1/2", Base.ELIGIBLE)},
    {Unit.PERSONS: more_than("1/2", Base.PARTICIPATING)},
)
MARKS = [bytes((1, 0))] * 7 + [bytes((0, 1))] * 2 + [bytes(2)]


def settled(held: Held, voter: int = 0) -> tuple[Finding, int | None]:
    """Return what the voter's seed shows."""
    key = held.server.public_key()
    return settle(held.file, key, held.receipts[voter], held.seeds[voter], held.marks[voter])


@pytest.mark.parametrize("pair", PAIRS)
def test_a_ballot_that_was_counted_is_found(pair: tuple[int, int]) -> None:
    held = hold(PAPER, RULE, 12, MARKS, pair=pair)
    assert {settled(held, voter) for voter in range(10)} == {(Finding.COUNTED, None)}


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("which", [None, 0, 1])
def test_who_replaces_a_ballot_is_named(pair: tuple[int, int], which: int | None) -> None:
    place = 0 if which is None else pair[which]
    held = hold(PAPER, RULE, 12, MARKS, pair=pair, loses=place)
    assert verifier.verify(held.file)["valid"] == 10, "nobody but the voter can tell"
    lost = {
        0: Finding.LOST_BY_SERVER,
        pair[0]: Finding.LOST_BY_FIRST,
        pair[1]: Finding.LOST_BY_SECOND,
    }
    assert settled(held) == (lost[place], place or None)
    assert {settled(held, voter) for voter in range(1, 10)} == {(Finding.COUNTED, None)}


def test_who_shows_another_choice_or_another_receipt_proves_nothing() -> None:
    held = hold(PAPER, RULE, 12, MARKS)
    key, nothing = held.server.public_key(), (Finding.NOT_OF_THIS_RECEIPT, None)
    assert settle(held.file, key, held.receipts[0], held.seeds[0], bytes((0, 1))) == nothing
    assert settle(held.file, key, held.receipts[1], held.seeds[0], held.marks[0]) == nothing
    forged = receipt(signing(b"another"), b"\0" * 480)
    assert settle(held.file, key, forged, held.seeds[0], held.marks[0]) == nothing
    spoilt = replace(held.receipts[0], body=held.receipts[0].body + " ")
    assert settle(held.file, key, spoilt, held.seeds[0], held.marks[0]) == nothing
    junk = replace(held.receipts[0], signature=b"")
    assert settle(held.file, key, junk, held.seeds[0], held.marks[0]) == nothing


def test_an_over_marked_ballot_is_void_and_not_lost() -> None:
    held = hold(PAPER, RULE, 12, [bytes((1, 1)), *MARKS])
    assert settled(held) == (Finding.VOID, None)


def test_where_the_quorum_was_missed_nothing_was_opened() -> None:
    held = hold(PAPER, RULE, 40, MARKS)
    assert settled(held) == (Finding.UNOPENED, None)
