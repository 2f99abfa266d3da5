"""The notice of a secret vote is signed when it opens, since its roll and its keys are fixed then."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.procedure import Facts
from tenants.transaction import Row, Tx
from tenants.votes import merkle
from tenants.votes.ballots import Unit
from tenants.votes.meetings import meetings, rolls, voters
from tenants.votes.publishing import notice_body
from tenants.votes.rules import RuleSet
from tenants.votes.secret.tables import scrutineers
from tenants.votes.service.papers import paper_of
from tenants.votes.service.rolls import rule_of
from tenants.votes.service.secret.statements import say
from tenants.votes.tables import vote_options, votes

# A smaller group would know from the list alone who voted how.
LEAST_VOTERS = 10
ALGORITHM = "x25519-xsalsa20poly1305+ed25519"


async def announce(tx: Tx, vote: Facts) -> None:
    """Sign the notice of a vote that opens: what is asked, the roll, and the scrutineers' keys."""
    labels = await tx.rows(_LABELS, v_id=vote["id"])
    roll = [row["voter_id"].bytes for row in await tx.rows(_ROLL, v_id=vote["roll_id"])]
    rules, eligible = await rule_set_of(tx, vote), await eligible_of(tx, vote, len(roll))
    body = notice_body(
        paper_of(vote), None if rules is None else rules.rule, eligible,
        alg=ALGORITHM,
        community=tx.tenant,
        question=vote["question"],
        options=[row["label"] for row in labels],
        seats=vote["seats"],
        none_of_these=vote["none_of_these"],
        secrecy=vote["secrecy"],
        opens_at=written(vote["opens_at"]),
        closes_at=written(vote["closes_at"]),
        roll={"voters": len(roll), "root": merkle.root(roll).hex()},
        holders=[
            {
                "name": row["name"], "side": row["side"],
                "seal": row["seal_key"].hex(), "sign": row["sign_key"].hex(),
            }
            for row in await scrutineers_of(tx, vote["id"])
        ],
    )  # fmt: skip
    await say(tx, vote["id"], body, [])


async def scrutineers_of(tx: Tx, vote_id: UUID) -> list[Row]:
    """Return the three scrutineers of a vote, by their places."""
    return await tx.rows(_SCRUTINEERS, v_id=vote_id)


async def rule_set_of(tx: Tx, vote: Facts) -> RuleSet | None:
    """Return the rule set of a decision's meeting; None of a poll."""
    if vote["meeting_id"] is None:
        return None
    meeting = await tx.row(_MEETING, v_id=vote["meeting_id"])
    assert meeting is not None  # noqa: S101 # a decision is of a meeting
    return rule_of(meeting)


async def eligible_of(tx: Tx, vote: Facts, voters: int) -> dict[Unit, int]:
    """Return how many are on the roll in each unit; every voter of a secret vote weighs 1."""
    row = await tx.row(_UNITS, v_id=vote["roll_id"])
    assert row is not None  # noqa: S101 # a vote has a roll
    return {Unit(unit): voters for unit in row["units"]}


def written(at: datetime) -> str:
    """Return a time as it stands in statements and receipts: UTC, RFC 3339."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"


_ID = sa.bindparam("v_id", type_=votes.c.id.type)
_LABELS = (
    sa.select(vote_options.c.label)
    .where(vote_options.c.community_id == TENANT, vote_options.c.vote_id == _ID)
    .order_by(vote_options.c.place)
)
_ROLL = (
    sa.select(voters.c.voter_id)
    .where(voters.c.community_id == TENANT, voters.c.roll_id == _ID)
    .order_by(voters.c.voter_id)
)
_UNITS = sa.select(rolls.c.units).where(rolls.c.community_id == TENANT, rolls.c.id == _ID)
_MEETING = sa.select(meetings.c.rule_code, meetings.c.rule_from).where(
    meetings.c.community_id == TENANT, meetings.c.id == _ID
)
_SCRUTINEERS = (
    sa.select(scrutineers)
    .where(scrutineers.c.community_id == TENANT, scrutineers.c.vote_id == _ID)
    .order_by(scrutineers.c.place)
)
