"""Projects are planned with their money and milestones, carried out, and judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenants import taking
from tenants.affairs.service.owing import owe
from tenants.boards.service.check import Verdict
from tenants.columns import TENANT
from tenants.errors import Code, Refused
from tenants.images import service as images
from tenants.images.tables import MOST_ON_MILESTONE
from tenants.origins import OriginKind, Step, lead_to
from tenants.projects.policy import EVALUATE
from tenants.projects.procedure import COMPLETE, PLAN, REACH
from tenants.projects.tables import (
    BODY_LENGTH,
    GIVER_LENGTH,
    MOST_FUNDS,
    MOST_MILESTONES,
    MOST_MONEY,
    NOTE_LENGTH,
    TITLE_LENGTH,
    milestones,
    project_evaluations,
    project_funds,
    projects,
)
from tenants.projects.words import FundSource
from tenants.statements import Lock
from tenants.taking import begin, said, take
from tenants.text import written
from tenants.topics.service.proposing import require_pass
from tenants.topics.tables import topics
from tenants.transaction import Tx, unless_taken


@dataclass(frozen=True)
class Fund:
    """It is money of one source, in fen, perhaps of a giver who is named."""

    source: FundSource
    amount: int
    giver: str | None


@dataclass(frozen=True)
class Milestone:
    """It is to be reached by a day."""

    title: str
    due_on: date


async def plan(
    tx: Tx, *, topic_id: UUID, title: str, body: str, funds: Sequence[Fund],
    planned: Sequence[Milestone],
) -> UUID:  # fmt: skip
    """Plan a project that carries out the resolution of a topic; its budget is the sum of its funds.

    Raises INVALID for money that is none or too much, REQUIRED without funds or milestones.
    """
    topic = await tx.find(topics, topic_id, "topicId", permit=PLAN)
    title, body = written(title, TITLE_LENGTH, "title"), written(body, BODY_LENGTH, "body")
    _some(funds, MOST_FUNDS, "funds")
    _some(planned, MOST_MILESTONES, "milestones")
    for place, fund in enumerate(funds):
        check_money(fund.amount, "funds", str(place), "amount")
    budget = sum(fund.amount for fund in funds)
    check_money(budget, "funds")
    project = await begin(
        tx, PLAN, topic_id=topic["id"], district_id=topic["district_id"],
        street_id=topic["street_id"], title=title, body=body, budget=budget, spent=0,
    )  # fmt: skip
    for place, fund in enumerate(funds):
        giver = fund.giver
        await tx.insert(
            project_funds, project_id=project["id"], position=place, source=fund.source.value,
            giver=written(giver, GIVER_LENGTH, "funds", str(place), "giver") if giver else None,
            amount=fund.amount,
        )  # fmt: skip
    for place, each in enumerate(planned):
        await tx.insert(
            milestones, id=tx.new_id(), project_id=project["id"], position=place, due_on=each.due_on,
            title=written(each.title, TITLE_LENGTH, "milestones", str(place), "title"),
        )  # fmt: skip
    begun = Step(OriginKind.PROJECT, project["id"], tx.now)
    await lead_to(tx, project["id"], begun, after=topic["id"])
    return project["id"]


async def reach(tx: Tx, *, milestone_id: UUID, note: str, upload_ids: Sequence[UUID]) -> UUID:
    """Record that a milestone was reached, with pictures."""
    milestone = await tx.find(milestones, milestone_id, "milestoneId", permit=REACH)
    words = said(REACH, note)
    assert words is not None  # noqa: S101 # the step needs them
    await tx.update(
        milestones, milestone["id"], reached_at=tx.now, reached_by=tx.viewer.id, note=words
    )
    if upload_ids:
        await images.put_to(tx, upload_ids, "milestone", milestone["id"], most=MOST_ON_MILESTONE)
    project = await tx.row(_PROJECT, v_id=milestone["project_id"])
    assert project is not None  # noqa: S101 # a milestone is of a project
    await taking.note(tx, REACH, project, words)
    return milestone["id"]


async def complete(tx: Tx, *, project_id: UUID, report: str) -> UUID:
    """Complete a project; what came of it is owed to residents as an item of open affairs."""
    project = await tx.find(projects, project_id, "projectId", permit=COMPLETE)
    await take(tx, COMPLETE, project, words=said(COMPLETE, report))
    await owe(tx, "PROJECTS", subject=project["id"])
    return project["id"]


async def evaluate(
    tx: Tx, *, project_id: UUID, satisfaction: int, note: str | None, verdict: Verdict
) -> UUID:
    """Judge a completed project, once; raises INVALID for anything but 1 to 5."""
    project = await tx.find(projects, project_id, "projectId", permit=EVALUATE, lock=Lock.SHARE)
    words = written(note, NOTE_LENGTH, "note") if note else None
    require_pass(verdict)
    if not 1 <= satisfaction <= 5:
        raise Refused(Code.INVALID, "满意度为 1–5。Satisfaction is 1 to 5.", "satisfaction")
    async with unless_taken(tx, "您已评议。You evaluated it already.", "projectId"):
        await tx.insert(
            project_evaluations, project_id=project["id"], member_id=tx.viewer.id, at=tx.now,
            satisfaction=satisfaction, note=words,
        )  # fmt: skip
    return project["id"]


def check_money(amount: int, *path: str) -> None:
    """Raise INVALID for an amount in fen that is none, or more than a project may cost."""
    if not 1 <= amount <= MOST_MONEY:
        raise Refused(
            Code.INVALID,
            "金额以分计，大于零，至多两千万元。In fen, above zero, twenty million yuan at most.",
            *path,
        )


def _some(given: Sequence[object], most: int, path: str) -> None:
    if not 1 <= len(given) <= most:
        code = Code.TOO_LONG if given else Code.REQUIRED
        raise Refused(code, f"须有 1–{most} 项。1 to {most} of them.", path)


_PROJECT = sa.select(projects).where(
    projects.c.community_id == TENANT,
    projects.c.id == sa.bindparam("v_id", type_=projects.c.id.type),
)
