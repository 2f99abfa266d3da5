"""The demo's votes go through the services, at moments of the last weeks.

Nothing is written by hand here: people start polls, cast ballots and hold a meeting, and the system
opens and closes.
"""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from demo.actors import member
from demo.owners import OwnersAssembly
from demo.pacts import CommunityPacts
from tenants.boards.service.check import Verdict
from tenants.db import Database
from tenants.scopes import Role
from tenants.transaction import Client
from tenants.viewer import Viewer, system
from tenants.votes.ballots import Method
from tenants.votes.service import casting, certifying, decisions, meetings, polls, rolls
from tenants.votes.service.clock import TIMED
from tenants.votes.tables import VoteSecrecy

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# question, details, method, options
POLLS: tuple[tuple[str, str, Method, tuple[str, ...]], ...] = (
    (
        "充电桩装在哪里？",
        "两处都能接电，东门离得近，西门车位多。",
        Method.SINGLE,
        ("东门", "西门", "暂不安装"),
    ),
    ("广场舞晚上几点结束？", "请按自己的意愿选一项。", Method.SINGLE, ("八点", "八点半", "九点")),
    ("楼道要不要刷新？", "费用由自治金支出，业主不另出钱。", Method.PROPOSAL, ()),
    (
        "暑期活动想办哪几项？",
        "最多选两项。",
        Method.MULTIPLE,
        ("书法班", "乒乓球赛", "露天电影", "旧物交换"),
    ),
)
Service = Callable[..., Awaitable[Any]]


@dataclass
class CommunityVotes:
    """It makes the votes of one community; `people` are its members, the secretaries and staff first."""

    database: Database
    key: int
    board: UUID
    staff: Sequence[UUID]
    supervisor: UUID
    people: Sequence[UUID]
    now: datetime

    async def hold(self, *, with_meeting: bool) -> None:
        """Hold one poll that is over and one that is open, and meetings if there are any."""
        self.chance = random.Random(self.key)
        first, second = self.chance.sample(POLLS, 2)
        await self._poll(first, self.now - 6 * DAY, self.now - DAY, voters=60)
        await self._poll(second, self.now - 2 * DAY, self.now + 5 * DAY, voters=35)
        if with_meeting:
            await CommunityPacts(self).agree()
            await self._meeting()
            await OwnersAssembly(self).hold()

    async def _poll(
        self, asked: tuple[str, str, Method, tuple[str, ...]], opens: datetime, closes: datetime,
        *, voters: int,
    ) -> None:  # fmt: skip
        question, details, method, options = asked
        vote = await self.does(
            self.people[-1], opens, polls.start,
            board_id=self.board, question=question, details=details, method=method,
            options=options, most_marks=2 if method is Method.MULTIPLE else 1, opens_at=None,
            closes_at=closes, secrecy=VoteSecrecy.RECORDED, programs=(), verdict=Verdict.PASS,
        )  # fmt: skip
        await self._ballots(vote, max(2, len(options)), opens, voters)
        if closes <= self.now:
            await self.advance(vote, closes)

    async def _ballots(
        self, vote: UUID, options: int, opens: datetime, voters: int, *, accord: float = 1.0
    ) -> None:
        """Have as many people vote, two minutes after one another; the first options are liked best.

        The more `accord`, the more people like the first.
        """
        for number, person in enumerate(self.people[:voters]):
            liked = min(int(self.chance.expovariate(accord)), options - 1)
            await self.does(
                person, opens + (2 * number + 1) * timedelta(minutes=1), casting.cast,
                vote_id=vote, marks=[int(n == liked) for n in range(options)],
                sealed=None, replaces=None,
            )  # fmt: skip

    async def _meeting(self) -> None:
        """Hold a residents' meeting on a pact, from the notice to the published result."""
        drafted, opens = self.now - 20 * DAY, self.now - 5 * DAY
        held, closes = opens + DAY, opens + 2 * DAY
        secretary, clerk = self.staff[0], self.staff[-1]
        meeting = await self.does(
            clerk, drafted, meetings.draft_meeting,
            rule_code="RM_PERSON", title="年度居民会议", agenda="表决新的居民公约。",
            location="居民活动室", held_at=held, opens_at=opens, closes_at=closes,
            party_discussed_on=date.fromordinal(drafted.toordinal() - 3),
            party_record="党总支会议研究同意提交居民会议表决。",
        )  # fmt: skip
        vote = await self.does(
            clerk, drafted + HOUR, meetings.add_matter,
            meeting_id=meeting, matter="RESIDENT_PACT", question="是否通过新的居民公约？",
            details="公约全文见本议题的公约，也已在公告栏张贴。", method=Method.PROPOSAL, options=None,
            most_marks=1, seats=1, secrecy=VoteSecrecy.RECORDED,
        )  # fmt: skip
        await CommunityPacts(self).put(vote, drafted + HOUR)
        await self.does(
            clerk, drafted + HOUR, rolls.set_roll, meeting_id=meeting, every_member=True,
            add_ids=[], remove_ids=[], reason=None,
        )  # fmt: skip
        await self.does(clerk, drafted + 2 * HOUR, meetings.notice, meeting_id=meeting)
        await self.advance(vote, opens)
        half = len(self.people) // 2
        await self._ballots(vote, 2, opens, half, accord=2.0)
        came = self.people[half - 10 : half + 30]
        await self.does(
            clerk, held + HOUR, decisions.record_attendance, meeting_id=meeting,
            voter_ids=list(came), absent_ids=[],
        )  # fmt: skip
        await self.advance(vote, closes)
        await self.does(clerk, closes + HOUR, decisions.tally, vote_id=vote)
        for seat in (secretary, self.supervisor):
            await self.does(seat, closes + 2 * HOUR, certifying.certify, vote_id=vote)

    async def does(self, who: UUID, at: datetime, service: Service, **given: Any) -> Any:
        """Have a member do something at a moment, with the permissions of their office."""
        offices = dict.fromkeys(self.staff, Role.COMMITTEE_MEMBER)
        offices |= {self.staff[0]: Role.PARTY_SECRETARY, self.supervisor: Role.SUPERVISOR}
        viewer = member(self.key, who, *(offices[each] for each in [who] if each in offices))
        async with self._inside(viewer, at) as tx:
            return await service(tx, **given)

    async def answers(self, at: datetime, service: Service, **given: Any) -> Any:
        """Have the street do something in the community at a moment."""
        async with self._inside(system(0), at) as tx:
            return await service(tx, **given)

    async def advance(self, vote: UUID, at: datetime) -> None:
        """Have the clock come to a moment."""
        async with self._inside(system(0), at) as tx:
            for row in await tx.rows(TIMED.one_due, v_id=vote):
                await TIMED.advance(tx, row)

    def _inside(self, viewer: Viewer, at: datetime) -> Any:
        return self.database.act(viewer, Client(viewer.client_id, ""), at, self.key)
