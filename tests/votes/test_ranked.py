"""The instant run-off against elections that were counted elsewhere, with the counts of each round."""

from hashlib import sha256

import pytest

from tenants.votes.ballots import Ballot, Method, Paper, Unit
from tenants.votes.counting import Outcome, Question, Turnout, poll
from tenants.votes.ranked import Runoff, run_off


def lot(option: int) -> bytes:
    """Return a draw that is the same each time."""
    return sha256(bytes([option])).digest()


def counted(profile: dict[str, int]) -> tuple[str | None, dict[int, dict[str, int]], Runoff]:
    """Run off ballots given as orders of one-letter options; the winner and each round's votes."""
    names = sorted({letter for order in profile for letter in order})
    ballots = [
        Ballot(
            tuple(order.index(name) + 1 if name in order else 0 for name in names),
            {Unit.PERSONS: number},
        )
        for order, number in profile.items()
    ]
    found = run_off(ballots, len(names), Unit.PERSONS, lot)
    rounds = {
        number: {name: votes for name, votes in zip(names, row, strict=True) if votes}
        for number, row in enumerate(found.rounds, start=1)
    }
    return None if found.winner is None else names[found.winner], rounds, found


BURLINGTON = {
    "MKW": 1332, "MWK": 767, "M": 455, "KMW": 2043, "KWM": 371, "K": 568, "WMK": 1513, "WKM": 495,
    "W": 1289,
}  # fmt: skip


def test_burlington_2009() -> None:
    winner, rounds, found = counted(BURLINGTON)
    assert winner == "K"
    assert rounds == {1: {"W": 3297, "K": 2982, "M": 2554}, 2: {"K": 4314, "W": 4064}}
    assert found.exhausted == (0, 455)


@pytest.mark.parametrize(
    ("profile", "winner", "last"),
    [
        # Tennessee, Wikipedia and votelib
        ({"MNCK": 42, "NCKM": 26, "CKNM": 15, "KCNM": 17}, "K", {"K": 58, "M": 42}),
        # the nightmare of votelib
        (
            {"ABCDE": 50, "BACDE": 51, "CDBEA": 100, "DECBA": 53, "EDCBA": 49},
            "D",
            {"D": 202, "B": 101},
        ),
        ({"ABC": 35, "CBA": 34, "BCA": 31}, "C", {"C": 65, "A": 35}),
        ({"BCA": 9, "ABC": 8, "CAB": 7}, "A", {"A": 15, "B": 9}),
        ({"ACB": 9, "CBA": 8, "BAC": 7}, "A", {"A": 16, "C": 8}),
        # pyrankvote
        ({"TMH": 2, "MTH": 1, "HTM": 1, "HMT": 1}, "T", {"T": 3, "H": 2}),
    ],
)
def test_elections_counted_elsewhere(
    profile: dict[str, int], winner: str, last: dict[str, int]
) -> None:
    found, rounds, _ = counted(profile)
    assert found == winner
    assert rounds[max(rounds)] == last


def test_ireland_1990() -> None:
    # Robinson, Lenihan, Currie; 25,548 ballots of Currie's name nobody else
    winner, rounds, found = counted(
        {"R": 612265, "L": 694484, "CL": 36789, "CR": 205565, "C": 25548}
    )
    assert winner == "R"
    assert rounds[2] == {"R": 817830, "L": 731273}
    assert found.exhausted[-1] == 25548


def test_two_that_end_equal_are_a_tie() -> None:
    winner, rounds, _ = counted({"AB": 2, "BA": 2})
    assert winner is None
    assert rounds == {1: {"A": 2, "B": 2}}


def test_equals_that_go_out_go_by_lot() -> None:
    profile = {"A": 3, "BA": 2, "CB": 2}
    names = "ABC"
    out = min((1, 2), key=lot)
    winner, rounds, _ = counted(profile)
    stays = names[3 - out]
    assert rounds[2] == ({"A": 5, "C": 2} if stays == "C" else {"A": 3, "B": 4})
    assert winner == ("A" if stays == "C" else "B")


def test_a_ranked_poll_names_its_rounds() -> None:
    question = Question(Paper(Method.RANKED, 3, most=3), {Unit.PERSONS: Turnout(120)})
    ballots = [Ballot((1, 2, 3), {Unit.PERSONS: 1})] * 35
    ballots += [Ballot((3, 2, 1), {Unit.PERSONS: 1})] * 34
    ballots += [Ballot((3, 1, 2), {Unit.PERSONS: 1})] * 31
    ballots += [Ballot((0, 0, 0), {Unit.PERSONS: 1})] * 2 + [Ballot((1, 1, 0), {Unit.PERSONS: 1})]
    found = poll(question, Unit.PERSONS, ballots, lot)
    assert (found.outcome, found.winners, found.invalid) == (Outcome.CHOSEN, (2,), 1)
    assert found.runoff is not None
    assert found.runoff.rounds == ((35, 31, 34), (35, 0, 65))
    assert found.runoff.exhausted == (2, 2)
