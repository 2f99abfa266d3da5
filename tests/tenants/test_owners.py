"""Test owners' assemblies: the register, the roll of heads with areas, and the count by both."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.assembly import BLANK, EVERYTHING, HOUR, NO, YES
from tests.clockwork import House, house
from tests.owners_hall import AREA, REGISTER, ROLL, ROWS, OwnersHall
from tests.street import SignedIn

TALLY = """query ($id: ID!) { node(id: $id) { ... on Vote { state eligible eligibleArea buildings
  result { outcome winners ballots invalid tallies { unit eligible participating votes abstained void
    byProxy onPaper assisted silent } trace { unit option part whole threshold isMet sentence } } } } }"""


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("owners")
    async with house(settings, cluster, folder, "owners", 60) as opened:
        yield opened


@pytest.fixture
async def owners(hall: House) -> OwnersHall:
    """Give a community with a property area that no other test uses."""
    settled = await OwnersHall(hall).settle()
    assert isinstance(settled, OwnersHall)
    await settled.register(rules={})
    return settled


async def counted(owners: OwnersHall, vote: str) -> dict[str, Any]:
    """Have a vote counted, and return it as who certifies sees it."""
    await owners.at(owners.closes)
    await owners.does(owners.staff, "tallyDecision", voteId=vote)
    return (await owners.organiser.run(TALLY, id=vote)).data["node"]


async def test_a_register_becomes_a_roll_and_the_roll_a_result(owners: OwnersHall) -> None:
    meeting, vote = await owners.announced()
    entries = await owners.roll(meeting, owners.residents[0])
    assert sum(each["area"] for each in entries) == AREA
    assert sorted((len(each["parts"]), len(each["owners"])) for each in entries) == [
        (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 2), (2, 0), (2, 1),
    ]  # fmt: skip
    await owners.at(owners.opens)
    voters = [owners.residents[number] for number in (0, 3, 4, 5, 6)]
    for who in voters[:-1]:
        answer = await owners.cast(who, vote, *YES)
        assert (answer.codes, answer.refusals) == ([], [])
    await owners.does(
        owners.residents[6], "castBallot", voteId=vote, marks=list(NO), idempotencyKey="no"
    )
    await owners.paper(vote, await owners.entry(meeting, "欧阳**"), *YES)
    seen = await counted(owners, vote)
    assert (seen["eligible"], seen["eligibleArea"]) == (9, AREA)
    result = seen["result"]
    by_unit = {each["unit"]: each for each in result["tallies"]}
    yes = 2 * 8937 + 2 * 10000 + 2 * 10005
    assert by_unit["HEADS"] == {
        "unit": "HEADS", "eligible": 9, "participating": 6, "votes": [5, 1], "abstained": 0,
        "void": 0, "byProxy": 0, "onPaper": 1, "assisted": 0, "silent": 0,
    }  # fmt: skip
    assert by_unit["AREA"]["votes"] == [yes, 25000]
    assert by_unit["AREA"]["onPaper"] == 10005
    assert (result["outcome"], result["winners"]) == ("PASSED", [0])
    words = [step["sentence"] for step in result["trace"]]
    assert words == [
        "参与表决的业主人数：6 / 9 = 66.66 %，须 ≥ 2/3，已达到。（民法典第278条；上海市住宅物业管理规定第18、25条）",
        "参与表决的专有部分面积：828.84 平方米 / 1,222.57 平方米 = 67.79 %，须 ≥ 2/3，已达到。"
        "（民法典第278条；上海市住宅物业管理规定第18、25条）",
        "“同意”的业主人数：5 / 6 = 83.33 %，须 > 1/2，已达到。（民法典第278条；上海市住宅物业管理规定第18、25条）",
        "“同意”的专有部分面积：578.84 平方米 / 828.84 平方米 = 69.83 %，须 > 1/2，已达到。"
        "（民法典第278条；上海市住宅物业管理规定第18、25条）",
    ]
    owners.hall.watch.now += HOUR
    await owners.certify(vote, owners.organiser, owners.clerk)
    seen = (await owners.residents[1].run(TALLY, id=vote)).data["node"]
    assert (seen["state"], seen["result"]["outcome"]) == ("PUBLISHED", "PASSED")


async def test_a_roll_is_told_to_members_under_masked_names(owners: OwnersHall) -> None:
    meeting, _ = await owners.announced()
    entries = await owners.roll(meeting, owners.residents[5])
    told = sorted(owner["name"] for each in entries for owner in each["owners"])
    assert told == sorted(
        ["王**", "赵*", "钱*", "孙*", "李*", "周*", "欧阳**", "郑*", "长宁商贸有限公司"]
    )
    # of the register, members see what is their own
    seen = await owners.registered(owners.residents[0])
    assert [each["number"] for each in seen["owners"]["nodes"]] == ["1"]
    assert seen["parts"]["totalCount"] == 3


async def test_every_row_that_is_wrong_is_told_and_none_is_taken(owners: OwnersHall) -> None:
    wrong = "\n".join(
        (
            *ROWS[:3],
            "4号楼,101,仓库,80.00,不动产登记,否,11,个人,冯十,",
            "4号楼,102,住宅,80.001,不动产登记,否,12,个人,陈一,",
            "4号楼,103,住宅,80.00,不动产登记,否,1,个人,陈二,",
            "4号楼,104,住宅,80.00,不动产登记,否,14,个人,褚三,1/2",
            "2号楼,101室,住宅,100.00,实际测绘,否,4,个人,孙三,",
            "2幢,101,住宅,99.00,实际测绘,否,15,个人,卫四,",
        )
    )
    before = await owners.hall.make.rows(owners.place, EVERYTHING)
    answer = await owners.staff.do(
        "importOwners", "added updated unchanged userErrors { code message path }",
        areaId=owners.area, csv=wrong,
    )  # fmt: skip
    assert [tuple(row) for row in before] == [
        tuple(row) for row in await owners.hall.make.rows(owners.place, EVERYTHING)
    ]
    told = [(each["code"], each["path"]) for each in answer.payload["userErrors"]]
    assert told == [
        ("INVALID", ["input", "csv", "4", "kind"]),
        ("INVALID", ["input", "csv", "5", "area"]),
        ("INVALID", ["input", "csv", "6", "owner"]),
        ("INVALID", ["input", "csv", "7", "share"]),
        ("INVALID", ["input", "csv", "9", "area"]),
    ]
    assert answer.payload["userErrors"][1]["message"].startswith("第 5 行：须为平方米数")
    assert (answer.payload["added"], answer.payload["updated"]) == (0, 0)


async def test_a_register_that_is_imported_again_changes_what_it_says_alone(
    owners: OwnersHall,
) -> None:
    async def imported(csv: str) -> tuple[int, int, int]:
        answer = await owners.staff.do(
            "importOwners", "added updated unchanged", areaId=owners.area, csv=csv
        )
        assert answer.refusals == []
        return tuple(answer.payload[name] for name in ("added", "updated", "unchanged"))

    assert await imported(REGISTER) == (0, 0, 12)
    sold = REGISTER.replace("7,个人,欧阳小明", "17,个人,许十七").replace("250.00", "251.00")
    assert await imported(sold) == (0, 2, 10)
    more = f"{ROWS[0]}\n5号楼,1,住宅,60,不动产登记,否,6,个人,周五,\n"
    assert await imported(more) == (1, 0, 0)
    seen = await owners.registered()
    assert seen["parts"]["totalCount"] == 13
    (shop,) = [each for each in seen["parts"]["nodes"] if each["area"] == 25100]
    assert shop["owners"][0]["owner"]["name"] == "长宁商贸有限公司"
    # a known owner stays the member that they are
    linked = {each["number"]: each["member"] for each in seen["owners"]["nodes"]}
    assert linked["1"] is not None


async def test_some_buildings_decide_what_is_theirs(owners: OwnersHall) -> None:
    meeting = await owners.assemble()
    vote = await owners.matter(meeting, "USE_MAINTENANCE_FUND", buildings=["２幢"])
    refused = owners.add(meeting, None, matter="PROPERTY_MANAGER", buildings=["9号楼"])
    assert "登记中没有 9号楼" in await owners.refused(refused)
    await owners.does(owners.staff, "noticeMeeting", meetingId=meeting)
    await owners.at(owners.opens)
    seen = (await owners.staff.run(TALLY, id=vote)).data["node"]
    assert (seen["eligible"], seen["eligibleArea"], seen["buildings"]) == (4, 40010, ["2号楼"])
    outside = owners.cast(owners.residents[0], vote, *YES)
    assert await owners.refused(outside) == "FORBIDDEN 您不在投票名册上。You are not on the roll."
    for who in owners.residents[3:6]:
        assert (await owners.cast(who, vote, *YES)).refusals == []
    result = (await counted(owners, vote))["result"]
    assert result["outcome"] == "PASSED"
    assert [(each["unit"], each["eligible"]) for each in result["tallies"]] == [
        ("AREA", 40010), ("HEADS", 4),
    ]  # fmt: skip


async def test_three_quarters_are_asked_of_a_rebuilding(owners: OwnersHall) -> None:
    meeting, vote = await owners.announced(matter="REBUILD", question="加装电梯")
    await owners.at(owners.opens)
    for number, marks in ((0, YES), (3, YES), (4, YES), (5, NO), (6, NO)):
        assert (await owners.cast(owners.residents[number], vote, *marks)).refusals == []
    await owners.paper(vote, await owners.entry(meeting, "欧阳**"), *YES)
    result = (await counted(owners, vote))["result"]
    # four of six heads agree: more than half, and not three quarters
    assert result["outcome"] == "FAILED_VOTES"
    assert [step["threshold"] for step in result["trace"]] == ["≥ 2/3", "≥ 2/3", "≥ 3/4", "≥ 3/4"]


async def test_of_co_owners_one_casts_who_was_named(owners: OwnersHall) -> None:
    meeting, vote = await owners.announced()
    entry = await owners.entry(meeting, "赵*")
    first, second = owners.residents[1], owners.residents[2]

    def names(who: SignedIn) -> Any:
        return owners.staff.do(
            "assignCaster", meetingId=meeting, entryId=entry, memberId=who.person.public_id,
            document="共有人书面推定书",
        )  # fmt: skip

    assert (await owners.refused(names(owners.residents[0]))).startswith(
        "INVALID 只有共有人才须推定"
    )
    alone = owners.staff.do(
        "assignCaster", meetingId=meeting, entryId=await owners.entry(meeting, "孙*"),
        memberId=owners.residents[3].person.public_id, document="推定书",
    )  # fmt: skip
    assert (await owners.refused(alone)).startswith("INVALID 只有共有人才须推定")
    await owners.at(owners.opens)
    for who in (first, second):
        told = await owners.refused(owners.cast(who, vote, *YES))
        assert told.startswith("FORBIDDEN 共有人须共同推定一名投票人")
    assert (await names(first)).refusals == []
    told = await owners.refused(owners.cast(second, vote, *NO))
    assert told.startswith("FORBIDDEN 共有人须共同推定一名投票人")
    answer = await owners.cast(first, vote, *YES)
    assert answer.payload["vote"]["viewerBallots"] == [
        {"entryId": entry, "marks": [1, 0], "version": 1, "channel": "ONLINE"}
    ]
    assert await owners.refused(names(second)) == "WRONG_STATE 该户已投票。Its ballot was cast."


async def test_without_rules_of_their_own_owners_vote_on_paper(hall: House) -> None:
    strict = await OwnersHall(hall).settle()
    assert isinstance(strict, OwnersHall)
    await strict.register()
    meeting, vote = await strict.announced()
    seen = (await strict.staff.run(ROLL, id=meeting)).data["node"]["assembly"]
    assert (seen["silence"], seen["isElectronicAdmitted"], seen["rulesFrom"]) == (
        "NOTHING", False, None,
    )  # fmt: skip
    await strict.at(strict.opens)
    told = await strict.refused(strict.cast(strict.residents[0], vote, *YES))
    assert told.startswith("FORBIDDEN 业主的议事规则未准许线上投票")
    await strict.paper(vote, await strict.entry(meeting, "王**"), *YES)
    result = (await counted(strict, vote))["result"]
    assert (result["outcome"], result["ballots"]) == ("FAILED_QUORUM", 1)


@pytest.mark.parametrize(
    ("silence", "participating", "votes", "outcome"),
    [
        ("NOTHING", 4, [3, 1], "FAILED_QUORUM"),
        ("ABSTENTION", 8, [3, 1], "FAILED_VOTES"),
        ("MAJORITY", 8, [7, 1], "PASSED"),
    ],
)  # fmt: skip
async def test_silence_counts_as_the_owners_own_rules_say(
    owners: OwnersHall, silence: str, participating: int, votes: list[int], outcome: str
) -> None:
    await owners.does(
        owners.staff, "setOwnersRules", areaId=owners.area, effectiveFrom="2026-06-01",
        silence=silence, admitsElectronic=True, document="2026年业主大会第1号决定",
    )  # fmt: skip
    meeting, vote = await owners.announced()
    entries = [each["id"] for each in await owners.roll(meeting)]
    unserved = await owners.entry(meeting, "")
    served = [each for each in entries if each != unserved]
    too_early = owners.staff.do(
        "recordService", meetingId=meeting, entryIds=served, way="IN_PERSON",
        servedAt=(owners.opens).isoformat(),
    )  # fmt: skip
    assert (await owners.refused(too_early)).startswith("INVALID 送达时间须在公告之后")
    await owners.does(
        owners.staff, "recordService", meetingId=meeting, entryIds=served, way="IN_PERSON",
        servedAt=owners.hall.watch.now.isoformat(), note="逐户送达，告知沉默的后果",
    )  # fmt: skip
    told = {each["id"]: each["service"] for each in await owners.roll(meeting)}
    assert told[unserved] is None
    assert told[served[0]]["way"] == "IN_PERSON"
    await owners.at(owners.opens)
    for number, marks in ((0, YES), (3, YES), (4, YES), (6, NO)):
        assert (await owners.cast(owners.residents[number], vote, *marks)).refusals == []
    result = (await counted(owners, vote))["result"]
    heads = next(each for each in result["tallies"] if each["unit"] == "HEADS")
    assert (heads["participating"], heads["votes"], heads["silent"]) == (participating, votes, 4)
    assert result["outcome"] == outcome


async def test_the_holder_of_a_proxy_casts_what_it_says(owners: OwnersHall) -> None:
    meeting, vote = await owners.announced()
    entry, holder = await owners.entry(meeting, "欧阳**"), owners.residents[5]

    def registers(*marks: int, votes: tuple[str, ...] = (vote,)) -> Any:
        return owners.staff.do(
            "registerProxy", meetingId=meeting, entryId=entry, document="授权委托书第1号",
            holderId=holder.person.public_id,
            instructions=[{"voteId": each, "marks": list(marks)} for each in votes],
        )  # fmt: skip

    assert (await owners.refused(registers(1, 0, votes=()))).startswith("INVALID 须写明")
    assert (await owners.refused(registers(1, 1))).startswith("INVALID “续聘物业服务企业”的意见")
    assert (await registers(*NO)).refusals == []
    assert (await owners.refused(registers(*YES))).startswith("ALREADY_DONE")
    await owners.at(owners.opens)
    told = await owners.refused(owners.cast(holder, vote, *YES))
    assert told.startswith("REQUIRED 您可为多户投票")
    told = await owners.refused(owners.cast(holder, vote, *YES, entryId=entry))
    assert told.startswith("INVALID 须按书面委托中的意见投票")
    answer = await owners.cast(holder, vote, *NO, entryId=entry)
    assert answer.payload["vote"]["viewerBallots"][0]["channel"] == "PROXY"
    own = await owners.entry(meeting, "周*")
    assert (await owners.cast(holder, vote, *YES, entryId=own)).refusals == []
    for each in (0, 3, 4, 6):
        assert (await owners.cast(owners.residents[each], vote, *YES)).refusals == []
    revoked = owners.staff.do("revokeProxy", meetingId=meeting, entryId=entry)
    assert (await revoked).refusals == []
    told = await owners.refused(owners.cast(holder, vote, *NO, entryId=entry))
    assert told.startswith("NOT_FOUND")
    result = (await counted(owners, vote))["result"]
    heads = next(each for each in result["tallies"] if each["unit"] == "HEADS")
    assert (heads["votes"], heads["byProxy"]) == ([5, 1], 1)


async def test_a_body_without_proxies_takes_none(owners: OwnersHall) -> None:
    meeting, vote = await owners.noticed()
    refused = owners.staff.do(
        "registerProxy", meetingId=meeting, document="委托书",
        entryId=owners.residents[0].person.public_id.replace("mem_", "vtr_"),
        holderId=owners.residents[1].person.public_id,
        instructions=[{"voteId": vote, "marks": [1, 0]}],
    )  # fmt: skip
    told = await owners.refused(refused)
    assert told.startswith(
        "INVALID 居民会议（年满十八周岁居民）不得委托他人投票（城市居民委员会组织法"
    )


async def test_a_paper_is_a_ballot_once_a_second_person_reads_the_same(
    owners: OwnersHall,
) -> None:
    meeting, vote = await owners.announced()
    entry = await owners.entry(meeting, "欧阳**")

    def paper(verb: str, who: SignedIn, *marks: int, of: str = entry) -> Any:
        return who.do(verb, entryId=of, ballots=[{"voteId": vote, "marks": list(marks)}])

    early = await owners.refused(paper("recordPaper", owners.staff, *YES))
    assert early.startswith("WRONG_STATE 只在投票开始之后")
    await owners.at(owners.opens)
    assert await owners.refused(paper("recordPaper", owners.residents[0], *YES)) == "FORBIDDEN"
    assert (await owners.refused(paper("recordPaper", owners.staff, 1))).startswith("INVALID")
    missing = await owners.refused(paper("confirmPaper", owners.secretary, *YES))
    assert missing.startswith("NOT_FOUND")
    assert (await paper("recordPaper", owners.staff, *NO)).refusals == []
    assert (await paper("recordPaper", owners.staff, *YES)).refusals == [], "read again before"
    own = await owners.refused(paper("confirmPaper", owners.staff, *YES))
    assert own.startswith("FORBIDDEN 录入人不能复核")
    other = await owners.refused(paper("confirmPaper", owners.secretary, *NO))
    assert other.startswith("INVALID “续聘物业服务企业”与录入的不同")
    await owners.at(owners.closes)
    waits = await owners.refused(owners.staff.do("tallyDecision", voteId=vote))
    assert waits.startswith("INVALID 还有 1 张纸质票未复核")
    assert (await paper("confirmPaper", owners.secretary, *YES)).refusals == []
    again = await owners.refused(paper("recordPaper", owners.staff, *YES))
    assert again.startswith("ALREADY_DONE")
    result = (await counted(owners, vote))["result"]
    heads = next(each for each in result["tallies"] if each["unit"] == "HEADS")
    assert (heads["votes"], heads["onPaper"], result["ballots"]) == ([1, 0], 1, 1)


async def test_who_handed_in_a_paper_does_not_vote_online_nor_the_other_way(
    owners: OwnersHall,
) -> None:
    meeting, vote = await owners.announced()
    await owners.at(owners.opens)
    on_paper, online = await owners.entry(meeting, "王**"), await owners.entry(meeting, "孙*")
    await owners.paper(vote, on_paper, *YES, channel="ASSISTED")
    for replaces in (None, 1):
        told = await owners.refused(owners.cast(owners.residents[0], vote, *NO, replaces=replaces))
        assert told.startswith("ALREADY_DONE 已交纸质票")
    assert (await owners.cast(owners.residents[3], vote, *YES)).refusals == []
    late = owners.staff.do(
        "recordPaper", entryId=online, ballots=[{"voteId": vote, "marks": [0, 1]}]
    )
    assert (await owners.refused(late)).startswith("ALREADY_DONE 该户已投票")


async def test_over_marked_and_blank_papers_took_part(owners: OwnersHall) -> None:
    meeting, vote = await owners.announced()
    await owners.at(owners.opens)
    await owners.paper(vote, await owners.entry(meeting, "王**"), 1, 1)
    await owners.paper(vote, await owners.entry(meeting, "孙*"), *BLANK)
    result = (await counted(owners, vote))["result"]
    heads, area = (
        next(each for each in result["tallies"] if each["unit"] == unit)
        for unit in ("HEADS", "AREA")
    )
    assert (heads["participating"], heads["void"], heads["abstained"]) == (2, 1, 1)
    assert (area["participating"], area["void"], area["abstained"]) == (27874, 17874, 10000)
    assert (result["invalid"], heads["votes"]) == (1, [0, 0])


async def test_a_roll_is_made_anew_of_a_register_that_was_corrected(owners: OwnersHall) -> None:
    meeting, _ = await owners.announced()
    entry = await owners.entry(meeting, "赵*")
    await owners.does(
        owners.staff, "assignCaster", meetingId=meeting, entryId=entry,
        memberId=owners.residents[1].person.public_id, document="推定书",
    )  # fmt: skip
    await owners.does(
        owners.staff, "recordService", meetingId=meeting, entryIds=[entry], way="POST",
        servedAt=owners.hall.watch.now.isoformat(),
    )  # fmt: skip
    corrected = REGISTER.replace("123.41", "124.41").replace("9,个人,郑九", "10,个人,吴十")
    await owners.does(owners.staff, "importOwners", areaId=owners.area, csv=corrected)
    silent = owners.staff.do("setMeetingRoll", meetingId=meeting)
    assert (await owners.refused(silent)).startswith("REQUIRED")
    by_hand = owners.staff.do(
        "setMeetingRoll", meetingId=meeting, reason="补登",
        addIds=[owners.residents[0].person.public_id],
    )  # fmt: skip
    assert (await owners.refused(by_hand)).startswith("INVALID 业主名册依产权登记")
    await owners.does(
        owners.staff, "setMeetingRoll", meetingId=meeting, reason="业主异议成立，更正登记"
    )
    entries = {each["id"]: each for each in await owners.roll(meeting)}
    kept = entries[entry]
    assert (kept["area"], kept["document"], kept["service"]["way"]) == (12441, "推定书", "POST")
    names = {owner["name"] for each in entries.values() for owner in each["owners"]}
    assert ("吴*" in names, "郑*" in names, len(entries)) == (True, False, 9)
    await owners.at(owners.opens)
    late = owners.staff.do("setMeetingRoll", meetingId=meeting, reason="太迟")
    assert (await owners.refused(late)).startswith("WRONG_STATE")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ruleCode": "RM_PERSON"}, "INVALID 业主大会须写明物业区域，其他会议不写"),
        ({"propertyAreaId": None}, "INVALID 业主大会须写明物业区域，其他会议不写"),
        ({"propertyAreaId": "pra_AAAAAAAAAAAAAAAAAAAAAA"}, "NOT_FOUND"),
    ],
)  # fmt: skip
async def test_an_assembly_is_of_one_area(
    owners: OwnersHall, given: dict[str, Any], said: str
) -> None:
    draft = owners.draft(None, **{"ruleCode": "OWN_ORD", "propertyAreaId": owners.area, **given})
    assert (await owners.refused(draft)).startswith(said)


async def test_owners_vote_by_name(owners: OwnersHall) -> None:
    meeting = await owners.assemble()
    secret = owners.add(meeting, None, matter="PROPERTY_MANAGER", secrecy="SECRET")
    assert (await owners.refused(secret)).startswith("INVALID")


async def test_residents_keep_no_register(owners: OwnersHall) -> None:
    resident = owners.residents[0]
    tries = (
        resident.do("createPropertyArea", name="另一处"),
        resident.do("importOwners", areaId=owners.area, csv=REGISTER),
        resident.do(
            "setOwnersRules", areaId=owners.area, effectiveFrom="2026-01-01", document="决定"
        ),
    )
    for work in tries:
        assert await owners.refused(work) == "FORBIDDEN"
    assert (
        await owners.refused(owners.staff.do("createPropertyArea", name="幸福小区"))
    ).startswith("ALREADY_DONE")
