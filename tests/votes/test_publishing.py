"""The published file: counted again by the stand-alone verifier, and every tampering found."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tenants.votes import sealing
from tenants.votes.ballots import Method, Paper, Unit
from tenants.votes.counting import Outcome, Rule
from tenants.votes.publishing import SIGNED
from tenants.votes.sealing import PAIRS
from tenants.votes.thresholds import Base, Operator, Threshold, more_than
from tests.votes.secret import Held, hold
from tests.votes.verifying import VERIFIER, verifier

PROPOSAL = Paper(Method.PROPOSAL, 2)
RULE = Rule(
    {Unit.PERSONS: more_than("1/2", Base.ELIGIBLE)},
    {Unit.PERSONS: more_than("1/2", Base.ATTENDING)},
    Base.ATTENDING,
)


def random_marks(chance: Random, paper: Paper) -> bytes:
    """Marks that are allowed, abstentions among them."""
    places = list(range(paper.options))
    chance.shuffle(places)
    marks = bytearray(paper.options)
    if paper.method is Method.CANDIDATES:
        for place in places[: paper.most]:
            marks[place] = chance.choice([0, 1, 2])
        return bytes(marks)
    used = chance.choice([0, *range(paper.least, paper.most + 1)])
    for rank, place in enumerate(places[:used], start=1):
        marks[place] = rank if paper.method is Method.RANKED else 1
    return bytes(marks)


def some_vote(number: int) -> Held:
    """Return a vote of any method, under a rule or a poll, of up to 20 voters."""
    chance = Random(number)
    method = chance.choice(list(Method))
    options = 2 if method is Method.PROPOSAL else chance.randint(2, 5)
    several = method not in (Method.PROPOSAL, Method.SINGLE)
    paper = Paper(method, options, most=chance.randint(1, options) if several else 1)
    marks = [random_marks(chance, paper) for _ in range(chance.choice([0, 1, 2, 5, 20]))]
    share = Fraction(chance.choice(["1/2", "2/3", "1/3"]))
    quorum = Threshold(chance.choice(list(Operator)), share, Base.ELIGIBLE)
    passing = Threshold(chance.choice(list(Operator)), share, chance.choice(list(Base)))
    counted = chance.choice([Base.ATTENDING, Base.PARTICIPATING])
    is_poll = method is Method.RANKED or chance.random() < 0.3
    return hold(
        paper,
        None if is_poll else Rule({Unit.PERSONS: quorum}, {Unit.PERSONS: passing}, counted),
        len(marks) + chance.randint(0, 12),
        marks,
        attending=len(marks) + chance.randint(0, 3),
        pair=chance.choice(PAIRS),
        seats=chance.randint(1, 2) if several else 1,
        none_of_these=chance.choice([None, options - 1]) if method is Method.SINGLE else None,
        seed=number,
    )


def test_the_verifier_counts_100_votes_as_the_server_does() -> None:
    outcomes: Counter[str] = Counter()
    for number in range(100):
        held = some_vote(number)
        found = verifier.verify(json.loads(json.dumps(held.file)))
        outcomes[found["outcome"]] += 1
        if found["outcome"] != Outcome.FAILED_QUORUM:
            assert sorted(b[16:] for b in held.file["ballots"]) == sorted(
                each.hex() for each in held.marks
            )
    assert set(outcomes) == {*Outcome}, outcomes


@pytest.fixture(scope="module")
def held() -> Held:
    """A vote of 40, of whom 25 are for it; three envelopes are none of its ballots."""
    marks = [bytes((1, 0))] * 25 + [bytes((0, 1))] * 12 + [bytes(2)] * 3
    return hold(PROPOSAL, RULE, 60, marks, attending=45, strangers=(b"\1" * 480,), seed=9)


def test_each_voter_finds_their_number_beside_their_choice(held: Held) -> None:
    lines = {ballot[:16]: ballot[16:] for ballot in held.file["ballots"]}
    for seed, marks in zip(held.seeds, held.marks, strict=True):
        assert lines[sealing.number(seed).hex()] == marks.hex()


def test_what_is_no_ballot_takes_part_and_is_void(held: Held) -> None:
    said = [json.loads(each["body"]) for each in held.file["statements"]]
    assert said[1]["count"] == 41
    assert len(said[2]["unreadable"]) == 1
    assert (said[-1]["valid"], said[-1]["outcome"]) == (40, "PASSED")


def test_a_quorum_that_is_missed_leaves_the_urn_shut() -> None:
    held = hold(PROPOSAL, RULE, 60, [bytes((1, 0))] * 30, attending=30)
    assert verifier.verify(held.file)["outcome"] == "FAILED_QUORUM"
    assert held.file["ballots"] == held.file["passed"] == []


def test_the_verifier_is_a_program_of_its_own(held: Held, tmp_path: Path) -> None:
    path = tmp_path / "vote.json"
    path.write_text(json.dumps(held.file))
    number = sealing.number(held.seeds[0]).hex()
    command = [sys.executable, "-I", str(VERIFIER), str(path), held.file["key"], number]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Everything holds" in done.stdout
    assert "[1, 0]" in done.stdout
    lines = VERIFIER.read_text().splitlines()
    assert len(lines) < 100
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    assert imports == ["import json, sys", "from hashlib import sha256, sha512"]


# --- tampering


def others(value: Any, chance: Random) -> Iterator[Any]:  # noqa: C901 # one arm a type
    """Return values that are near a value and not it."""
    match value:
        case bool() | None:
            yield 0
        case int():
            yield from (value + 1, max(0, value - 1) if value else 2)
        case str() if value and all(letter in "0123456789abcdef" for letter in value):
            place = chance.randrange(len(value))
            yield value[:place] + ("0" if value[place] != "0" else "1") + value[place + 1 :]
        case str():
            yield value + "x"
        case list():
            yield [*value, deepcopy(value[0]) if value else "00"]
            if value:
                yield value[1:]
                if value[::-1] != value:
                    yield value[::-1]
        case dict():
            for name in value:
                yield {key: each for key, each in value.items() if key != name}
        case _:
            raise TypeError(value)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the path to every field and every list, and to some items of each list."""
    yield path
    if isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*path, name))
    elif isinstance(value, list):
        for index in sorted({0, 1, len(value) // 2, len(value) - 1} & {*range(len(value))}):
            yield from places(value[index], (*path, index))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return a copy with another value at a path."""
    if not path:
        return new
    copy = deepcopy(value)
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = new
    return copy


def is_caught(file: dict[str, Any]) -> bool:
    """Whether the verifier refuses a file; whatever it stumbles over is a refusal."""
    try:
        verifier.verify(file)
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration):
        return True
    return False


def test_every_tampering_of_the_file_is_caught(held: Held) -> None:
    chance = Random(5)
    tried = 0
    for path in places(held.file):
        if not path:
            continue
        value = held.file
        for step in path:
            value = value[step]
        for new in others(value, chance):
            tried += 1
            assert is_caught(changed(held.file, path, new)), (path, new)
    assert tried > 40


# what the file says about itself and nothing follows from: who reads it compares it with the notice
_TOLD_ONLY = {"question", "name", "options"}


def test_every_tampering_that_the_server_signs_anew_is_caught(held: Held) -> None:
    chance = Random(6)
    tried = 0
    for index, kept in enumerate(held.file["statements"]):
        body = json.loads(kept["body"])
        if body["by"]:
            continue
        for path in places(body):
            if not path or _TOLD_ONLY & set(path):
                continue
            value = body
            for step in path:
                value = value[step]
            for new in others(value, chance):
                tried += 1
                assert is_caught(signed_anew(held, index, changed(body, path, new))), (path, new)
    assert tried > 60


def signed_anew(held: Held, index: int, body: Any) -> dict[str, Any]:
    """Return the file with another statement of the server's, signed by its key."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    signature = held.server.sign(SIGNED + text.encode()).hex()
    statements = [dict(each) for each in held.file["statements"]]
    statements[index] = {"body": text, "signature": signature}
    return {**held.file, "statements": statements}
