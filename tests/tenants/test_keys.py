"""Idempotency keys: once for each, and a retry is told what was done, whatever the state is by then."""

from typing import Any

import pytest
from graphql import get_named_type

from api.schema.schema import contract
from tests.conftest import SignIn
from tests.street import STAFF, Make, SignedIn, key, pst
from tests.tenants.conftest import Lane
from tests.tenants.test_petition_stories import done, submitted

ROOT: Any = contract().schema.mutation_type
# What makes something new is done once for each key; the others do nothing twice, and a key tells a
# retry what was done.
KEYED = {
    "askAboutAffair", "complainAboutAffair", "draftAffair", "draftAppraisal", "objectToAffair",
    "recordPactSignature", "startPact", "suggestForPact",
    "addMatter", "castBallot", "draftMeeting", "objectToResult", "objectToRoll", "recordAuthorisation",
    "startPoll",
    "addComment", "addPetitionNote", "appealSuspension", "applyForMembership", "createAnswerTemplate",
    "contributeToTopic", "createBoard", "createPost", "inviteOfficer", "issueSupervisionOrder", "planProject",
    "proposeTopic", "recordSpending",
    "registerApp", "reissueJoinCode", "rotateAppSecret", "scheduleConsultation", "scheduleDuty",
    "submitPetition", "takeAppealToStreet",
}  # fmt: skip
RETRIED = {
    "answerPetition", "answerPetitions", "appealModeration", "convertToTopic", "createCommunity", "createDepartment",
    "createPetitionCategory", "createPropertyArea", "proposeAppointment", "recordCallback",
    "registerProxy", "reopenPetition", "signPact",
    "reportContent", "requestPetitionReview", "resubmitPetition", "submitForReview",
}  # fmt: skip


def test_which_verbs_take_a_key() -> None:
    taken: dict[str, set[str]] = {"String!": set(), "String": set()}
    for name, field in ROOT.fields.items():
        fields = get_named_type(field.args["input"].type).fields
        if "idempotencyKey" in fields:
            taken[str(fields["idempotencyKey"].type)].add(name)
            assert "`IDEMPOTENCY_MISMATCH`" in field.description, name
    assert taken == {"String!": KEYED, "String": RETRIED}


async def retried(who: SignedIn, verb: str, select: str, **given: Any) -> None:
    """Do something, and again with the same key; then with another one, which is refused."""
    given["idempotencyKey"] = key()
    first = await who.do(verb, select, **given)
    assert first.refusals == [], (verb, first.body)
    assert (await who.do(verb, select, **given)).payload == first.payload, verb
    other = await who.do(verb, select, **{**given, "idempotencyKey": key()})
    assert other.refusals, f"{verb} is not done twice"
    assert (await who.do(verb, select, **{**given, "idempotencyKey": ""})).refusals == ["INVALID"]


async def test_a_retry_of_a_letters_verbs_is_told_what_was_done(lane: Lane) -> None:
    petition = await submitted(lane.author)
    await done(lane.staff, "acceptPetition", petition)
    this = {"petitionId": petition}
    await retried(
        lane.staff, "answerPetition", "petition { id answer { body } }", **this, body="已修",
        outcome="SOLVED",
    )  # fmt: skip
    events = "select count(*) from tenant.petition_event where action = $1"
    assert await lane.value(events, "ANSWERED") == 1
    await retried(
        lane.author, "recordCallback", "petition { id state }", **this, solved="YES", satisfaction=5
    )
    assert await lane.value("select count(*) from tenant.petition_callback") == 1


async def test_a_retry_of_many_answers_is_told_which(lane: Lane) -> None:
    petitions = [await submitted(lane.author) for _ in "12"]
    for petition in petitions:
        await done(lane.staff, "acceptPetition", petition)
    given = {
        "petitionIds": petitions,
        "body": "已修",
        "outcome": "SOLVED",
        "idempotencyKey": key(),
    }
    first = await lane.staff.do("answerPetitions", "answeredIds", **given)
    assert first.payload["answeredIds"] == petitions
    assert (await lane.staff.do("answerPetitions", "answeredIds", **given)).payload == first.payload
    mismatch = await lane.staff.do("answerPetitions", "answeredIds", **{**given, "body": "未修"})
    assert mismatch.refusals == ["IDEMPOTENCY_MISMATCH"]


async def test_a_retry_of_what_is_founded_above_is_told_what_was_made(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    admin = signed_in(await make.officer())
    number = lane.place.key
    await retried(
        admin, "createDepartment", "department { id name }", name=f"房管{number}", duties="物业"
    )
    await retried(
        admin, "createPetitionCategory", "category { id }", topic="测试", name=f"漏水{number}",
        urgency="NORMAL",
    )  # fmt: skip
    member = lane.neighbour.person.public_id
    await retried(
        admin, "proposeAppointment", "appointment { id state }", communityId=lane.place.public_id,
        memberId=member, action="APPOINT", endsAt="2029-01-01T00:00:00Z", reason="选举",
    )  # fmt: skip
    one = "select count(*) from tenant.appointment"
    assert await lane.value(one) == 1


async def test_a_retry_of_a_report_is_told_that_it_was_made(lane: Lane, make: Make) -> None:
    post = await make.post(lane.author.person)
    await retried(
        lane.neighbour, "reportContent", "subject { id }", subjectId=pst(post), reasonCode="SPAM"
    )
    assert await lane.value("select count(*) from tenant.report") == 1


async def test_a_retry_of_submitting_is_told_that_it_was(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    guest = signed_in((await make.applicant(elm, "IDENTITY_OK")).guest)
    given = {"idempotencyKey": key()}
    first = await guest.do("submitForReview", "member { state }", **given)
    assert first.payload["member"] == {"state": "UNDER_REVIEW"}
    assert (await guest.do("submitForReview", "member { state }", **given)).payload == first.payload
    assert (await guest.do("submitForReview", "member { state }")).refusals == ["WRONG_STATE"]


async def test_a_retry_looks_at_no_state_and_shows_only_what_one_may_see(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    given = {
        "boardId": lane.place.board(), "title": "停水吗", "body": "今天？", "idempotencyKey": key(),
    }  # fmt: skip
    first = await lane.author.do("createPost", "post { id title }", **given)
    archived = await lane.secretary.do("archiveBoard", boardId=lane.place.board(), reason="合并")
    assert archived.refusals == []
    assert (
        await lane.author.do("createPost", "post { id title }", **given)
    ).payload == first.payload
    assert (await lane.author.do("createPost", **{**given, "idempotencyKey": key()})).refusals == [
        "WRONG_STATE"
    ]
    # another's key is another key
    staff = signed_in(await make.member(lane.place, *STAFF))
    assert (await staff.do("createPost", **given)).refusals == ["WRONG_STATE"]


@pytest.mark.parametrize("verb", ["answerPetition", "recordCallback"])
async def test_a_refused_verb_leaves_its_key_free(lane: Lane, verb: str) -> None:
    petition = await submitted(lane.author)
    given = {
        "answerPetition": {"body": "已修", "outcome": "SOLVED"},
        "recordCallback": {"solved": "YES", "satisfaction": 5},
    }[verb]
    before = await lane.value("select count(*) from tenant.idempotency_key")
    who = lane.staff if verb == "answerPetition" else lane.author
    refused = await who.do(verb, petitionId=petition, idempotencyKey=key(), **given)
    assert refused.refusals == ["WRONG_STATE"]
    assert await lane.value("select count(*) from tenant.idempotency_key") == before
