"""The published file of a secret vote (`linli-vote-1`) has signed statements and three sorted lists.

    urn      the leaf of every sealed ballot, 96 bytes
    passed   the SHA-256 of every box that the first scrutineer handed on
    ballots  number(8) ‖ marks, a byte for each option: what was counted
    invalid  the SHA-256 of what was opened and is not marked as it may be

A statement is canonical JSON (RFC 8785) with a signature (Ed25519) over `linli vote v1`, a line feed
and the JSON. `by` is 0 for the server and 1 to 3 for a scrutineer; `previous` is the SHA-256 of the
statement before. `verifier.py` counts the file again and shares no code with this.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

import rfc8785

from tenants.votes.ballots import Ballot, Paper, Unit
from tenants.votes.counting import Question, Result, Rule, Turnout, decide, poll
from tenants.votes.merkle import root
from tenants.votes.sealing import MOST_OPTIONS
from tenants.votes.thresholds import Threshold

FORMAT = "linli-vote-1"
SIGNED = b"linli vote v1\n"
_TAG, _NUMBER = slice(0, 8), slice(8, 16)
Body = dict[str, Any]


class Signer(Protocol):
    """It is a private Ed25519 key."""

    def sign(self, data: bytes, /) -> bytes:
        """Sign the bytes."""
        ...


@dataclass(frozen=True)
class Statement:
    """It is what the server or a scrutineer said, and their signature in hexadecimal."""

    body: str
    signature: str

    @property
    def said(self) -> Body:
        """Return the JSON of the body."""
        return json.loads(self.body)

    @property
    def root(self) -> bytes:
        """Return the root of the list that it tells of."""
        return bytes.fromhex(self.said["root"])

    @property
    def hash(self) -> bytes:
        """Return the SHA-256 by which the next statement names this one."""
        return sha256(self.body.encode()).digest()


def state(body: Body, by: int, signer: Signer, previous: Statement | None) -> Statement:
    """Return a statement that follows the one before, signed."""
    link = "" if previous is None else previous.hash.hex()
    text = rfc8785.dumps({**body, "by": by, "previous": link})
    return Statement(text.decode(), signer.sign(SIGNED + text).hex())


@dataclass(frozen=True)
class Urn:
    """It holds what lay in the urn, and what came of it: the boxes handed on, and the plain ballots."""

    leaves: Sequence[bytes]
    passed: Sequence[bytes]
    opened: Sequence[bytes]


def sorted_out(notice: Statement, paper: Paper, urn: Urn) -> tuple[list[bytes], list[bytes]]:
    """Part what was opened into ballots (number ‖ marks) and the SHA-256 of what is none."""
    tag = notice.hash[_TAG]
    ballots: list[bytes] = []
    invalid: list[bytes] = []
    for plain in urn.opened:
        marks, rest = plain[16 : 16 + paper.options], plain[16 + paper.options :]
        if plain[_TAG] == tag and not any(rest) and paper.is_valid(tuple(marks)):
            ballots.append(plain[_NUMBER] + marks)
        else:
            invalid.append(sha256(plain).digest())
    return sorted(ballots), sorted(invalid)


def count(
    paper: Paper,
    rule: Rule | None,
    turnout: Mapping[Unit, Turnout],
    ballots: Sequence[bytes],
    void: int,
    lots: bytes,
    *,
    seats: int = 1,
    none_of_these: int | None = None,
) -> Result:
    """Count published ballots, each of weight 1, under a rule; without one it is a poll.

    `void` is how many took part without a valid ballot. `lots` is the root of the last list: the
    option whose SHA-256(lots ‖ option) is lowest goes out of a run-off among equals.
    """
    weights = dict.fromkeys(turnout, 1)
    cast = [Ballot(tuple(ballot[8:]), weights) for ballot in ballots]
    came = {
        unit: Turnout(each.eligible, each.attending, void=void) for unit, each in turnout.items()
    }
    question = Question(paper, came, seats, none_of_these)
    if rule is not None:
        return decide(question, rule, cast)
    (unit,) = turnout
    return poll(question, unit, cast, lambda option: sha256(lots + bytes([option])).digest())


def notice_body(paper: Paper, rule: Rule | None, eligible: Mapping[Unit, int], **more: Any) -> Body:
    """Return the notice: the ballot paper, the rule and the roll; `more` are its other fields.

    Raises ValueError for a paper with more options than a sealed ballot has room for.
    """
    if paper.options > MOST_OPTIONS:
        raise ValueError(f"a secret ballot has {MOST_OPTIONS} options at most")
    return {
        "type": "notice",
        "method": paper.method.value,
        "least": paper.least,
        "most": paper.most,
        "eligible": {unit.value: number for unit, number in eligible.items()},
        "rule": None if rule is None else _printed(rule),
        **more,
    }


def result_body(found: Result, valid: int) -> Body:
    """Return the result: the outcome, the winners, and the votes in each unit."""
    rounds = [] if found.runoff is None else [list(each) for each in found.runoff.rounds]
    return {
        "type": "result",
        "valid": valid,
        "outcome": found.outcome.value,
        "winners": list(found.winners),
        "votes": {unit.value: list(tally.votes) for unit, tally in found.tallies.items()},
        "rounds": rounds,
    }


def extended_body(closes_at: str) -> Body:
    """Return what is said when the end is put off."""
    return {"type": "extended", "closes_at": closes_at}


def closed_body(
    leaves: Sequence[bytes], channels: Mapping[str, int], attending: Mapping[Unit, int]
) -> Body:
    """Return what is said at the close: how many ballots lie in the urn, and who attended."""
    return {
        "type": "closed",
        "count": len(leaves),
        "channels": dict(channels),
        "attending": {unit.value: number for unit, number in attending.items()},
        "root": root(sorted(leaves)).hex(),
    }


def opened_body(items: Sequence[bytes], repeated: int, unreadable: Sequence[bytes]) -> Body:
    """Return what a scrutineer says of the items that they hand on."""
    hashes = sorted(sha256(item).digest() for item in items)
    return {
        "type": "opened",
        "count": len(hashes),
        "root": root(hashes).hex(),
        "repeated": repeated,
        "unreadable": [each.hex() for each in unreadable],
    }


def document(
    key: bytes,
    statements: Sequence[Statement],
    urn: Urn,
    ballots: Sequence[bytes],
    invalid: Sequence[bytes],
) -> dict[str, Any]:
    """Return the file, ready for JSON; `key` is the server's public key."""
    return {
        "format": FORMAT,
        "key": key.hex(),
        "statements": [{"body": each.body, "signature": each.signature} for each in statements],
        "urn": [each.hex() for each in sorted(urn.leaves)],
        "passed": sorted(sha256(each).hexdigest() for each in urn.passed),
        "ballots": [each.hex() for each in ballots],
        "invalid": [each.hex() for each in invalid],
    }


def _printed(rule: Rule) -> Body:
    return {
        "counted": rule.counted.value,
        "quorum": {unit.value: _share(needed) for unit, needed in rule.quorum.items()},
        "passing": {unit.value: _share(needed) for unit, needed in rule.passing.items()},
    }


def _share(needed: Threshold) -> list[Any]:
    share = needed.share
    sign = {">": ">", "≥": ">="}[needed.operator]
    return [sign, share.numerator, share.denominator, needed.base.value]
