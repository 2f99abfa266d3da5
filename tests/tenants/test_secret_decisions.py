"""Test secret decisions of a meeting: three scrutineers, each with a key of their own, and the lawful count."""

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.engine.bindings import prefix_of
from api.engine.identifiers import encode_id
from api.scrutineer import KeyFile, Refusal
from api.settings import Settings
from tenants.embedded import Cluster
from tenants.votes.dispute import Finding, settle
from tenants.votes.meetings import voters
from tenants.votes.secret.opening import Unfit
from tests.assembly import CLOSES, DAY, HELD, HOUR, OPENS
from tests.clockwork import House, house
from tests.council import Council
from tests.street import key
from tests.votes.device import Device
from tests.votes.verifying import verifier


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("secret decisions")
    async with house(settings, cluster, folder, "secret_decisions", 60) as opened:
        yield opened


@pytest.fixture
async def council(hall: House, tmp_path: Path) -> Council:
    """Give a community that no other test uses."""
    return await Council(hall, tmp_path).settle()  # type: ignore[return-value] # itself


async def test_a_secret_decision_from_the_appointment_to_its_end(council: Council) -> None:
    meeting, vote = await council.noticed()
    await council.at(OPENS)
    assert await council.state(vote) == "OPEN"
    people = [*council.residents, council.secretary]
    marks = [(1, 0)] * 6 + [(0, 1), (0, 0)]
    devices = [
        await council.cast(who, vote, *each) for who, each in zip(people, marks, strict=True)
    ]
    await council.at(HELD + HOUR)
    await council.came(meeting, council.staff, council.residents[0])
    await council.at(CLOSES)
    assert await council.state(vote) == "CLOSED"
    first, second, third = council.keys
    with pytest.raises(Refusal, match="WRONG_STATE"):
        await council.machine.open(first, (1, 2))
    await council.does(council.staff, "tallyDecision", voteId=vote)
    assert await council.state(vote) == "COUNTING"
    assert await council.refused(council.secretary.do("certifyResult", voteId=vote)) != ""
    # the second is on holiday: the first and the third open it
    assert await council.machine.open_all(first)
    assert await council.machine.open_all(third)
    assert await council.state(vote) == "TALLIED"
    file = (await council.look(council.staff, vote))["filePath"]
    assert (await council.staff._client.get(file)).status_code == 404, "not published yet"
    assert (await council.sees(council.residents[1], vote))["result"] is None
    await council.certify(vote)
    result = (await council.sees(council.residents[1], vote))["result"]
    assert (result["outcome"], result["winners"], result["ballots"]) == ("PASSED", [0], 8)
    assert result["tallies"][0] == {
        "unit": "PERSONS", "eligible": 10, "attending": 9, "onSite": 2, "participating": 8,
        "votes": [6, 1], "abstained": 1,
    }  # fmt: skip
    assert [step["isMet"] for step in result["trace"]] == [True, True]
    published = (await council.staff._client.get(file)).json()
    assert verifier.verify(published)["outcome"] == "PASSED"
    server = Ed25519PublicKey.from_public_bytes(bytes.fromhex(published["key"]))
    for device in devices:
        assert device.receipt is not None
        found, _ = settle(published, server, device.receipt, device.seed, device.marks)
        assert found is Finding.COUNTED
    with pytest.raises(Refusal, match="WRONG_STATE"):
        await council.machine.destroy(second)
    await council.at(CLOSES + 30 * DAY)
    assert await council.state(vote) == "FINAL"
    for each in council.keys:
        await council.machine.destroy(each)
    assert all(
        each["destroyedAt"] for each in (await council.look(council.staff, vote))["scrutineers"]
    )
    rows = await council.hall.make.rows(council.place, "select sealed from tenant.vote_envelope")
    assert {row["sealed"] for row in rows} == {None}


async def test_an_extension_of_a_secret_vote_is_a_signed_statement(council: Council) -> None:
    meeting, vote = await council.noticed()
    await council.at(OPENS)
    await council.does(
        council.staff, "extendVoting", meetingId=meeting, closesAt=(CLOSES + HOUR).isoformat(),
        reason="到会人数不足",
    )  # fmt: skip
    await council.at(CLOSES)
    assert await council.state(vote) == "OPEN"
    for who in (*council.residents, council.secretary):
        await council.cast(who, vote, 1, 0)
    await council.came(meeting, council.staff)
    await council.at(CLOSES + HOUR)
    await council.does(council.staff, "tallyDecision", voteId=vote)
    for each in council.keys[:2]:
        assert await council.machine.open_all(each)
    await council.certify(vote)
    file = (await council.look(council.staff, vote))["filePath"]
    published = (await council.staff._client.get(file)).json()
    said = [json.loads(each["body"]) for each in published["statements"]]
    assert [each["type"] for each in said] == [
        "notice", "extended", "closed", "opened", "opened", "result",
    ]  # fmt: skip
    assert datetime.fromisoformat(said[1]["closes_at"]) == CLOSES + HOUR
    assert verifier.verify(published)["outcome"] == "PASSED"


async def test_a_missed_quorum_opens_no_ballot(council: Council) -> None:
    meeting, vote = await council.noticed()
    await council.at(OPENS)
    await council.cast(council.residents[0], vote, 1, 0)
    await council.at(HELD + HOUR)
    await council.came(meeting, council.staff)
    await council.at(CLOSES)
    await council.does(council.staff, "tallyDecision", voteId=vote)
    assert await council.state(vote) == "TALLIED"
    await council.certify(vote)
    result = (await council.sees(council.residents[1], vote))["result"]
    assert (result["outcome"], result["ballots"]) == ("FAILED_QUORUM", 1)
    file = (await council.look(council.staff, vote))["filePath"]
    published = (await council.staff._client.get(file)).json()
    assert published["ballots"] == []
    assert verifier.verify(published)["outcome"] == "FAILED_QUORUM"
    with pytest.raises(Refusal, match="WRONG_STATE"):
        await council.machine.open(council.keys[0], (1, 2))


async def test_it_opens_when_the_last_key_is_shown_and_not_before(council: Council) -> None:
    meeting, vote = await council.matter()
    assert "3" in await council.refused(council.staff.do("noticeMeeting", meetingId=meeting))
    three = await council.appointed(vote)
    await council.does(council.staff, "noticeMeeting", meetingId=meeting)
    keys = [await council.key(vote, number) for number in (1, 2, 3)]
    for who, each in zip(three[:2], keys, strict=False):
        assert (await council.accept(vote, who, each)).refusals == []
    await council.at(OPENS + HOUR)
    assert await council.state(vote) == "NOTICED"
    # the third never comes: somebody else takes the place, and the roll stays as it was announced
    other = council.residents[3]
    assert (await council.appoint(vote, 3, other, "RESIDENTS")).refusals == []
    assert (await council.refused(council.accept(vote, three[2], keys[2])))[:9] == "FORBIDDEN"
    assert (await council.accept(vote, other, keys[2])).refusals == []
    await council.at(OPENS + HOUR)
    assert await council.state(vote) == "OPEN"
    assert (await council.refused(council.appoint(vote, 3, three[2], "SUPERVISORS")))[:11] == (
        "WRONG_STATE"
    )


async def test_who_may_not_be_a_scrutineer_is_refused(council: Council) -> None:
    meeting, vote = await council.matter()
    staff, one = council.staff, council.residents[0]
    refused = council.refused
    recorded = (await council.add(meeting)).payload["vote"]["id"]
    assert (await refused(council.appoint(recorded, 1, one, "RESIDENTS")))[:9] == "FORBIDDEN"
    for number, side in ((0, "RESIDENTS"), (4, "RESIDENTS"), (1, "PROGRAM")):
        assert (await refused(council.appoint(vote, number, one, side)))[:7] == "INVALID"
    assert (await council.appoint(vote, 1, one, "RESIDENTS")).refusals == []
    assert (await refused(council.appoint(vote, 2, one, "RESIDENTS")))[:12] == "ALREADY_DONE"
    assert (await council.appoint(vote, 2, staff, "RESIDENTS")).refusals == []
    assert (await council.appoint(vote, 3, council.supervisor, "RESIDENTS")).refusals == []
    # three of one side
    assert "2" in await refused(staff.do("noticeMeeting", meetingId=meeting))
    assert (await council.appoint(vote, 2, staff, "COMMITTEE")).refusals == []
    key = await council.key(vote, 1)
    # a draft is shown to the staff only
    assert (await refused(council.accept(vote, one, key)))[:9] == "NOT_FOUND"
    await council.does(staff, "voidDecision", voteId=recorded, reason="不需要")
    await council.does(staff, "noticeMeeting", meetingId=meeting)
    assert (await refused(council.accept(vote, council.residents[1], key)))[:9] == "FORBIDDEN"
    for given in (
        {"sealKey": "00" * 31}, {"signKey": "xx"}, {"signature": "00" * 64},
        {"sealKey": key.keys.sign_key.hex()},
    ):  # fmt: skip
        assert (await refused(council.accept(vote, one, key, **given)))[:7] == "INVALID"
    assert (await council.accept(vote, one, key)).refusals == []
    assert (await refused(council.accept(vote, one, key)))[:12] == "ALREADY_DONE"
    assert (await refused(council.appoint(vote, 1, council.residents[2], "STREET")))[:12] == (
        "ALREADY_DONE"
    )
    # somebody else's key
    assert (await refused(council.accept(vote, staff, key)))[:12] == "ALREADY_DONE"


async def test_a_key_opens_one_urn_and_none_before_the_close(council: Council) -> None:
    meeting, vote = await council.noticed()
    await council.at(OPENS)
    for who in council.residents:
        await council.cast(who, vote, 1, 0)
    await council.at(HELD + HOUR)
    await council.came(meeting, council.staff)
    await council.at(CLOSES)
    await council.does(council.staff, "tallyDecision", voteId=vote)
    first = council.keys[0]
    council.hall.watch.now = CLOSES - HOUR
    with pytest.raises(Unfit, match="closed"):
        await council.machine.open(first, (1, 2))
    council.hall.watch.now = CLOSES
    bound = KeyFile.read(first.file)
    with pytest.raises(Unfit, match="another urn"):
        await council.machine.open(replace(bound, urn="00" * 32), (1, 2))
    await council.machine.open(bound, (1, 2))
    with pytest.raises(Refusal, match="ALREADY_DONE"):
        await council.machine.open(bound, (1, 2))
    with pytest.raises(Refusal, match="WRONG_STATE"):
        await council.machine.open(council.keys[2], (2, 3))


async def test_nobody_votes_in_secret_for_another_and_no_paper_is_entered(
    council: Council,
) -> None:
    meeting, vote = await council.noticed()
    principal, holder = council.residents[0], council.residents[1]
    entry = encode_id(principal.person.id, prefix_of(voters))
    given = {
        "meetingId": meeting, "entryId": entry,
        "holderId": holder.person.public_id, "document": "委托书",
    }  # fmt: skip
    instructed = [{"voteId": vote, "marks": [1, 0]}]
    refused = council.staff.do("registerProxy", **given, instructions=instructed)
    assert (await council.refused(refused))[:7] == "INVALID"
    await council.at(OPENS)
    device = Device((await council.look(holder, vote))["notice"]["body"], b"\1\0")
    cast = holder.do(
        "castBallot", voteId=vote, sealed=device.sent, idempotencyKey=key(),
        entryId=entry,
    )  # fmt: skip
    assert (await council.refused(cast))[:7] == "INVALID"
    rows = await council.hall.make.rows(council.place, "select 1 from tenant.vote_envelope")
    assert rows == []
