"""A decision has three scrutineers from at least two sides, who accept with their keys."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.columns import TENANT, VIEWER
from tenants.errors import Code, Refused
from tenants.membership.tables import members
from tenants.procedure import Facts
from tenants.transaction import Tx, unless_taken
from tenants.votes.ballots import Unit
from tenants.votes.procedure import ACCEPT_SCRUTINY, APPOINT_SCRUTINEER
from tenants.votes.rules import RuleSecrecy, RuleSet
from tenants.votes.secret.opening import KEY_BYTES, SIGNATURE_BYTES, accepted, holds
from tenants.votes.secret.scrutiny import KEYS
from tenants.votes.secret.tables import Side, scrutineers
from tenants.votes.service.secret.keys import Shown, at_place, take_keys
from tenants.votes.service.secret.notices import scrutineers_of
from tenants.votes.tables import VoteSecrecy, votes

_LEAST_SIDES = 2


async def appoint(tx: Tx, *, vote_id: UUID, number: int, member_id: UUID, side: Side) -> UUID:
    """Give one of the three keys of a secret decision to a member, who has still to accept.

    Until that place's keys are shown, somebody else may be appointed to it. Raises NOT_FOUND for
    someone who is no member here, and ALREADY_DONE for keys that were shown and for a member who has
    another place.
    """
    vote = await tx.find(votes, vote_id, "voteId", permit=APPOINT_SCRUTINEER)
    if not 1 <= number <= KEYS or side is Side.PROGRAM:
        raise Refused(
            Code.INVALID,
            f"须为第 1–{KEYS} 位，由人担任。One of {KEYS}, and a person.",
            "number" if side is not Side.PROGRAM else "side",
        )
    member = await tx.row(_MEMBER, v_id=member_id)
    if member is None:
        raise Refused(Code.NOT_FOUND, "不是本社区的成员。No member of this community.", "memberId")
    taken = "这位成员已是监票人。This member has a place already."
    async with unless_taken(tx, taken, "memberId"):
        done = await tx.row(
            _APPOINT, v_vote_id=vote["id"], v_place=number, v_member_id=member["id"],
            v_name=member["display_name"], v_side=side.value,
        )  # fmt: skip
    if done is None:
        raise Refused(
            Code.ALREADY_DONE, "该位监票人已出示密钥。The keys of this place were shown.", "number"
        )
    await audit.record(tx, "vote.scrutineer_appointed", subject=vote["id"])
    return vote["id"]


async def accept(tx: Tx, *, vote_id: UUID, seal_key: str, sign_key: str, signature: str) -> UUID:
    """Take the keys of the viewer, who was appointed; the secret halves stay on their machine.

    Raises INVALID for keys that are none, or that did not sign, and ALREADY_DONE.
    """
    await tx.hold(votes, vote_id)
    vote = await tx.find(votes, vote_id, "voteId", permit=ACCEPT_SCRUTINY)
    seal, sign = (
        _key(text, KEY_BYTES, field)
        for text, field in ((seal_key, "sealKey"), (sign_key, "signKey"))
    )
    proof = _key(signature, SIGNATURE_BYTES, "signature")
    if not holds(sign, proof, accepted(str(vote["id"]), seal, sign)):
        raise Refused(Code.INVALID, "签名不是这把密钥的。Not signed by this key.", "signature")
    mine = await tx.row(_MINE, v_vote_id=vote["id"])
    assert mine is not None  # noqa: S101 # the rule looked
    if (await at_place(tx, vote["id"], mine["place"]))["seal_key"] is not None:
        raise Refused(Code.ALREADY_DONE, "您已出示密钥。Your keys were shown already.")
    await take_keys(tx, vote, Shown(mine["place"], seal, sign, tx.now, proof))
    return vote["id"]


def check_secrecy(secrecy: VoteSecrecy, rule: RuleSet) -> None:
    """Raise INVALID if the rule set asks for the other, or counts by area: an area is a name."""
    if secrecy is VoteSecrecy.SECRET and Unit.AREA in rule.units:
        why = "按面积计票的须记名，面积就是姓名。What is counted by area is by name: an area is a name."
    elif rule.secrecy not in (RuleSecrecy.FREE, RuleSecrecy(secrecy.value)):
        why = "规则要求另一种投票方式。The rule set asks for the other kind of ballot."
    else:
        return
    raise Refused(Code.INVALID, f"{why}（{rule.source}）", "secrecy")


async def check_scrutineers(tx: Tx, vote: Facts) -> None:
    """Raise INVALID if a secret vote that is announced has not its three scrutineers, of two sides."""
    if vote["secrecy"] != VoteSecrecy.SECRET:
        return
    three = await scrutineers_of(tx, vote["id"])
    if len(three) < KEYS or len({row["side"] for row in three}) < _LEAST_SIDES:
        raise Refused(
            Code.INVALID,
            f"秘密表决须有 {KEYS} 位监票人，来自至少 {_LEAST_SIDES} 方。\n"
            f"A secret vote has {KEYS} scrutineers, from {_LEAST_SIDES} sides at least.",
            "meetingId",
        )


def _key(text: str, size: int, field: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != size:
        raise Refused(
            Code.INVALID,
            f"须为 {size} 字节的十六进制。It is {size} bytes in hexadecimal.",
            field,
        )
    return found


_MEMBER = sa.select(members.c.id, members.c.display_name).where(
    members.c.community_id == TENANT,
    members.c.id == sa.bindparam("v_id", type_=members.c.id.type),
    members.c.state == sa.literal_column("'ACTIVE'"),
)
_VOTE_ID = sa.bindparam("v_vote_id", type_=votes.c.id.type)
_NAMED = {
    "member_id": sa.bindparam("v_member_id", type_=scrutineers.c.member_id.type),
    "name": sa.bindparam("v_name", type_=scrutineers.c.name.type),
    "side": sa.bindparam("v_side", type_=scrutineers.c.side.type),
}
_APPOINT = (
    insert(scrutineers)
    .values(
        community_id=TENANT, vote_id=_VOTE_ID,
        place=sa.bindparam("v_place", type_=scrutineers.c.place.type), **_NAMED,
    )
    .on_conflict_do_update(
        index_elements=["community_id", "vote_id", "place"],
        set_=_NAMED,
        where=scrutineers.c.seal_key.is_(None),
    )
    .returning(scrutineers.c.place)
)  # fmt: skip
_MINE = sa.select(scrutineers.c.place).where(
    scrutineers.c.community_id == TENANT,
    scrutineers.c.vote_id == _VOTE_ID,
    scrutineers.c.member_id == VIEWER,
)
