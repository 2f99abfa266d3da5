"""A vote ends with ballots, and a result with every comparison that led to it."""

from datetime import datetime

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, one, published
from api.engine.lists import rows_of
from api.schema.members import Member
from api.schema.rolls import RollEntry
from tenants.membership.tables import members
from tenants.votes.ballots import Unit
from tenants.votes.counting import Outcome
from tenants.votes.meetings import voters
from tenants.votes.results import (
    BallotChannel,
    vote_ballots,
    vote_comparisons,
    vote_results,
    vote_tallies,
)
from tenants.votes.thresholds import Base

published(Unit, "VoteUnit")
published(Base, "VoteBase")
published(Outcome, "VoteOutcome")
published(BallotChannel)

MARKS = (
    "每个选项有一个数：0 未选，1 选中（候选人：1 同意、2 反对；排序：1 为首选）。\n"
    "There is one number for each option: 0 none, 1 chosen (candidates: 1 for, 2 "
    "against; ranked: 1 first)."
)


@object_type
class OwnBallot:
    """这是您的选票，截止前只有您看得到。This is your ballot; until the close only you see it."""

    entry_id: strawberry.ID | None = bound(
        "选票属于名册上的这一户。The ballot is of this entry of the roll.",
        b.IdOf({voters: vote_ballots.c.voter_id}),
    )
    marks: list[int] = column(MARKS, vote_ballots.c.marks)
    first_at: datetime = column("您在这时首次投票。You first voted then.", vote_ballots.c.first_at)
    cast_at: datetime = column("您最近在这时投票。You last voted then.", vote_ballots.c.cast_at)
    channel: BallotChannel = column(
        "它说明选票怎样投出。It says how the ballot came in.", vote_ballots.c.channel
    )
    version: int = column(
        "改票时作为 `replaces` 交回这个版本。"
        "Hand this version back as `replaces` to change the ballot.",
        vote_ballots.c.version,
    )


@object_type
class NamedBallot:
    """已公布的选票写明谁怎么投，人人可以重数。
    A published ballot tells who marked what, so that everybody can count again.
    """

    voter: Member | None = one(
        "这是投票人；已迁出则为空，业主见 `entry`。\n"
        "This member voted; it is null once they are gone, and for owners see `entry`.",
        members,
        vote_ballots.c.voter_id,
    )
    entry: RollEntry | None = one(
        "选票属于名册上的这一户。The ballot is of this entry of the roll.",
        voters,
        {"roll_id": vote_ballots.c.roll_id, "voter_id": vote_ballots.c.voter_id},
    )
    cast_by: Member | None = one(
        (
            "这位成员在线上投出：本人、共有人推定的人或受托人；纸质票为空。\n"
            "This member cast it online: the voter, whom co-owners named, or who holds the "
            "proxy; it is null on paper."
        ),
        members,
        vote_ballots.c.cast_by,
    )
    marks: list[int] = column(MARKS, vote_ballots.c.marks)
    channel: BallotChannel = column(
        "它说明选票怎样投出。It says how the ballot came in.", vote_ballots.c.channel
    )


@object_type
class VoteTally:
    """它是按一种单位计的票数；面积以 0.01 平方米计。It is the count in one unit; areas are in 0.01 m²."""

    unit: Unit = column(
        "票数以这个单位计。The votes are counted in this unit.", vote_tallies.c.unit
    )
    eligible: int = column("名册上总共有这么多。So many are on the roll.", vote_tallies.c.eligible)
    attending: int | None = column(
        (
            "有这么多到会：现场的和线上投票的；没有会议则为空。\n"
            "So many were present: they came to the sitting or voted online; it is null where "
            "none was held."
        ),
        vote_tallies.c.attending,
    )
    on_site: int | None = column(
        "其中有这么多人到现场。So many of them came to the sitting.", vote_tallies.c.on_site
    )
    participating: int = column(
        "有这么多参与，含弃权票和废票。So many took part, blank and void ballots included.",
        vote_tallies.c.participating,
    )
    votes: list[int] = column(
        "每个选项有这么多票。Each option has so many votes.", vote_tallies.c.votes
    )
    against: list[int] = column(
        "每位候选人有这么多反对票；其他方式均为 0。\n"
        "Each candidate has so many votes against; it is 0 for other methods.",
        vote_tallies.c.against,
    )
    abstained: int = column("有这么多弃权。So many abstained.", vote_tallies.c.abstained)
    void: int = column("有这么多废票。So many ballots are void.", vote_tallies.c.void)
    by_proxy: int = column(
        "其中有这么多由受托人投出。So many of them were cast by a proxy.", vote_tallies.c.by_proxy
    )
    on_paper: int = column(
        "其中有这么多是纸质票。So many of them were on paper.", vote_tallies.c.on_paper
    )
    assisted: int = column(
        "其中有这么多是上门协助的。So many of them were taken down at home.",
        vote_tallies.c.assisted,
    )
    silent: int = column(
        (
            "有这么多已送达而未投票；算不算参与，依业主的议事规则。\n"
            "So many were served a ballot and returned none; the owners' own rules say whether "
            "that is taking part."
        ),
        vote_tallies.c.silent,
    )


@object_type
class VoteComparison:
    """规则要求依次比较，每次看一部分是否达到要求。
    The rule asks for comparisons in an order; each says whether a part is enough.
    """

    unit: Unit = column(
        "比较以这个单位计。The comparison is in this unit.", vote_comparisons.c.unit
    )
    option: int | None = column(
        "比较这个选项的票；比较参与数时为空。\n"
        "The votes are for this option; it is null where the comparison is about the quorum.",
        vote_comparisons.c.option,
    )
    part: int = column("这一部分有这么多。The part is so many.", vote_comparisons.c.part)
    whole: int = column("全体有这么多。The whole is so many.", vote_comparisons.c.whole)
    base: Base = column("它说明全体指什么。It says what the whole is.", vote_comparisons.c.base)
    threshold: str = column(
        "须达到这个要求，如 `> 1/2`、`≥ 2/3`。This is asked, as `> 1/2` or `≥ 2/3`.",
        vote_comparisons.c.threshold,
    )
    is_met: bool = column("已达到要求。The part is enough.", vote_comparisons.c.is_met)
    sentence: str = column(
        "这句话说明比较，含数字和依据。This sentence says so, with its numbers and its source.",
        vote_comparisons.c.words,
    )


@object_type
class VoteResult:
    """这是公布的结果；公布之前谁看都为空。
    This is the result as it was published; before that it is null for everybody.
    """

    outcome: Outcome = column(
        "它说明计票的结果。It says what the count came to.", vote_results.c.outcome
    )
    winners: list[int] = column(
        "这里列出胜出选项的次序；并列则为空。\n"
        "This lists the winning options by place; it is empty where they tie.",
        vote_results.c.winners,
    )
    ballots: int = column("收到了这么多张选票。So many ballots came in.", vote_results.c.ballots)
    invalid: int = column("其中有这么多张废票。So many of them are void.", vote_results.c.invalid)
    rounds: list[int] = column(
        (
            "这里列出排序投票各轮各选项的票数，一轮接一轮；同为最少时，SHA-256（投票标识的 16 "
            "字节与选项次序）最小者出局。\n"
            "This lists each option's votes of a ranked vote, round after round; among equal "
            "last ones the option with the smallest SHA-256 of the vote's 16 id bytes and the "
            "option's place goes out."
        ),
        vote_results.c.rounds,
    )
    counted_at: datetime = column(
        "计票在这时进行。The ballots were counted at this time.", vote_results.c.counted_at
    )
    tallies: list[VoteTally] = bound(
        "这里列出各单位的票数。This lists the count in each unit.",
        rows_of(vote_tallies, vote_results.c.vote_id, vote_tallies.c.unit, most=len(Unit)),
    )
    trace: list[VoteComparison] = bound(
        "这里列出依规则所作的全部比较；征询没有。"
        "This lists every comparison of the rule; a poll has none.",
        rows_of(vote_comparisons, vote_results.c.vote_id, vote_comparisons.c.place, most=100),
    )
