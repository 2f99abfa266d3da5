"""The demo's topic is the story of the bicycles in the stairwell, which goes through the services.

A post becomes a petition, a topic, a hearing and a resolution, and a project with two milestones.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from demo.votes import DAY, CommunityVotes
from tenants.boards.service import posts
from tenants.boards.service.check import Verdict
from tenants.catalogue.tables import petition_categories
from tenants.columns import TENANT
from tenants.petitions.service import ending, writing
from tenants.petitions.steps import ACCEPT
from tenants.petitions.words import Addressee, PetitionKind, Secrecy, Solved
from tenants.places.tables import communities
from tenants.projects.procedure import START as START_PROJECT
from tenants.projects.service import planning, spending
from tenants.projects.tables import milestones
from tenants.projects.words import FundSource
from tenants.taking import act
from tenants.topics.consultations import consultation_parties
from tenants.topics.procedure import START
from tenants.topics.service import consulting, deciding, proposing, screening
from tenants.topics.words import ConsultationForm, Execution, FollowUp, Screening, Stance
from tenants.transaction import Tx

_PASS = Verdict.PASS


@dataclass
class BicycleStory:
    """It happens in the last two months, in the community of these votes."""

    votes: CommunityVotes

    async def tell(self) -> UUID:
        """Have the people of the community act; return the id of the topic."""
        here = self.votes
        self.secretary, self.clerk = here.staff[0], here.staff[-1]
        self.author, *self.others = here.people[-8:]
        topic = await self._raise()
        await self._consult(topic)
        await self._carry_out(topic)
        return topic

    async def _does(self, who: UUID, days: float, service: Any, **given: Any) -> Any:
        at = self.votes.now - 60 * DAY + timedelta(days=days)
        return await self.votes.does(who, at, service, **given)

    async def _raise(self) -> UUID:
        post = await self._does(
            self.author, 0, posts.create, board_id=self.votes.board, title="楼道里的自行车",
            body="楼道里停满了自行车，老人上下楼不便。", upload_ids=(), verdict=_PASS,
        )  # fmt: skip
        petition = await self._does(
            self.author, 1, writing.submit, kind=PetitionKind.SUGGESTION,
            category_id=await self._does(self.author, 1, _category), title="楼道里的自行车",
            body="楼道停满自行车，消防通道被堵，建议另辟车棚。", location="三号楼", secrecy=Secrecy.MEMBERS,
            addressee=Addressee.COMMUNITY, department_id=None, goal_rule_id=None, upload_ids=(),
            verdict=_PASS, post_id=post,
        )  # fmt: skip
        await self._does(self.clerk, 1.1, _accept, petition=petition)
        topic = await self._does(
            self.clerk, 2, proposing.convert, petition_id=petition,
            reason="涉及全楼，转为议题，由居民协商。",
        )  # fmt: skip
        await self._does(
            self.author, 2.1, ending.record_callback, petition_id=petition, solved=Solved.PARTLY,
            satisfaction=4, note=None,
        )  # fmt: skip
        await self._does(
            self.secretary, 5, screening.screen, topic_id=topic, decision=Screening.ADOPT,
            reason="涉及全楼安全，列入议程。",
        )  # fmt: skip
        return topic

    async def _consult(self, topic: UUID) -> None:
        asked = self.votes.now - 60 * DAY + 13 * DAY
        await self._does(
            self.clerk, 6, consulting.solicit, topic_id=topic, closes_at=asked, is_important=False
        )
        for number, (stance, body) in enumerate(
            (
                (Stance.FOR, "支持，老人走路安全。"),
                (Stance.AGAINST, "空地是孩子玩的地方。"),
                (Stance.QUESTION, "车棚收费吗？"),
            )
        ):
            view = await self._does(
                self.others[number], 7 + number, consulting.contribute, topic_id=topic,
                stance=stance, body=body, verdict=_PASS,
            )  # fmt: skip
            if stance is Stance.QUESTION:
                await self._does(
                    self.clerk, 10, consulting.answer, contribution_id=view, answer="不收费。"
                )
        hearing = await self._does(
            self.clerk, 11, consulting.schedule, topic_id=topic, form=ConsultationForm.HEARING,
            location="居民活动室", held_at=asked + DAY, invited_ids=self.others[:3],
            invited_names=["物业公司"],
        )  # fmt: skip
        came = await self._does(self.clerk, 14.5, _parties, consultation=hearing)
        await self._does(
            self.clerk, 15, consulting.record, consultation_id=hearing,
            minutes="各方同意在西侧空地一角建车棚，留出儿童活动的地方。",
            agreements=["西侧空地一角建车棚", "楼道自行车在完工后一周内移出"],
            follow_up=FollowUp.CARRY_OUT, attended_ids=came,
        )  # fmt: skip
        await self._does(
            self.clerk, 17, deciding.publish_resolution, topic_id=topic, consultation_id=hearing,
            body="在西侧空地一角建自行车棚，楼道不再停放自行车。", execution=Execution.CARRY_OUT,
            due_on=(self.votes.now + 30 * DAY).date(),
        )  # fmt: skip

    async def _carry_out(self, topic: UUID) -> None:
        await self._does(self.clerk, 18, _start, topic=topic)
        today = self.votes.now.date()
        project = await self._does(
            self.clerk, 19, planning.plan, topic_id=topic, title="自行车棚",
            body="二十个车位，雨棚和照明。",
            funds=[
                planning.Fund(FundSource.SELF_GOVERNANCE_FUND, 600_000, None),
                planning.Fund(FundSource.UNIT, 400_000, "物业公司"),
            ],
            planned=[
                planning.Milestone("平整场地、划线", today - 20 * DAY),
                planning.Milestone("安装车架和雨棚", today + 20 * DAY),
            ],
        )  # fmt: skip
        await self._does(self.clerk, 20, _start_project, project=project)
        first = await self._does(self.clerk, 38, _first_milestone, project=project)
        await self._does(
            self.clerk, 38, planning.reach, milestone_id=first, note="场地已平整划线。",
            upload_ids=(),
        )  # fmt: skip
        paid = await self._does(
            self.clerk, 39, spending.spend, project_id=project,
            source=FundSource.SELF_GOVERNANCE_FUND, amount=185_000, spent_on=today - 22 * DAY,
            purpose="场地平整和划线", payee="宝平市政工程队",
        )  # fmt: skip
        for who in (self.secretary, self.votes.staff[1]):
            await self._does(who, 39.5, spending.attest, spending_id=paid)


async def _category(tx: Tx) -> UUID:
    row = await tx.row(_CATEGORY)
    assert row is not None  # noqa: S101 # every district has categories
    return row["id"]


async def _accept(tx: Tx, *, petition: UUID) -> None:
    await act(tx, ACCEPT, petition)


async def _start(tx: Tx, *, topic: UUID) -> None:
    await act(tx, START, topic)


async def _start_project(tx: Tx, *, project: UUID) -> None:
    await act(tx, START_PROJECT, project)


async def _parties(tx: Tx, *, consultation: UUID) -> list[UUID]:
    return [row["party_id"] for row in await tx.rows(_PARTIES, v_id=consultation)]


async def _first_milestone(tx: Tx, *, project: UUID) -> UUID:
    row = await tx.row(_FIRST, v_id=project)
    assert row is not None  # noqa: S101 # a project has a milestone
    return row["id"]


_ID = sa.bindparam("v_id", type_=milestones.c.id.type)
_CATEGORY = (
    sa.select(petition_categories.c.id)
    .join_from(
        petition_categories,
        communities,
        communities.c.district_id == petition_categories.c.district_id,
    )
    .where(communities.c.community_id == TENANT)
    .order_by(petition_categories.c.id)
    .limit(1)
)
_PARTIES = sa.select(consultation_parties.c.party_id).where(
    consultation_parties.c.community_id == TENANT, consultation_parties.c.consultation_id == _ID
)
_FIRST = sa.select(milestones.c.id).where(
    milestones.c.community_id == TENANT, milestones.c.project_id == _ID, milestones.c.position == 0
)
