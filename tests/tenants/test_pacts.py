"""A pact goes from the first question to residents to its coming into force, amendment and end."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.assembly import DAY, NO
from tests.clockwork import House, house
from tests.pacts_hall import CHECKLIST, DOGS, NOISE, STAIRS, WOMEN, PactsHall
from tests.street import SignedIn, key


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    async with house(settings, cluster, tmp_path_factory.mktemp("pacts"), "pacts", 60) as opened:
        yield opened


@pytest.fixture
async def pacts(hall: House) -> PactsHall:
    """A community that no other test uses."""
    return await PactsHall(hall).settle()


CHANGES = """query ($id: ID!, $since: ID!) { node(id: $id) { ... on PactVersion {
  differences(sinceId: $since) { nodes { kind clauseId fromNumber toNumber isMoved heading body } } } } }"""


async def test_a_residents_pact_from_the_question_to_its_amendment(pacts: PactsHall) -> None:
    staff, (first, second, *_) = pacts.staff, pacts.residents
    pact = await pacts.start()
    asked = await pacts.suggest(pact, first, body="应当管一管楼道里的电动车")
    await pacts.does(staff, "draftPact", pactId=pact)
    assert (await pacts.decide(asked, "ADOPT")).refusals == []
    seen = await pacts.publish(pact, STAIRS, DOGS)
    assert (seen["state"], seen["latestVersion"]["number"]) == ("PUBLISHED", 1)
    stairs, dogs = seen["latestVersion"]["clauses"]["nodes"]
    assert [stairs["body"], dogs["body"]] == [STAIRS["body"], DOGS["body"]]

    # suggestions are bound to a clause, frozen while a draft is written, and answered or carried over
    kept = await pacts.suggest(pact, first, clauseId=dogs["clauseId"], body="禁止烈性犬")
    declined = await pacts.suggest(pact, second, clauseId=stairs["clauseId"])
    await pacts.does(staff, "draftPact", pactId=pact)
    frozen = first.do("suggestForPact", pactId=pact, body="再来一条", idempotencyKey=key())
    assert "已冻结" in await pacts.refused(frozen)
    assert "还有 2 条建议" in await pacts.refused(staff.do("publishPactDraft", pactId=pact))
    assert (await pacts.decide(kept, "CARRY_OVER")).refusals == []
    assert (await pacts.decide(declined, "DECLINE", "另行规划充电棚")).refusals == []
    moved = [
        {"body": NOISE["body"]},
        {"clauseId": dogs["clauseId"], **DOGS},
        {
            "clauseId": stairs["clauseId"],
            "heading": "楼道",
            "body": "楼道内不停放车辆，发现后由邻居相互提醒。",
        },
    ]
    second_text = await pacts.publish(pact, *moved)
    versions = (seen["latestVersion"], second_text["latestVersion"])
    told = await first.run(CHANGES, id=versions[1]["id"], since=versions[0]["id"])
    assert [
        (each["kind"], each["fromNumber"], each["toNumber"], each["isMoved"], each["body"])
        for each in told.data["node"]["differences"]["nodes"]
    ] == [
        ("ADDED", None, 1, False, ["+晚上十点以后不放音乐。"]),
        ("MOVED", 2, 2, True, []),
        (
            "REWORDED", 1, 3, False,
            ["=楼道内不停放", "-电动自行车", "+车辆", "=，发现后由邻居相互提醒。"],
        ),
    ]  # fmt: skip
    suggestions = second_text["suggestions"]["nodes"]
    states = {
        each["id"]: (each["state"], each["version"] and each["version"]["number"])
        for each in suggestions
    }
    assert states == {asked: ("ADOPTED", None), kept: ("OPEN", 2), declined: ("DECLINED", 1)}
    assert "还有 1 条建议" in await pacts.refused(staff.do("submitPactForReview", pactId=pact))
    assert (await pacts.decide(kept, "DECLINE", "条例已有规定")).refusals == []

    # the street reviews, the meeting decides, the street gets the filing: one text, by its hash
    await pacts.does(staff, "submitPactForReview", pactId=pact)
    returned = [{"item": "FINES", "isMet": False, "note": "第三条"}, *CHECKLIST[:-1]]
    await pacts.does(
        pacts.street, "decidePactReview", pactId=pact, decision="RETURN", checklist=returned,
        reason="请说明提醒之后怎么办",
    )  # fmt: skip
    third = await pacts.publish(pact, *moved)
    await pacts.reviewed(pact)
    meeting, vote = await pacts.matter()
    await pacts.does(staff, "submitPactToVote", pactId=pact, voteId=vote)
    early = staff.do("concludePactVote", pactId=pact, womenAttending=WOMEN)
    assert "尚未生效" in await pacts.refused(early)
    await pacts.decided(meeting, vote)
    assert "须登记到会的妇女人数" in await pacts.refused(staff.do("concludePactVote", pactId=pact))
    too_many = staff.do("concludePactVote", pactId=pact, womenAttending=9)
    assert "到会 8" in await pacts.refused(too_many)
    await pacts.does(staff, "concludePactVote", pactId=pact, womenAttending=WOMEN)
    day = pacts.hall.watch.now + 3 * DAY
    filing = {"pactId": pact, "document": "街备〔2026〕1号", "inForceOn": str(day.date())}
    past = staff.do("filePact", **{**filing, "inForceOn": "2026-01-01"})
    assert "不能早于备案之日" in await pacts.refused(past)
    review_day = str((day + 2 * DAY).date())
    await pacts.does(staff, "filePact", **filing, revisionOn=review_day)
    await pacts.at(day)
    seen = await pacts.pact(pact)
    assert (seen["state"], seen["attending"], seen["womenAttending"]) == ("IN_FORCE", 8, WOMEN)
    text = third["latestVersion"]["textHash"]
    assert {each["textHash"] for each in seen["submissions"]["nodes"][1:]} == {text}
    assert [each["textHash"] for each in seen["matters"]["nodes"]] == [text]
    assert [each["purpose"] for each in seen["submissions"]["nodes"]] == [
        "REVIEW",
        "REVIEW",
        "FILING",
    ]
    assert not seen["isRevisionDue"]
    await pacts.at(day + 2 * DAY)
    assert (await pacts.pact(pact))["isRevisionDue"]

    # households sign; an amendment takes its place
    signed = await first.do("signPact", "signature { id state }", pactId=pact)
    assert signed.payload["signature"]["state"] == "VALID"
    assert "该户已签署" in await pacts.refused(second.do("signPact", pactId=pact))
    amendment = await pacts.in_force(
        STAIRS, {"clauseId": dogs["clauseId"], **DOGS}, amendsId=pact
    )  # fmt: skip
    states = {(await pacts.pact(each))["state"] for each in (pact,)}
    assert states == {"SUPERSEDED"}
    seen = await pacts.pact(amendment)
    assert (seen["state"], seen["signatureCount"]) == ("IN_FORCE", 0)
    assert seen["latestVersion"]["clauses"]["nodes"][1]["clauseId"] == dogs["clauseId"], (
        "its id stays"
    )
    told = await first.run(
        CHANGES, id=seen["latestVersion"]["id"], since=third["latestVersion"]["id"]
    )
    kinds = sorted(each["kind"] for each in told.data["node"]["differences"]["nodes"])
    assert kinds == ["ADDED", "DROPPED", "DROPPED"]
    actions = [each["action"] for each in (await pacts.pact(pact))["events"]["nodes"]]
    # those of one moment have no order
    assert sorted(actions) == sorted([
        "STARTED", "DRAFTING", "PUBLISHED", "DRAFTING", "PUBLISHED", "SUBMITTED", "REVIEWED",
        "DRAFTING", "PUBLISHED", "SUBMITTED", "REVIEWED", "PUT_TO_VOTE", "VOTE_CONCLUDED", "FILED",
        "CAME_INTO_FORCE", "REVISION_DUE", "SUPERSEDED",
    ])  # fmt: skip


async def test_the_street_is_late_and_nothing_follows(pacts: PactsHall) -> None:
    pact = await pacts.start()
    await pacts.publish(pact, STAIRS)
    await pacts.does(pacts.staff, "submitPactForReview", pactId=pact)
    due = datetime.fromisoformat((await pacts.pact(pact))["reviewDueAt"])
    await pacts.at(due - DAY)
    assert not (await pacts.pact(pact))["isReviewOverdue"]
    await pacts.at(due)
    await pacts.at(due + DAY)
    seen = await pacts.pact(pact, pacts.residents[0])
    assert (seen["state"], seen["isReviewOverdue"]) == ("UNDER_REVIEW", True)
    assert [each["action"] for each in seen["events"]["nodes"]].count("REVIEW_OVERDUE") == 1
    (submission,) = seen["submissions"]["nodes"]
    assert (submission["isOverdue"], submission["outcome"]) == (True, None)
    _, vote = await pacts.matter()
    put = pacts.staff.do("submitPactToVote", pactId=pact, voteId=vote)
    assert (await pacts.refused(put)).startswith("WRONG_STATE")


async def test_a_vote_that_fails_or_falls(pacts: PactsHall) -> None:
    pact = await pacts.start()
    await pacts.publish(pact, STAIRS)
    await pacts.reviewed(pact)
    _, void = await pacts.matter()
    await pacts.does(pacts.staff, "submitPactToVote", pactId=pact, voteId=void)
    await pacts.does(pacts.staff, "voidDecision", voteId=void, reason="改期")
    await pacts.does(pacts.staff, "concludePactVote", pactId=pact)
    assert (await pacts.pact(pact))["state"] == "REVIEWED"
    meeting, vote = await pacts.matter()
    await pacts.does(pacts.staff, "submitPactToVote", pactId=pact, voteId=vote)
    await pacts.decided(meeting, vote, NO)
    await pacts.does(pacts.staff, "concludePactVote", pactId=pact)
    assert (await pacts.pact(pact))["state"] == "REJECTED"
    await pacts.publish(pact, DOGS)
    await pacts.reviewed(pact)
    await pacts.adopts(pact)
    vote = (await pacts.pact(pact))["matters"]["nodes"][-1]["vote"]["id"]
    await pacts.does(
        pacts.secretary, "overturnDecision", voteId=vote, ending="ANNULLED", reason="法院判决"
    )
    filing = pacts.staff.do("filePact", pactId=pact, document="1号", inForceOn="2027-12-01")
    assert "结果已被推翻" in await pacts.refused(filing)
    await pacts.does(pacts.staff, "concludePactVote", pactId=pact)
    assert (await pacts.pact(pact))["state"] == "ANNULLED"


async def test_what_a_meeting_may_not_decide_names_the_article(pacts: PactsHall) -> None:
    pact = await pacts.start()
    await pacts.publish(pact, STAIRS)
    _, vote = await pacts.matter()
    put = {"pactId": pact, "voteId": vote}
    assert "须先提请街镇审核" in await pacts.refused(pacts.staff.do("submitPactToVote", **put))
    await pacts.reviewed(pact)
    _, other = await pacts.matter(matter="RESIDENTS_MATTER")
    told = await pacts.refused(pacts.staff.do("submitPactToVote", pactId=pact, voteId=other))
    assert "城市居民委员会组织法（2025年修订）第30、31条" in told
    _, single = await pacts.matter(method="SINGLE", options=["甲", "乙"])
    told = await pacts.refused(pacts.staff.do("submitPactToVote", pactId=pact, voteId=single))
    assert "由全体就同意或反对表决" in told
    meeting, late = await pacts.matter()
    await pacts.does(pacts.staff, "setMeetingRoll", meetingId=meeting, everyMember=True)
    await pacts.does(pacts.staff, "noticeMeeting", meetingId=meeting)
    told = await pacts.refused(pacts.staff.do("submitPactToVote", pactId=pact, voteId=late))
    assert "须在会议公告之前" in told
    await pacts.does(pacts.staff, "submitPactToVote", **put)


async def test_one_is_made_at_a_time_and_where_the_law_has_it(pacts: PactsHall) -> None:
    assert "村民委员会组织法" in await pacts.refused(pacts.starts("VILLAGE_PACT"))
    pact = await pacts.start()
    assert (await pacts.refused(pacts.starts("RESIDENTS_PACT"))).startswith("ALREADY_DONE")
    assert "楼组公约须写明楼栋" in await pacts.refused(pacts.starts("BUILDING_PACT"))
    assert "管理规约须写明物业区域" in await pacts.refused(pacts.starts("MANAGEMENT_PACT"))
    amends = pacts.starts("RESIDENTS_PACT", amendsId=pact)
    assert "施行中的或被责令改正" in await pacts.refused(amends)
    await pacts.does(pacts.staff, "cancelPact", pactId=pact, reason="暂缓")
    await pacts.start()


async def test_a_draft_is_written_whole(pacts: PactsHall) -> None:
    pact = await pacts.start()
    await pacts.does(pacts.staff, "draftPact", pactId=pact)
    version = (await pacts.pact(pact))["version"]
    assert "草案没有条文" in await pacts.refused(pacts.staff.do("publishPactDraft", pactId=pact))
    assert (await pacts.refused(pacts.saves(pact))).startswith("INVALID")
    assert "TOO_LONG" in await pacts.refused(pacts.saves(pact, {"body": "长" * 2001}))
    strange = {"clauseId": "pcl_AZrY3kQkdI2QAQIDBAUGBw", "body": "来路不明"}
    assert (await pacts.refused(pacts.saves(pact, strange))).startswith("NOT_FOUND")
    assert (await pacts.saves(pact, STAIRS)).refusals == []
    late = await pacts.saves(pact, DOGS, expectedVersion=version)
    assert late.refusals == ["VERSION_CONFLICT"]
    (clause,) = (await pacts.pact(pact))["draft"]["nodes"]
    twice = {"clauseId": clause["clauseId"], "body": "一"}
    assert "同一条出现两次" in await pacts.refused(pacts.saves(pact, twice, twice))
    assert (await pacts.pact(pact, pacts.residents[0]))["draft"]["nodes"] == []


async def test_a_review_is_whole_and_by_somebody_else(pacts: PactsHall) -> None:
    pact = await pacts.start()
    await pacts.publish(pact, STAIRS)
    await pacts.does(pacts.staff, "submitPactForReview", pactId=pact)

    def review(who: SignedIn, **given: Any) -> Any:
        named = {"pactId": pact, "decision": "PASS", "checklist": CHECKLIST, **given}
        return who.do("decidePactReview", **named)

    street = pacts.street
    assert "各填一次" in await pacts.refused(review(street, checklist=CHECKLIST[1:]))
    unmet = [*CHECKLIST[1:], {"item": CHECKLIST[0]["item"], "isMet": False}]
    assert "须写明何处" in await pacts.refused(review(street, checklist=unmet))
    unmet[-1]["note"] = "第一条"
    assert "不能通过" in await pacts.refused(review(street, checklist=unmet))
    assert "REQUIRED" in await pacts.refused(review(street, decision="RETURN", checklist=unmet))
    away = pacts.place
    while away.street_id == pacts.place.street_id:
        away = await pacts.hall.make.community()
    stranger = pacts.hall.signed_in(await pacts.hall.make.officer(away.street_id))
    assert (await pacts.refused(review(stranger))).startswith("NOT_FOUND")
    assert (await pacts.refused(review(pacts.secretary))).startswith("FORBIDDEN")


async def test_the_street_sees_what_was_submitted_and_no_other_text(pacts: PactsHall) -> None:
    pact = await pacts.start()
    seen = await pacts.publish(pact, STAIRS)
    first = seen["latestVersion"]["id"]
    asks = (
        f'{{ node(id: "{first}") {{ ... on PactVersion {{ clauses {{ nodes {{ body }} }} }} }} }}'
    )
    district = "{ district { pactSubmissions { nodes { version { id } pact { title draft { totalCount } } } } } }"
    assert (await pacts.street.run(asks)).data["node"] is None
    assert await pacts.pact(pact, pacts.street) is None
    second = (await pacts.publish(pact, DOGS))["latestVersion"]["id"]
    await pacts.does(pacts.staff, "submitPactForReview", pactId=pact)
    assert (await pacts.street.run(asks)).data["node"] is None
    (got,) = [
        each
        for each in (await pacts.street.run(district)).data["district"]["pactSubmissions"]["nodes"]
        if each["version"]["id"] == second
    ]
    assert got["pact"] == {"title": "幸福里居民公约", "draft": None}
    told = (await pacts.street.run(asks.replace(first, second))).data["node"]
    assert told["clauses"]["nodes"] == [{"body": DOGS["body"]}]


async def test_a_pact_is_ordered_to_be_corrected_or_repealed(pacts: PactsHall) -> None:
    pact = await pacts.in_force()
    _, vote = await pacts.matter()
    repeal = pacts.staff.do("repealPact", pactId=pact, reason="已有新规")
    assert "废止须由有权的会议决定" in await pacts.refused(repeal)
    meeting, vote = await pacts.matter(question="废止居民公约")
    await pacts.does(pacts.staff, "submitPactRepeal", pactId=pact, voteId=vote)
    await pacts.decided(meeting, vote)
    await pacts.does(pacts.staff, "repealPact", pactId=pact, reason="已有新规")
    assert (await pacts.pact(pact))["state"] == "REPEALED"
    other = await pacts.in_force()
    await pacts.does(
        pacts.street, "orderPactCorrection", pactId=other, reason="第一条不符合村居法第31条"
    )
    seen = await pacts.pact(other)
    assert (seen["state"], seen["submissions"]["nodes"][-1]["outcome"]) == (
        "ORDERED_TO_CORRECT", "ORDERED_TO_CORRECT",
    )  # fmt: skip
    await pacts.start(amendsId=other)


async def test_a_buildings_pact_is_agreed_on_by_its_households(pacts: PactsHall) -> None:
    first, _, second, *others = pacts.residents
    pact = await pacts.start("BUILDING_PACT", building="3幢", title="三号楼公约")
    await pacts.publish(pact, STAIRS)
    vote = pacts.staff.do("submitPactToVote", pactId=pact, voteId="vot_AZrY3kQkdI2QAQIDBAUGBw")
    assert (await pacts.refused(vote)).startswith("FORBIDDEN")
    await pacts.does(first, "signPact", pactId=pact)
    conclude = pacts.staff.do("concludePact", pactId=pact)
    assert "至少须有 2 户签署（本系统所定）" in await pacts.refused(conclude)
    entered = {"pactId": pact, "idempotencyKey": key()}
    there = pacts.staff.do("recordPactSignature", **entered, building="5号楼", room="101")
    assert (await pacts.refused(there)).startswith("NOT_ELIGIBLE")
    same = pacts.staff.do("recordPactSignature", **entered, building="３号", room="１０１室")
    assert (await pacts.refused(same)).startswith("ALREADY_DONE")
    paper = await pacts.staff.do(
        "recordPactSignature", "signature { id state }", **entered, building="三号楼", room="601",
        channel="ASSISTED",
    )  # fmt: skip
    signature = paper.payload["signature"]["id"]
    own = pacts.staff.do("confirmPactSignature", signatureId=signature)
    assert "录入人不能复核" in await pacts.refused(own)
    assert "现有 1 户" in await pacts.refused(pacts.staff.do("concludePact", pactId=pact))
    await pacts.does(pacts.secretary, "confirmPactSignature", signatureId=signature)
    await pacts.does(pacts.staff, "concludePact", pactId=pact)
    assert (await pacts.pact(pact))["signatureCount"] == 2
    await pacts.does(second, "signPact", pactId=pact)
    mine = (await pacts.pact(pact, second))["viewerSignature"]["id"]
    strange = first.do("withdrawPactSignature", signatureId=mine)
    assert (await pacts.refused(strange)).startswith("NOT_FOUND")
    assert (
        await pacts.refused(pacts.staff.do("withdrawPactSignature", signatureId=mine))
    ).startswith("FORBIDDEN")
    # anybody of the household may
    await pacts.does(others[0], "withdrawPactSignature", signatureId=mine)
    assert (await pacts.pact(pact))["signatureCount"] == 2
    assert (await pacts.pact(pact, second))["viewerSignature"] is None
    await pacts.does(second, "signPact", pactId=pact)
    nobody = pacts.supervisor.do("signPact", pactId=pact)
    assert (await pacts.refused(nobody)).startswith("NOT_ELIGIBLE")


async def test_the_database_changes_no_published_text(pacts: PactsHall) -> None:
    pact = await pacts.start()
    await pacts.publish(pact, STAIRS)
    for statement in (
        "update tenant.pact_clause set body = '改'",
        "delete from tenant.pact_clause",
        "update tenant.pact_version set title = '改'",
        "delete from tenant.pact_event",
        "insert into tenant.pact_clause select community_id, version_id, size, district_id, "
        "street_id, 2, gen_random_uuid(), null, '多出一条' from tenant.pact_clause",
        "update tenant.pact set text_hash = repeat('0', 64)",
    ):
        with pytest.raises(Exception, match=r"permission denied|violates"):
            await pacts.hall.make.rows(pacts.place, statement)


async def test_what_was_changed_behind_the_application_is_refused(pacts: PactsHall) -> None:
    pact = await pacts.adopted()
    pacts.hall.run(
        "update tenant.pact_clause set body = '改过的条文' "
        f"where place = 1 and community_id = {pacts.place.key}"
    )
    filing = pacts.staff.do("filePact", pactId=pact, document="1号", inForceOn="2027-12-01")
    assert "文本与公布时的不同" in await pacts.refused(filing)


async def test_representatives_decide_a_pact_only_where_they_are_authorised(
    pacts: PactsHall,
) -> None:
    pact = await pacts.start()
    await pacts.publish(pact, STAIRS)
    await pacts.reviewed(pact)
    meeting = (await pacts.draft(None, ruleCode="RR")).payload["meeting"]["id"]
    told = await pacts.refused(pacts.add(meeting))
    assert "须先经有权的会议授权" in told
    assert "城市居民委员会组织法（2025年修订）第30条" in told
    await pacts.does(
        pacts.secretary, "recordAuthorisation", matters=["RESIDENT_PACT"], idempotencyKey=key(),
        document="居民会议决定第1号", decidedOn="2026-11-01",
    )  # fmt: skip
    vote = (await pacts.add(meeting)).payload["vote"]["id"]
    await pacts.does(pacts.staff, "submitPactToVote", pactId=pact, voteId=vote)
    assert (await pacts.pact(pact))["state"] == "ON_VOTE"


async def test_a_villages_pact_is_the_villagers_meetings_alone(pacts: PactsHall) -> None:
    pacts.hall.run(
        f"update tenant.community set kind = 'VILLAGE' where community_id = {pacts.place.key}"
    )
    pact = await pacts.start("VILLAGE_PACT")
    await pacts.publish(pact, STAIRS)
    await pacts.reviewed(pact)
    law = "村民委员会组织法（2025年修正）第31条"
    meeting = (await pacts.draft(None, ruleCode="VR")).payload["meeting"]["id"]
    assert law in await pacts.refused(pacts.add(meeting, matter="VILLAGE_RULES"))
    meeting = (await pacts.draft(None, ruleCode="VM_PERSON")).payload["meeting"]["id"]
    other = (await pacts.add(meeting, matter="VILLAGERS_MATTER")).payload["vote"]["id"]
    told = await pacts.refused(pacts.staff.do("submitPactToVote", pactId=pact, voteId=other))
    assert law in told
    vote = (await pacts.add(meeting, matter="VILLAGE_RULES")).payload["vote"]["id"]
    await pacts.does(pacts.staff, "submitPactToVote", pactId=pact, voteId=vote)
