"""Provide a secret vote from the notice to the published file, with scrutineers of the tests' own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha512
from random import Random
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tenants.votes import publishing, sealing
from tenants.votes.ballots import Paper, Unit
from tenants.votes.counting import Rule, Turnout
from tenants.votes.dispute import RECEIPT, Receipt
from tenants.votes.publishing import Statement, Urn
from tenants.votes.sealing import Keys

VOTE = "vot_0000000000000000000001"


def signing(seed: bytes) -> Ed25519PrivateKey:
    """Return the Ed25519 key of a seed."""
    return Ed25519PrivateKey.from_private_bytes(sha512(seed + b"sign").digest()[:32])


@dataclass
class Scrutineer:
    """It is one of three: a seed, and the two keys that follow from it."""

    place: int
    seed: bytes

    @property
    def secret(self) -> bytes:
        """Return the X25519 key that opens."""
        return sha512(self.seed + b"seal").digest()[:32]

    @property
    def public(self) -> bytes:
        """Return what ballots are sealed to."""
        return sealing.public_key(self.secret)


@dataclass
class Held:
    """It is a vote that was held: who took part, what they marked, and all that was published."""

    paper: Paper
    rule: Rule | None
    server: Ed25519PrivateKey
    scrutineers: list[Scrutineer]
    seeds: list[bytes]
    marks: list[bytes]
    receipts: list[Receipt] = field(default_factory=list[Receipt])
    file: dict[str, Any] = field(default_factory=dict[str, Any])


def hold(
    paper: Paper,
    rule: Rule | None,
    eligible: int,
    marks: list[bytes],
    *,
    attending: int | None = None,
    pair: tuple[int, int] = (1, 2),
    seats: int = 1,
    none_of_these: int | None = None,
    strangers: tuple[bytes, ...] = (),
    loses: int | None = None,
    seed: int = 0,
) -> Held:
    """Hold a vote among persons; `strangers` are envelopes that are no ballots of this vote.

    The first voter's ballot is replaced by another for the last option where it passes the server
    (`loses` is 0) or a scrutineer (`loses` is their place).
    """
    chance = Random(seed)
    server = signing(chance.randbytes(32))
    three = [Scrutineer(place, chance.randbytes(32)) for place in (1, 2, 3)]
    keys: Keys = (three[0].public, three[1].public, three[2].public)
    held = Held(paper, rule, server, three, [chance.randbytes(32) for _ in marks], marks)
    unit = Unit.PERSONS
    came: Mapping[Unit, int] = {} if attending is None else {unit: attending}
    notice = publishing.state(
        publishing.notice_body(
            paper, rule, {unit: eligible}, vote=VOTE, question="是否安装充电桩？",
            options=[f"选项{n}" for n in range(paper.options)], seats=seats,
            none_of_these=none_of_these,
            holders=[
                {"name": f"监票人{each.place}", "seal": each.public.hex(),
                 "sign": signing(each.seed).public_key().public_bytes_raw().hex()}
                for each in three
            ],
        ),
        0, server, None,
    )  # fmt: skip
    ballots = [
        *(sealing.sealed(notice.hash, keys, s, m) for s, m in zip(held.seeds, marks, strict=True)),
        *strangers,
    ]
    held.receipts = [receipt(server, ballot) for ballot in ballots]
    other, last = chance.randbytes(32), bytes(paper.options - 1) + b"\1"
    if loses == 0:
        ballots[0] = sealing.sealed(notice.hash, keys, other, last)
    leaves = [sealing.leaf(ballot) for ballot in ballots]
    said = [notice]

    def say(body: publishing.Body, by: int, key: Ed25519PrivateKey) -> Statement:
        said.append(publishing.state({"vote": VOTE, **body}, by, key, said[-1]))
        return said[-1]

    say(publishing.closed_body(leaves, {"online": len(ballots)}, came), 0, server)
    turnout = {unit: Turnout(eligible, attending)}
    void = len(ballots)
    urn = Urn(leaves, [], [])
    if rule is None or has_quorum(rule, paper, turnout, void):
        boxes = [sealing.onion(ballot, pair) for ballot in ballots]
        found = [sealing.Opened([], 0, [])]
        for place in pair:
            opener = three[place - 1]
            found.append(sealing.opened(boxes, opener.public, opener.secret))
            if loses == place:
                own, new = (
                    sealing.inner_box(notice.hash, keys, seed_, marked, pair)
                    if place == pair[0]
                    else sealing.plain(notice.hash, seed_, marked)
                    for seed_, marked in ((held.seeds[0], marks[0]), (other, last))
                )
                items = sorted({*found[-1].items} - {own} | {new})
                found[-1] = sealing.Opened(items, found[-1].repeated, found[-1].unreadable)
            boxes = found[-1].items
            body = publishing.opened_body(boxes, found[-1].repeated, found[-1].unreadable)
            say(body, place, signing(opener.seed))
        urn = Urn(leaves, found[1].items, found[2].items)
    good, invalid = publishing.sorted_out(notice, paper, urn)
    lots = said[-1].root
    result = publishing.count(
        paper, rule, turnout, good, void - len(good), lots,
        seats=seats, none_of_these=none_of_these,
    )  # fmt: skip
    say(publishing.result_body(result, len(good)), 0, server)
    public = server.public_key().public_bytes_raw()
    held.file = publishing.document(public, said, urn, good, invalid)
    return held


def receipt(server: Ed25519PrivateKey, ballot: bytes) -> Receipt:
    """Return what the server gives for a ballot."""
    body = {"at": "2026-11-29T08:00:00Z", "ballot": sealing.hash_of(ballot).hex(), "vote": VOTE}
    text = rfc8785.dumps(body)
    return Receipt(text.decode(), server.sign(RECEIPT + text))


def has_quorum(rule: Rule, paper: Paper, turnout: Mapping[Unit, Turnout], took_part: int) -> bool:
    """Return whether the urn may be opened: what nobody needs to know nobody learns."""
    found = publishing.count(paper, rule, turnout, [], took_part, b"")
    return all(step.is_met for step in found.trace if step.option is None)
