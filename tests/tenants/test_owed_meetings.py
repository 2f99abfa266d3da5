"""A meeting is owed once enough representatives asked for it, until it is announced."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.assembly import DAY, HOUR, NOON
from tests.clockwork import House, house
from tests.represented import PAPER, Represented

pytestmark = pytest.mark.once
SEEN = """query ($id: ID!) { petition(id: $id) { support { goal goalReachedAt meetingOwedSince }
  meeting { id state petition { id } } events(first: 20) { nodes { action } } } }"""
OWED = """{ district { owedMeetings(first: 50) { nodes { community { id } rule { effect source }
  owedSince owedDays } } } }"""
TO_CALL = "{ viewer { pending { meetingsToCall(first: 9) { nodes { petition { id } } } } } }"


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("owed")
    async with house(settings, cluster, folder, "owed", 60) as opened:
        yield opened


@pytest.fixture
async def assembly(hall: House) -> Represented:
    """A community that no other test uses."""
    return await Represented(hall).settle()


async def test_a_meeting_is_owed_from_the_goal_until_its_notice(assembly: Represented) -> None:
    place = assembly.place
    street = assembly.hall.signed_in(await assembly.hall.make.officer(place.street_id))
    petition = await assembly.petition("REPRESENTATIVES", "应当召集居民代表会议")

    async def seen() -> dict[str, Any]:
        return (await assembly.residents[0].run(SEEN, id=petition)).data["petition"]

    async def owed() -> list[dict[str, Any]]:
        nodes = (await street.run(OWED)).data["district"]["owedMeetings"]["nodes"]
        return [each for each in nodes if each["community"]["id"] == place.public_id]

    async def to_call(who: Any) -> list[str]:
        nodes = (await who.run(TO_CALL)).data["viewer"]["pending"]["meetingsToCall"]["nodes"]
        return [each["petition"]["id"] for each in nodes]

    await assembly.signs(petition, *assembly.residents[1:4], assembly.representatives[0])
    assert (await seen())["support"] == {"goal": 2, "goalReachedAt": None, "meetingOwedSince": None}
    early = await assembly.refused(assembly.draft(ruleCode="RR", petitionId=petition))
    assert early.startswith("WRONG_STATE 联名尚未达到人数")
    assert await owed() == []
    await assembly.signs(petition, assembly.representatives[1])
    support = (await seen())["support"]
    assert support["meetingOwedSince"] == support["goalReachedAt"] is not None

    assembly.hall.watch.now = NOON + 3 * DAY
    (told,) = await owed()
    assert (told["owedSince"], told["owedDays"]) == (support["goalReachedAt"], 3)
    assert told["rule"]["source"].endswith("第28条")
    assert await to_call(assembly.staff) == [petition]
    assert await to_call(assembly.residents[0]) == []
    other = await assembly.refused(assembly.draft(petitionId=petition))
    assert "提请的是居民代表会议（城市居民委员会组织法（2025年修订）第28条）" in other

    await assembly.records(**PAPER)
    meeting = (await assembly.draft(ruleCode="RR", petitionId=petition)).payload["meeting"]["id"]
    assert len(await owed()) == 1, "a draft is no meeting yet"
    twice = await assembly.refused(assembly.draft(ruleCode="RR", petitionId=petition))
    assert twice.startswith("ALREADY_DONE 已有为它筹备的会议")
    await assembly.add(meeting)
    await assembly.does(assembly.staff, "setMeetingRoll", meetingId=meeting, everyMember=True)
    assembly.hall.watch.now = NOON + HOUR
    await assembly.does(assembly.staff, "noticeMeeting", meetingId=meeting)
    assert (await owed(), await to_call(assembly.staff)) == ([], [])
    now = await seen()
    assert now["support"]["meetingOwedSince"] is None
    assert now["meeting"] == {"id": meeting, "state": "NOTICED", "petition": {"id": petition}}
    again = await assembly.refused(assembly.draft(ruleCode="RR", petitionId=petition))
    assert again.startswith("ALREADY_DONE 所提请的会议已经公告")

    assembly.hall.watch.now += HOUR
    await assembly.does(assembly.staff, "cancelMeeting", meetingId=meeting, reason="改期")
    now = await seen()
    assert (now["meeting"], now["support"]) == (None, support), "owed as before"
    assert len(await owed()) == 1
    told = [each["action"] for each in now["events"]["nodes"]]
    assert "GOAL_REACHED" in told
    assert told[-2:] == ["MEETING_CALLED", "MEETING_CANCELLED"]


async def test_a_draft_that_is_cancelled_leaves_what_is_owed(assembly: Represented) -> None:
    petition = await assembly.petition("REPRESENTATIVES", "应当召集居民会议")
    await assembly.signs(petition, *assembly.representatives[:3])
    meeting = (await assembly.draft(petitionId=petition)).payload["meeting"]["id"]
    await assembly.does(assembly.staff, "cancelMeeting", meetingId=meeting, reason="改期")
    seen = (await assembly.residents[0].run(SEEN, id=petition)).data["petition"]
    assert seen["support"]["meetingOwedSince"] is not None
    assert "MEETING_CALLED" not in [each["action"] for each in seen["events"]["nodes"]]
    assert (await assembly.draft(petitionId=petition)).refusals == []
