"""Provide a small property area with its owners, and what they do in the tests."""

from datetime import datetime, timedelta
from typing import Any

from tests.assembly import CLOSES, HELD, NOON, OPENS, Assembly
from tests.street import STAFF, Answer, SignedIn, key

ROWS = (
    "楼号,室号,类型,面积,面积来源,开发商持有,业主编号,业主类型,业主姓名,份额",
    "1号楼,101,住宅,89.37,不动产登记,否,1,个人,王大明,",
    "1幢,102室,住宅,89.37,不动产登记,否,1,个人,王大明,",
    "1号楼,201,住宅,123.41,不动产登记,否,2,个人,赵一,1/2",
    "１号楼,201,住宅,123.41,不动产登记,否,3,个人,钱二,1/2",
    "2号楼,101,住宅,100.00,实际测绘,否,4,个人,孙三,",
    "2号楼,102,住宅,100.00,实际测绘,否,5,个人,李四,",
    "2号楼,201,住宅,100.05,实际测绘,否,6,个人,周五,",
    "2号楼,202,住宅,100.05,实际测绘,否,7,个人,欧阳小明,",
    "3号楼,101,商铺,250.00,买卖合同,否,8,单位,长宁商贸有限公司,",
    "3号楼,201,住宅,90.10,买卖合同,是,,,,",
    "3号楼,202,住宅,90.10,买卖合同,是,,,,",
    "3号楼,301,住宅,90.12,买卖合同,否,9,个人,郑九,",
    "地库,12,车位,12.50,不动产登记,否,1,个人,王大明,",
)
REGISTER = "\n".join(ROWS) + "\n"
AREA = 2 * 8937 + 12341 + 2 * 10000 + 2 * 10005 + 25000 + 2 * 9010 + 9012
ENTRY = """id area owners { name } parts { building room area } voter { displayName } document
  service { way servedAt }"""
ROLL = f"""query ($id: ID!) {{ node(id: $id) {{ ... on Meeting {{
  assembly {{ silence isElectronicAdmitted isParkingCounted rulesFrom rulesDecision area {{ name }} }}
  roll(first: 9) {{ totalCount nodes {{ {ENTRY} }} }} }} }} }}"""
LIST = """query ($id: ID!) { node(id: $id) { ... on PropertyArea {
  parts(first: 14) { totalCount nodes { id building room area isDevelopers
    owners { share owner { id number name } } } }
  owners(first: 50) { nodes { id number name kind member { displayName } } }
  rulesOfProcedure { effectiveFrom isInForce silence decision } } } }"""


class OwnersHall(Assembly):
    """Thirteen parts in three buildings and a garage; nine heads, parking spaces aside."""

    area: str
    organiser: SignedIn
    clerk: SignedIn  # of the committee, as the staff that counts

    async def settle(self) -> "OwnersHall":
        """Have one more of the committee move in; one of the owners calls their meetings."""
        await super().settle()
        self.clerk = self.hall.signed_in(await self.hall.make.member(self.place, *STAFF))
        self.organiser = self.residents[1]
        return self

    async def register(self, *, rules: dict[str, Any] | None = None) -> str:
        """Bring in the register, link the owners who are members, and enter their own rules."""
        made = await self.staff.do(
            "createPropertyArea", "area { id }", name="幸福小区", idempotencyKey=key()
        )
        self.area = made.payload["area"]["id"]
        await self.does(self.staff, "importOwners", areaId=self.area, csv=REGISTER)
        owners = {
            each["number"]: each["id"] for each in (await self.registered())["owners"]["nodes"]
        }
        linked = dict(zip("1234568", self.residents, strict=True))
        for number, who in linked.items():
            await self.does(
                self.staff, "setOwnerMember", ownerId=owners[number], memberId=who.person.public_id
            )
        if rules is not None:
            await self.does(
                self.staff, "setOwnersRules",
                **{
                    "areaId": self.area, "effectiveFrom": "2026-01-01", "admitsElectronic": True,
                    "document": "2025年12月业主大会第3号决定", **rules,
                },
            )  # fmt: skip
        return self.area

    async def registered(self, who: SignedIn | None = None) -> dict[str, Any]:
        """Return the register as somebody sees it."""
        return (await (who or self.staff).run(LIST, id=self.area)).data["node"]

    async def assemble(self, **given: Any) -> str:
        """Draft a meeting of the owners; return its id."""
        answer = await self.draft(
            None,
            **{
                "ruleCode": "OWN_ORD", "title": "业主大会", "propertyAreaId": self.area,
                "organiserId": self.organiser.person.public_id,
                "opensAt": (OPENS + timedelta(days=5)).isoformat(),
                "heldAt": (HELD + timedelta(days=5)).isoformat(),
                "closesAt": (CLOSES + timedelta(days=5)).isoformat(),
                "partyDiscussedOn": None, "partyRecord": None, **given,
            }
        )  # fmt: skip
        return answer.payload["meeting"]["id"]

    async def matter(self, meeting: str, matter: str = "PROPERTY_MANAGER", **given: Any) -> str:
        """Put a matter on its agenda; return its id."""
        answer = await self.add(
            meeting, None, **{"matter": matter, "question": "续聘物业服务企业", **given}
        )
        return answer.payload["vote"]["id"]

    async def announced(self, **given: Any) -> tuple[str, str]:
        """Announce a meeting with one matter; return their ids."""
        meeting = await self.assemble()
        vote = await self.matter(meeting, **given)
        await self.does(self.staff, "noticeMeeting", meetingId=meeting)
        return meeting, vote

    async def roll(self, meeting: str, who: SignedIn | None = None) -> list[dict[str, Any]]:
        """Return the entries of its roll."""
        seen = (await (who or self.staff).run(ROLL, id=meeting)).data["node"]
        return seen["roll"]["nodes"]

    async def entry(self, meeting: str, name: str) -> str:
        """Return the id of the entry of an owner, by the masked name; empty for the developer."""
        for each in await self.roll(meeting):
            names = [owner["name"] for owner in each["owners"]]
            if name in names or (not name and not names):
                return each["id"]
        raise LookupError(name)

    async def cast(self, who: SignedIn, vote: str, *marks: int, **given: Any) -> Answer:
        """Cast a ballot."""
        return await who.do(
            "castBallot", "vote { id viewerBallots { entryId marks version channel } }",
            voteId=vote, marks=list(marks), idempotencyKey=key(), **given,
        )  # fmt: skip

    async def paper(self, vote: str, entry: str, *marks: int, channel: str = "PAPER") -> None:
        """Enter a paper and have another confirm it."""
        ballots = [{"voteId": vote, "marks": list(marks)}]
        await self.does(self.staff, "recordPaper", entryId=entry, channel=channel, ballots=ballots)
        await self.does(self.secretary, "confirmPaper", entryId=entry, ballots=ballots)

    @property
    def opens(self) -> datetime:
        """Return when the votes of its meetings open."""
        return OPENS + timedelta(days=5)

    @property
    def closes(self) -> datetime:
        """Return when they close."""
        return CLOSES + timedelta(days=5)


assert NOON < OPENS
