"""Cast a ballot: each entry of the roll has one live ballot, which may be changed until the close.

No audit entry and no outbox row: staff read the audit while a vote is open, and who voted when is
not theirs to know. The ballot itself is the record.
"""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.columns import NOW, TENANT, VIEWER, among
from tenants.errors import Code, NotFound, Refused, VersionConflict
from tenants.owners.tables import property_owners
from tenants.procedure import Facts
from tenants.statements import Lock
from tenants.transaction import Tx
from tenants.votes.assemblies import roll_owners
from tenants.votes.meetings import voters
from tenants.votes.procedure import CAST, CO_OWNER
from tenants.votes.proxies import proxies, proxy_instructions
from tenants.votes.results import BallotChannel, vote_ballots
from tenants.votes.service.papers import paper_of
from tenants.votes.service.secret.casting import cast_sealed
from tenants.votes.tables import VoteSecrecy, votes


async def cast(
    tx: Tx,
    *,
    vote_id: UUID,
    marks: Sequence[int] | None,
    replaces: int | None,
    entry_id: UUID | None = None,
    sealed: str | None = None,
) -> UUID:
    """Cast a ballot of the viewer, or change it; `replaces` is the version of the ballot it replaces.

    A secret vote takes sealed bytes, any other takes marks. `entry_id` is the entry of the roll that
    it is for, if the viewer casts for several: heads of owners, and whose proxy they hold. Without
    `replaces` the ballot is the first one, so that a first request that arrives late never undoes a
    change. Raises VERSION_CONFLICT if the live ballot is another, INVALID for marks that the method
    does not allow or that a proxy does not say, and ALREADY_DONE if a paper was handed in; all zero
    is an abstention.
    """
    vote = await tx.find(votes, vote_id, "voteId", permit=CAST, lock=Lock.SHARE)
    if vote["secrecy"] == VoteSecrecy.SECRET:
        if sealed is None or marks is not None or entry_id not in (None, tx.viewer.id):
            raise Refused(
                Code.INVALID,
                "秘密投票只收本人的密封选票，不收选择。A secret vote takes one's own sealed ballot, and no marks.",
                "sealed",
            )
        await cast_sealed(tx, vote, sealed, replaces)
    else:
        await _cast_by_name(tx, vote, entry_id, marks if sealed is None else None, replaces)
    return vote["id"]


async def _cast_by_name(
    tx: Tx,
    vote: Facts,
    entry_id: UUID | None,
    marks: Sequence[int] | None,
    replaces: int | None,
) -> None:
    if marks is None or not paper_of(vote).is_valid(tuple(marks)):
        raise Refused(
            Code.INVALID,
            f"须为 {vote['options']} 个数，并按表决方式填写。Give a mark for each of the "
            f"{vote['options']} options, as the method allows.",
            "marks",
        )
    entry, channel = tx.viewer.id, BallotChannel.ONLINE
    if vote["meeting_id"] is not None:
        entry, channel = await _entry(tx, vote, entry_id, list(marks))
    given = {
        "v_vote_id": vote["id"], "v_roll_id": vote["roll_id"], "v_voter_id": entry,
        "v_marks": list(marks), "v_channel": channel.value,
    }  # fmt: skip
    if replaces is None:
        done = await tx.row(_FIRST, **given)
    else:
        done = await tx.row(_CHANGE, **given, v_version=replaces)
    if done is None:
        live = await tx.row(_LIVE, **given)
        if live is not None and live["channel"] in (BallotChannel.PAPER, BallotChannel.ASSISTED):
            raise Refused(Code.ALREADY_DONE, "已交纸质票。A paper was handed in.", "voteId")
        raise VersionConflict(None if live is None else live["version"], "replaces")


async def _entry(
    tx: Tx, vote: Facts, entry_id: UUID | None, marks: list[int]
) -> tuple[UUID, BallotChannel]:
    """Return the entry that a ballot is for: the viewer's own, or of whom they hold the proxy.

    Raises REQUIRED where there are several and none is named, and FORBIDDEN to a co-owner who is not
    the one that casts.
    """
    found = await tx.rows(
        _MINE, v_roll_id=vote["roll_id"], v_meeting_id=vote["meeting_id"], v_vote_id=vote["id"]
    )
    named = [row for row in found if entry_id in (None, row["voter_id"])]
    if len(named) > 1:
        raise Refused(
            Code.REQUIRED,
            "您可为多户投票，请指明哪一户。You cast for several: name the entry of the roll.",
            "entryId",
        )
    if not named:
        is_owner = await tx.row(_OWNED, v_roll_id=vote["roll_id"], v_voter_id=entry_id)
        if is_owner is not None:
            raise Refused(Code.FORBIDDEN, CO_OWNER)
        raise NotFound("entryId")
    (entry,) = named
    if entry["is_own"]:
        return entry["voter_id"], BallotChannel.ONLINE
    if entry["instructed"] != marks:
        raise Refused(
            Code.INVALID,
            "须按书面委托中的意见投票。The holder of a proxy casts what it says.",
            "marks",
        )
    return entry["voter_id"], BallotChannel.PROXY


_VOTE = sa.bindparam("v_vote_id", type_=votes.c.id.type)
_VOTER = sa.bindparam("v_voter_id", type_=votes.c.id.type)
_ROLL = sa.bindparam("v_roll_id", type_=votes.c.id.type)
_MARKS = sa.bindparam("v_marks", type_=vote_ballots.c.marks.type)
_CHANNEL = sa.bindparam("v_channel", type_=sa.Text())
_MINE = (
    sa.select(
        voters.c.voter_id,
        sa.func.coalesce(voters.c.member_id == VIEWER, sa.false()).label("is_own"),
        proxy_instructions.c.marks.label("instructed"),
    )
    .select_from(voters)
    .outerjoin(
        proxies,
        (proxies.c.community_id == TENANT)
        & (proxies.c.community_id == voters.c.community_id)
        & (proxies.c.meeting_id == sa.bindparam("v_meeting_id", type_=votes.c.id.type))
        & (proxies.c.voter_id == voters.c.voter_id)
        & (proxies.c.holder_id == VIEWER),
    )
    .outerjoin(
        proxy_instructions,
        (proxy_instructions.c.community_id == TENANT)
        & (proxy_instructions.c.community_id == proxies.c.community_id)
        & (proxy_instructions.c.vote_id == _VOTE)
        & (proxy_instructions.c.voter_id == proxies.c.voter_id),
    )
    .where(
        voters.c.community_id == TENANT,
        voters.c.roll_id == _ROLL,
        (voters.c.member_id == VIEWER) | proxies.c.holder_id.is_not(None),
    )
)
_OWNED = (
    sa.select(roll_owners.c.owner_id)
    .join(
        property_owners,
        (property_owners.c.community_id == roll_owners.c.community_id)
        & (property_owners.c.id == roll_owners.c.owner_id),
    )
    .where(
        roll_owners.c.community_id == TENANT,
        property_owners.c.community_id == TENANT,
        roll_owners.c.roll_id == _ROLL,
        roll_owners.c.voter_id == _VOTER,
        property_owners.c.member_id == VIEWER,
    )
    .limit(sa.literal_column("1"))
)
_BALLOT = (
    (vote_ballots.c.community_id == TENANT)
    & (vote_ballots.c.vote_id == _VOTE)
    & (vote_ballots.c.voter_id == _VOTER)
)
_FIRST = (
    insert(vote_ballots)
    .values(
        community_id=TENANT, vote_id=_VOTE, voter_id=_VOTER, roll_id=_ROLL, marks=_MARKS,
        first_at=NOW, cast_at=NOW, channel=_CHANNEL, cast_by=VIEWER,
        version=sa.literal_column("1"),
    )
    .on_conflict_do_nothing()
    .returning(vote_ballots.c.version)
)  # fmt: skip
_CHANGE = (
    sa.update(vote_ballots)
    .where(
        _BALLOT,
        vote_ballots.c.version == sa.bindparam("v_version", type_=sa.Integer()),
        among(vote_ballots.c.channel, "ONLINE", "PROXY"),
    )
    .values(
        marks=_MARKS, cast_at=NOW, channel=_CHANNEL, cast_by=VIEWER,
        version=vote_ballots.c.version + sa.literal_column("1"),
    )
    .returning(vote_ballots.c.version)
)  # fmt: skip
_LIVE = sa.select(vote_ballots.c.version, vote_ballots.c.channel).where(_BALLOT)
