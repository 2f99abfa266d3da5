"""Polls: start a question to the neighbours of a board, and open it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from tenants.boards.service.check import Verdict
from tenants.boards.tables import boards
from tenants.columns import NOW, TENANT, VIEWER, among
from tenants.domain import Quota
from tenants.errors import Code, Refused
from tenants.quotas import spare
from tenants.statements import Lock
from tenants.text import written
from tenants.transaction import Tx
from tenants.votes.ballots import Method, Unit
from tenants.votes.procedure import START_POLL
from tenants.votes.service.drafting import draft
from tenants.votes.service.opening import open_
from tenants.votes.service.papers import labels_of, most_marks_of
from tenants.votes.service.rolls import new_roll
from tenants.votes.service.secret.keys import Program, appoint_programs
from tenants.votes.tables import DETAILS_LENGTH, QUESTION_LENGTH, VoteSecrecy, votes

# How long a poll may last, and how far ahead it may open; no law says so.
MOST_DAYS = 60


async def start(
    tx: Tx,
    *,
    board_id: UUID,
    question: str,
    details: str | None,
    method: Method,
    options: Sequence[str] | None,
    most_marks: int,
    opens_at: datetime | None,
    closes_at: datetime,
    verdict: Verdict,
    secrecy: VoteSecrecy = VoteSecrecy.RECORDED,
    programs: Sequence[Program] = (),
) -> UUID:
    """Start a poll on a board: it opens now, or at `opens_at`, and every member of then may vote.

    A secret one waits until the scrutineers' `programs` have shown their keys. Raises INVALID for
    options, marks or times that make no poll, and CONTENT_REJECTED for a text that did not pass its
    check.
    """
    board = await tx.find(boards, board_id, "boardId", permit=START_POLL, lock=Lock.SHARE)
    question = written(question, QUESTION_LENGTH, "question")
    details = written(details, DETAILS_LENGTH, "details") if details else None
    labels = labels_of(method, options)
    most = most_marks_of(method, most_marks, len(labels))
    opens_at = _times(tx.now, opens_at, closes_at)
    if verdict is not Verdict.PASS:
        raise Refused(
            Code.CONTENT_REJECTED, "内容未通过检查。The text was rejected.", labels=(verdict.value,)
        )
    await spare(tx, OPEN_POLLS, tx.viewer.id)
    vote = await draft(
        tx, START_POLL, labels,
        track="POLL", board_id=board["id"], roll_id=await new_roll(tx, Unit.PERSONS),
        question=question, details=details, method=method.value, most=most,
        opens_at=opens_at, closes_at=closes_at, secrecy=secrecy.value,
    )  # fmt: skip
    if secrecy is VoteSecrecy.SECRET:
        await appoint_programs(tx, vote["id"], programs)
    elif opens_at <= tx.now:
        await open_(tx, vote)
    return vote["id"]


def _times(now: datetime, opens_at: datetime | None, closes_at: datetime) -> datetime:
    """Return when the poll opens; now where no time is given or it has passed."""
    ahead = timedelta(days=MOST_DAYS)
    opens = max(opens_at or now, now)
    if opens - now > ahead:
        raise Refused(
            Code.INVALID,
            f"最迟 {MOST_DAYS} 天后开始。It opens within {MOST_DAYS} days.",
            "opensAt",
        )
    if not timedelta() < closes_at - opens <= ahead:
        raise Refused(
            Code.INVALID,
            f"须在开始之后的 {MOST_DAYS} 天之内截止。It closes within {MOST_DAYS} days of its opening.",
            "closesAt",
        )
    return opens


OPEN_POLLS = Quota(
    "poll.open",
    3,
    sa.select(sa.func.count().label("count")).where(
        votes.c.community_id == TENANT,
        votes.c.author_id == VIEWER,
        among(votes.c.track, "POLL"),
        among(votes.c.state, "DRAFT", "OPEN"),
        votes.c.closes_at > NOW,
    ),
    "您已有 3 个进行中的征询。Three of your polls are open already.",
)
