"""What authors, neighbours and desks do with petitions, and what is refused; told as stories."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from api.app import create_app
from api.engine.identifiers import decode_id, encode_id
from api.settings import Settings
from tenants.db import Database
from tenants.ids import new_id
from tenants.membership.tables import households
from tenants.scopes import Scope
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Make, Person, SignedIn, door, key
from tests.tenants.above import Above
from tests.tenants.conftest import Lane, faults
from tests.tenants.test_petitions import actions, category_of, submitted

COUNTS = """select (select count(*) from tenant.petition), (select count(*) from tenant.petition_event),
  (select count(*) from tenant.petition_support), (select count(*) from tenant.petition_callback),
  (select sum(version) from tenant.petition), (select count(*) from tenant.audit_entry)"""
STATE = "query ($id: ID!) { petition(id: $id) { state } }"


async def state_of(asker: SignedIn, petition: str) -> str | None:
    """Return the state of a petition as a person sees it."""
    seen = (await asker.run(STATE, id=petition)).data["petition"]
    return seen and seen["state"]


async def done(asker: SignedIn, verb: str, petition: str, **given: Any) -> None:
    """Run a mutation that must succeed."""
    answer = await asker.do(verb, petitionId=petition, **given)
    assert answer.refusals == [], (verb, answer.body)


async def answered(lane: Lane, petition: str, by: SignedIn | None = None) -> None:
    """Have the committee accept the petition and answer it."""
    desk = by or lane.staff
    await done(desk, "acceptPetition", petition)
    await done(desk, "answerPetition", petition, body="已处理。", outcome="SOLVED")


async def test_what_is_missing_is_asked_for_and_the_clocks_stand(lane: Lane) -> None:
    petition = await submitted(lane.author)
    await done(lane.staff, "requestPetitionInformation", petition, question="哪一层？")
    clocks = (
        "query ($id: ID!) { petition(id: $id) { state question clocks { isPaused resolveDueAt } } }"
    )
    paused = (await lane.author.run(clocks, id=petition)).data["petition"]
    assert paused["state"] == "RETURNED"
    assert paused["question"] == "哪一层？"
    assert paused["clocks"]["isPaused"]
    await done(lane.author, "resubmitPetition", petition, body="六楼漏水。")
    going = (await lane.author.run(clocks, id=petition)).data["petition"]
    assert (going["state"], going["question"]) == ("SUBMITTED", None)
    # a paused limit in days moves by whole days: this was the same day
    assert going["clocks"]["resolveDueAt"] == paused["clocks"]["resolveDueAt"]


async def test_a_refusal_names_its_reason_and_route_and_may_be_reviewed(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    street = signed_in(await make.officer(lane.place.street_id))
    petition = await submitted(lane.author)
    before = await lane.rows(COUNTS)
    refused = await lane.staff.do(
        "refusePetition", petitionId=petition, code="OTHER_LEGAL_ROUTE", reason="已在诉讼中"
    )
    assert faults(refused) == [("REQUIRED", ["input", "legalRoute"])]
    assert await lane.rows(COUNTS) == before
    await done(
        lane.staff, "refusePetition", petition, code="OTHER_LEGAL_ROUTE", reason="已在诉讼中",
        legalRoute="人民法院",
    )  # fmt: skip
    assert await state_of(street, petition) is None
    await done(lane.author, "requestPetitionReview", petition, reason="没有起诉")
    assert await state_of(street, petition) == "REVIEW_REQUESTED"
    again = await lane.author.do("requestPetitionReview", petitionId=petition, reason="再看")
    assert again.refusals == ["WRONG_STATE"]
    await done(street, "decidePetitionReview", petition, decision="REDO", reason="应当受理")
    assert await state_of(lane.author, petition) == "IN_PROGRESS"
    await done(street, "answerPetition", petition, body="街道来修。", outcome="PARTLY")
    assert (await actions(lane.author, petition))[-4:] == [
        "REFUSED", "REVIEW_REQUESTED", "REVIEWED", "ANSWERED",
    ]  # fmt: skip


async def test_an_upheld_refusal_stays_one_and_is_final(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    street = signed_in(await make.officer(lane.place.street_id))
    petition = await submitted(lane.author)
    await done(lane.staff, "refusePetition", petition, code="NOT_A_PETITION", reason="只是问候")
    await done(lane.author, "requestPetitionReview", petition, reason="不是")
    await done(street, "decidePetitionReview", petition, decision="UPHOLD", reason="属实")
    assert await state_of(lane.author, petition) == "NOT_ACCEPTED"
    again = await lane.author.do("requestPetitionReview", petitionId=petition, reason="再看")
    assert again.refusals == ["ALREADY_DONE"]


async def test_what_is_not_solved_is_reopened_twice_and_then_reviewed(lane: Lane) -> None:
    petition = await submitted(lane.author)
    await answered(lane, petition)
    for _ in range(2):
        await done(lane.author, "recordCallback", petition, solved="NO", satisfaction=1)
        await done(lane.author, "reopenPetition", petition, reason="还在漏")
        await done(lane.staff, "answerPetition", petition, body="再修。", outcome="SOLVED")
    third = await lane.author.do("reopenPetition", petitionId=petition, reason="还在漏")
    assert third.refusals == ["WRONG_STATE"]
    await done(lane.author, "recordCallback", petition, solved="PARTLY", satisfaction=2)
    await done(lane.author, "requestPetitionReview", petition, reason="三次都没修好")
    assert await lane.value("select reopen_count from tenant.petition") == 2
    assert await lane.value("select count(*) from tenant.petition_callback") == 3


async def test_only_its_author_rates_and_from_one_to_five(lane: Lane) -> None:
    petition = await submitted(lane.author, secrecy="PUBLIC")
    await answered(lane, petition)
    before = await lane.rows(COUNTS)
    for asker, given, code in (
        (lane.neighbour, {"solved": "YES", "satisfaction": 5}, "FORBIDDEN"),
        (lane.staff, {"solved": "YES", "satisfaction": 5}, "FORBIDDEN"),
        (lane.author, {"solved": "YES", "satisfaction": 6}, "INVALID"),
        (lane.author, {"solved": "YES", "satisfaction": 0}, "INVALID"),
    ):
        answer = await asker.do("recordCallback", petitionId=petition, **given)
        assert answer.refusals == [code]
    assert await lane.rows(COUNTS) == before


async def test_the_same_matter_is_merged_and_who_signed_moves_along(lane: Lane) -> None:
    first = await submitted(lane.author, secrecy="PUBLIC")
    second = await submitted(lane.neighbour, secrecy="PUBLIC")
    await done(lane.secretary, "supportPetition", second)
    await done(lane.staff, "mergePetition", second, intoId=first, reason="同一件事")
    merged = (await lane.neighbour.run(
        "query ($id: ID!) { petition(id: $id) { state mergedInto { id support { count } } } }",
        id=second,
    )).data["petition"]  # fmt: skip
    assert merged == {"state": "MERGED", "mergedInto": {"id": first, "support": {"count": 3}}}


@pytest.mark.parametrize(
    ("source", "target", "whose"),
    [
        ("PUBLIC", "PRIVATE", "author"),
        ("PUBLIC", "MEMBERS", "neighbour"),
        ("PRIVATE", "PRIVATE", "neighbour"),
    ],
)
async def test_nobody_is_merged_into_what_they_cannot_read(
    lane: Lane, source: str, target: str, whose: str
) -> None:
    from_ = await submitted(lane.author, secrecy=source)
    into = await submitted(getattr(lane, whose), secrecy=target)
    before = await lane.rows(COUNTS)
    refused = await lane.staff.do("mergePetition", petitionId=from_, intoId=into, reason="同一件事")
    assert faults(refused) == [("INVALID", ["input", "intoId"])]
    assert await lane.rows(COUNTS) == before


async def test_two_of_ones_own_private_letters_may_be_merged(lane: Lane) -> None:
    first, second = await submitted(lane.author), await submitted(lane.author)
    itself = await lane.staff.do("mergePetition", petitionId=first, intoId=first, reason="同")
    assert itself.refusals == ["INVALID"]
    await done(lane.staff, "mergePetition", second, intoId=first, reason="同一件事")
    assert await state_of(lane.author, second) == "MERGED"


async def test_a_secretary_objects_to_nothing_that_nobody_else_could_decide(lane: Lane) -> None:
    petition = await submitted(lane.author)
    await done(lane.secretary, "acceptPetition", petition)
    await done(
        lane.secretary, "assignPetition", petition, handlerId=lane.secretary.person.public_id
    )
    before = await lane.rows(COUNTS)
    refused = await lane.secretary.do("disputeAssignment", petitionId=petition, reason="不归我")
    assert refused.refusals == ["FORBIDDEN"]
    assert await lane.rows(COUNTS) == before
    await done(lane.secretary, "assignPetition", petition, handlerId=lane.staff.person.public_id)
    await done(lane.staff, "disputeAssignment", petition, reason="不归我")
    assert await state_of(lane.author, petition) == "DISPUTED"


async def test_nobody_of_the_staff_handles_their_own_letter(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    petition = await submitted(lane.staff)
    before = await lane.rows(COUNTS)
    for verb, given in (
        ("acceptPetition", {}),
        ("refusePetition", {"code": "NOT_A_PETITION", "reason": "无"}),
        ("escalatePetition", {"reason": "无"}),
        ("addPetitionNote", {"body": "无", "idempotencyKey": key()}),
    ):
        answer = await lane.staff.do(verb, petitionId=petition, **given)
        assert answer.refusals == ["FORBIDDEN"], verb
    assert await lane.rows(COUNTS) == before
    other = signed_in(await make.member(lane.place, *STAFF))
    await answered(lane, petition, by=other)


async def test_an_officer_who_wrote_the_letter_does_not_handle_it(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    above = Above(lane, make, signed_in)
    author = await above.admin(person_id=await above.person_of(lane.author))
    petition = await submitted(lane.author, addressee="STREET")
    before = await lane.rows(COUNTS)
    answer = await author.do("acceptPetition", petitionId=petition)
    assert answer.refusals == ["FORBIDDEN"]
    assert await lane.rows(COUNTS) == before
    await done(await above.admin(), "acceptPetition", petition)


async def test_a_private_letter_past_the_committee_is_hidden_from_it(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    housing = await make.department(lane.place.street_id)
    handler = signed_in(await make.officer(department=housing))
    street = signed_in(await make.officer(lane.place.street_id))
    petition = await submitted(lane.author, addressee="DEPARTMENT", departmentId=housing.public_id)
    assert await state_of(handler, petition) == await state_of(street, petition) == "SUBMITTED"
    for staff in (lane.staff, lane.secretary):
        assert await state_of(staff, petition) is None
        log = await staff.run("{ auditLog(first: 50) { nodes { action } } inbox { nodes { id } } }")
        assert "PETITION_SUBMITTED" not in str(log.data)
        assert petition not in str(log.data)
    await done(handler, "acceptPetition", petition)
    await done(handler, "answerPetition", petition, body="已办。", outcome="SOLVED")
    assert await actions(lane.author, petition) == ["SUBMITTED", "ACCEPTED", "ANSWERED"]


async def test_an_answer_is_honest_about_a_plan(lane: Lane) -> None:
    petition = await submitted(lane.author)
    await done(lane.staff, "acceptPetition", petition)
    before = await lane.rows(COUNTS)
    for given in (
        {"outcome": "PLANNED"},
        {"outcome": "PLANNED", "plannedFor": "2020-01-01T00:00:00Z"},
        {"outcome": "SOLVED", "plannedFor": "2099-01-01T00:00:00Z"},
    ):
        answer = await lane.staff.do("answerPetition", petitionId=petition, body="好", **given)
        assert faults(answer) == [("INVALID", ["input", "plannedFor"])]
    assert await lane.rows(COUNTS) == before


async def test_many_are_answered_alike_or_none(lane: Lane) -> None:
    ready = [await submitted(lane.author) for _ in range(3)]
    for petition in ready[:2]:
        await done(lane.staff, "acceptPetition", petition)
    words = {"body": "已统一处理。", "outcome": "EXPLAINED"}
    before = await lane.rows(COUNTS)
    refused = await lane.staff.do("answerPetitions", petitionIds=ready, **words)
    assert faults(refused) == [("WRONG_STATE", ["input", "petitionIds", "2"])]
    assert await lane.rows(COUNTS) == before
    twice = await lane.staff.do("answerPetitions", petitionIds=[ready[0], ready[0]], **words)
    assert twice.refusals == ["INVALID"]
    answer = await lane.staff.do("answerPetitions", "answeredIds", petitionIds=ready[:2], **words)
    assert answer.payload["answeredIds"] == ready[:2]
    assert [await state_of(lane.author, each) for each in ready] == [
        "ANSWERED", "ANSWERED", "SUBMITTED",
    ]  # fmt: skip


async def test_an_officer_answers_many_letters_or_none(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    """Each community is a transaction of its own: all are committed, or none."""
    above = Above(lane, make, signed_in)
    places = [await make.community() for _ in range(4)]
    next_doors = [signed_in(await make.member(place)) for place in places]
    who = await above.person_of(lane.neighbour)
    district = await above.admin(0, person_id=who)
    words = {"body": "已统一处理。", "outcome": "EXPLAINED"}

    async def in_hand(author: SignedIn) -> str:
        petition = await submitted(author, addressee="STREET")
        assert author.person.place is not None
        street = signed_in(await make.officer(author.person.place.street_id))
        await done(street, "escalatePetition", petition, reason="管不了")
        await done(await above.admin(0), "acceptPetition", petition)
        return petition

    async def counts() -> list[Any]:
        return [await make.rows(place, COUNTS) for place in (lane.place, *places)]

    async def refused(letters: list[str]) -> list[tuple[str, list[str]]]:
        before = await counts()
        answer = await district.do("answerPetitions", petitionIds=letters, **words)
        assert await counts() == before
        return faults(answer)

    ready = [await in_hand(each) for each in (next_doors[0], lane.author, next_doors[1])]
    own = await in_hand(lane.neighbour)
    assert await refused([*ready, own]) == [("FORBIDDEN", ["input"])]
    closed = await in_hand(next_doors[2])
    await done(next_doors[2], "withdrawPetition", closed)
    assert await refused([*ready, closed]) == [("WRONG_STATE", ["input", "petitionIds", "3"])]
    further = [await in_hand(each) for each in next_doors[2:]]
    assert await refused([*ready, *further]) == [("TOO_LONG", ["input", "petitionIds"])]

    letters = [*ready, further[0]]
    answer = await district.do("answerPetitions", "answeredIds", petitionIds=letters, **words)
    assert answer.payload["answeredIds"] == letters
    seen_by = (next_doors[0], lane.author, next_doors[1], next_doors[2])
    for author, letter in zip(seen_by, letters, strict=True):
        assert await state_of(author, letter) == "ANSWERED"
        assert (await actions(author, letter)).count("ANSWERED") == 1


async def test_a_retried_letter_or_note_is_one(lane: Lane) -> None:
    category, again = await category_of(lane.author), key()
    letter = {
        "kind": "HELP", "title": "题", "body": "文", "categoryId": category, "idempotencyKey": again,
    }  # fmt: skip
    first = await lane.author.do("submitPetition", "petition { id }", **letter)
    second = await lane.author.do("submitPetition", "petition { id }", **letter)
    assert first.payload == second.payload
    other = await lane.author.do("submitPetition", **{**letter, "title": "别的"})
    assert other.refusals == ["IDEMPOTENCY_MISMATCH"]
    petition = first.payload["petition"]["id"]
    for _ in range(2):
        await done(lane.staff, "addPetitionNote", petition, body="看过", idempotencyKey=again)
    assert await lane.value("select count(*) from tenant.petition") == 1
    noted = "select count(*) from tenant.petition_event where action = 'NOTED'"
    assert await lane.value(noted) == 1


async def test_twenty_open_letters_are_enough(lane: Lane) -> None:
    category = await category_of(lane.author)
    given = {"kind": "HELP", "title": "题", "body": "文", "categoryId": category}
    for _ in range(20):
        answer = await lane.author.do("submitPetition", idempotencyKey=key(), **given)
        assert answer.refusals == []
    more = await lane.author.do("submitPetition", idempotencyKey=key(), **given)
    assert more.refusals == ["QUOTA_EXCEEDED"]
    assert await lane.value("select count(*) from tenant.petition") == 20


async def test_an_extension_is_given_once_by_the_secretary_and_bounded(lane: Lane) -> None:
    petition = await submitted(lane.author)
    await done(lane.staff, "acceptPetition", petition)
    due = await lane.value("select resolve_due_at from tenant.petition")
    later = due.replace(year=due.year + 1).isoformat()
    soon = {"dueAt": (due + timedelta(days=3)).isoformat(), "reason": "等配件"}
    before = await lane.rows(COUNTS)
    assert (await lane.staff.do("extendPetition", petitionId=petition, **soon)).refusals == [
        "FORBIDDEN"
    ]
    for until in (due.isoformat(), later):
        bad = await lane.secretary.do(
            "extendPetition", petitionId=petition, dueAt=until, reason="等配件"
        )
        assert faults(bad) == [("INVALID", ["input", "dueAt"])]
    assert await lane.rows(COUNTS) == before
    await done(lane.secretary, "extendPetition", petition, **soon)
    again = await lane.secretary.do("extendPetition", petitionId=petition, **soon)
    assert again.refusals == ["ALREADY_DONE"]


# --- goals, on a day with a known law on signatures

THEN = datetime(2025, 6, 2, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
async def then(
    settings: Settings,
    database: Database,  # noqa: ARG001 # the communities must exist first
) -> AsyncGenerator[SignIn]:
    """Signs people in at the same application in the middle of 2025."""
    application = create_app(settings, clock=lambda: THEN)
    async with application.router.lifespan_context(application):
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://linli.test") as opened:
            yield SignIn(opened, application)


async def settled(make: Make, count: int) -> tuple[list[Person], Person]:
    """Create members, two in each household, and the secretary."""
    place = await make.residents_community()
    people = [await make.applicant(place, "ACTIVE") for _ in range(count)]
    homes = [new_id(datetime.now(UTC)) for _ in range((count + 1) // 2)]
    for room, home in enumerate(homes):
        await make.row(place, households, id=home, **door("1号楼", str(room)))
    async with make.inside(place.key) as connection:
        for number, person in enumerate(people):
            await connection.execute(
                "update tenant.member_record set household_id = $2 where id = $1",
                person.id, homes[number // 2],
            )  # fmt: skip
    return people, await make.member(place, *SECRETARY)


RULES = "{ community { supportRules { id basis effect isConfirmed } } }"
SUPPORT = """query ($id: ID!) { petition(id: $id) {
  support { count householdCount goal goalReachedAt rule { effect isConfirmed } } } }"""


async def test_a_goal_of_households_counts_each_once_and_triggers_what_the_law_says(
    make: Make, then: SignIn, signed_in: SignIn
) -> None:
    people, secretary = await settled(make, 6)
    assert people[0].place is not None
    askers = [then(person) for person in people]
    # the rule of 2025 is not in today's list of rules
    rule = await make.value(
        people[0].place,
        "select id from reference.support_rule where community_kind = "
        "'RESIDENTIAL' and basis = 'HOUSEHOLDS' and is_confirmed and effective_from <= $1 "
        "and (effective_to is null or effective_to > $1)",
        THEN,
    )
    assert rule is not None
    goal = encode_id(rule, "gol_")
    category = await category_of(signed_in(people[0]))
    letter = {
        "kind": "SUGGESTION", "title": "装电梯", "body": "请开会议。", "secrecy": "PUBLIC",
        "categoryId": category, "goalRuleId": goal,
    }  # fmt: skip
    early = await askers[0].do("submitPetition", idempotencyKey=key(), **letter)
    assert early.refusals == ["WRONG_STATE"], "nobody knows how many households there are"
    known = await then(secretary).do(
        "recordPopulation", adults=30, households=11, source="2025 年户籍登记"
    )
    assert known.refusals == []
    sent = await askers[0].do("submitPetition", "petition { id }", idempotencyKey=key(), **letter)
    assert sent.refusals == []
    petition = sent.payload["petition"]["id"]

    async def support() -> Any:
        return (await askers[0].run(SUPPORT, id=petition)).data["petition"]["support"]

    assert (await support())["goal"] == 3, "a fifth of eleven, and no less"
    await done(askers[1], "supportPetition", petition)  # of the author's own household
    await done(askers[2], "supportPetition", petition)
    await done(askers[2], "withdrawSupport", petition)
    await done(askers[2], "supportPetition", petition)
    now = await support()
    assert (now["count"], now["householdCount"], now["goalReachedAt"]) == (3, 2, None)
    await done(askers[4], "supportPetition", petition)
    now = await support()
    assert (now["count"], now["householdCount"]) == (4, 3)
    assert now["goalReachedAt"] is not None
    assert "GOAL_REACHED" in await actions(askers[0], petition)
    late = await askers[4].do("withdrawSupport", petitionId=petition)
    assert late.refusals == ["WRONG_STATE"]
    assert (await askers[0].do("withdrawPetition", petitionId=petition)).refusals == ["WRONG_STATE"]


@pytest.fixture
async def asked(make: Make, signed_in: SignIn) -> tuple[list[SignedIn], SignedIn]:
    """Give twelve members whose population is known, and the secretary."""
    people, secretary = await settled(make, 12)
    asker = signed_in(secretary)
    counted = await asker.do("recordPopulation", adults=21, households=6, source="登记")
    assert counted.refusals == []
    return [signed_in(person) for person in people], asker


async def rule_of(asker: SignedIn, basis: str, effect: str) -> str:
    """Return the id of the rule in force by which a meeting is asked for."""
    rules = (await asker.run(RULES)).data["community"]["supportRules"]
    (found,) = [r["id"] for r in rules if (r["basis"], r["effect"]) == (basis, effect)]
    return found


async def test_a_tenth_of_the_adults_asks_for_a_meeting_since_2026(
    asked: tuple[list[SignedIn], SignedIn],
) -> None:
    askers, _ = asked
    rule = await rule_of(askers[0], "ADULTS", "应当召集居民会议")
    petition = await submitted(askers[0], secrecy="PUBLIC", goalRuleId=rule)
    await done(askers[1], "supportPetition", petition)
    support = (await askers[0].run(SUPPORT, id=petition)).data["petition"]["support"]
    assert (support["count"], support["goal"], support["goalReachedAt"]) == (2, 3, None)
    await done(askers[2], "supportPetition", petition)
    support = (await askers[0].run(SUPPORT, id=petition)).data["petition"]["support"]
    assert support["goalReachedAt"] is not None
    assert support["rule"] == {"effect": "应当召集居民会议", "isConfirmed": True}


@pytest.mark.parametrize(("effect", "goal"), [("应当召集居民会议", 3), ("应当召集居民代表会议", 2)])
async def test_representatives_ask_for_a_meeting(
    asked: tuple[list[SignedIn], SignedIn], signed_in: SignIn, effect: str, goal: int
) -> None:
    askers, secretary = asked
    rule = await rule_of(askers[0], "REPRESENTATIVES", effect)
    early = await askers[0].do(
        "submitPetition", kind="SUGGESTION", title="装电梯", body="请开会议。", secrecy="PUBLIC",
        categoryId=await category_of(askers[0]), goalRuleId=rule, idempotencyKey=key(),
    )  # fmt: skip
    assert early.refusals == ["WRONG_STATE"], "there is no representative yet"
    # a third of nine is three, and a fifth of nine is two
    for each in askers[1:10]:
        granted = await secretary.do(
            "grantRole", memberId=each.person.public_id, role="REPRESENTATIVE", reason="小组推选"
        )
        assert granted.refusals == []
    petition = await submitted(askers[0], secrecy="PUBLIC", goalRuleId=rule)
    held = ("RESIDENT", "REPRESENTATIVE")
    chosen = [signed_in(replace(each.person, version=2, roles=held)) for each in askers[1:10]]
    for each in (askers[10], askers[11], *chosen[: goal - 1]):
        await done(each, "supportPetition", petition)
    support = (await askers[0].run(SUPPORT, id=petition)).data["petition"]["support"]
    assert (support["goal"], support["goalReachedAt"]) == (goal, None), "others do not count"
    await done(chosen[-1], "supportPetition", petition)
    support = (await askers[0].run(SUPPORT, id=petition)).data["petition"]["support"]
    assert support["goalReachedAt"] is not None


async def test_a_rule_that_is_not_confirmed_triggers_nothing(
    asked: tuple[list[SignedIn], SignedIn], make: Make
) -> None:
    askers, _ = asked
    adults = uuid4()
    owner = await asyncpg.connect(make.cluster.url())
    await owner.execute(
        "insert into reference.support_rule (id, community_kind, basis, numerator, denominator, "
        "effect, effective_from, source, is_confirmed, body) values ($1, 'RESIDENTIAL', 'ADULTS', 1, "
        "10, '待核', '2026-01-01Z', '条文待核', false, 'RESIDENTS_MEETING')",
        adults,
    )
    petition = await submitted(askers[0], secrecy="PUBLIC", goalRuleId=encode_id(adults, "gol_"))
    for asker in askers[1:4]:
        await done(asker, "supportPetition", petition)
    support = (await askers[0].run(SUPPORT, id=petition)).data["petition"]["support"]
    assert support["count"] >= support["goal"]
    assert support["goalReachedAt"] is None
    assert "GOAL_REACHED" not in await actions(askers[0], petition)
    await done(askers[1], "withdrawSupport", petition)
    await owner.execute(
        "update reference.support_rule set effective_to = '2026-01-02Z' where id = $1", adults
    )
    await owner.close()


# --- personal data in petitions


async def test_an_erasure_takes_the_place_and_leaves_the_letter_unsigned(lane: Lane) -> None:
    petition = await submitted(lane.author, secrecy="PUBLIC", location="三号楼五〇二室")
    gone = await lane.author.do("eraseMe", confirm=True)
    assert gone.refusals == []
    seen = (await lane.staff.run(
        "query ($id: ID!) { petition(id: $id) { title location author { id } } }", id=petition
    )).data["petition"]  # fmt: skip
    assert seen == {"title": "三号楼漏水", "location": None, "author": None}


async def test_what_was_taken_back_is_found_by_nobody(lane: Lane) -> None:
    letters = [await submitted(lane.author, secrecy=kind) for kind in ("PUBLIC", "PRIVATE")]
    search = '{ searchPetitions(query: "漏水") { nodes { id } } }'
    askers = (lane.author, lane.neighbour, lane.staff)
    for letter, left in ((letters[0], letters[1:]), (letters[1], [])):
        await done(lane.author, "withdrawPetition", letter)
        found = [(await asker.run(search)).data["searchPetitions"]["nodes"] for asker in askers]
        mine = [{"id": each} for each in left]
        assert found == [mine, [], mine]
    assert await lane.rows("select * from tenant.petition_term") == []
    # the author can still read it
    assert await state_of(lane.author, letters[1]) == "WITHDRAWN"


async def test_an_erasure_takes_the_terms_that_only_their_author_found(lane: Lane) -> None:
    kept = await submitted(lane.author)
    await submitted(lane.author, addressee="STREET")
    listed = await submitted(lane.author, addressee="STREET", secrecy="MEMBERS")
    assert (await lane.author.do("eraseMe", confirm=True)).refusals == []
    left = "select distinct petition_id from tenant.petition_term order by 1"
    assert [row[0] for row in await lane.rows(left)] == [
        decode_id(each, "pet_") for each in (kept, listed)
    ]


async def test_an_erasure_takes_the_home_beside_a_signature_and_leaves_the_count(
    make: Make, signed_in: SignIn
) -> None:
    people, _ = await settled(make, 4)
    author, *signers = [signed_in(person) for person in people]
    petition = await submitted(author, secrecy="PUBLIC")
    for signer in signers:
        await done(signer, "supportPetition", petition)
    homes = "select household_id from tenant.petition_support where member_id = $1"
    before = (await author.run(SUPPORT, id=petition)).data
    gone, stays = signers[1].person, signers[2].person
    assert gone.place is not None
    assert None not in [await make.value(gone.place, homes, who.id) for who in (gone, stays)]

    assert (await signers[1].do("eraseMe", confirm=True)).refusals == []

    assert await make.value(gone.place, homes, gone.id) is None
    assert await make.value(gone.place, homes, stays.id) is not None, "the other one's of that home"
    assert (await author.run(SUPPORT, id=petition)).data == before


async def test_an_export_holds_ones_letters_and_no_letter_that_one_may_not_read(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    petition = await submitted(lane.author)
    await answered(lane, petition)
    await done(lane.author, "recordCallback", petition, solved="PARTLY", satisfaction=3)

    async def held(who: SignedIn) -> str:
        return str((await who.do("exportMyData", "data", confirm=True)).payload["data"])

    own = await held(lane.author)
    assert "楼顶漏水" in own
    assert '"solved": "PARTLY"' in own
    assert "楼顶漏水" in await held(lane.staff), "who answered it may read it still"
    async with make.inside(lane.place.key) as connection:
        await connection.execute(
            "update tenant.member set roles = array['RESIDENT'] where id = $1",
            lane.staff.person.id,
        )
    former = signed_in(Person(lane.staff.person.id, ("RESIDENT",), lane.place))
    assert "楼顶漏水" not in await held(former)


async def test_a_narrow_token_finds_by_ids_what_it_may_read_and_null_for_the_rest(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    petition = await submitted(lane.author)
    post = encode_id(await make.post(lane.author.person), "pst_")
    narrow = signed_in(lane.author.person, scopes=frozenset({Scope.BOARD_READ}))
    both = await narrow.run(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[post, petition]
    )
    assert both.data["nodes"] == [{"id": post}, None]
    one = await narrow.run("query ($id: ID!) { node(id: $id) { id } }", id=petition)
    assert one.codes == ["FORBIDDEN"], "one that is asked for by itself is refused by name"
