"""The demo's open affairs go through the services, at moments of the last weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from demo.actors import member
from tenants.affairs.procedure import ANSWER, OBLIGATIONS
from tenants.affairs.service import asking, posting
from tenants.affairs.service.calendars import write_down
from tenants.affairs.service.owing import owe
from tenants.affairs.tables import obligations
from tenants.boards.service.check import Verdict
from tenants.clock import Timed
from tenants.columns import TENANT
from tenants.db import Database
from tenants.scopes import Role
from tenants.taking import act
from tenants.transaction import Client
from tenants.viewer import Viewer, system

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# code, title, body
_ITEMS = (
    (
        "FUNDS",
        "三季度帮扶资金使用情况",
        "街道拨付帮扶资金 12,000 元，慰问困难家庭 24 户，每户 500 元，签收单存居委备查。",
    ),
    (
        "ASSISTANCE",
        "协助开展消防检查的情况",
        "协助检查楼道 86 个，清理堆物 31 处，尚有 4 处限期整改。",
    ),
    ("OTHER", "社区活动室开放时间调整", "自本月起周末照常开放，上午九时至下午五时。"),
)
_LATE = ("PROJECTS", "社区服务项目")


@dataclass
class CommunityAffairs:
    """It keeps the open affairs of one community; the first of `staff` is its secretary."""

    database: Database
    key: int
    staff: Sequence[UUID]
    people: Sequence[UUID]
    now: datetime

    async def keep(self) -> None:
        """Post some items, answer one question and leave one open; one thing owed is late."""
        secretary, clerk = self.staff[0], self.staff[-1]
        asked: list[UUID] = []
        for number, (code, title, body) in enumerate(_ITEMS):
            at = self.now - (20 - 6 * number) * DAY
            affair = await self._does(
                clerk, at, posting.draft, code=code, title=title, body=body, obligation_id=None
            )
            await self._does(secretary, at + HOUR, posting.confirm, affair_id=affair)
            if number < 2:
                asked += [await self._asks(self.people[-1 - number], at + DAY, affair)]
        async with self._inside(self._viewer(clerk), self.now - 15 * DAY) as tx:
            await act(tx, ANSWER, asked[0], "居委办公室可以查阅，工作日九时至五时。")
        # a project ended three weeks ago, and nothing was posted of it
        subject = asked[0]
        async with self._inside(system(0), self.now - 21 * DAY) as tx:
            await owe(tx, _LATE[0], subject=subject)
        async with self._inside(system(0), self.now) as tx:
            await write_down(tx)
            for row in await tx.rows(_LATE_ROWS):
                await Timed(OBLIGATIONS, obligations).advance(tx, row)

    async def _asks(self, who: UUID, at: datetime, affair: UUID) -> UUID:
        return await self._does(
            who, at, asking.ask, affair_id=affair, body="请问签收单在哪里可以看到？",
            verdict=Verdict.PASS,
        )  # fmt: skip

    async def _does(self, who: UUID, at: datetime, service: Any, **given: Any) -> UUID:
        async with self._inside(self._viewer(who), at) as tx:
            return await service(tx, **given)

    def _viewer(self, who: UUID) -> Viewer:
        office = Role.PARTY_SECRETARY if who == self.staff[0] else Role.COMMITTEE_MEMBER
        return member(self.key, who, *([office] if who in self.staff else []))

    def _inside(self, viewer: Viewer, at: datetime) -> Any:
        return self.database.act(viewer, Client(viewer.client_id, ""), at, self.key)


_LATE_ROWS = sa.select(obligations).where(
    obligations.c.community_id == TENANT, obligations.c.state == sa.literal_column("'DUE'")
)
