"""The demo district is plausible, and its counters are right."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from demo.actors import member
from demo.committee import furnish
from demo.community import CommunityTalk
from demo.here import here_of, known_to
from demo.history import History
from demo.letters import letters, refused, words
from demo.people import DISTRICT
from demo.petitions import CommunityPetitions
from demo.texts import topics
from demo.topics import BicycleStory
from demo.votes import CommunityVotes
from tenants import taking
from tenants.boards.tables import posts
from tenants.clock import Clock
from tenants.db import Database
from tenants.duty.gaps import gaps, horizon
from tenants.petitions.clocks import next_due
from tenants.petitions.procedure import PETITIONS
from tenants.petitions.service.clock import TIMED
from tenants.petitions.steps import ACCEPT, ANSWER, ASSIGN, DISPUTE, REOPEN
from tenants.petitions.tables import (
    ANSWER_LENGTH,
    BODY_LENGTH,
    LOCATION_LENGTH,
    ROUTE_LENGTH,
    TITLE_LENGTH,
    WORDS_LENGTH,
    petition_events,
)
from tenants.petitions.words import Level, PetitionState, Secrecy
from tenants.procedure import Facts, Step
from tenants.scopes import Role
from tenants.transaction import Client
from tenants.viewer import system
from tests.street import STAFF, Make, Place

COUNTERS = {
    "comments of posts": """select count(*) from tenant.post p where comment_count <> (select count(*)
        from tenant.comment c where c.post_id = p.id and c.state = 'PUBLISHED')""",
    "reactions of posts": """select count(*) from tenant.post p where reaction_count <> (select count(*)
        from tenant.reaction r where r.subject_id = p.id)""",
    "replies": """select count(*) from tenant.comment c where reply_count <> (select count(*)
        from tenant.comment r where r.parent_id = c.id and r.state = 'PUBLISHED')""",
    "reactions of comments": """select count(*) from tenant.comment c where reaction_count <> (
        select count(*) from tenant.reaction r where r.subject_id = c.id)""",
    "copied states": """select count(*) from tenant.comment c join tenant.post p on p.id = c.post_id
        where c.post_state <> p.state""",
    "reports": """select count(*) from tenant.moderation_case m where report_count <> (select count(*)
        from tenant.report r where r.case_id = m.id)""",
    "counts of the community": """select count(*) from tenant.community_count n
        where members <> (select count(*) from tenant.member where state = 'ACTIVE')
           or posts <> (select count(*) from tenant.post where state = 'PUBLISHED')
           or comments <> (select count(*) from tenant.comment where state = 'PUBLISHED')""",
}


async def test_what_is_counted_is_there(make: Make, database: Database) -> None:
    elm = await make.community()
    async with make.inside(elm.key) as connection:
        talk = CommunityTalk(elm.key, elm.boards, is_lively=True, ring=database.ring)
        talk.invent()
        await talk.write(connection)

    assert await make.value(elm, "select count(*) from tenant.member") > 300
    for what, query in COUNTERS.items():
        assert await make.value(elm, query) == 0, what


async def test_the_same_community_is_invented_the_same_way_twice(
    make: Make, database: Database
) -> None:
    elm = await make.community()
    once, again = (
        CommunityTalk(elm.key, elm.boards, is_lively=False, ring=database.ring) for _ in range(2)
    )
    for talk in (once, again):
        talk.invent()

    assert once.history.rows[posts] == again.history.rows[posts]
    assert once.people.active == again.people.active


def test_every_topic_has_comments() -> None:
    assert all(topic.comments for listed in topics().values() for topic in listed)


async def test_no_topic_comes_twice_in_a_row(make: Make, database: Database) -> None:
    elm = await make.community()
    talk = CommunityTalk(elm.key, elm.boards, is_lively=True, ring=database.ring)
    for listed in topics().values():
        dealt = talk._deal(listed)
        said = [next(dealt) for _ in range(4 * len(listed))]
        assert all(one is not other for one, other in pairwise(said))
        assert len(set(said[: len(listed)])) == len(listed)


# --- petitions

NOW = datetime.now(UTC)
ABOUT_PETITIONS = {
    "a petition's timeline ends in its state": """select count(*) from tenant.petition p
        where state <> (select e.state from tenant.petition_event e where e.petition_id = p.id
                        order by e.id desc limit 1)""",
    "it ends at its desk": """select count(*) from tenant.petition p
        where (level, desk) <> (select e.level, e.desk from tenant.petition_event e
                                where e.petition_id = p.id order by e.id desc limit 1)""",
    "it begins when the petition was sent": """select count(*) from tenant.petition p
        where (submitted_at, 'SUBMITTED') <> (select e.at, e.action from tenant.petition_event e
                                              where e.petition_id = p.id order by e.id limit 1)""",
    "an event has its place, and is not of the future": """select count(*) from tenant.petition_event
        where seq < 1 or at > now()""",
    "an event is in the audit, at its place": """select count(*) from tenant.petition_event e
        where not exists (select from tenant.audit_entry a
            where (a.seq, a.at, a.actor_id, a.subject_id)
                = (e.seq, e.at, e.actor_id, e.petition_id)
              and a.action = 'petition.' || lower(e.action))""",
    "the feed is in the order of time": """select count(*) from (
        select at < lag(at) over (order by seq) as is_earlier from tenant.petition_event) as events
        where is_earlier""",
    "its desks see all of it": """select count(*) from tenant.petition_event e
        join tenant.petition p on p.id = e.petition_id where e.desks <> p.desks""",
    "signers are counted": """select count(*) from tenant.petition p where support_count <>
        (select count(*) from tenant.petition_support s where s.petition_id = p.id)""",
    "signed while it was open": """select count(*) from tenant.petition_support s
        join tenant.petition p on p.id = s.petition_id
        where secrecy = 'PRIVATE' or supported_at < submitted_at
           or (select e.state from tenant.petition_event e
               where e.petition_id = p.id and e.at <= supported_at order by e.id desc limit 1)
              in ('ANSWERED', 'CALLBACK', 'CLOSED', 'NOT_ACCEPTED', 'MERGED', 'WITHDRAWN')""",
    "whoever rated it did so in the timeline": """select count(*) from tenant.petition_callback c
        where not exists (select from tenant.petition_event e
            where (e.petition_id, e.action, e.at) = (c.petition_id, 'RATED', c.at))""",
    "nobody handles their own": """select count(*) from tenant.petition p
        join tenant.petition_event e on e.petition_id = p.id and e.actor_kind = 'DESK'
        where p.author_id in (e.actor_id, p.handler_id)""",
    "no clock is due for an hour": """select count(*) from tenant.petition
        where next_at < now() + interval '1 hour'""",
    "one answer for each that is solved": """select count(*) from tenant.petition
        where (state in ('ANSWERED', 'CALLBACK', 'CLOSED')) <> (answered_at is not null)
          and state not in ('IN_PROGRESS', 'REVIEW_REQUESTED')""",
}


@pytest.fixture
async def lively(make: Make, database: Database) -> tuple[Place, CommunityPetitions]:
    """Give a community with many texts and petitions, and all the desks above it that these need."""
    elm = await make.community()
    for department in (await make.department(), None):
        await make.officer(department=department)
    await make.officer(elm.street_id)
    made = await _invented(make, database, elm, is_lively=True)
    async with make.inside(elm.key) as connection:
        made.invent()
        furnish(made.history, made.here, made.chance)
        await made.history.write(connection)
    return elm, made


async def _invented(
    make: Make, database: Database, place: Place, *, is_lively: bool
) -> CommunityPetitions:
    talk = CommunityTalk(place.key, place.boards, is_lively=is_lively, ring=database.ring)
    async with make.inside(place.key) as connection:
        talk.invent()
        await talk.write(connection)
        here = await connection.fetchrow("select * from tenant.community")
    async with make.district() as connection:
        known = await known_to(connection)
    return CommunityPetitions(here_of(here, talk.people.active, known, NOW), is_lively=is_lively)


async def test_letters_stand_as_their_timelines_tell(
    make: Make, lively: tuple[Place, CommunityPetitions]
) -> None:
    elm, made = lively

    assert await make.value(elm, "select count(*) from tenant.petition") == len(made.courses) >= 55
    for what, query in ABOUT_PETITIONS.items():
        assert await make.value(elm, query) == 0, what
    assert await make.audit_faults(elm) == []


async def test_every_state_level_and_secrecy_is_there(
    make: Make, lively: tuple[Place, CommunityPetitions]
) -> None:
    elm, _ = lively
    for column, all_of_them in (("state", PetitionState), ("level", Level), ("secrecy", Secrecy)):
        found = await make.rows(elm, f"select distinct {column} from tenant.petition")
        assert {row[column] for row in found} == set(all_of_them)
    desks = {row["desk"] for row in await make.rows(elm, "select desk from tenant.petition")}
    assert {elm.street_id, DISTRICT, 0} <= desks
    assert any(desk < 0 for desk in desks)
    overdue = await make.value(
        elm,
        "select count(*) from tenant.petition where is_open and (ack_overdue or resolve_overdue)",
    )
    assert 1 <= overdue <= 5


async def test_what_is_known_above_is_what_the_petitions_are(
    make: Make, lively: tuple[Place, CommunityPetitions]
) -> None:
    elm, made = lively
    known = {row["id"]: dict(row) for row in await _above(make, elm)}

    assert len(known) == len(made.courses)
    for petition in await make.rows(elm, "select * from tenant.petition"):
        fact = known[petition["id"]]
        of_its_own = {"is_imported", "first_ack_due_at"}
        assert fact == {name: petition[name] for name in fact.keys() - of_its_own} | {
            "is_imported": False,
            "first_ack_due_at": fact["first_ack_due_at"],
        }
        assert fact["first_ack_due_at"] >= petition["submitted_at"]


async def _above(make: Make, place: Place) -> list[Any]:
    async with make.district() as connection:
        query = "select * from tenant.petition_fact where community_id = $1"
        return await connection.fetch(query, place.key)


async def test_the_clock_finds_nothing_to_do_and_agrees_with_every_due_date(
    make: Make, database: Database, lively: tuple[Place, CommunityPetitions]
) -> None:
    elm, _ = lively
    stood = "select id, state, due_at, next_at, version from tenant.petition order by id"
    before = await make.rows(elm, stood)
    for row in await make.rows(elm, "select * from tenant.petition"):
        assert (row["due_at"], row["next_at"]) == (next_due(row), PETITIONS.next_at(row)), row[
            "title"
        ]

    await Clock(database, timed=TIMED).sweep()

    assert await make.rows(elm, stood) == before


async def test_the_same_letters_are_invented_at_the_same_moment(
    make: Make, database: Database
) -> None:
    elm = await make.community()
    once = await _invented(make, database, elm, is_lively=False)
    again = CommunityPetitions(once.here, is_lively=False)
    for each in (once, again):
        each.invent()

    assert once.history.rows == again.history.rows
    assert 1 <= len(once.courses) <= 2


async def test_the_committee_has_a_roster_without_gaps_templates_and_a_count(
    make: Make, lively: tuple[Place, CommunityPetitions]
) -> None:
    elm, _ = lively
    shifts = await make.rows(elm, "select starts_at, ends_at from tenant.duty_shift")

    assert len(shifts) >= 5
    assert gaps([tuple(row) for row in shifts], NOW, horizon(NOW)) == []
    assert await make.value(elm, "select count(*) from tenant.answer_template") == 2
    assert await make.value(elm, "select households < adults from tenant.population") is True


def test_no_letter_is_longer_than_one_may_be() -> None:
    slots = {"b": "38号楼", "n": "60", "m": "900"}
    for letter in (*letters(), *refused()):
        for text, most in (
            (letter.title, TITLE_LENGTH), (letter.body, BODY_LENGTH), (letter.answer, ANSWER_LENGTH),
            (letter.location or "", LOCATION_LENGTH), (letter.reason, WORDS_LENGTH),
            (letter.route or "", ROUTE_LENGTH),
        ):  # fmt: skip
            filled = text.format(**slots)
            assert len(filled) <= most
            assert not {"{", "}"} & set(filled)
        assert letter.title
        assert letter.body
        assert all(len(said) <= WORDS_LENGTH for said in letter.callback)
    said = [text for many in words().values() if isinstance(many, list) for text in many]
    assert all(0 < len(text) <= WORDS_LENGTH for text in said)


async def test_every_letter_has_a_category_of_the_district(make: Make) -> None:
    async with make.district() as connection:
        known = await known_to(connection)

    assert {letter.category for letter in (*letters(), *refused())} <= known.categories.keys()


# --- the history

_MOVES: tuple[tuple[Step, dict[str, Any]], ...] = (
    (ACCEPT, {"is_listed": True}),
    (ASSIGN, {"desk": 0, "disputed_desk": None}),
    (DISPUTE, {}),
    (ASSIGN, {"paused_at": None}),
    (ANSWER, {"outcome": "SOLVED", "callback_due_at": NOW + timedelta(hours=5)}),
    (REOPEN, {"callback_due_at": None, "callback_until": None}),
)


async def test_a_history_is_what_the_service_writes(make: Make, database: Database) -> None:
    """The same moves of one petition, once in memory and once by `tenants.taking`."""
    elm = await make.community()
    author, staff = await make.member(elm), await make.member(elm, *STAFF)
    viewers = [member(elm.key, author.id), member(elm.key, staff.id, Role.COMMITTEE_MEMBER)]
    petition = await make.petition(author, at=NOW, is_listed=False)
    (row,) = await make.rows(elm, "select * from tenant.petition where id = $1", petition)
    history, told = History(elm.key, random.Random(1).getrandbits), dict(row)

    for number, (step, given) in enumerate(_MOVES, start=1):
        at, by = NOW + timedelta(hours=number), viewers[step is not REOPEN]
        history.take(step, told, at, by, words=f"第{number}步", **given)
        history.until(PETITIONS, told, at, {})
        async with database.act(by, Client(by.client_id, ""), at, elm.key) as tx:
            await taking.take(tx, step, row, words=f"第{number}步", **given)
        async with database.act(system(0), Client(system(0).client_id, ""), at, elm.key) as tx:
            for due in await tx.rows(TIMED.one_due, v_id=petition):
                await TIMED.advance(tx, due)
        (row,) = await make.rows(elm, "select * from tenant.petition where id = $1", petition)

    assert dict(row) == told
    events = await make.rows(elm, "select * from tenant.petition_event order by seq")
    changing = {"id", "seq", "community_id"}
    assert [_without(event, changing) for event in events] == [
        _without(event, changing) for event in history.rows[petition_events]
    ]
    async with make.inside(elm.key) as connection:
        await history.write(connection)
    twice = await make.rows(
        elm, "select * from tenant.audit_entry where subject_id = $1 order by seq", petition
    )
    changing |= {"prev_hash", "entry_hash"}
    said = [_without(entry, changing) for entry in twice]
    assert said[: len(said) // 2] == said[len(said) // 2 :] != []
    assert await make.audit_faults(elm) == []


def _without(row: Facts, names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in dict(row).items() if name not in names}


# --- votes

ABOUT_VOTES = {
    "whoever voted is on the roll": """select count(*) from tenant.vote_ballot b where not exists (
        select from tenant.vote_voter v where (v.roll_id, v.voter_id) = (b.roll_id, b.voter_id))""",
    "ballots were cast while it was open": """select count(*) from tenant.vote_ballot b
        join tenant.vote v on v.id = b.vote_id
        where b.cast_at < v.opens_at or b.cast_at >= v.closes_at""",
    "a count has every ballot": """select count(*) from tenant.vote_result r
        where ballots <> (select count(*) from tenant.vote_ballot b where b.vote_id = r.vote_id)
           or ballots <> (select participating from tenant.vote_tally t
                           where t.vote_id = r.vote_id and t.unit <> 'AREA')""",
    "what is over is counted, and nothing else": """select count(*) from tenant.vote v
        where (state in ('CLOSED', 'PUBLISHED')) <> exists (
            select from tenant.vote_result r where r.vote_id = v.id)""",
    "nothing is of the future": "select count(*) from tenant.vote_event where at > now()",
}


async def test_votes_go_through_the_services(make: Make, database: Database) -> None:
    elm = await make.residents_community()
    async with make.inside(elm.key) as connection:
        talk = CommunityTalk(elm.key, elm.boards, is_lively=True, ring=database.ring)
        talk.invent()
        await talk.write(connection)
    held = CommunityVotes(
        database,
        elm.key,
        elm.boards["neighbours"],
        talk.people.staff,
        talk.people.supervisor,
        talk.people.everyone,
        datetime.now(UTC),
    )
    await held.hold(with_meeting=True)

    topic = await BicycleStory(held).tell()
    told = await make.rows(
        elm, "select kind from tenant.origin_step where subject_id = (select id from tenant.project) "
        "order by position",
    )  # fmt: skip
    assert [row["kind"] for row in told] == [
        "POST", "PETITION", "TOPIC", "CONSULTATION", "RESOLUTION", "PROJECT",
    ]  # fmt: skip
    how = "select t.state, p.state, p.budget, p.spent from tenant.topic t, tenant.project p where t.id = $1"
    (row,) = await make.rows(elm, how, topic)
    assert tuple(row) == ("EXECUTING", "UNDER_WAY", 1_000_000, 185_000)
    assert await make.audit_faults(elm) == []

    states = await make.rows(elm, "select track, state from tenant.vote order by track, state")
    assert [tuple(row) for row in states] == [
        *[("DECISION", "PUBLISHED")] * 5, ("POLL", "CLOSED"), ("POLL", "OPEN"),
    ]  # fmt: skip
    for what, query in ABOUT_VOTES.items():
        assert await make.value(elm, query) == 0, what
    decided = """select v.matter, r.outcome from tenant.vote_result r
        join tenant.vote v on v.id = r.vote_id where track = 'DECISION' order by v.matter"""
    assert [tuple(row) for row in await make.rows(elm, decided)] == [
        ("OWNERS_COMMITTEE_MEMBERS", "PASSED"), ("PROPERTY_MANAGER", "PASSED"),
        ("REBUILD", "FAILED_VOTES"), ("RESIDENT_PACT", "PASSED"), ("USE_MAINTENANCE_FUND", "PASSED"),
    ]  # fmt: skip
    made = """select p.kind, p.state, p.versions, (select count(*) from tenant.pact_signature s
        where s.pact_id = p.id and s.state = 'VALID') from tenant.pact p order by p.kind"""
    assert [tuple(row) for row in await make.rows(elm, made)] == [
        ("BUILDING_PACT", "IN_FORCE", 2, 4), ("RESIDENTS_PACT", "ON_VOTE", 1, 0),
    ]  # fmt: skip
