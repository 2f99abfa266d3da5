"""Test what the system does to a petition that no one touches, with a clock that the tests set."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.engine.identifiers import decode_id
from api.settings import Settings
from tenants.embedded import Cluster
from tenants.petitions.clocks import above, can_rise, next_due
from tenants.petitions.procedure import ACK_OVERDUE, PETITIONS, RISE
from tenants.petitions.words import OPEN, PAUSED, WAITING, PetitionState
from tenants.procedure import Timer, after
from tests.clockwork import House, at, house
from tests.street import SECRETARY, STAFF, Place, SignedIn, key

MONDAY = "2026-03-02"  # in a month without holidays
HOUR = timedelta(hours=1)
CATEGORIES = {
    "CRITICAL": "环境保护/环境污染",
    "URGENT": "城乡建设/安全生产",
    "NORMAL": "城乡建设/其他",
    "COMPLEX": "城乡建设/城乡规划",
}
SEEN = """query ($id: ID!) { petition(id: $id) { state level isOpen
  clocks { acknowledgeDueAt isAcknowledgementOverdue resolveDueAt isResolutionOverdue isPaused }
  events(first: 50) { nodes { at action actorKind level state isPublic } } } }"""


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only; in its district pollution is CRITICAL."""
    folder = tmp_path_factory.mktemp("clocked")
    async with house(settings, cluster, folder, "clocked", 20) as opened:
        opened.run(
            "update reference.petition_category set urgency = 'CRITICAL' where name = '环境污染'"
        )
        await asyncio.sleep(1.2)  # wait for the first round of the server's own worker
        yield opened


class Lane:
    """It is a community with an author, staff and a secretary, and the desks above it."""

    def __init__(self, hall: House, place: Place, people: list[SignedIn]) -> None:
        self.hall, self.place = hall, place
        self.author, self.staff, self.secretary, self.street, self.district = people

    async def submit(self, urgency: str, when: datetime, **given: Any) -> str:
        """Send a petition at a moment."""
        self.hall.watch.now = when
        answer = await self.author.run("{ community { petitionCategories { id topic name } } }")
        wanted = CATEGORIES[urgency].split("/")
        (category,) = [
            each["id"]
            for each in answer.data["community"]["petitionCategories"]
            if [each["topic"], each["name"]] == wanted
        ]
        return await self.do(
            self.author, "submitPetition", kind="HELP", title="漏水", body="楼顶漏水。",
            categoryId=category, secrecy="PRIVATE", idempotencyKey=key(), **given,
        )  # fmt: skip

    async def do(self, who: SignedIn, verb: str, **given: Any) -> str:
        """Run a mutation that must succeed; return the petition's id."""
        answer = await who.do(verb, "petition { id }", **given)
        assert answer.refusals == [], answer.body
        return answer.payload["petition"]["id"]

    async def see(self, petition: str, who: SignedIn | None = None) -> Any:
        """Return what the author, or another person, sees of it."""
        return (await (who or self.author).run(SEEN, id=petition)).data["petition"]

    async def told(self, petition: str) -> list[tuple[datetime, str, str, str]]:
        """Return the system's steps that the author reads: time, action, level, state then."""
        seen = await self.see(petition)
        events = [each for each in seen["events"]["nodes"] if each["actorKind"] == "SYSTEM"]
        assert all(each["isPublic"] for each in events)
        return [
            (datetime.fromisoformat(e["at"]), e["action"], e["level"], e["state"]) for e in events
        ]

    async def hours(self, first: datetime, last: datetime) -> None:
        """Let the hours pass one by one, with a round of the worker each hour."""
        moment = first
        while moment <= last:
            await self.hall.sweep(moment)
            moment += HOUR


@pytest.fixture
async def lane(hall: House) -> Lane:
    """A community that no other test uses; in the others nothing more is due."""
    moment = at("2030-01-01")
    while await hall.sweep(moment):
        moment += timedelta(days=90)
    make, signed_in = hall.make, hall.signed_in
    place = await make.community()
    people = [
        await make.member(place),
        await make.member(place, *STAFF),
        await make.member(place, *SECRETARY),
        await make.officer(place.street_id),
        await make.officer(),
    ]
    return Lane(hall, place, [signed_in(person) for person in people])


# By the table of time limits and the calendar, calculated by hand: when, what, at which level.
IN_WORKING_DAYS = [
    ("2026-03-04", "00:00", "ACK_OVERDUE", "COMMUNITY", "SUBMITTED"),
    ("2026-03-05", "00:00", "ESCALATED", "STREET", "ESCALATED"),
    ("2026-03-07", "00:00", "ACK_OVERDUE", "STREET", "ESCALATED"),
    ("2026-03-08", "00:00", "ESCALATED", "DISTRICT", "ESCALATED"),
    ("2026-03-10", "00:00", "ACK_OVERDUE", "DISTRICT", "ESCALATED"),
]
UNTOUCHED = {
    "CRITICAL": [
        ("2026-03-02", "11:00", "ACK_OVERDUE", "COMMUNITY", "SUBMITTED"),
        ("2026-03-02", "12:00", "RESOLVE_OVERDUE", "COMMUNITY", "SUBMITTED"),
        ("2026-03-03", "11:00", "ESCALATED", "STREET", "ESCALATED"),
        ("2026-03-03", "12:00", "ACK_OVERDUE", "STREET", "ESCALATED"),
        ("2026-03-04", "12:00", "ESCALATED", "DISTRICT", "ESCALATED"),
        ("2026-03-04", "13:00", "ACK_OVERDUE", "DISTRICT", "ESCALATED"),
    ],
    "URGENT": [
        ("2026-03-02", "12:00", "ACK_OVERDUE", "COMMUNITY", "SUBMITTED"),
        ("2026-03-03", "10:00", "RESOLVE_OVERDUE", "COMMUNITY", "SUBMITTED"),
        ("2026-03-03", "12:00", "ESCALATED", "STREET", "ESCALATED"),
        ("2026-03-03", "14:00", "ACK_OVERDUE", "STREET", "ESCALATED"),
        ("2026-03-04", "14:00", "ESCALATED", "DISTRICT", "ESCALATED"),
        ("2026-03-04", "16:00", "ACK_OVERDUE", "DISTRICT", "ESCALATED"),
    ],
    "NORMAL": [
        *IN_WORKING_DAYS,
        ("2026-03-12", "00:00", "RESOLVE_OVERDUE", "DISTRICT", "ESCALATED"),
    ],
    "COMPLEX": [
        *IN_WORKING_DAYS,
        ("2026-03-24", "00:00", "RESOLVE_OVERDUE", "DISTRICT", "ESCALATED"),
    ],
}  # fmt: skip


async def test_a_case_that_nobody_touches_rises_on_schedule_before_its_authors_eyes(
    lane: Lane,
) -> None:
    sent = {urgency: await lane.submit(urgency, at(MONDAY)) for urgency in UNTOUCHED}

    await lane.hours(at(MONDAY), at("2026-03-25"))

    for urgency, petition in sent.items():
        expected = [(at(day, time), *rest) for day, time, *rest in UNTOUCHED[urgency]]
        assert await lane.told(petition) == expected, urgency
        seen = await lane.see(petition)
        assert next(each["action"] for each in seen["events"]["nodes"]) == "SUBMITTED"
        assert len(seen["events"]["nodes"]) == 7
        assert (seen["state"], seen["level"], seen["isOpen"]) == ("ESCALATED", "DISTRICT", True)
        clocks = seen["clocks"]
        assert clocks["isAcknowledgementOverdue"] is clocks["isResolutionOverdue"] is True
    query = "select count(*)::int from tenant.petition where next_at is not null"
    assert await lane.hall.make.value(lane.place, query) == 0, "nothing more is awaited"
    done = [entry for entry in await lane.hall.make.trace(lane.place) if "petition" in entry[0]]
    assert len(done) == 4 * 7


async def test_each_desk_sees_it_when_it_comes_to_it_and_not_before(lane: Lane) -> None:
    petition = await lane.submit("NORMAL", at(MONDAY))
    seen: list[tuple[bool, bool]] = []
    for day in ("2026-03-04", "2026-03-05", "2026-03-07", "2026-03-08"):
        await lane.hall.sweep(at(day))
        desks = (lane.street, lane.district)
        street, district = [await lane.see(petition, who) is not None for who in desks]
        seen.append((street, district))

    assert seen == [(False, False), (True, False), (True, False), (True, True)]
    inbox = await lane.district.run("{ district { inbox(overdue: false) { nodes { id } } } }")
    assert petition in [each["id"] for each in inbox.data["district"]["inbox"]["nodes"]]


async def test_whoever_takes_it_on_ends_its_rise(lane: Lane) -> None:
    petition = await lane.submit("NORMAL", at(MONDAY))
    await lane.hours(at(MONDAY), at("2026-03-05", "12:00"))
    await lane.do(lane.street, "acceptPetition", petitionId=petition)
    await lane.hours(at("2026-03-05", "13:00"), at("2026-03-20"))

    assert [(step[1], step[2]) for step in await lane.told(petition)] == [
        ("ACK_OVERDUE", "COMMUNITY"), ("ESCALATED", "STREET"), ("RESOLVE_OVERDUE", "STREET"),
    ]  # fmt: skip
    assert (await lane.told(petition))[-1][0] == at("2026-03-12", "00:00")


def midnight(day: str) -> datetime:
    """Return 24:00 of a day in Shanghai."""
    return at(day, "00:00") + timedelta(days=1)


# When it is sent, and its deadlines for acknowledgement and resolution. In 2026 the State Council
# makes 25 September and 1 to 7 October days off, and the weekend days 20 September and 10 October
# working days.
CALENDAR = [
    ("NORMAL", at("2026-03-06", "17:00"), midnight("2026-03-09"), midnight("2026-03-17")),
    ("NORMAL", at("2026-09-30"), midnight("2026-10-08"), midnight("2026-10-15")),
    ("COMPLEX", at("2026-09-30"), midnight("2026-10-08"), midnight("2026-10-27")),
    ("NORMAL", at("2026-09-18"), midnight("2026-09-20"), midnight("2026-09-29")),
    ("NORMAL", at("2026-10-03", "08:00"), midnight("2026-10-08"), midnight("2026-10-15")),
    # of 2027 only the statutory holidays are known: 1 January is one
    ("NORMAL", at("2026-12-30", "23:30"), midnight("2026-12-31"), midnight("2027-01-11")),
    ("URGENT", at("2026-09-30", "23:00"), at("2026-10-01", "01:00"), at("2026-10-01", "23:00")),
    ("CRITICAL", at("2026-10-03", "23:30"), at("2026-10-04", "00:30"), at("2026-10-04", "01:30")),
]


@pytest.mark.parametrize(("urgency", "sent", "acknowledged", "resolved"), CALENDAR)
async def test_days_are_working_days_and_hours_run_round_the_clock(
    lane: Lane, urgency: str, sent: datetime, acknowledged: datetime, resolved: datetime
) -> None:
    petition = await lane.submit(urgency, sent)

    clocks = (await lane.see(petition))["clocks"]
    due = [datetime.fromisoformat(clocks[name]) for name in ("acknowledgeDueAt", "resolveDueAt")]
    assert due == [acknowledged, resolved]
    assert await lane.hall.sweep(acknowledged - timedelta(microseconds=1)) == 0
    await lane.hall.sweep(acknowledged)
    assert [step[:2] for step in await lane.told(petition)] == [(acknowledged, "ACK_OVERDUE")]
    await lane.do(lane.staff, "acceptPetition", petitionId=petition)
    await lane.hall.sweep(resolved - timedelta(microseconds=1))
    assert len(await lane.told(petition)) == 1
    for later in (timedelta(), HOUR, timedelta(days=99)):
        await lane.hall.sweep(resolved + later)
    assert [step[:2] for step in await lane.told(petition)][1:] == [(resolved, "RESOLVE_OVERDUE")]


async def test_the_clocks_stand_while_its_author_is_asked(lane: Lane) -> None:
    petition = await lane.submit("NORMAL", at(MONDAY))
    lane.hall.watch.now = at(MONDAY, "15:00")
    await lane.do(
        lane.staff, "requestPetitionInformation", petitionId=petition, question="几号楼？"
    )
    assert (await lane.see(petition))["clocks"]["isPaused"] is True
    await lane.hours(at(MONDAY, "16:00"), at("2026-03-20"))
    assert await lane.told(petition) == []

    lane.hall.watch.now = at("2026-03-20", "15:00")
    await lane.do(lane.author, "resubmitPetition", petitionId=petition, body="三号楼。")

    clocks = (await lane.see(petition))["clocks"]
    assert clocks["isPaused"] is False
    # it paused for eighteen days: 29 March is a Sunday; the desk has one working day again
    assert datetime.fromisoformat(clocks["resolveDueAt"]) == midnight("2026-03-30")
    assert datetime.fromisoformat(clocks["acknowledgeDueAt"]) == midnight("2026-03-23")
    await lane.hours(at("2026-03-20", "16:00"), midnight("2026-03-23"))
    assert [step[:2] for step in await lane.told(petition)] == [
        (midnight("2026-03-23"), "ACK_OVERDUE")
    ]


async def test_the_clocks_stand_while_it_is_decided_who_is_to_handle_it(lane: Lane) -> None:
    petition = await lane.submit("NORMAL", at(MONDAY))
    await lane.do(lane.staff, "acceptPetition", petitionId=petition)
    await lane.do(
        lane.secretary, "assignPetition", petitionId=petition, handlerId=lane.staff.person.public_id
    )
    lane.hall.watch.now = at("2026-03-03")
    await lane.do(lane.staff, "disputeAssignment", petitionId=petition, reason="不归我管")
    await lane.hours(at("2026-03-03"), at("2026-03-13"))
    assert await lane.told(petition) == []
    lane.hall.watch.now = at("2026-03-13")
    await lane.do(
        lane.secretary, "assignPetition", petitionId=petition, handlerId=lane.staff.person.public_id
    )

    await lane.hours(at("2026-03-13"), midnight("2026-03-23"))

    assert [step[:2] for step in await lane.told(petition)] == [
        # ten days later is a Saturday
        (midnight("2026-03-23"), "RESOLVE_OVERDUE")
    ]


async def test_the_roster_goes_by_the_same_watch(lane: Lane) -> None:
    """Who is on duty, and which shift may be cancelled: by the set clock, not the database's."""
    begins, ends = at(MONDAY, "09:00"), at(MONDAY, "17:00")
    lane.hall.watch.now = at(MONDAY, "08:00")
    made = await lane.secretary.do(
        "scheduleDuty", "shift { id }", memberId=lane.staff.person.public_id,
        startsAt=begins.isoformat(), endsAt=ends.isoformat(), idempotencyKey=key(),
    )  # fmt: skip
    assert made.refusals == [], made.body
    shift = made.payload["shift"]["id"]
    roster = """{ community { onDuty { id }
      dutyRoster { nodes { isRunning viewerCan { cancelDuty { allowed code } } } } } }"""
    seen: list[Any] = []
    for moment in (begins - HOUR, begins, ends - HOUR, ends):
        lane.hall.watch.now = moment
        told = (await lane.secretary.run(roster)).data["community"]
        seen.append((
            [each["id"] for each in told["onDuty"]],
            [(each["isRunning"], each["viewerCan"]["cancelDuty"]["code"]) for each in told["dutyRoster"]["nodes"]],
        ))  # fmt: skip

    assert seen == [
        ([], [(False, None)]), ([shift], [(True, None)]), ([shift], [(True, None)]), ([], []),
    ]  # fmt: skip
    late = await lane.secretary.do("cancelDuty", "", shiftId=shift)
    assert late.refusals == ["WRONG_STATE"]


async def answered(lane: Lane, when: datetime, **given: Any) -> str:
    """Create a petition that is answered at a moment; return its id."""
    petition = await lane.submit("NORMAL", when)
    await lane.do(lane.staff, "acceptPetition", petitionId=petition)
    await lane.do(lane.staff, "answerPetition", petitionId=petition, body="已阅。", **given)
    return petition


async def test_what_is_planned_is_asked_about_on_its_day_and_closed_a_week_later(
    lane: Lane,
) -> None:
    planned = at("2026-03-30", "09:00")
    petition = await answered(lane, at(MONDAY), outcome="PLANNED", plannedFor=planned.isoformat())
    await lane.hours(at(MONDAY), at("2026-04-10"))

    assert await lane.told(petition) == [
        (planned, "ASKED_BACK", "COMMUNITY", "CALLBACK"),
        (planned + timedelta(days=7), "CLOSED", "COMMUNITY", "CLOSED"),
    ]


async def test_its_author_is_asked_at_once_and_has_a_week(lane: Lane) -> None:
    silent = await answered(lane, at(MONDAY), outcome="EXPLAINED")
    heard = await answered(lane, at(MONDAY), outcome="EXPLAINED")
    await lane.hall.sweep(at(MONDAY, "10:01"))
    lane.hall.watch.now = at("2026-03-05")
    await lane.do(lane.author, "recordCallback", petitionId=heard, solved="YES", satisfaction=5)
    await lane.hall.sweep(at("2026-03-09", "10:00"))
    assert (await lane.see(silent))["state"] == "CALLBACK"
    await lane.hall.sweep(at("2026-03-09", "10:01"))
    await lane.hall.sweep(at("2026-05-09"))

    asked = (at(MONDAY, "10:01"), "ASKED_BACK", "COMMUNITY", "CALLBACK")
    closed = (at("2026-03-09", "10:01"), "CLOSED", "COMMUNITY", "CLOSED")
    assert await lane.told(silent) == [asked, closed]
    assert await lane.told(heard) == [asked]
    assert (await lane.see(heard))["state"] == "CLOSED"


async def test_after_a_stop_what_was_missed_happens_once_and_in_order(lane: Lane) -> None:
    petition = await lane.submit("CRITICAL", at(MONDAY))
    back = at("2026-04-02")

    moved = [await lane.hall.sweep(moment) for moment in (back, back, back + HOUR / 2)]

    assert moved == [1, 0, 0]
    # the street has it only since now: its own hour begins
    assert await lane.told(petition) == [
        (back, "ACK_OVERDUE", "COMMUNITY", "SUBMITTED"),
        (back, "RESOLVE_OVERDUE", "COMMUNITY", "SUBMITTED"),
        (back, "ESCALATED", "STREET", "ESCALATED"),
    ]
    await lane.hall.sweep(back + HOUR)
    assert (await lane.told(petition))[3:] == [(back + HOUR, "ACK_OVERDUE", "STREET", "ESCALATED")]


@pytest.fixture
def unlimited(hall: House) -> Iterator[None]:
    """Simulate a bug for one test: CRITICAL has no time limit."""
    limit = "update reference.time_limit set effective_to = {} where urgency = 'CRITICAL'"
    hall.run(limit.format("'2026-03-02T03:30:00+00'"))
    yield
    hall.run(limit.format("null"))


@pytest.mark.usefixtures("unlimited")
async def test_one_that_cannot_be_moved_keeps_no_other_back(lane: Lane) -> None:
    sent = [await lane.submit(each, at(MONDAY)) for each in ("CRITICAL", "URGENT", "NORMAL")]
    day = at("2026-03-05")

    moved = await lane.hall.sweep(day)

    assert moved == 2
    assert [len(await lane.told(petition)) for petition in sent] == [0, 3, 2]
    # no part of it was changed
    assert (await lane.see(sent[0]))["state"] == "SUBMITTED"
    assert await lane.hall.sweep(day + HOUR) == 0
    lane.hall.run("update reference.time_limit set effective_to = null where urgency = 'CRITICAL'")
    assert await lane.hall.sweep(day + 1.5 * HOUR) == 1
    assert len(await lane.told(sent[0])) == 3


async def test_a_look_that_finds_nothing_due_is_not_taken_again_and_again(lane: Lane) -> None:
    """next_at is stale (another program's rules): it is recalculated."""
    petition = await lane.submit("NORMAL", at(MONDAY))
    for table in ("petition", "petition_fact"):
        lane.hall.run(
            f"update tenant.{table} set next_at = submitted_at "
            f"where id = '{decode_id(petition, 'pet_')}'"
        )
    moments = (at(MONDAY, "10:01"), at(MONDAY, "10:02"), midnight("2026-03-03"))

    moved = [await asyncio.wait_for(lane.hall.sweep(moment), 20) for moment in moments]

    assert moved == [1, 0, 1]
    assert [step[:2] for step in await lane.told(petition)] == [
        (midnight("2026-03-03"), "ACK_OVERDUE")
    ]


# --- calculations without a database

MOMENTS = st.integers(0, 2000).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * HOUR)
DESKS = {"COMMUNITY": 0, "STREET": 310113001, "DISTRICT": 310113}


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a petition in any state, with any deadlines that its table allows."""
    state = draw(st.sampled_from(sorted(PetitionState)))
    level = draw(st.sampled_from(sorted(DESKS)))
    is_department = level != "COMMUNITY" and draw(st.booleans())
    return {
        "state": state.value, "is_open": state in OPEN, "level": level,
        "desk": -310113007 if is_department else DESKS[level],
        "street_id": DESKS["STREET"], "district_id": DESKS["DISTRICT"],
        "rise_hours": draw(st.integers(1, 72)),
        "ack_due_at": draw(MOMENTS), "ack_overdue": draw(st.booleans()),
        "resolve_due_at": draw(MOMENTS), "resolve_overdue": draw(st.booleans()),
        "callback_due_at": draw(MOMENTS) if state == "ANSWERED" else None,
        "callback_until": draw(MOMENTS) if state == "CALLBACK" else None,
    }  # fmt: skip


def due_by_the_rules(row: dict[str, Any], now: datetime) -> set[str]:
    """Return what is due by the rules of domain.md, which are written here a second time."""
    due: set[str] = set()
    is_late = row["ack_due_at"] <= now
    if row["state"] in ("SUBMITTED", "ESCALATED"):
        if is_late and not row["ack_overdue"]:
            due.add("ACK_OVERDUE")
        risen = row["ack_due_at"] + row["rise_hours"] * HOUR <= now
        if row["ack_overdue"] and risen and row["desk"] != row["district_id"]:
            due.add("ESCALATED")
    is_running = row["is_open"] and row["state"] not in ("RETURNED", "DISPUTED")
    if is_running and not row["resolve_overdue"] and row["resolve_due_at"] <= now:
        due.add("RESOLVE_OVERDUE")
    if row["state"] == "ANSWERED" and row["callback_due_at"] <= now:
        due.add("ASKED_BACK")
    if row["state"] == "CALLBACK" and row["callback_until"] <= now:
        due.add("CLOSED")
    return due


@given(rows(), MOMENTS)
def test_the_next_look_is_when_the_first_thing_is_due(row: dict[str, Any], now: datetime) -> None:
    look = PETITIONS.next_at(row)
    due = due_by_the_rules(row, now)
    assert {step.event for moment, step in PETITIONS.ahead(row) if moment <= now} == due
    assert (look is not None and look <= now) is bool(due)


@given(rows(), MOMENTS, st.integers(0, 72))
def test_what_is_due_comes_to_an_end(row: dict[str, Any], now: datetime, ack_hours: int) -> None:
    """Even if a desk has no time at all to acknowledge it, and at any moment."""
    taken: list[Timer] = []
    while (steps := PETITIONS.ahead(row)) and steps[0][0] <= now:
        step = steps[0][1]
        taken.append(step)
        assert len(taken) <= 8
        values: dict[str, Any] = {}
        if step is RISE:
            assert can_rise(row)
            level, desk = above(row)
            values = {"level": level.value, "desk": desk, "ack_overdue": False}
            values |= {"ack_due_at": now + ack_hours * HOUR}
        row = after(step, row, now, UUID(int=0), **values)
    for step in set(taken) - {ACK_OVERDUE, RISE}:
        assert taken.count(step) == 1
    assert taken.count(RISE) <= 2


@given(rows())
def test_what_people_read_as_due_is_one_of_the_two_clocks(row: dict[str, Any]) -> None:
    name = "ack_due_at" if row["state"] in WAITING else "resolve_due_at"
    assert next_due(row) == row[name]
    if row["state"] in PAUSED:
        assert PETITIONS.next_at(row) is None
