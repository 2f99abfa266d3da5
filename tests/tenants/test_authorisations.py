"""What residents authorise their representatives to decide, and what these decide without."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.assembly import CLOSES, HELD, HOUR, OPENS, YES
from tests.clockwork import House, house
from tests.represented import PAPER, Represented
from tests.street import key

pytestmark = pytest.mark.once
BY = """query ($id: ID!) { node(id: $id) { ... on Vote { authorisation { id } } } }"""


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("authorised")
    async with house(settings, cluster, folder, "authorised", 60) as opened:
        yield opened


@pytest.fixture
async def assembly(hall: House) -> Represented:
    """A community that no other test uses."""
    return await Represented(hall).settle()


async def test_residents_authorise_by_a_vote_and_a_court_takes_it_back(
    assembly: Represented,
) -> None:
    meeting, vote = await assembly.noticed(matter="AUTHORISE_RESIDENT_REPRESENTATIVES")
    record = {"matters": ["RESIDENT_PACT"], "voteId": vote, "idempotencyKey": key()}
    refused = assembly.secretary.do("recordAuthorisation", **record)
    assert (await assembly.refused(refused)).startswith("WRONG_STATE 该表决没有通过")
    await assembly.at(OPENS)
    everybody = [*assembly.residents, *assembly.representatives]
    for who in everybody:
        await assembly.does(who, "castBallot", voteId=vote, marks=[1, 0], idempotencyKey=key())
    await assembly.at(CLOSES)
    await assembly.came(meeting, assembly.staff)
    await assembly.does(assembly.staff, "tallyDecision", voteId=vote)
    await assembly.certify(vote)
    until = datetime.fromisoformat((await assembly.sees(assembly.staff, vote))["objectionsUntil"])
    await assembly.at(until)
    await assembly.does(assembly.secretary, "recordAuthorisation", **record)
    (seen,) = await assembly.authorisations()
    assert (seen["vote"], seen["document"], seen["way"]) == ({"id": vote}, None, "MEETING")
    assert (seen["state"], seen["isInForce"], seen["expiresOn"]) == ("GIVEN", True, None)

    later = {
        name: (moment + (until - OPENS) + HOUR).isoformat()
        for name, moment in (("opensAt", OPENS), ("heldAt", HELD), ("closesAt", CLOSES))
    }
    sitting = (await assembly.draft(None, ruleCode="RR", **later)).payload["meeting"]["id"]
    pact = (await assembly.add(sitting)).payload["vote"]["id"]
    by = (await assembly.residents[0].run(BY, id=pact)).data["node"]
    assert by is None, "a draft is the staff's"
    await assembly.does(assembly.staff, "setMeetingRoll", meetingId=sitting, everyMember=True)
    await assembly.does(
        assembly.secretary, "overturnDecision", voteId=vote, ending="ANNULLED", reason="法院判决"
    )
    assert [each["isInForce"] for each in await assembly.authorisations()] == [False]
    notice = assembly.staff.do("noticeMeeting", meetingId=sitting)
    assert "须先经有权的会议授权" in await assembly.refused(notice)


async def test_representatives_decide_what_a_paper_authorises_until_it_is_revoked(
    assembly: Represented,
) -> None:
    given = await assembly.records(**PAPER)
    meeting, vote = await assembly.represented()
    by = (await assembly.residents[0].run(BY, id=vote)).data["node"]
    assert by == {"authorisation": {"id": given}}
    await assembly.at(OPENS)
    for who in assembly.representatives:
        await assembly.does(who, "castBallot", voteId=vote, marks=list(YES), idempotencyKey=key())
    await assembly.does(
        assembly.supervisor, "revokeAuthorisation", authorisationId=given, reason="居民会议收回"
    )
    again = assembly.supervisor.do(
        "revokeAuthorisation", authorisationId=given, reason="居民会议收回"
    )
    assert (await assembly.refused(again)).startswith("WRONG_STATE")
    await assembly.at(CLOSES)
    await assembly.came(meeting, assembly.staff)
    tally = assembly.staff.do("tallyDecision", voteId=vote)
    assert "授权在开会当天有效" in await assembly.refused(tally)
    (seen,) = await assembly.authorisations()
    assert (seen["state"], seen["revocationReason"]) == ("REVOKED", "居民会议收回")


async def test_a_revocation_leaves_what_was_decided_before(assembly: Represented) -> None:
    given = await assembly.records(**PAPER)
    meeting, vote = await assembly.represented()
    await assembly.at(OPENS)
    for who in assembly.representatives:
        await assembly.does(who, "castBallot", voteId=vote, marks=list(YES), idempotencyKey=key())
    await assembly.at(CLOSES)
    await assembly.does(
        assembly.secretary, "revokeAuthorisation", authorisationId=given, reason="居民会议收回"
    )
    await assembly.came(meeting, assembly.staff)
    await assembly.does(assembly.staff, "tallyDecision", voteId=vote)
    seen = (await assembly.sees(assembly.supervisor, vote))["result"]
    # eight and one of the committee, who are all of the roll
    assert (seen["outcome"], seen["trace"][0]["part"], seen["trace"][0]["whole"]) == (
        "PASSED",
        9,
        9,
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"expiresOn": (HELD.date()).isoformat()}, ""),
        ({"expiresOn": (OPENS.date()).isoformat()}, "须先经有权的会议授权"),
        ({"matters": ["RESIDENTS_MATTER"]}, "制定和修改居民自治章程、居民公约：须先经有权的会议授权"),
    ],
)  # fmt: skip
async def test_an_authorisation_is_of_some_matters_and_until_a_day(
    assembly: Represented, given: dict[str, Any], said: str
) -> None:
    meeting = (await assembly.draft(ruleCode="RR")).payload["meeting"]["id"]
    await assembly.records(**{**PAPER, **given})
    if said:
        refused = await assembly.refused(assembly.add(meeting))
        assert said in refused
        assert "城市居民委员会组织法（2025年修订）第30条" in refused
    else:
        assert (await assembly.add(meeting)).refusals == []


async def test_representatives_choose_supervisors_by_themselves(assembly: Represented) -> None:
    meeting = (await assembly.draft(ruleCode="RR")).payload["meeting"]["id"]
    added = await assembly.add(
        meeting, matter="RESIDENT_SUPERVISORS", method="CANDIDATES", options=["甲", "乙"]
    )
    assert added.refusals == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"matters": ["VILLAGE_RULES"]}, "INVALID 制定和修改村民自治章程、村规民约：不能授权代表会议决定"),
        ({"matters": ["VILLAGERS_MATTER"]}, "INVALID 不是本类社区的事项"),
        ({"matters": ["RESIDENT_PACT", "VILLAGERS_MATTER"]}, "INVALID 不是本类社区的事项"),
        ({"matters": ["REBUILD"]}, "民法典第278条第1款第7项"),
        ({"matters": ["NOTHING"]}, "没有这种事项"),
        ({"matters": []}, "须有 1–10 种事项"),
        ({"way": "CHARTER"}, "不能以这种方式授权（城市居民委员会组织法（2025年修订）第30条第2款"),
        ({"document": None}, "二者择一"),
        ({"decidedOn": None}, "二者择一"),
        ({"decidedOn": "2026-12-08"}, "决定的日期还没有到"),
        ({"expiresOn": "2026-11-30"}, "止期早于决定之日"),
    ],
)  # fmt: skip
async def test_what_authorises_nobody_is_refused_with_its_article(
    assembly: Represented, given: dict[str, Any], said: str
) -> None:
    refused = assembly.secretary.do(
        "recordAuthorisation", **{**PAPER, **given, "idempotencyKey": key()}
    )
    assert said in await assembly.refused(refused)


async def test_another_vote_authorises_nobody(assembly: Represented) -> None:
    _, vote = await assembly.noticed()
    given = {"matters": ["RESIDENT_PACT"], "voteId": vote}
    refused = assembly.secretary.do("recordAuthorisation", **given, idempotencyKey=key())
    assert "这项表决不是授权" in await assembly.refused(refused)
    for who in (assembly.staff, assembly.residents[0], assembly.representatives[0]):
        refused = who.do("recordAuthorisation", **PAPER, idempotencyKey=key())
        assert await assembly.refused(refused) == "FORBIDDEN"
