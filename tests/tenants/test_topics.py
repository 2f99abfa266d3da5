"""Topics: from the proposal to the published outcome, and what is refused on the way."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

from api.engine.identifiers import encode_id
from api.settings import Settings
from tenants.embedded import Cluster
from tests.assembly import CLOSES, DAY, HELD, HOUR, NOON, OPENS, YES
from tests.clockwork import House, house
from tests.deliberation import ASKED, HEARD, Deliberation
from tests.street import Answer, key, pst
from tests.tenants.test_petitions import category_of

pytestmark = pytest.mark.once
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    async with house(settings, cluster, tmp_path_factory.mktemp("topics"), "topics", 30) as opened:
        yield opened


@pytest.fixture
async def town(hall: House) -> Deliberation:
    """A community for one test."""
    town = Deliberation(hall)
    await town.settle()
    return town


async def test_a_post_becomes_a_topic_that_is_agreed_on_carried_out_and_judged(
    town: Deliberation,
) -> None:
    author, neighbour, *_ = town.residents
    post = pst(await town.hall.make.post(author.person))
    topic = await town.propose(postId=post)
    assert (await town.topic(topic))["supportCount"] == 1
    for each in town.residents[1:4]:
        await town.does(each, "supportTopic", topicId=topic)
    assert (await town.topic(topic))["state"] == "PROPOSED"
    await town.does(town.residents[4], "supportTopic", topicId=topic)
    assert (await town.topic(topic))["state"] == "SCREENING"
    await town.adopt(topic)
    await town.solicit(topic)

    said: list[str] = []
    for who, stance in ((neighbour, "FOR"), (author, "QUESTION")):
        answer = await who.do(
            "contributeToTopic", "contribution { id }", topicId=topic, stance=stance,
            body="何时动工？", idempotencyKey=key(),
        )  # fmt: skip
        said.append(answer.payload["contribution"]["id"])
    await town.does(town.staff, "answerContribution", contributionId=said[1], answer="下月")
    for contribution, code in ((said[0], "WRONG_STATE"), (said[1], "ALREADY_DONE")):
        again = town.staff.do("answerContribution", contributionId=contribution, answer="不")
        assert (await town.unchanged(again)).startswith(code)

    hearing = (await town.schedule(topic)).payload["consultation"]
    await town.does(town.supervisor, "joinConsultation", consultationId=hearing["id"])
    seen = await town.staff.run(
        f'{{ node(id: "{hearing["id"]}") {{ ... on Consultation {{ parties {{ nodes {{ id name isInvited '
        "member { id roles } } } } } }"
    )
    parties = seen.data["node"]["parties"]["nodes"]
    assert {each["name"] for each in parties if each["member"] is None} == {"物业公司"}
    (sits_in,) = [each for each in parties if not each["isInvited"]]
    assert "SUPERVISOR" in sits_in["member"]["roles"]
    given: dict[str, Any] = {
        "consultationId": hearing["id"], "minutes": "各方发言", "agreements": ["建车棚"],
        "followUp": "CARRY_OUT", "attendedIds": [each["id"] for each in parties],
    }  # fmt: skip
    early = town.staff.do("recordConsultation", **given)
    assert await town.unchanged(early) == "WRONG_STATE 尚未召开。It was not held yet."
    await town.at(HEARD)
    for wrong, code in (
        ({"attendedIds": []}, "REQUIRED"),
        ({"attendedIds": ["pty_Nobody---------------A"]}, "NOT_FOUND"),
        ({"agreements": []}, "INVALID"),
        ({"followUp": "NO_AGREEMENT"}, "INVALID"),
        ({"agreements": ["同意"] * 21}, "TOO_LONG"),
    ):
        refused = town.staff.do("recordConsultation", **{**given, **wrong})
        assert (await town.unchanged(refused)).startswith(code), wrong
    await town.does(town.staff, "recordConsultation", **given)
    owed = await town.staff.run("{ community { obligations { nodes { code } } } }")
    assert {"code": "CONSULTATIONS"} in owed.data["community"]["obligations"]["nodes"]

    done = await town.resolve(topic, hearing["id"])
    assert done.payload["topic"]["state"] == "RESOLVED"
    await town.does(town.staff, "startTopic", topicId=topic)
    await town.does(town.staff, "reportTopic", topicId=topic, report="车棚已建成")
    await town.does(neighbour, "evaluateTopic", topicId=topic, satisfaction=5)
    again = neighbour.do("evaluateTopic", topicId=topic, satisfaction=1)
    assert (await town.unchanged(again)).startswith("ALREADY_DONE")
    odd = author.do("evaluateTopic", topicId=topic, satisfaction=6)
    assert (await town.unchanged(odd)).startswith("INVALID")
    early = town.staff.do("publishOutcome", topicId=topic, body="已建成")
    assert (await town.unchanged(early)).startswith("WRONG_STATE 评议期")
    await town.at(HEARD + 9 * DAY)
    await town.does(town.staff, "publishOutcome", topicId=topic, body="车棚已投入使用")

    seen = await town.topic(topic)
    assert (seen["state"], seen["outcome"]) == ("DONE", "车棚已投入使用")
    assert seen["resolution"]["consultation"] == {"id": hearing["id"]}
    assert sorted(each["action"] for each in seen["events"]["nodes"]) == sorted([
        "PROPOSED", "GOAL_REACHED", "SCREENED", "SOLICITED", "CONSULTED", "RESOLVED", "STARTED",
        "REPORTED", "CONCLUDED",
    ])  # fmt: skip
    assert seen["origin"] == [
        {"kind": "POST", "node": {"__typename": "Post", "id": post}},
        {"kind": "TOPIC", "node": {"__typename": "Topic", "id": topic}},
        {"kind": "CONSULTATION", "node": {"__typename": "Consultation", "id": hearing["id"]}},
        {"kind": "RESOLUTION",
         "node": {"__typename": "Resolution", "id": seen["resolution"]["id"]}},
    ]  # fmt: skip
    acts = [each[0] for each in await town.hall.make.trace(town.place)]
    assert acts.count("consultation.held") == 1
    assert acts.count("topic.contributed") == 2
    assert not await town.hall.make.audit_faults(town.place)


async def test_an_important_matter_from_a_petition_is_decided_by_a_meeting(
    town: Deliberation,
) -> None:
    author, *_ = town.residents
    post = pst(await town.hall.make.post(author.person))
    sent = await author.do(
        "submitPetition", "petition { id }", kind="SUGGESTION", title="自行车", body="楼道里停满了。",
        categoryId=await category_of(author), secrecy="MEMBERS", postId=post, idempotencyKey=key(),
    )  # fmt: skip
    petition = sent.payload["petition"]["id"]
    convert = {"petitionId": petition, "reason": "涉及全楼，由居民协商"}
    assert (await town.unchanged(town.staff.do("convertToTopic", **convert))).startswith(
        "WRONG_STATE"
    )
    await town.does(town.staff, "acceptPetition", petitionId=petition)
    made = await town.staff.do("convertToTopic", "topic { id state author { id } }", **convert)
    topic = made.payload["topic"]["id"]
    assert made.payload["topic"] == {
        "id": topic, "state": "SCREENING", "author": {"id": author.person.public_id},
    }  # fmt: skip
    answered = await author.run(
        f'{{ petition(id: "{petition}") {{ state answer {{ body outcome }} }} }}'
    )
    assert answered.data["petition"] == {
        "state": "ANSWERED",
        "answer": {"body": convert["reason"], "outcome": "REFERRED"},
    }
    await town.adopt(topic)
    await town.solicit(topic, isImportant=True)
    consultation = await town.hear(topic, "TO_MEETING")

    _, vote = await town.noticed(question="是否建车棚？")
    put = {"topicId": topic, "voteId": vote}
    assert "四议两公开" in await town.unchanged(town.staff.do("submitTopicToMeeting", **put))
    agreed = town.resolve(topic, consultation)
    assert "四议两公开" in await town.unchanged(agreed)
    discussion: dict[str, Any] = {"topicId": topic, "heldOn": "2026-12-08", "body": "同意"}
    for kind, told in (
        ("COMMITTEES", "WRONG_STATE"), ("PARTY_PROPOSAL", ""), ("PARTY_PROPOSAL", "ALREADY_DONE"),
        ("PARTY_MEMBERS", "WRONG_STATE"), ("COMMITTEES", ""),
    ):  # fmt: skip
        work = town.staff.do("recordTopicDiscussion", kind=kind, **discussion)
        if told:
            assert (await town.unchanged(work)).startswith(told), kind
        else:
            assert (await work).refusals == [], kind
    for day in ("2026-12-07", "2027-01-01"):
        late = {**discussion, "kind": "PARTY_MEMBERS", "heldOn": day}
        told = await town.unchanged(town.staff.do("recordTopicDiscussion", **late))
        assert told.startswith("INVALID"), day
    await town.does(town.staff, "recordTopicDiscussion", kind="PARTY_MEMBERS", **discussion)
    await town.does(town.staff, "submitTopicToMeeting", **put)
    assert (await town.unchanged(town.resolve(topic, None))).startswith("WRONG_STATE 须有已生效")

    await town.at(OPENS)
    await town.votes(vote, YES, YES, YES, YES, YES, YES, YES)
    (meeting,) = await town.hall.make.rows(town.place, "select id from tenant.meeting")
    await town.at(HELD + HOUR)
    await town.came(encode_id(meeting["id"], "mtg_"), *town.residents)
    await town.at(CLOSES)
    await town.does(town.staff, "tallyDecision", voteId=vote)
    for each in (town.secretary, town.supervisor):
        await town.certify(vote, each)
    assert (await town.unchanged(town.resolve(topic, None))).startswith("WRONG_STATE 须有已生效")
    await town.at(CLOSES + 60 * DAY)
    assert (await town.resolve(topic, None)).refusals == []

    seen = await town.topic(topic)
    assert (seen["state"], seen["resolution"]["vote"]) == ("RESOLVED", {"id": vote})
    assert [each["kind"] for each in seen["origin"]] == [
        "POST", "PETITION", "TOPIC", "CONSULTATION", "VOTE", "RESOLUTION",
    ]  # fmt: skip


async def test_silence_forwards_a_topic_once_and_a_put_off_one_comes_back_once(
    town: Deliberation,
) -> None:
    topic, few = await town.supported(), await town.propose(title="别的事")
    await town.at(NOON + 10 * DAY)
    assert (await town.topic(topic))["state"] == "SCREENING"
    for _ in "12":
        await town.at(NOON + 11 * DAY)
    seen = await town.topic(topic)
    assert seen["state"] == "ON_AGENDA"
    assert [each["action"] for each in seen["events"]["nodes"]].count("FORWARDED") == 1
    veto = town.secretary.do("screenTopic", topicId=topic, decision="RETURN", reason="不办")
    assert (await town.unchanged(veto)).startswith("WRONG_STATE")

    back = NOON + 30 * DAY
    shelve = {"topicId": topic, "reason": "等资金"}
    for until in (NOON, NOON + 400 * DAY):
        wrong = town.staff.do("shelveTopic", until=until.isoformat(), **shelve)
        assert (await town.unchanged(wrong)).startswith("INVALID")
    await town.does(town.staff, "shelveTopic", until=back.isoformat(), **shelve)
    await town.at(back - MINUTE)
    assert (await town.topic(topic))["state"] == "SHELVED"
    for _ in "12":
        await town.at(back)
    seen = await town.topic(topic)
    assert (seen["state"], seen["shelvedUntil"]) == ("ON_AGENDA", None)
    assert [each["action"] for each in seen["events"]["nodes"]].count("CAME_BACK") == 1
    await town.at(NOON + 91 * DAY)
    assert (await town.topic(few))["state"] == "LAPSED"


async def test_the_matter_of_one_household_goes_back_to_a_petition(town: Deliberation) -> None:
    author, neighbour, *_ = town.residents
    topic = await town.supported()
    given = {"topicId": topic, "categoryId": await category_of(author), "reason": "单户事项"}
    refused = town.staff.do("convertToPetition", **given)
    assert await town.unchanged(refused) == "FORBIDDEN"
    await town.does(town.secretary, "convertToPetition", **given)
    seen = await town.topic(topic, author)
    assert seen["state"] == "TO_PETITION"
    assert seen["becamePetition"]["state"] == "SUBMITTED"
    assert (await town.topic(topic, neighbour))["becamePetition"] is None


async def test_steps_are_not_skipped_and_refusals_name_the_rule(town: Deliberation) -> None:
    topic = await town.supported()
    ask = {"topicId": topic, "closesAt": ASKED.isoformat()}
    assert "第16条" in await town.unchanged(town.staff.do("solicitViews", **ask))
    assert "第16条" in await town.unchanged(town.schedule(topic))
    assert "第32条" in await town.unchanged(town.resolve(topic, None))
    await town.adopt(topic)
    too_long = {**ask, "closesAt": (NOON + 61 * DAY).isoformat()}
    assert (await town.unchanged(town.staff.do("solicitViews", **too_long))).startswith("INVALID")
    await town.solicit(topic)
    early = town.schedule(topic, ASKED - MINUTE)
    assert (await town.unchanged(early)).startswith("INVALID")
    wrongs: tuple[tuple[dict[str, Any], str], ...] = (
        ({"invitedIds": [], "invitedNames": []}, "REQUIRED"),
        ({"invitedNames": ["业委会"] * 51}, "TOO_LONG"),
        ({"invitedIds": ["mem_Nobody---------------A"]}, "NOT_FOUND"),
    )
    for wrong, code in wrongs:
        assert (await town.unchanged(town.schedule(topic, **wrong))).startswith(code), wrong
    _, vote = await town.noticed()
    put = {"topicId": topic, "voteId": vote}
    assert "第32条" in await town.unchanged(town.staff.do("submitTopicToMeeting", **put))
    hearing = await town.hear(topic, "NO_AGREEMENT")
    assert "第32条" in await town.unchanged(town.resolve(topic, hearing))
    other = await town.on_agenda(title="别的事")
    await town.does(
        town.staff, "solicitViews", topicId=other, closesAt=(HEARD + 2 * DAY).isoformat()
    )
    await town.does(town.staff, "submitTopicToMeeting", **put)
    again = town.staff.do("submitTopicToMeeting", **put)
    assert (await town.unchanged(again)).startswith("WRONG_STATE 已提请另一项表决")
    foreign = town.resolve(other, hearing)
    assert "第32条" in await town.unchanged(foreign)


async def test_a_proposal_is_supported_and_taken_back_and_no_proposal_is_refused(
    town: Deliberation,
) -> None:
    async def propose(**given: Any) -> Answer:
        given = {"title": "题", "body": "内容", "idempotencyKey": key(), **given}
        return await town.residents[0].do("proposeTopic", "topic { id }", **given)

    assert (await town.unchanged(propose(body=" "))).startswith("REQUIRED")
    assert (await town.unchanged(propose(title="长" * 101))).startswith("TOO_LONG")
    missing = await town.unchanged(propose(postId="pst_Nobody---------------A"))
    assert missing.startswith("NOT_FOUND")
    topic = await town.propose()
    support = town.residents[1].do
    await town.does(town.residents[1], "supportTopic", topicId=topic)
    assert (await town.unchanged(support("supportTopic", topicId=topic))).startswith("ALREADY_DONE")
    await town.does(town.residents[1], "withdrawTopicSupport", topicId=topic)
    assert (await town.topic(topic))["supportCount"] == 1
    own = town.residents[0].do("withdrawTopicSupport", topicId=topic)
    assert (await town.unchanged(own)).startswith("FORBIDDEN")
    await town.does(town.residents[0], "withdrawTopic", topicId=topic)
    assert (await town.topic(topic))["state"] == "WITHDRAWN"


async def test_above_the_community_nobody_reads_a_topic(town: Deliberation) -> None:
    await town.propose()
    async with town.hall.make.district() as connection:
        found = await connection.fetch("select community_id, next_at from tenant.topic")
        assert found, "the clock sees that something is due"
        with pytest.raises(Exception, match="permission denied"):
            await connection.fetch("select title from tenant.topic")
