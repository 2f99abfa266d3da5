"""Test decisions of a meeting: from the draft to the final result, under the law of 2026."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tenants.membership.tables import households
from tests.assembly import BLANK, CLOSES, DAY, HELD, HOUR, NO, NOON, OPENS, YES, Assembly
from tests.clockwork import House, house
from tests.street import STAFF, SignedIn, door, key


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("decisions")
    async with house(settings, cluster, folder, "decisions", 60) as opened:
        yield opened


@pytest.fixture
async def assembly(hall: House) -> Assembly:
    """Give a community that no other test uses."""
    return await Assembly(hall).settle()


async def test_a_residents_meeting_from_the_draft_to_the_final_result(assembly: Assembly) -> None:
    meeting, vote = await assembly.noticed()
    seen = await assembly.sees(assembly.residents[0], meeting)
    assert (seen["state"], seen["viewerIsOnRoll"], seen["roll"]["totalCount"]) == (
        "NOTICED", True, 10,
    )  # fmt: skip
    await assembly.at(OPENS)
    assert await assembly.state(vote) == "OPEN"
    await assembly.votes(vote, YES, YES, YES, NO, BLANK)
    await assembly.at(HELD + HOUR)
    await assembly.came(meeting, assembly.staff, assembly.residents[0])
    await assembly.at(CLOSES)
    assert await assembly.state(vote) == "CLOSED"
    assert (await assembly.sees(assembly.secretary, vote))["result"] is None
    assembly.hall.watch.now += HOUR
    await assembly.does(assembly.staff, "tallyDecision", voteId=vote)
    for who in (assembly.residents[0], assembly.staff):
        assert (await assembly.sees(who, vote))["result"] is None, "not certified yet"
    # five voted online and one came besides: six of ten are present, and three of six agree
    seen = (await assembly.sees(assembly.supervisor, vote))["result"]
    assert (seen["outcome"], seen["winners"]) == ("FAILED_VOTES", [])
    assert seen["tallies"] == [
        {"unit": "PERSONS", "eligible": 10, "attending": 6, "onSite": 2, "participating": 5,
         "votes": [3, 1], "abstained": 1}
    ]  # fmt: skip
    quorum, passing = seen["trace"]
    assert (quorum["part"], quorum["whole"], quorum["threshold"], quorum["isMet"]) == (
        6, 10, "> 1/2", True,
    )  # fmt: skip
    assert (passing["part"], passing["whole"], passing["isMet"]) == (3, 6, False)
    assert passing["sentence"] == (
        "“同意”的人数：3 / 6 = 50.00 %，须 > 1/2，未达到，还差 1。"
        "（城市居民委员会组织法（2025年修订）第26、27条）"
    )
    refused = assembly.staff.do("certifyResult", voteId=vote)
    assert (await assembly.refused(refused)).startswith("FORBIDDEN 计票人不能确认")
    assembly.hall.watch.now += HOUR
    await assembly.certify(vote, assembly.supervisor)
    for who, code in ((assembly.supervisor, "ALREADY_DONE"), (assembly.residents[0], "FORBIDDEN")):
        refused = await assembly.refused(who.do("certifyResult", voteId=vote))
        assert refused.startswith(code)
    assert (await assembly.sees(assembly.residents[0], vote))["result"] is None, "one of two seats"
    assembly.hall.watch.now += HOUR
    await assembly.certify(vote, assembly.secretary)
    seen = await assembly.sees(assembly.residents[0], vote)
    assert (seen["state"], seen["result"]["outcome"]) == ("PUBLISHED", "FAILED_VOTES")
    await assembly.at(datetime.fromisoformat(seen["objectionsUntil"]))
    seen = await assembly.sees(assembly.residents[0], vote)
    assert seen["state"] == "FINAL"
    assert [each["action"] for each in seen["events"]["nodes"]] == [
        "MATTER_ADDED", "NOTICED", "OPENED", "REMINDED", "CLOSED", "TALLIED", "CERTIFIED",
        "PUBLISHED", "FINALISED",
    ]  # fmt: skip
    await assembly.does(
        assembly.secretary, "overturnDecision", voteId=vote, ending="ANNULLED", reason="法院判决"
    )
    assert await assembly.state(vote) == "ANNULLED"


async def test_who_has_not_voted_is_reminded_once_and_not_named(assembly: Assembly) -> None:
    _, vote = await assembly.noticed()
    await assembly.at(OPENS)
    await assembly.votes(vote, YES)
    reminded = """select (select count(*) from tenant.outbox_event where action = 'vote.reminded'),
        (select count(*) from tenant.audit_entry where action = 'vote.reminded'
            and actor_kind = 'SYSTEM' and reason is null)"""
    for moment, times in (
        (CLOSES - DAY - HOUR, 0), (CLOSES - DAY, 1), (CLOSES - HOUR, 1), (CLOSES, 1),
    ):  # fmt: skip
        await assembly.at(moment)
        (row,) = await assembly.hall.make.rows(assembly.place, reminded)
        assert tuple(row) == (times, times)


async def test_with_too_few_present_there_is_no_decision(assembly: Assembly) -> None:
    meeting, vote = await assembly.noticed()
    await assembly.at(OPENS)
    await assembly.votes(vote, YES, YES, YES, YES)
    await assembly.at(HELD + HOUR)
    await assembly.came(meeting, assembly.staff)
    await assembly.at(CLOSES)
    await assembly.does(assembly.staff, "tallyDecision", voteId=vote)
    seen = (await assembly.sees(assembly.secretary, vote))["result"]
    # five of ten are not more than half
    assert (seen["outcome"], seen["trace"][0]["isMet"]) == ("FAILED_QUORUM", False)


async def test_online_ballots_alone_decide_nothing(assembly: Assembly) -> None:
    meeting, vote = await assembly.noticed()
    await assembly.at(OPENS)
    await assembly.votes(vote, *[YES] * 7)
    await assembly.at(CLOSES)
    refused = await assembly.refused(assembly.staff.do("tallyDecision", voteId=vote))
    assert refused.startswith("INVALID 须有现场会议的到会记录")
    await assembly.came(meeting, assembly.staff)
    await assembly.does(assembly.staff, "tallyDecision", voteId=vote)
    seen = (await assembly.sees(assembly.secretary, vote))["result"]
    assert (seen["outcome"], seen["winners"]) == ("PASSED", [0])


async def test_who_is_to_certify_leaves_the_count_to_others(assembly: Assembly) -> None:
    meeting, vote = await assembly.noticed()
    await assembly.at(CLOSES)
    await assembly.came(meeting, assembly.staff)
    counting = assembly.secretary.do("tallyDecision", voteId=vote)
    assert (await assembly.refused(counting)).startswith("FORBIDDEN 结果须由您确认")
    await assembly.does(assembly.staff, "tallyDecision", voteId=vote)
    counter = assembly.staff.do("certifyResult", voteId=vote)
    assert (await assembly.refused(counter)).startswith("FORBIDDEN 计票人不能确认")
    await assembly.certify(vote, assembly.secretary)
    other = await assembly.another_supervisor()
    await assembly.certify(vote, other)
    late = assembly.supervisor.do("certifyResult", voteId=vote)
    assert (await assembly.refused(late)).startswith("WRONG_STATE")


@pytest.mark.parametrize(
    ("draft", "matter", "said"),
    [
        ({}, {}, ""),
        ({"opensAt": (NOON + 9 * DAY).isoformat()}, {}, "须提前 10 天公告（城市居民委员会组织法"),
        ({"partyDiscussedOn": None, "partyRecord": None}, {}, "城市居民委员会组织法第30条第4款"),
    ],
)  # fmt: skip
async def test_a_notice_that_the_law_does_not_allow_names_the_article(
    assembly: Assembly, draft: dict[str, Any], matter: dict[str, Any], said: str
) -> None:
    meeting = (await assembly.draft(**draft)).payload["meeting"]["id"]
    notice = assembly.staff.do("noticeMeeting", meetingId=meeting)
    assert "会议没有议题" in await assembly.refused(notice)
    assert (await assembly.add(meeting, **matter)).refusals == []
    if said:
        notice = assembly.staff.do("noticeMeeting", meetingId=meeting)
        assert said in await assembly.refused(notice)
        return
    notice = assembly.staff.do("noticeMeeting", meetingId=meeting)
    assert "名册是空的" in await assembly.refused(notice)
    await assembly.does(assembly.staff, "setMeetingRoll", meetingId=meeting, everyMember=True)
    await assembly.does(assembly.staff, "noticeMeeting", meetingId=meeting)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ruleCode": "OWN_ORD"}, "业主大会须写明物业区域"),
        ({"ruleCode": "VM_PERSON"}, "不是本类社区的（村民委员会组织法"),
        ({"ruleCode": "NONE"}, "不生效"),
        ({"heldAt": (CLOSES + DAY).isoformat()}, "须依次为"),
        ({"opensAt": (NOON - DAY).isoformat()}, "须依次为"),
        ({"partyRecord": None}, "一并填写"),
    ],
)  # fmt: skip
async def test_a_meeting_under_the_wrong_rule_is_not_drafted(
    assembly: Assembly, given: dict[str, Any], said: str
) -> None:
    refused = await assembly.refused(assembly.draft(**given))
    assert refused.startswith("INVALID")
    assert said in refused


@pytest.mark.parametrize(
    ("rule", "given", "said"),
    [
        ("RM_PERSON", {"matter": "REBUILD"}, "民法典第278条第1款第7项"),
        ("RR", {"matter": "RESIDENT_PACT"}, "须先经有权的会议授权"),
        ("RM_PERSON", {"matter": "NOTHING"}, "没有这种事项"),
        ("RM_PERSON", {"method": "RANKED", "options": ["甲", "乙"]}, "会议表决只用"),
        ("RM_PERSON", {"method": "CANDIDATES", "options": ["甲", "乙"], "seats": 3}, "名额不对"),
    ],
)  # fmt: skip
async def test_a_matter_of_another_body_is_refused_with_its_article(
    assembly: Assembly, rule: str, given: dict[str, Any], said: str
) -> None:
    meeting = (await assembly.draft(ruleCode=rule)).payload["meeting"]["id"]
    assert said in await assembly.refused(assembly.add(meeting, **given))


async def test_a_choice_of_one_ends_with_none_of_these_which_never_wins(
    assembly: Assembly,
) -> None:
    meeting, vote = await assembly.noticed(method="SINGLE", options=["甲公司", "乙公司"])
    seen = await assembly.sees(assembly.staff, vote)
    assert [each["label"] for each in seen["options"]] == ["甲公司", "乙公司", "以上都不选"]
    assert seen["noneOfThese"] == 2
    await assembly.at(OPENS)
    await assembly.votes(vote, *[(0, 0, 1)] * 7)
    await assembly.at(CLOSES)
    await assembly.came(meeting, assembly.staff)
    await assembly.does(assembly.staff, "tallyDecision", voteId=vote)
    seen = (await assembly.sees(assembly.secretary, vote))["result"]
    assert (seen["outcome"], seen["winners"]) == ("FAILED_VOTES", [])


async def test_a_paper_has_room_for_none_of_these(assembly: Assembly) -> None:
    meeting = (await assembly.draft()).payload["meeting"]["id"]
    for options in ([f"方案{i}" for i in range(20)], ["甲公司", "以上都不选"]):
        refused = assembly.add(meeting, method="SINGLE", options=options)
        assert (await assembly.refused(refused)).startswith("INVALID 须有 2–19 个不同的选项")
    most = [f"方案{i}" for i in range(19)]
    added = (await assembly.add(meeting, method="SINGLE", options=most)).payload["vote"]
    assert (len(added["options"]), added["noneOfThese"]) == (20, 19)


async def test_an_objection_to_the_roll_is_decided_before_the_vote_opens(
    assembly: Assembly,
) -> None:
    meeting, vote = await assembly.noticed()
    make, signed_in = assembly.hall.make, assembly.hall.signed_in
    newcomer = signed_in(await make.member(assembly.place))
    asked = await newcomer.do(
        "objectToRoll", "objection { id }", meetingId=meeting, body="名册上没有我",
        idempotencyKey=key(),
    )  # fmt: skip
    objection = asked.payload["objection"]["id"]
    again = newcomer.do("objectToRoll", meetingId=meeting, body="还是没有我", idempotencyKey=key())
    assert (await assembly.refused(again)).startswith("ALREADY_DONE")
    await assembly.at(OPENS)
    assert await assembly.state(vote) == "NOTICED", "it waits for the decision"
    refused = newcomer.do("decideObjection", objectionId=objection, decision="SUSTAIN", reason="对")
    assert await assembly.refused(refused) == "FORBIDDEN"
    assembly.hall.watch.now = OPENS + HOUR
    await assembly.does(
        assembly.staff, "setMeetingRoll", meetingId=meeting, reason="异议成立",
        addIds=[newcomer.person.public_id],
    )  # fmt: skip
    await assembly.does(
        assembly.secretary, "decideObjection", objectionId=objection, decision="SUSTAIN",
        reason="已补入名册",
    )  # fmt: skip
    await assembly.at(OPENS + HOUR)
    seen = await assembly.sees(newcomer, vote)
    assert (seen["state"], seen["eligible"]) == ("OPEN", 11)
    await assembly.does(newcomer, "castBallot", voteId=vote, marks=[1, 0], idempotencyKey=key())
    late = assembly.staff.do(
        "setMeetingRoll", meetingId=meeting, reason="太迟", addIds=[newcomer.person.public_id]
    )
    assert (await assembly.refused(late)).startswith("WRONG_STATE 名册已冻结")


async def test_a_roll_that_was_announced_stays_within_its_rule(assembly: Assembly) -> None:
    meeting = (await assembly.draft(ruleCode="RM_HOUSEHOLD")).payload["meeting"]["id"]
    await assembly.add(meeting)
    make, home = assembly.hall.make, uuid4()
    couple = [await make.applicant(assembly.place, "ACTIVE") for _ in "12"]
    await make.row(assembly.place, households, id=home, **door("3号楼", "501室"))
    for each in couple:
        moved = f"update tenant.member_record set household_id = '{home}' where id = '{each.id}'"
        assembly.hall.run(moved)
    first, second = [each.public_id for each in couple]
    given = {"meetingId": meeting, "reason": "补录"}
    await assembly.does(assembly.staff, "setMeetingRoll", **given, addIds=[first])
    await assembly.does(assembly.staff, "noticeMeeting", meetingId=meeting)
    two = assembly.staff.do("setMeetingRoll", **given, addIds=[second])
    assert "每户只列一名代表" in await assembly.refused(two)
    none = assembly.staff.do("setMeetingRoll", **given, removeIds=[first])
    assert "名册是空的" in await assembly.refused(none)
    changed = {"addIds": [second], "removeIds": [first]}
    await assembly.does(assembly.staff, "setMeetingRoll", **given, **changed)


async def test_a_roll_is_counted_with_the_change_that_was_under_way(assembly: Assembly) -> None:
    meeting, vote = await assembly.noticed()
    newcomer = await assembly.hall.make.member(assembly.place)
    assembly.hall.watch.now = OPENS
    _, changed = await asyncio.gather(
        assembly.at(OPENS),
        assembly.staff.do(
            "setMeetingRoll", meetingId=meeting, reason="补录", addIds=[newcomer.public_id]
        ),
    )
    assert [each["code"] for each in changed.payload["userErrors"]] in ([], ["WRONG_STATE"])
    seen = await assembly.sees(assembly.staff, vote)
    listed = (await assembly.sees(assembly.staff, meeting))["roll"]["totalCount"]
    assert (seen["state"], seen["eligible"]) == ("OPEN", listed)


PENDING = """{ viewer { pending {
  votesToCast(first: 9) { nodes { id } } resultsToCertify(first: 9) { nodes { id } } } } }"""


async def test_what_waits_is_what_one_may_do(assembly: Assembly) -> None:
    meeting, vote = await assembly.noticed()
    resident, staff, supervisor = assembly.residents[0], assembly.staff, assembly.supervisor

    async def waits(who: SignedIn) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        seen = (await who.run(PENDING)).data["viewer"]["pending"]
        return seen["votesToCast"]["nodes"], seen["resultsToCertify"]["nodes"]

    assert await waits(resident) == ([], [])
    await assembly.at(OPENS)
    assert await waits(resident) == ([{"id": vote}], [])
    await assembly.votes(vote, YES)
    assert await waits(resident) == ([], [])
    await assembly.at(CLOSES)
    await assembly.came(meeting, staff)
    await assembly.does(staff, "tallyDecision", voteId=vote)
    assert await waits(resident) == ([], [])
    assert await waits(staff) == ([], []), "not one's own count"
    assert await waits(supervisor) == ([], [{"id": vote}])
    await assembly.certify(vote, supervisor)
    assert await waits(supervisor) == ([], [])
    assert await waits(assembly.secretary) == ([], [{"id": vote}]), "the other seat waits"


@pytest.mark.parametrize(("decision", "state"), [("SUSTAIN", "VOID"), ("DISMISS", "FINAL")])
async def test_a_result_is_not_final_before_its_objections_are_decided(
    assembly: Assembly, decision: str, state: str
) -> None:
    meeting, vote = await assembly.noticed()
    await assembly.at(CLOSES)
    await assembly.came(meeting, assembly.staff)
    await assembly.does(assembly.staff, "tallyDecision", voteId=vote)
    await assembly.certify(vote)
    asked = await assembly.residents[0].do(
        "objectToResult", "objection { id kind }", voteId=vote, body="到会名单有误",
        idempotencyKey=key(),
    )  # fmt: skip
    objection = asked.payload["objection"]
    assert objection["kind"] == "RESULT"
    until = datetime.fromisoformat((await assembly.sees(assembly.staff, vote))["objectionsUntil"])
    await assembly.at(until + DAY)
    assert await assembly.state(vote) == "PUBLISHED"
    given = {"objectionId": objection["id"], "decision": decision, "reason": "已核对"}
    for seat in (assembly.supervisor, assembly.secretary):
        refused = seat.do("decideObjection", **given)
        assert (await assembly.refused(refused)).startswith("FORBIDDEN 计票人和确认人不能裁定")
    await assembly.does(await assembly.another_supervisor(), "decideObjection", **given)
    await assembly.at(until + DAY)
    assert await assembly.state(vote) == state
    late = assembly.residents[1].do(
        "objectToResult", voteId=vote, body="太迟", idempotencyKey=key()
    )
    assert (await assembly.refused(late)).startswith("WRONG_STATE")


async def test_an_objection_to_a_result_that_was_voided_is_decided_all_the_same(
    assembly: Assembly,
) -> None:
    meeting, vote = await assembly.noticed()
    await assembly.at(CLOSES)
    await assembly.came(meeting, assembly.staff)
    await assembly.does(assembly.staff, "tallyDecision", voteId=vote)
    await assembly.certify(vote)
    asked = await assembly.residents[0].do(
        "objectToResult", "objection { id }", voteId=vote, body="名单有误", idempotencyKey=key()
    )
    await assembly.does(assembly.staff, "voidDecision", voteId=vote, reason="重新表决")
    await assembly.does(
        await assembly.another_supervisor(), "decideObjection",
        objectionId=asked.payload["objection"]["id"], decision="SUSTAIN", reason="名单确有误",
    )  # fmt: skip
    seen = await assembly.sees(assembly.staff, vote)
    assert (seen["state"], seen["voidReason"]) == ("VOID", "重新表决")


async def test_a_cancelled_meeting_takes_its_matters_with_it(assembly: Assembly) -> None:
    meeting, vote = await assembly.noticed()
    await assembly.does(assembly.staff, "cancelMeeting", meetingId=meeting, reason="改期")
    assert await assembly.state(meeting) == "CANCELLED"
    seen = await assembly.sees(assembly.residents[0], vote)
    assert (seen["state"], seen["voidReason"]) == ("VOID", "改期")
    await assembly.at(OPENS)
    assert await assembly.state(vote) == "VOID"


async def test_residents_prepare_no_meeting(assembly: Assembly) -> None:
    resident = assembly.residents[0]
    assert await assembly.refused(assembly.draft(resident)) == "FORBIDDEN"
    meeting, vote = await assembly.noticed()
    for verb in ("noticeMeeting", "setMeetingRoll"):
        assert await assembly.refused(resident.do(verb, meetingId=meeting)) == "FORBIDDEN"
    for verb in ("tallyDecision", "certifyResult"):
        assert (await assembly.refused(resident.do(verb, voteId=vote)))[:9] == "FORBIDDEN"


async def test_two_of_one_household_are_no_roll_of_households(assembly: Assembly) -> None:
    meeting = (await assembly.draft(ruleCode="RM_HOUSEHOLD")).payload["meeting"]["id"]
    await assembly.add(meeting)
    listed = [each.person.public_id for each in assembly.residents[:2]]
    await assembly.does(assembly.staff, "setMeetingRoll", meetingId=meeting, addIds=listed)
    refused = assembly.staff.do("noticeMeeting", meetingId=meeting)
    assert "每户只列一名代表" in await assembly.refused(refused)


async def test_a_rule_that_no_law_gives_is_confirmed_by_two_admins_of_the_district(
    assembly: Assembly,
) -> None:
    make, signed_in = assembly.hall.make, assembly.hall.signed_in
    first, second = [signed_in(await make.officer()) for _ in "12"]
    street = signed_in(await make.officer(assembly.place.street_id))
    rule = {"ruleCode": "RC", "effectiveFrom": "2026-01-01", "source": "区民政局指导意见"}
    meeting = (await assembly.draft(ruleCode="RC")).payload["meeting"]["id"]
    await assembly.add(meeting, matter="COMMITTEE_BUSINESS")
    await assembly.does(assembly.staff, "setMeetingRoll", meetingId=meeting, everyMember=True)

    async def waits() -> None:
        noticed = assembly.staff.do("noticeMeeting", meetingId=meeting)
        assert (await assembly.refused(noticed)).startswith(
            "INVALID 居民委员会会议怎样表决，法律未定"
        )

    async def refused(who: SignedIn, verb: str, given: dict[str, str]) -> list[str]:
        before = await confirmations(assembly)
        answer = await who.do(verb, **given)
        assert await confirmations(assembly) == before
        return answer.codes or answer.refusals

    await waits()
    propose, confirm = "proposeDecisionRule", "confirmDecisionRule"
    other = {**rule, "source": "别的文件"}
    assert await refused(second, confirm, rule) == ["NOT_FOUND"]
    assert await refused(first, propose, {**rule, "source": " "}) == ["REQUIRED"]
    assert await refused(street, propose, rule) == ["FORBIDDEN"]
    assert await refused(assembly.staff, propose, rule) == ["FORBIDDEN"]
    for code, said in (("VG_OWN", "没有这条规则"), ("RM_PERSON", "已有规定，无须核定")):
        told = await first.do(propose, **{**rule, "ruleCode": code})
        assert told.refusals == ["INVALID"]
        assert said in told.payload["userErrors"][0]["message"]
    await assembly.does(first, propose, **rule)
    await waits()
    assert await refused(first, confirm, rule) == ["FORBIDDEN"]
    assert await refused(second, confirm, other) == ["INVALID"]
    assert await shown(assembly) == [], "it does not count yet"
    await assembly.does(second, confirm, **rule)
    assert await shown(assembly) == [{"ruleCode": "RC", "source": "区民政局指导意见"}]
    for who in (first, second):
        assert await refused(who, propose, other) == ["ALREADY_DONE"]
        assert await refused(who, confirm, rule) == ["ALREADY_DONE"]
    await assembly.does(assembly.staff, "noticeMeeting", meetingId=meeting)


async def confirmations(assembly: Assembly) -> list[tuple[Any, ...]]:
    """Return what is confirmed, as the database has it."""
    query = "select * from reference.rule_confirmation"
    return [tuple(row) for row in await assembly.hall.make.rows(assembly.place, query)]


async def shown(assembly: Assembly) -> list[dict[str, str]]:
    """Return what the community is told of confirmed rules."""
    query = "{ community { ruleConfirmations { ruleCode source } } }"
    return (await assembly.residents[0].run(query)).data["community"]["ruleConfirmations"]


async def test_the_roll_of_representatives_is_theirs_and_the_committees(assembly: Assembly) -> None:
    meeting = (await assembly.draft(ruleCode="RR")).payload["meeting"]["id"]
    ids = [each.person.public_id for each in assembly.residents]
    for each in ids[:5]:
        await assembly.does(
            assembly.secretary, "grantRole", memberId=each, role="REPRESENTATIVE", reason="推选"
        )
    await assembly.does(assembly.staff, "setMeetingRoll", meetingId=meeting, everyMember=True)
    listed = await assembly.hall.make.rows(
        assembly.place,
        "select m.roles from tenant.vote_voter v join tenant.member m on m.id = v.voter_id",
    )
    assert sorted(tuple(row["roles"]) for row in listed) == [
        STAFF, *[("RESIDENT", "REPRESENTATIVE")] * 5,
    ]  # fmt: skip
    await assembly.does(
        assembly.staff, "setMeetingRoll", meetingId=meeting,
        addIds=[assembly.supervisor.person.public_id],
    )  # fmt: skip
    noticed = await assembly.staff.do("noticeMeeting", meetingId=meeting)
    assert noticed.refusals == ["INVALID"]
