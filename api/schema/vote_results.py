"""What comes of a vote: ballots, and the result with every comparison that led to it."""

from datetime import datetime

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, one, published
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
    "每个选项一个数：0 未选，1 选中（候选人：1 同意、2 反对；排序：1 为首选）。\n"
    "One number for each option: 0 none, 1 chosen (candidates: 1 for, 2 against; ranked: 1 first)."
)


@object_type
class OwnBallot:
    """这是您的选票，截止前只有您看得到。This is your ballot; until the close only you see it."""

    entry_id: strawberry.ID | None = bound(
        "名册上哪一户的。The entry of the roll that it is of.",
        b.IdOf({voters: vote_ballots.c.voter_id}),
    )
    marks: list[int] = column(MARKS, vote_ballots.c.marks)
    first_at: datetime = column("首次投票时间。When you first voted.", vote_ballots.c.first_at)
    cast_at: datetime = column("最近一次投票时间。When you cast it.", vote_ballots.c.cast_at)
    channel: BallotChannel = column("来源。How it came in.", vote_ballots.c.channel)
    version: int = column(
        "版本；改票时作为 `replaces` 交回。Its version: hand it back as `replaces` to change it.",
        vote_ballots.c.version,
    )


@object_type
class NamedBallot:
    """已公布的选票写明谁怎么投，人人可以重数。
    A published ballot tells who marked what, so that everybody can count again.
    """

    voter: Member | None = one(
        "投票人；已迁出则为空，业主见 `entry`。Who voted; null once gone, and of owners: see `entry`.",
        members,
        {"id": vote_ballots.c.voter_id},
    )
    entry: RollEntry | None = one(
        "名册上的哪一户。The entry of the roll.",
        voters,
        {"roll_id": vote_ballots.c.roll_id, "voter_id": vote_ballots.c.voter_id},
    )
    cast_by: Member | None = one(
        (
            "由谁在线上投出：本人、共有人推定的人或受托人；纸质票为空。\n"
            "Who cast it online: the voter, whom co-owners named, or who holds the proxy; null on paper."
        ),
        members,
        {"id": vote_ballots.c.cast_by},
    )
    marks: list[int] = column(MARKS, vote_ballots.c.marks)
    channel: BallotChannel = column("来源。How it came in.", vote_ballots.c.channel)


@object_type
class VoteTally:
    """它是按一种单位计的票数；面积以 0.01 平方米计。It is the count in one unit; areas are in 0.01 m²."""

    unit: Unit = column("单位。The unit.", vote_tallies.c.unit)
    eligible: int = column("名册总数。All on the roll.", vote_tallies.c.eligible)
    attending: int | None = column(
        (
            "到会数：现场的和线上投票的；没有会议则为空。\n"
            "Present: who came to the sitting or voted online; null where none was held."
        ),
        vote_tallies.c.attending,
    )
    on_site: int | None = column(
        "其中到现场的人数。Those of them who came to the sitting.", vote_tallies.c.on_site
    )
    participating: int = column(
        "参与数，含弃权票和废票。Who took part, blank and void ballots included.",
        vote_tallies.c.participating,
    )
    votes: list[int] = column("每个选项的票数。The votes for each option.", vote_tallies.c.votes)
    against: list[int] = column(
        "每位候选人的反对票；其他方式均为 0。Votes against each candidate; 0 for other methods.",
        vote_tallies.c.against,
    )
    abstained: int = column("弃权。Abstentions.", vote_tallies.c.abstained)
    void: int = column("废票。Void ballots.", vote_tallies.c.void)
    by_proxy: int = column("其中受托人投的。Those cast by a proxy.", vote_tallies.c.by_proxy)
    on_paper: int = column("其中纸质票。Those on paper.", vote_tallies.c.on_paper)
    assisted: int = column("其中上门协助的。Those taken down at home.", vote_tallies.c.assisted)
    silent: int = column(
        (
            "已送达而未投票的；算不算参与，依业主的议事规则。\n"
            "Served a ballot and returned none; the owners' own rules say whether it is taking part."
        ),
        vote_tallies.c.silent,
    )


@object_type
class VoteComparison:
    """规则要求依次比较，每次看一部分是否达到要求。
    The rule asks for comparisons in an order; each says whether a part is enough.
    """

    unit: Unit = column("单位。The unit.", vote_comparisons.c.unit)
    option: int | None = column(
        "哪个选项的票；比较参与数时为空。Whose votes; null where it is the quorum.",
        vote_comparisons.c.option,
    )
    part: int = column("多少。The part.", vote_comparisons.c.part)
    whole: int = column("占多少。The whole.", vote_comparisons.c.whole)
    base: Base = column("占什么。What the whole is.", vote_comparisons.c.base)
    threshold: str = column(
        "要求，如 `> 1/2`、`≥ 2/3`。What is asked, as `> 1/2` or `≥ 2/3`.",
        vote_comparisons.c.threshold,
    )
    is_met: bool = column("达到了。Whether it is enough.", vote_comparisons.c.is_met)
    sentence: str = column(
        "一句话，含数字和依据。In words, with its numbers and its source.",
        vote_comparisons.c.words,
    )


@object_type
class VoteResult:
    """这是公布的结果；公布之前谁看都为空。
    This is the result as it was published; before that it is null for everybody.
    """

    outcome: Outcome = column("结果。The outcome.", vote_results.c.outcome)
    winners: list[int] = column(
        "胜出选项的次序；并列则为空。The winning options, by place; none where they tie.",
        vote_results.c.winners,
    )
    ballots: int = column("收到的选票。All ballots.", vote_results.c.ballots)
    invalid: int = column("其中的废票。Those of them that are void.", vote_results.c.invalid)
    rounds: list[int] = column(
        (
            "排序投票各轮各选项的票数，一轮接一轮；同为最少时，SHA-256（投票标识的 16 字节与选项次序）最小者出局。\n"
            "Of a ranked vote: each option's votes, round after round; among equal last ones the smallest "
            "SHA-256 of the vote's 16 id bytes and the option's place goes out."
        ),
        vote_results.c.rounds,
    )
    counted_at: datetime = column("计票时间。When it was counted.", vote_results.c.counted_at)
    tallies: list[VoteTally] = bound(
        "各单位的票数。The count in each unit.",
        b.Rows(
            table=vote_tallies,
            on={"vote_id": vote_results.c.vote_id},
            order=(vote_tallies.c.unit,),
            most=len(Unit),
        ),
    )
    trace: list[VoteComparison] = bound(
        "依规则所作的全部比较；征询没有。Every comparison of the rule; a poll has none.",
        b.Rows(
            table=vote_comparisons,
            on={"vote_id": vote_results.c.vote_id},
            order=(vote_comparisons.c.place,),
            most=100,
        ),
    )
