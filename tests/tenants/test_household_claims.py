"""Who speaks for a household: named by its members, disputed, decided, and on a roll of households."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import uuid4

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tenants.membership.tables import households
from tests.assembly import HOUR, OPENS, Assembly
from tests.clockwork import House, house
from tests.street import SignedIn, door

pytestmark = pytest.mark.once
CLAIMS = """{ community { householdClaims(first: 9) { nodes { namedBy { id } representative { id }
  isDisputed ruling { reason representative { id } } } } } }"""
ROLL = """query ($id: ID!) { node(id: $id) { ... on Meeting { roll(first: 50) { nodes { voter { id } } } } } }"""
NAME, DECIDE = "nameHouseholdRepresentative", "decideHouseholdRepresentative"


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("claims")
    async with house(settings, cluster, folder, "claims", 60) as opened:
        yield opened


class Homes(Assembly):
    """Three who live together, two of whom may differ, and one who lives alone."""

    async def settle(self) -> "Homes":
        """Have them live where they live."""
        await super().settle()
        make, signed_in = self.hall.make, self.hall.signed_in
        first, second, third, alone = [
            signed_in(await make.applicant(self.place, "ACTIVE")) for _ in range(4)
        ]
        await self.live("501室", first, second, third)
        await self.live("601室", alone)
        self.family, self.alone = (first, second, third), alone
        return self

    async def live(self, room: str, *who: SignedIn) -> None:
        """Give people an address."""
        home = uuid4()
        await self.hall.make.row(self.place, households, id=home, **door("3号楼", room))
        for each in who:
            self.hall.run(
                f"update tenant.member_record set household_id = '{home}' where id = '{each.person.id}'"
            )

    async def roll(self) -> list[str]:
        """Draft a meeting of households with everybody on its roll; return who that is."""
        self.meeting = (await self.draft(ruleCode="RM_HOUSEHOLD")).payload["meeting"]["id"]
        await self.add(self.meeting)
        await self.does(self.staff, "setMeetingRoll", meetingId=self.meeting, everyMember=True)
        seen = (await self.staff.run(ROLL, id=self.meeting)).data["node"]["roll"]["nodes"]
        return [each["voter"]["id"] for each in seen]

    async def claims(self, who: SignedIn) -> list[dict[str, Any]]:
        """Return the claims that somebody sees."""
        return (await who.run(CLAIMS)).data["community"]["householdClaims"]["nodes"]


@pytest.fixture
async def homes(hall: House) -> Homes:
    """A community that no other test uses."""
    return await Homes(hall).settle()


def public(who: SignedIn) -> str:
    """Return the public id of a person."""
    return who.person.public_id


async def test_a_household_names_one_or_the_committee_decides(homes: Homes) -> None:
    first, second, third = homes.family
    assert await homes.roll() == [public(homes.alone)], "of three nobody was named"
    await homes.does(second, NAME, memberId=public(first))
    assert sorted(await homes.roll()) == sorted([public(first), public(homes.alone)])
    await homes.does(third, NAME, memberId=public(third))
    assert await homes.roll() == [public(homes.alone)], "they differ"
    assert [each["isDisputed"] for each in await homes.claims(homes.staff)] == [True, True]
    assert await homes.claims(homes.alone) == []

    for who, member, said in (
        (first, third, "FORBIDDEN"),
        (homes.staff, second, "WRONG_STATE 该户没有人推定此人"),
        (homes.staff, homes.alone, "WRONG_STATE 该户没有争议"),
    ):
        refused = who.do(DECIDE, memberId=public(member), reason="户主")
        assert (await homes.refused(refused)).startswith(said)
    await homes.does(homes.staff, DECIDE, memberId=public(third), reason="户主")
    assert sorted(await homes.roll()) == sorted([public(third), public(homes.alone)])
    seen = await homes.claims(first)
    assert {each["isDisputed"] for each in seen} == {False}
    assert seen[0]["ruling"] == {"reason": "户主", "representative": {"id": public(third)}}

    # another word ends what was decided; taken back, one is left
    await homes.does(first, NAME, memberId=public(first))
    assert await homes.roll() == [public(homes.alone)]
    await homes.does(third, NAME, memberId=None)
    assert sorted(await homes.roll()) == sorted([public(first), public(homes.alone)])


async def test_nobody_is_on_the_roll_for_a_household_that_names_another(homes: Homes) -> None:
    first, second, third = homes.family
    await homes.does(second, NAME, memberId=public(first))
    await homes.roll()
    swap = {"addIds": [public(second)], "removeIds": [public(first)]}
    await homes.does(homes.staff, "setMeetingRoll", meetingId=homes.meeting, **swap)
    notice = homes.staff.do("noticeMeeting", meetingId=homes.meeting)
    assert "不是该户推定的代表" in await homes.refused(notice)
    back = {"addIds": [public(first)], "removeIds": [public(second)]}
    await homes.does(homes.staff, "setMeetingRoll", meetingId=homes.meeting, **back)
    await homes.does(homes.staff, "noticeMeeting", meetingId=homes.meeting)
    # until the opening another may be named, and the roll follows; then it is frozen
    await homes.does(second, NAME, memberId=public(third))
    changed = {
        "meetingId": homes.meeting, "reason": "该户另行推定", "addIds": [public(third)],
        "removeIds": [public(first)],
    }  # fmt: skip
    await homes.does(homes.staff, "setMeetingRoll", **changed)
    await homes.at(OPENS + HOUR)
    await homes.does(second, NAME, memberId=public(first))
    late = homes.staff.do("setMeetingRoll", **changed)
    assert (await homes.refused(late)).startswith("WRONG_STATE 名册已冻结")


async def test_one_names_somebody_of_ones_own_household(homes: Homes) -> None:
    first, second, _ = homes.family
    refused = first.do(NAME, memberId=public(homes.alone))
    assert (await homes.refused(refused)).startswith("FORBIDDEN 只能推定同户的人")
    nothing = second.do(NAME, memberId=None)
    assert (await homes.refused(nothing)).startswith("WRONG_STATE 您没有登记住址")
