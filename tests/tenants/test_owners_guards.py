"""What must be so before owners may vote: who was told, and who changes its term."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.clockwork import House, house
from tests.owners_hall import OwnersHall
from tests.street import key

pytestmark = pytest.mark.once
SEEN = """query ($id: ID!) { node(id: $id) { ... on Meeting { assembly { isSpecial toldOn
  toldDocument organiser { id } } } ... on PropertyArea { elections { startsOn endsOn document } } } }"""
LETTER = {"toldOn": "2026-12-07", "document": "告知书第1号"}
CHANGE = {"startsOn": "2026-12-01", "document": "换届改选小组成立公告"}


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("guards")
    async with house(settings, cluster, folder, "guards", 60) as opened:
        yield opened


@pytest.fixture
async def owners(hall: House) -> OwnersHall:
    """A community with a property area that no other test uses."""
    settled = await OwnersHall(hall).settle()
    await settled.register(rules={})
    return settled


async def seen(owners: OwnersHall, id: str) -> dict[str, Any]:
    return (await owners.residents[5].run(SEEN, id=id)).data["node"]


async def test_a_special_meeting_is_told_of_in_writing_before_its_notice(
    owners: OwnersHall,
) -> None:
    meeting = await owners.assemble(isSpecial=True)
    await owners.matter(meeting)
    notice = owners.staff.do("noticeMeeting", meetingId=meeting)
    assert "上海市住宅物业管理规定第25条" in await owners.refused(notice)
    for given, said in (
        ({"toldOn": "2026-12-08"}, "INVALID 告知的日期还没有到"),
        ({"document": " "}, "REQUIRED"),
    ):
        told = owners.staff.do("recordAuthoritiesTold", meetingId=meeting, **{**LETTER, **given})
        assert (await owners.refused(told)).startswith(said)
    told = owners.residents[1].do("recordAuthoritiesTold", meetingId=meeting, **LETTER)
    assert await owners.refused(told) == "FORBIDDEN"
    await owners.does(owners.staff, "recordAuthoritiesTold", meetingId=meeting, **LETTER)
    await owners.does(owners.staff, "noticeMeeting", meetingId=meeting)
    assert (await seen(owners, meeting))["assembly"] == {
        "isSpecial": True, "toldOn": "2026-12-07", "toldDocument": "告知书第1号",
        "organiser": {"id": owners.organiser.person.public_id},
    }  # fmt: skip
    late = owners.staff.do("recordAuthoritiesTold", meetingId=meeting, **LETTER)
    assert (await owners.refused(late)).startswith("WRONG_STATE 须在公告之前登记")
    residents = (await owners.draft()).payload["meeting"]["id"]
    told = owners.staff.do("recordAuthoritiesTold", meetingId=residents, **LETTER)
    assert (await owners.refused(told)).startswith("INVALID 不是业主大会会议")


@pytest.mark.parametrize(
    ("matter", "change", "is_blocked"),
    [
        ("PROPERTY_MANAGER", {}, True),
        ("MANAGEMENT_FEE", {}, True),
        ("USE_MAINTENANCE_FUND", {}, True),
        ("REBUILD", {}, True),
        ("OWNERS_COMMITTEE_MEMBERS", {}, False),
        ("PROPERTY_MANAGER", {"endsOn": "2026-12-07"}, True),
        ("PROPERTY_MANAGER", {"endsOn": "2026-12-06"}, False),
        ("PROPERTY_MANAGER", {"startsOn": "2026-12-25"}, True),
        ("PROPERTY_MANAGER", {"startsOn": "2026-12-26"}, False),
    ],
)  # fmt: skip
async def test_a_change_of_term_blocks_some_matters(
    owners: OwnersHall, matter: str, change: dict[str, str], is_blocked: bool
) -> None:
    meeting = await owners.assemble()
    await owners.does(owners.staff, "setOwnersElection", areaId=owners.area, **{**CHANGE, **change})
    added = owners.add(meeting, matter=matter, question="提交表决")
    if is_blocked:
        assert "上海市住宅物业管理规定第28条第4款" in await owners.refused(added)
    else:
        assert (await added).refusals == []


async def test_a_change_of_term_that_begins_before_the_notice_blocks_it(owners: OwnersHall) -> None:
    meeting = await owners.assemble()
    await owners.matter(meeting)
    change = {"areaId": owners.area, **CHANGE}
    wrong = owners.staff.do("setOwnersElection", **change, endsOn="2026-11-30")
    assert (await owners.refused(wrong)).startswith("INVALID 止期早于起期")
    refused = owners.organiser.do("setOwnersElection", **change)
    assert await owners.refused(refused) == "FORBIDDEN"
    await owners.does(owners.staff, "setOwnersElection", **change)
    notice = owners.staff.do("noticeMeeting", meetingId=meeting)
    assert "第28条第4款" in await owners.refused(notice)
    await owners.does(owners.staff, "setOwnersElection", **change, endsOn="2026-12-05")
    assert (await seen(owners, owners.area))["elections"] == [{**CHANGE, "endsOn": "2026-12-05"}]
    await owners.does(owners.staff, "noticeMeeting", meetingId=meeting)
    late = await owners.refused(owners.add(meeting, matter="OWNERS_OTHER"))
    assert late.startswith("WRONG_STATE 公告之后不得增加议题")


async def test_owners_are_called_together_by_a_member_who_is_not_the_secretary(
    owners: OwnersHall,
) -> None:
    area = {
        "ruleCode": "OWN_ORD", "propertyAreaId": owners.area, "partyDiscussedOn": None,
        "partyRecord": None,
    }  # fmt: skip
    for organiser, said in (
        (None, "REQUIRED 请写明会议召集人"),
        (owners.secretary, "INVALID 业主大会会议不由党组织书记召集"),
    ):
        named = None if organiser is None else organiser.person.public_id
        drafted = owners.draft(None, **area, organiserId=named)
        assert (await owners.refused(drafted)).startswith(said)


ASKED = """query ($id: ID!) { petition(id: $id) { propertyArea { id } meeting { id }
  support { count goal goalReachedAt meetingOwedSince } } }"""
RULES = """{ community { supportRules { id basis numerator denominator source }
  petitionCategories { id } } }"""


async def test_a_fifth_of_the_owners_asks_for_their_assembly(owners: OwnersHall) -> None:
    one, other, third, *_ = owners.residents
    known = (await other.run(RULES)).data["community"]
    (rule,) = [each for each in known["supportRules"] if each["basis"] == "OWNERS"]
    (adults,) = [each for each in known["supportRules"] if each["basis"] == "ADULTS"]
    assert (rule["numerator"], rule["denominator"]) == (1, 5)
    letter = {
        "kind": "SUGGESTION", "title": "请开业主大会", "body": "电梯。", "secrecy": "PUBLIC",
        "categoryId": known["petitionCategories"][0]["id"], "goalRuleId": rule["id"],
    }  # fmt: skip

    def sends(**given: Any) -> Any:
        return other.do(
            "submitPetition", "petition { id }", **{**letter, **given, "idempotencyKey": key()}
        )

    for given, code in (
        ({}, "REQUIRED"),
        ({"propertyAreaId": owners.area, "goalRuleId": None}, "INVALID"),
        ({"propertyAreaId": owners.area, "goalRuleId": adults["id"]}, "INVALID"),
    ):
        assert (await sends(**given)).refusals == [code]
    sent = await sends(propertyAreaId=owners.area)
    petition = sent.payload["petition"]["id"]
    # of nine heads two are a fifth and more; who own together are one
    await owners.does(third, "supportPetition", petitionId=petition)
    seen = (await one.run(ASKED, id=petition)).data["petition"]
    assert seen["propertyArea"] == {"id": owners.area}
    assert (seen["support"]["count"], seen["support"]["goal"]) == (2, 2)
    assert seen["support"]["goalReachedAt"] is None
    await owners.does(one, "supportPetition", petitionId=petition)
    seen = (await one.run(ASKED, id=petition)).data["petition"]
    assert seen["support"]["meetingOwedSince"] is not None

    made = await owners.staff.do(
        "createPropertyArea", "area { id }", name="另一小区", idempotencyKey=key()
    )
    first, owners.area = owners.area, made.payload["area"]["id"]
    drafted = owners.draft(
        None, ruleCode="OWN_ORD", propertyAreaId=owners.area, petitionId=petition,
        organiserId=owners.organiser.person.public_id, partyDiscussedOn=None, partyRecord=None,
    )  # fmt: skip
    assert "提请的是另一个物业区域" in await owners.refused(drafted)
    owners.area = first
    meeting = await owners.assemble(petitionId=petition)
    await owners.matter(meeting)
    notice = owners.staff.do("noticeMeeting", meetingId=meeting)
    assert "第25条" in await owners.refused(notice), "it is a special meeting"
    await owners.does(owners.staff, "recordAuthoritiesTold", meetingId=meeting, **LETTER)
    await owners.does(owners.staff, "noticeMeeting", meetingId=meeting)
    seen = (await one.run(ASKED, id=petition)).data["petition"]
    assert (seen["meeting"], seen["support"]["meetingOwedSince"]) == ({"id": meeting}, None)
