"""The server has the keys of scrutineers: shown before a vote opens, said to be destroyed after it.

Every act is signed with a key of this vote, or by the key that a program is known by: so it needs
no token, and nobody who runs the server can do it in their name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import NOW, TENANT
from tenants.errors import Code, NotFound, Refused
from tenants.procedure import Facts, columns
from tenants.taking import take
from tenants.transaction import Row, Tx, unless_taken
from tenants.votes.procedure import KEYS_SHOWN
from tenants.votes.secret.opening import holds, shown
from tenants.votes.secret.scrutiny import KEYS, asked_from, is_asked, is_at_risk, is_over
from tenants.votes.secret.tables import openings, scrutineers
from tenants.votes.service.secret.notices import scrutineers_of
from tenants.votes.service.secret.statements import statements_of
from tenants.votes.tables import votes

# How far the clocks of a scrutineer and the server may be apart.
_APART = timedelta(minutes=10)


@dataclass(frozen=True)
class Program:
    """It is a program that keeps a key of secret polls: its name on the ballot, and the key it is known by."""

    name: str
    identity: bytes


@dataclass(frozen=True)
class Shown:
    """It holds the public keys of a scrutineer, with the time, signed."""

    place: int
    seal_key: bytes
    sign_key: bytes
    at: datetime
    signature: bytes


async def appoint_programs(tx: Tx, vote_id: UUID, programs: Sequence[Program]) -> None:
    """Give the three keys of a secret poll to programs; they show them by themselves.

    Raises INVALID where this server knows no three programs.
    """
    if len(programs) != KEYS:
        raise Refused(
            Code.INVALID,
            "本系统没有三个监票程序，不能发起秘密征询。This server has no three scrutineers' programs.",
            "secrecy",
        )
    for place, program in enumerate(programs, 1):
        await tx.insert(
            scrutineers, vote_id=vote_id, place=place, name=program.name, side="PROGRAM",
            identity=program.identity,
        )  # fmt: skip


async def show(tx: Tx, vote_id: UUID, keys: Shown) -> None:
    """Take the keys of a scrutineer before the vote opens, or hear that they still have them.

    A program signs its keys with its identity, and says anew that it has them with the sign key, as
    a person does. Raises NOT_FOUND, FORBIDDEN for a signature that is not theirs, and WRONG_STATE.
    """
    vote = await locked(tx, vote_id)
    mine = await at_place(tx, vote_id, keys.place)
    known = mine["sign_key"]
    signed = shown("keys", str(vote_id), keys.seal_key, keys.sign_key, keys.at)
    if abs(tx.now - keys.at) > _APART:
        raise Refused(Code.INVALID, "时间不对，请校准时钟后重试。The clock is wrong.", "at")
    if known is not None and (mine["seal_key"], known) != (keys.seal_key, keys.sign_key):
        raise Refused(Code.ALREADY_DONE, "密钥已经出示。Other keys were shown already.")
    signer = known or mine["identity"]
    if signer is None or not holds(signer, keys.signature, signed):
        raise not_theirs()
    if known is None and vote["state"] not in ("DRAFT", "NOTICED"):
        raise Refused(Code.WRONG_STATE, "投票已开始。The vote has opened.")
    await take_keys(tx, vote, keys)


async def take_keys(tx: Tx, vote: Facts, keys: Shown) -> None:
    """Keep the keys of a scrutineer; with the third the vote may open.

    An alarm ends once enough of them have shown their keys.
    """
    taken = "这把密钥已由别的监票人使用。Another scrutineer has this key."
    async with unless_taken(tx, taken):
        row = await tx.row(
            _SHOW, v_vote_id=vote["id"], v_place=keys.place, v_seal_key=keys.seal_key,
            v_sign_key=keys.sign_key,
        )  # fmt: skip
    assert row is not None  # noqa: S101 # the place was found
    lately = await counted(tx, vote["id"], vote["closes_at"])
    now = {**columns(vote), **lately}
    if vote["state"] in KEYS_SHOWN.from_ and now != columns(vote):
        ended = {} if is_at_risk(now) else {"alarmed_at": None}
        await take(tx, KEYS_SHOWN, vote, **lately, **ended)


async def counted(tx: Tx, vote_id: UUID, closes_at: datetime) -> dict[str, int]:
    """Count the scrutineers that have shown their keys, and those that did so lately before a close."""
    number = await tx.row(_NUMBER_SHOWN, v_id=vote_id, v_since=asked_from(closes_at))
    assert number is not None  # noqa: S101 # a count is a row
    return columns(number)


async def destroyed(tx: Tx, vote_id: UUID, keys: Shown) -> None:
    """Record that a scrutineer destroyed their keys, once there is nothing more to open."""
    vote = await locked(tx, vote_id)
    mine = await at_place(tx, vote_id, keys.place)
    signed = shown("destroyed", str(vote_id), keys.seal_key, keys.sign_key, keys.at)
    known = mine["sign_key"]
    if known is None or known != keys.sign_key or not holds(known, keys.signature, signed):
        raise not_theirs()
    if not is_over(vote):
        raise Refused(Code.WRONG_STATE, "投票还没有结束。The vote is not over.")
    await tx.row(_DESTROYED, v_vote_id=vote_id, v_place=keys.place)


async def stand(tx: Tx, vote_id: UUID) -> dict[str, Any]:
    """Return how far a secret vote is, for its scrutineers' programs; raises NOT_FOUND."""
    vote = await secret_vote(tx, vote_id)
    three = await scrutineers_of(tx, vote_id)
    pairs = await tx.rows(_OPENINGS, v_id=vote_id)
    said = [each.said for each in await statements_of(tx, vote_id)]
    return {
        "vote": str(vote_id),
        "state": vote["state"],
        "isOver": is_over(vote),
        "closesAt": vote["closes_at"].isoformat(),
        "ballots": next((each["count"] for each in said if each["type"] == "closed"), None),
        "scrutineers": [
            {
                "place": row["place"], "name": row["name"], "side": row["side"],
                "identity": _hex(row["identity"]), "sealKey": _hex(row["seal_key"]),
                "signKey": _hex(row["sign_key"]), "isAsked": is_asked(vote, row, tx.now),
            }
            for row in three
        ],
        "openings": [[row["first"], row["second"]] for row in pairs],
    }  # fmt: skip


async def secret_vote(tx: Tx, vote_id: UUID) -> Row:
    """Return a secret vote of this community; raises NOT_FOUND."""
    vote = await tx.row(_VOTE, v_id=vote_id)
    if vote is None or vote["secrecy"] != "SECRET":
        raise NotFound("vote")
    return vote


async def locked(tx: Tx, vote_id: UUID) -> Row:
    """Lock a secret vote before it is changed; raises NOT_FOUND."""
    await tx.hold(votes, vote_id)
    return await secret_vote(tx, vote_id)


async def at_place(tx: Tx, vote_id: UUID, place: int) -> Row:
    """Return the scrutineer at a place; raises NOT_FOUND."""
    for row in await scrutineers_of(tx, vote_id):
        if row["place"] == place:
            return row
    raise NotFound("place")


def _hex(key: bytes | None) -> str | None:
    return None if key is None else key.hex()


def not_theirs() -> Refused:
    """Return the refusal of a signature that is not the scrutineer's."""
    return Refused(Code.FORBIDDEN, "签名不对。It is not signed by this scrutineer.")


_ID = sa.bindparam("v_id", type_=votes.c.id.type)
_VOTE = sa.select(votes).where(votes.c.community_id == TENANT, votes.c.id == _ID)
_AT_PLACE = (
    (scrutineers.c.community_id == TENANT)
    & (scrutineers.c.vote_id == sa.bindparam("v_vote_id", type_=votes.c.id.type))
    & (scrutineers.c.place == sa.bindparam("v_place", type_=sa.Integer()))
)
_SHOW = (
    sa.update(scrutineers)
    .where(_AT_PLACE)
    .values(
        seal_key=sa.bindparam("v_seal_key", type_=scrutineers.c.seal_key.type),
        sign_key=sa.bindparam("v_sign_key", type_=scrutineers.c.sign_key.type),
        shown_at=NOW,
    )
    .returning(scrutineers.c.place)
)
_DESTROYED = (
    sa.update(scrutineers)
    .where(_AT_PLACE, scrutineers.c.destroyed_at.is_(None))
    .values(destroyed_at=NOW)
)
_OF_VOTE = (scrutineers.c.community_id == TENANT) & (scrutineers.c.vote_id == _ID)
_IS_ANSWER = scrutineers.c.shown_at >= sa.bindparam("v_since", type_=scrutineers.c.shown_at.type)
_NUMBER_SHOWN = sa.select(
    sa.cast(sa.func.count(), sa.Integer()).label("keys_shown"),
    sa.cast(sa.func.count().filter(_IS_ANSWER), sa.Integer()).label("answering"),
).where(_OF_VOTE, scrutineers.c.seal_key.is_not(None))
_OPENINGS = sa.select(openings.c.first, openings.c.second).where(
    openings.c.community_id == TENANT, openings.c.vote_id == _ID
)
