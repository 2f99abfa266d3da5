"""The yearly appraisal: chaired by the supervision committee, and the second unfit in a row ends an office."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import pytest

from api.settings import Settings
from tenants.affairs.service.calendars import Calendar
from tenants.embedded import Cluster
from tests.assembly import CLOSES, DAY, HELD, HOUR, NOON, OPENS, Assembly
from tests.clockwork import House, house
from tests.street import STAFF, SignedIn, key

APPRAISAL = """id year state vote { id state } viewerCan { publishAppraisal { allowed } }
  members { name verdict fit unfit isOfficeEnded }"""
YEAR = 365 * DAY


@pytest.fixture(scope="module")
async def opened(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("appraisals")
    async with house(settings, cluster, folder, "appraisals", 40) as made:
        yield made


class Chamber(Assembly):
    """An assembly with two members of the committee to judge."""

    async def settle(self) -> "Chamber":
        """Have the people move in."""
        await super().settle()
        make = self.hall.make
        self.colleague = self.hall.signed_in(await make.member(self.place, *STAFF))
        return self

    async def appraise(self, later: Any, *marks: tuple[int, int]) -> dict[str, Any]:
        """Hold an appraisal so much later, with these ballots; return it as published."""
        times = {
            "heldAt": HELD + later, "opensAt": OPENS + later, "closesAt": CLOSES + later,
        }  # fmt: skip
        await self.at(NOON + later)
        drafted = await self.draft(**{name: moment.isoformat() for name, moment in times.items()})
        meeting = drafted.payload["meeting"]["id"]
        made = await self.supervisor.do(
            "draftAppraisal",
            f"appraisal {{ {APPRAISAL} }}",
            meetingId=meeting,
            idempotencyKey=key(),
        )
        assert made.refusals == [], made.body
        appraisal = made.payload["appraisal"]
        vote = appraisal["vote"]["id"]
        await self.does(self.staff, "setMeetingRoll", meetingId=meeting, everyMember=True)
        await self.does(self.staff, "noticeMeeting", meetingId=meeting)
        await self.at(OPENS + later)
        await self.votes(vote, *marks)
        await self.at(HELD + later + HOUR)
        await self.came(meeting, *self.residents)
        await self.at(CLOSES + later)
        await self.does(self.staff, "tallyDecision", voteId=vote)
        for seat in (self.secretary, self.supervisor):
            await self.does(seat, "certifyResult", voteId=vote)
        until = datetime.fromisoformat((await self.sees(self.staff, vote))["objectionsUntil"])
        early = await self.publish(appraisal["id"])
        assert early.refusals == ["WRONG_STATE"]
        await self.at(until + HOUR)
        return (await self.publish(appraisal["id"])).payload["appraisal"]

    async def publish(self, appraisal: str, who: SignedIn | None = None) -> Any:
        """Have a supervisor publish an appraisal."""
        return await (who or self.supervisor).do(
            "publishAppraisal", f"appraisal {{ {APPRAISAL} }}", appraisalId=appraisal
        )

    async def roles(self, who: SignedIn) -> list[str]:
        """Return the roles of a member."""
        query = f'{{ node(id: "{who.person.public_id}") {{ ... on Member {{ roles }} }} }}'
        return (await self.residents[0].run(query)).data["node"]["roles"]

    async def owed(self) -> list[str]:
        """Return the states of the year's appraisals."""
        query = "{ community { obligations(first: 50) { nodes { about state } } } }"
        rows = (await self.residents[0].run(query)).data["community"]["obligations"]["nodes"]
        return [row["state"] for row in rows if row["about"] == "APPRAISAL"]


@pytest.fixture
async def chamber(opened: House) -> Chamber:
    """A community for one test."""
    return await Chamber(opened).settle()


async def test_the_second_unfit_in_a_row_ends_the_office(chamber: Chamber) -> None:
    await Calendar(chamber.hall.database).community(chamber.place.key)
    assert await chamber.owed() == ["DUE"]
    bad, good = (2, 1), (2, 1)

    first = await chamber.appraise(0 * DAY, *[bad] * 6)
    assert first["state"] == "PUBLISHED"
    assert [(each["verdict"], each["fit"], each["unfit"], each["isOfficeEnded"])
            for each in first["members"]] == [("UNFIT", 0, 6, False), ("FIT", 6, 0, False)]  # fmt: skip
    assert await chamber.owed() == ["MET"]
    assert "COMMITTEE_MEMBER" in await chamber.roles(chamber.staff)

    second = await chamber.appraise(60 * DAY, *[good] * 6)

    assert [each["isOfficeEnded"] for each in second["members"]] == [True, False]
    assert await chamber.roles(chamber.staff) == ["RESIDENT"]
    assert "COMMITTEE_MEMBER" in await chamber.roles(chamber.colleague)
    acts = [(each[0], each[3]) for each in await chamber.hall.make.trace(chamber.place)]
    ended = [reason or "" for act, reason in acts if act == "role.revoked"]
    assert [reason[:14] for reason in ended] == ["连续两次被评议不称职，职务终"]


async def test_only_the_supervision_committee_appraises_and_only_a_body_that_may(
    chamber: Chamber,
) -> None:
    meeting = (await chamber.draft()).payload["meeting"]["id"]
    for who in (chamber.staff, chamber.secretary, chamber.residents[0]):
        refused = await chamber.refused(
            who.do("draftAppraisal", meetingId=meeting, idempotencyKey=key())
        )
        assert refused == "FORBIDDEN"
    refused = await chamber.refused(chamber.add(meeting, matter="APPRAISAL"))
    assert refused.startswith("INVALID 民主评议居民委员会、村民委员会成员由监督委员会列入议题")
    committee = (await chamber.draft(ruleCode="RC")).payload["meeting"]["id"]
    refused = await chamber.refused(
        chamber.supervisor.do("draftAppraisal", meetingId=committee, idempotencyKey=key())
    )
    assert refused.startswith("INVALID 民主评议居民委员会、村民委员会成员：不由居民委员会会议决定")


async def test_a_void_vote_is_no_appraisal_and_the_year_still_owes_one(chamber: Chamber) -> None:
    await Calendar(chamber.hall.database).community(chamber.place.key)
    meeting = (await chamber.draft()).payload["meeting"]["id"]
    made = await chamber.supervisor.do(
        "draftAppraisal", f"appraisal {{ {APPRAISAL} }}", meetingId=meeting, idempotencyKey=key()
    )
    appraisal = made.payload["appraisal"]
    assert (await chamber.publish(appraisal["id"])).refusals == ["WRONG_STATE"]
    waits = "{ viewer { pending { appraisalsToPublish { totalCount } } } }"
    pending = (await chamber.supervisor.run(waits)).data["viewer"]["pending"]
    assert pending == {"appraisalsToPublish": {"totalCount": 0}}
    await chamber.does(
        chamber.staff, "voidDecision", voteId=appraisal["vote"]["id"], reason="名单有误"
    )
    pending = (await chamber.supervisor.run(waits)).data["viewer"]["pending"]
    assert pending == {"appraisalsToPublish": {"totalCount": 1}}

    ended = (await chamber.publish(appraisal["id"])).payload["appraisal"]

    assert (ended["state"], await chamber.owed()) == ("FAILED", ["DUE"])
    assert "COMMITTEE_MEMBER" in await chamber.roles(chamber.staff)
