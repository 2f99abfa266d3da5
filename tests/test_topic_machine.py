"""Every (state, verb, actor) of topics, consultations and contributions, as reviewed.

Each is taken through its states by its own verbs. In each state everyone asks what they may do
(`viewerCan`), and then tries what they may not: they are told the same, and nothing changes.
"""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tenants.topics.words import TopicState
from tests.assembly import DAY, NOON
from tests.clockwork import House, house
from tests.deliberation import EVERYTHING, HEARD, Deliberation
from tests.paths import SCHEMA
from tests.street import SECRETARY, STAFF, key
from tests.tenants.test_petitions import category_of
from tests.test_vote_machine import Machine

pytestmark = pytest.mark.once
REVIEWED = Path(__file__).parent / "topics.txt"
PARTS = {"top_": "Topic", "cns_": "Consultation", "ctb_": "TopicContribution"}


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("topic-machine")
    async with house(settings, cluster, folder, "topic_machine", 20) as opened:
        yield opened


async def settled(hall: House) -> tuple[Deliberation, Machine]:
    """Have people move in: those that act, and who is next to them."""
    town = Deliberation(hall)
    await town.settle()
    make, signed_in, place = hall.make, hall.signed_in, town.place
    actors = {
        "AUTHOR": town.residents[0],
        "SUPPORTER": town.residents[1],
        "VOTER": town.residents[2],
        "NEIGHBOUR": town.residents[6],
        "STAFF": town.staff,
        "COLLEAGUE": signed_in(await make.member(place, *STAFF)),
        "SECRETARY": town.secretary,
        "SECOND_SECRETARY": signed_in(await make.member(place, *SECRETARY)),
        "SUPERVISOR": town.supervisor,
        "GUEST": signed_in(await make.applicant(place, "SUSPENDED")),
        "NEXT_DOOR": signed_in(await make.member(await make.community())),
        "APP": signed_in(await make.app(place)),
        "DISTRICT": signed_in(await make.officer()),
    }
    machine = Machine(town, parts=PARTS, everything=EVERYTHING)
    machine.actors = actors
    return town, machine


async def test_every_state_verb_and_actor(hall: House, request: pytest.FixtureRequest) -> None:
    town, machine = await settled(hall)
    shelved, lapsed = await town.on_agenda(), await town.propose()
    back = {"until": (NOON + 300 * DAY).isoformat(), "reason": "等资金"}
    await town.does(town.staff, "shelveTopic", topicId=shelved, **back)
    await machine.ask("topic:", shelved, "SHELVED")
    withdrawn = await town.propose()
    await machine.ask("topic:", withdrawn, "PROPOSED")
    await town.does(machine.actors["SUPPORTER"], "supportTopic", topicId=withdrawn)
    await machine.ask("topic:", withdrawn, "PROPOSED, and supported")
    await town.does(machine.actors["AUTHOR"], "withdrawTopic", topicId=withdrawn)
    await machine.ask("topic:", withdrawn, "WITHDRAWN")
    returned = await town.supported()
    await machine.ask("topic:", returned, "SCREENING")
    screened = {"decision": "RETURN", "reason": "不属本居"}
    await town.does(town.secretary, "screenTopic", topicId=returned, **screened)
    await machine.ask("topic:", returned, "RETURNED")
    single = await town.supported()
    category = await category_of(town.residents[0])
    await town.does(
        town.secretary, "convertToPetition", topicId=single, categoryId=category, reason="单户"
    )
    await machine.ask("topic:", single, "TO_PETITION")

    topic = await town.on_agenda()
    await machine.ask("topic:", topic, "ON_AGENDA")
    await town.solicit(topic)
    await machine.ask("topic:", topic, "SOLICITING")
    for stance in ("QUESTION", "FOR"):
        made = await machine.actors["NEIGHBOUR"].do(
            "contributeToTopic", "contribution { id }", topicId=topic, stance=stance, body="何时？",
            idempotencyKey=key(),
        )  # fmt: skip
        view = made.payload["contribution"]["id"]
        await machine.ask("contribution:", view, stance)
        if stance == "QUESTION":
            await town.does(town.staff, "answerContribution", contributionId=view, answer="下月")
            await machine.ask("contribution:", view, "QUESTION, and answered")
    off = (await town.schedule(topic)).payload["consultation"]["id"]
    await machine.ask("topic:", topic, "CONSULTING")
    await machine.ask("consultation:", off, "SCHEDULED")
    await town.does(town.staff, "cancelConsultation", consultationId=off, reason="改期")
    await machine.ask("consultation:", off, "CANCELLED")
    come = (await town.schedule(topic)).payload["consultation"]["id"]
    _, vote = await town.noticed()
    hearing = await town.hear(topic)
    await machine.ask("consultation:", come, "SCHEDULED, and its time has come")
    await machine.ask("consultation:", hearing, "HELD")
    await machine.ask("topic:", topic, "CONSULTING, and heard")
    decided = await town.on_agenda()
    await decide(town, decided, vote)
    await machine.ask("topic:", decided, "DECIDING")
    assert (await town.resolve(topic, hearing)).refusals == []
    await machine.ask("topic:", topic, "RESOLVED")
    await town.does(town.staff, "startTopic", topicId=topic)
    await machine.ask("topic:", topic, "EXECUTING")
    await town.does(town.staff, "reportTopic", topicId=topic, report="已建成")
    await machine.ask("topic:", topic, "EVALUATING")
    await town.does(machine.actors["NEIGHBOUR"], "evaluateTopic", topicId=topic, satisfaction=4)
    await machine.ask("topic:", topic, "EVALUATING, and judged by a neighbour")
    await town.at(HEARD + 20 * DAY)
    await machine.ask("topic:", topic, "EVALUATING, and its days are over")
    await town.does(town.staff, "publishOutcome", topicId=topic, body="已启用")
    await machine.ask("topic:", topic, "DONE")
    await town.at(NOON + 91 * DAY)
    await machine.ask("topic:", lapsed, "LAPSED")

    found = machine.printed("test_topic_machine.py")
    if request.config.getoption("--review"):
        REVIEWED.write_text(found)
    assert found == REVIEWED.read_text(), "review the change, then run with --review"
    asked = {title.rpartition(" ")[2] for title in machine.fates}
    permissions = [SCHEMA.type_map[f"{each}Permissions"] for each in PARTS.values()]
    assert asked == {verb for each in permissions for verb in each.fields}  # type: ignore[attr-defined] # objects
    states = {
        state.partition(",")[0]
        for fates in machine.fates.values()
        for told in fates.values()
        for state in told
    }
    assert states >= {state.value for state in TopicState}


async def decide(town: Deliberation, topic: str, vote: str) -> None:
    """Put a topic to a vote, after another hearing."""
    now = town.hall.watch.now
    ends = now + DAY
    await town.does(town.staff, "solicitViews", topicId=topic, closesAt=ends.isoformat())
    answer = await town.schedule(topic, ends)
    hearing = answer.payload["consultation"]
    await town.at(ends)
    await town.does(
        town.staff, "recordConsultation", consultationId=hearing["id"], minutes="各方发言",
        agreements=["提请会议"], followUp="TO_MEETING",
        attendedIds=[each["id"] for each in hearing["parties"]["nodes"]],
    )  # fmt: skip
    await town.does(town.staff, "submitTopicToMeeting", topicId=topic, voteId=vote)
