"""Casting a ballot: one live ballot for each voter, changed until the close.

No audit entry and no outbox row: staff read the audit while a vote is open, and who voted when is
not theirs to know. The ballot itself is the record.
"""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.columns import NOW, TENANT, VIEWER
from tenants.errors import Code, Refused, VersionConflict
from tenants.procedure import Facts
from tenants.statements import Lock
from tenants.transaction import Tx
from tenants.votes.procedure import CAST
from tenants.votes.results import vote_ballots
from tenants.votes.service.papers import paper_of
from tenants.votes.service.secret.casting import cast_sealed
from tenants.votes.tables import VoteSecrecy, votes


async def cast(
    tx: Tx,
    *,
    vote_id: UUID,
    marks: Sequence[int] | None,
    replaces: int | None,
    sealed: str | None = None,
) -> UUID:
    """Cast the viewer's ballot, or change it; `replaces` is the version of the ballot it replaces.

    A secret vote takes sealed bytes, any other takes marks. Without `replaces` the ballot is the
    first one, so that a first request that arrives late never undoes a change. Raises
    VERSION_CONFLICT if the live ballot is another, and INVALID for marks that the method does not
    allow; all zero is an abstention.
    """
    vote = await tx.find(votes, vote_id, "voteId", permit=CAST, lock=Lock.SHARE)
    if vote["secrecy"] == VoteSecrecy.SECRET:
        if sealed is None or marks is not None:
            raise Refused(
                Code.INVALID,
                "秘密投票只收密封选票，不收选择。A secret vote takes a sealed ballot and no marks.",
                "sealed",
            )
        await cast_sealed(tx, vote, sealed, replaces)
    else:
        await _cast_by_name(tx, vote, marks if sealed is None else None, replaces)
    return vote["id"]


async def _cast_by_name(
    tx: Tx, vote: Facts, marks: Sequence[int] | None, replaces: int | None
) -> None:
    if marks is None or not paper_of(vote).is_valid(tuple(marks)):
        raise Refused(
            Code.INVALID,
            f"须为 {vote['options']} 个数，并按表决方式填写。Give a mark for each of the "
            f"{vote['options']} options, as the method allows.",
            "marks",
        )
    given = {"v_vote_id": vote["id"], "v_roll_id": vote["roll_id"], "v_marks": list(marks)}
    if replaces is None:
        done = await tx.row(_FIRST, **given)
    else:
        done = await tx.row(_CHANGE, **given, v_version=replaces)
    if done is None:
        live = await tx.row(_LIVE, **given)
        raise VersionConflict(None if live is None else live["version"], "replaces")


_VOTE = sa.bindparam("v_vote_id", type_=votes.c.id.type)
_MARKS = sa.bindparam("v_marks", type_=vote_ballots.c.marks.type)
_MINE = (
    (vote_ballots.c.community_id == TENANT)
    & (vote_ballots.c.vote_id == _VOTE)
    & (vote_ballots.c.voter_id == VIEWER)
)
_FIRST = (
    insert(vote_ballots)
    .values(
        community_id=TENANT, vote_id=_VOTE, voter_id=VIEWER,
        roll_id=sa.bindparam("v_roll_id", type_=votes.c.id.type),
        marks=_MARKS, first_at=NOW, cast_at=NOW,
        channel=sa.literal_column("'ONLINE'"), version=sa.literal_column("1"),
    )
    .on_conflict_do_nothing()
    .returning(vote_ballots.c.version)
)  # fmt: skip
_CHANGE = (
    sa.update(vote_ballots)
    .where(
        _MINE,
        vote_ballots.c.version == sa.bindparam("v_version", type_=sa.Integer()),
    )
    .values(marks=_MARKS, cast_at=NOW, version=vote_ballots.c.version + sa.literal_column("1"))
    .returning(vote_ballots.c.version)
)
_LIVE = sa.select(vote_ballots.c.version).where(_MINE)
