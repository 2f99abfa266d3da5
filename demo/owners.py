"""The demo's owners' assembly decides four matters, online, on paper and by proxy, by the services."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.owners.service import areas, importing
from tenants.owners.tables import property_owners
from tenants.owners.words import Silence
from tenants.transaction import Tx
from tenants.votes.assemblies import ServiceWay, roll_owners
from tenants.votes.ballots import Method
from tenants.votes.meetings import meetings as meeting_table
from tenants.votes.meetings import voters
from tenants.votes.objections import ObjectionDecision
from tenants.votes.proxies import PaperChannel
from tenants.votes.service import (
    casting,
    certifying,
    decisions,
    entering,
    meetings,
    objections,
    paper_entry,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# building, room, area, owners by number; without an owner the developer holds it
_PARTS = (
    ("1号楼", "101", "89.37", "1"), ("1号楼", "102", "89.37", "1"), ("1号楼", "201", "123.41", "2 3"),
    ("1号楼", "202", "98.60", "4"), ("2号楼", "101", "100.00", "5"), ("2号楼", "102", "100.00", "6"),
    ("2号楼", "201", "100.05", "7"), ("2号楼", "202", "100.05", "8"), ("3号楼", "101", "250.00", "9"),
    ("3号楼", "201", "90.10", ""), ("3号楼", "202", "90.12", "10"),
)  # fmt: skip
_NAMES = (
    "王大明",
    "赵一",
    "钱二",
    "孙三",
    "李四",
    "周五",
    "吴六",
    "欧阳小明",
    "长宁商贸有限公司",
    "郑九",
)
_COMPANY = 9
MEMBERS = 7  # the owners who are members, by their number; the others vote by proxy or on paper
YES, NO = (1, 0), (0, 1)
Service = Callable[..., Awaitable[Any]]


class Community(Protocol):
    """It knows who lives in a community, and how they act."""

    staff: Sequence[UUID]
    people: Sequence[UUID]
    now: datetime

    async def does(self, who: UUID, at: datetime, service: Service, **given: Any) -> Any:
        """Have a member do something at a moment."""
        ...

    async def advance(self, vote: UUID, at: datetime) -> None:
        """Have the clock come to a moment."""
        ...


@dataclass
class OwnersAssembly:
    """It holds one assembly, from the register to the published results."""

    community: Community
    entries: dict[str, UUID] = field(default_factory=dict)

    async def hold(self) -> None:
        """Hold it: the opening was days ago, and the results may still be objected to."""
        here = self.community
        self.secretary, self.clerk = here.staff[0], here.staff[-1]
        self.members = [each for each in here.people if each not in here.staff][:MEMBERS]
        self.opens = here.now - 6 * DAY
        self.closes = self.opens + 2 * DAY
        noticed = self.opens - 16 * DAY
        area = await self._register(noticed - DAY)
        meeting = await self._draft(area, noticed - HOUR)
        matters = [
            await self._matter(meeting, noticed - HOUR / (number + 2), **given)
            for number, given in enumerate(_MATTERS)
        ]
        await here.does(self.clerk, noticed, meetings.notice, meeting_id=meeting)
        self.entries = await here.does(self.clerk, noticed, _entries, meeting_id=meeting)
        await self._prepare(meeting, matters, noticed + DAY)
        for vote in matters:
            await here.advance(vote, self.opens)
        await self._vote(matters, self.opens + HOUR)
        await here.does(
            self.clerk, self.opens + DAY + HOUR, decisions.record_attendance, meeting_id=meeting,
            voter_ids=[self.entries[number] for number in ("1", "5", "")], absent_ids=[],
        )  # fmt: skip
        for vote in matters:
            await here.advance(vote, self.closes)
            await here.does(self.clerk, self.closes + HOUR, decisions.tally, vote_id=vote)
            for seat in (self.members[0], here.staff[-2]):
                await here.does(seat, self.closes + 2 * HOUR, certifying.certify, vote_id=vote)

    async def _register(self, at: datetime) -> UUID:
        here, clerk = self.community, self.clerk
        area = await here.does(clerk, at, areas.create, name="幸福小区")
        await here.does(clerk, at, importing.bring_in, area_id=area, csv=_csv())
        await here.does(
            clerk, at, areas.set_rules, area_id=area, effective_from=date(2026, 1, 1),
            silence=Silence.NOTHING, admits_electronic=True, counts_parking=False,
            document="2025年12月业主大会第3号决定",
        )  # fmt: skip
        owners = await here.does(clerk, at, _owners, area_id=area)
        for number, person in enumerate(self.members, start=1):
            await here.does(
                clerk, at, areas.set_member, owner_id=owners[str(number)], member_id=person
            )
        return area

    async def _draft(self, area: UUID, at: datetime) -> UUID:
        return await self.community.does(
            self.clerk, at, meetings.draft_meeting, rule_code="OWN_ORD", title="幸福小区业主大会",
            agenda="续聘物业、加装电梯、二号楼维修、选举业委会。", location="居民活动室",
            held_at=self.opens + DAY, opens_at=self.opens, closes_at=self.closes,
            party_discussed_on=None, party_record=None, property_area_id=area,
            organiser_id=self.members[0],
        )  # fmt: skip

    async def _matter(self, meeting: UUID, at: datetime, **given: Any) -> UUID:
        return await self.community.does(
            self.clerk, at, meetings.add_matter,
            **{
                "meeting_id": meeting, "details": None, "method": Method.PROPOSAL, "options": None,
                "most_marks": 1, "seats": 1, **given,
            },
        )  # fmt: skip

    async def _prepare(self, meeting: UUID, matters: Sequence[UUID], at: datetime) -> None:
        """Serve the ballots, register two proxies, and settle who casts for two who own together."""
        here, clerk, of = self.community, self.clerk, {"meeting_id": meeting}
        await here.does(
            clerk, at, entering.record_service, **of, entry_ids=[*self.entries.values()],
            way=ServiceWay.IN_PERSON, served_at=at, note="逐户送达",
        )  # fmt: skip
        for number, holder in (("8", 6), ("10", 5)):
            said = zip(matters, _PROXIES[number], strict=True)
            await here.does(
                clerk, at + HOUR, entering.register_proxy, **of, entry_id=self.entries[number],
                holder_id=self.members[holder], document=f"{number}号业主的授权委托书",
                instructions={vote: marks for vote, marks in said if marks is not None},
            )  # fmt: skip
        first, second = self.members[1], self.members[2]
        caster = {**of, "entry_id": self.entries["2 3"]}
        await here.does(
            clerk,
            at + HOUR,
            entering.assign_caster,
            **caster,
            member_id=first,
            document="推定书第1号",
        )
        objection = await here.does(
            second, at + DAY, objections.object_to_roll, **of, body="推定书上不是我的签名"
        )
        await here.does(
            clerk, at + 2 * DAY, entering.assign_caster, **caster, member_id=second,
            document="推定书第2号",
        )  # fmt: skip
        await here.does(
            self.secretary, at + 2 * DAY, objections.decide_objection, objection_id=objection,
            decision=ObjectionDecision.SUSTAIN, reason="已由共有人重新推定",
        )  # fmt: skip

    async def _vote(self, matters: Sequence[UUID], at: datetime) -> None:
        here = self.community
        for number, ballots in (_ONLINE | _PROXIES).items():
            # who casts: the owner, the second of two, or the holder of the proxy
            member = {"2 3": 2, "8": 6, "10": 5}.get(number)
            who = self.members[int(number) - 1 if member is None else member]
            for vote, marks in zip(matters, ballots, strict=True):
                if marks is not None:
                    await here.does(
                        who, at, casting.cast, vote_id=vote, marks=list(marks), replaces=None,
                        entry_id=self.entries[number],
                    )  # fmt: skip
        for number, ballots in _PAPERS.items():
            sheet = {
                vote: list(marks)
                for vote, marks in zip(matters, ballots, strict=True)
                if marks is not None
            }
            given = {"entry_id": self.entries[number], "ballots": sheet}
            await here.does(
                self.clerk, at + DAY, paper_entry.record, **given, channel=PaperChannel.PAPER
            )
            await here.does(self.secretary, at + DAY + HOUR, paper_entry.confirm, **given)


_MATTERS: tuple[Mapping[str, Any], ...] = (
    {"matter": "PROPERTY_MANAGER", "question": "续聘幸福物业三年"},
    {"matter": "REBUILD", "question": "一号楼加装电梯"},
    {
        "matter": "USE_MAINTENANCE_FUND", "question": "二号楼屋面维修动用维修资金",
        "buildings": ["2号楼"],
    },
    {
        "matter": "OWNERS_COMMITTEE_MEMBERS", "question": "选举业主委员会委员",
        "method": Method.CANDIDATES, "options": ["王大明", "孙三", "周五"], "most_marks": 2, "seats": 2,
    },
)  # fmt: skip
# The marks of each entry in the order of the matters; None where it does not vote on one.
Ballots = Mapping[str, tuple[tuple[int, ...] | None, ...]]
_ONLINE: dict[str, tuple[tuple[int, ...] | None, ...]] = {
    "1": (YES, YES, None, (1, 1, 0)), "2 3": (YES, YES, None, (1, 0, 1)),
    "4": (YES, NO, None, (1, 1, 0)), "5": (YES, YES, YES, (1, 1, 2)),
    "6": (NO, NO, YES, (0, 1, 1)), "7": (YES, YES, YES, (1, 1, 2)),
}  # fmt: skip
_PROXIES: dict[str, tuple[tuple[int, ...] | None, ...]] = {
    "8": (YES, YES, YES, (1, 1, 2)), "10": (NO, NO, None, (0, 0, 1)),
}  # fmt: skip
_PAPERS: Ballots = {"9": (NO, NO, None, (1, 1, 1)), "": (YES, YES, None, (1, 1, 0))}


def _csv() -> str:
    """Return the register as a file; the company's shop is the last but two."""
    lines = ["楼号,室号,类型,面积,面积来源,开发商持有,业主编号,业主类型,业主姓名,份额"]
    for building, room, area, owners in _PARTS:
        of = f"{building},{room},{'商铺' if owners == str(_COMPANY) else '住宅'},{area},不动产登记"
        numbers = owners.split()
        for number in numbers:
            kind = "单位" if number == str(_COMPANY) else "个人"
            share = "1/2" if len(numbers) > 1 else ""
            lines.append(f"{of},否,{number},{kind},{_NAMES[int(number) - 1]},{share}")
        if not numbers:
            lines.append(f"{of},是,,,,")
    return "\n".join(lines)


async def _owners(tx: Tx, *, area_id: UUID) -> dict[str, UUID]:
    """Return the owners of an area by their number."""
    return {row["number"]: row["id"] for row in await tx.rows(_OF_AREA, v_id=area_id)}


async def _entries(tx: Tx, *, meeting_id: UUID) -> dict[str, UUID]:
    """Return the entries of a roll by their owners' numbers; of the developer by an empty text."""
    found: dict[UUID, list[str]] = {}
    for row in await tx.rows(_OF_ROLL, v_id=meeting_id):
        found.setdefault(row["voter_id"], []).extend([row["number"]] if row["number"] else [])
    return {" ".join(sorted(numbers)): entry for entry, numbers in found.items()}


_ID = sa.bindparam("v_id", type_=voters.c.roll_id.type)
_OF_AREA = sa.select(property_owners.c.id, property_owners.c.number).where(
    property_owners.c.community_id == TENANT, property_owners.c.area_id == _ID
)
_OF_ROLL = (
    sa.select(voters.c.voter_id, property_owners.c.number)
    .select_from(meeting_table)
    .join(
        voters,
        (voters.c.community_id == meeting_table.c.community_id)
        & (voters.c.roll_id == meeting_table.c.roll_id),
    )
    .outerjoin(
        roll_owners,
        (roll_owners.c.community_id == TENANT)
        & (roll_owners.c.community_id == voters.c.community_id)
        & (roll_owners.c.roll_id == voters.c.roll_id)
        & (roll_owners.c.voter_id == voters.c.voter_id),
    )
    .outerjoin(
        property_owners,
        (property_owners.c.community_id == TENANT)
        & (property_owners.c.community_id == roll_owners.c.community_id)
        & (property_owners.c.id == roll_owners.c.owner_id),
    )
    .where(
        meeting_table.c.community_id == TENANT,
        voters.c.community_id == TENANT,
        meeting_table.c.id == _ID,
    )
)
