"""The duty roster: set by the secretary, read by all members; the one on duty answers first."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from api.engine.identifiers import encode_id
from tenants.db import Database
from tenants.duty.gaps import gaps, horizon
from tenants.duty.service import Roster
from tenants.duty.tables import duty_gaps, duty_rosters, duty_shifts
from tenants.ids import new_id
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Make, Person, Place, SignedIn, key
from tests.tenants.conftest import Lane, faults, id_of
from tests.tenants.test_petitions import submitted

HOUR = timedelta(hours=1)
COUNTS = """select (select count(*) from tenant.duty_shift), (select count(*) from tenant.duty_gap),
  (select count(*) from tenant.duty_roster), (select count(*) from tenant.audit_entry),
  (select count(*) from tenant.outbox_event), (select count(*) from tenant.idempotency_key)"""
HANDLER = "select handler_id from tenant.petition order by id desc limit 1"
ROSTER = """{ community { onDuty { member { id } } dutyGaps { startsAt endsAt }
  dutyRoster { nodes { id member { id } isRunning viewerCan { cancelDuty { allowed code } } } } } }"""
# The ways to stop being staff.
ENDINGS = (
    "roles = array['RESIDENT']",
    "state = 'SUSPENDED'",
    "state = 'MOVED_OUT', left_at = now()",
)


async def scheduled(
    by: SignedIn, who: SignedIn, start: datetime, end: datetime, *, once: str = ""
) -> Any:
    """Put a person on duty."""
    return await by.do(
        "scheduleDuty", "shift { id isRunning }", memberId=who.person.public_id,
        startsAt=start.isoformat(), endsAt=end.isoformat(), idempotencyKey=once or key(),
    )  # fmt: skip


async def begin(make: Make, place: Place, at: datetime) -> None:
    """Begin a roster."""
    await make.row(place, duty_rosters, begun_at=at, held_at=at)


async def shift(make: Make, place: Place, who: Person, start: datetime, end: datetime) -> None:
    """Insert a shift that was set in the past."""
    await make.row(
        place, duty_shifts, id=new_id(start), member_id=who.id, starts_at=start, ends_at=end,
        created_at=start, created_by=who.id,
    )  # fmt: skip


async def read(asker: SignedIn) -> Any:
    """Return what a person sees of the roster."""
    return (await asker.run(ROSTER)).data["community"]


async def test_the_secretary_sets_a_roster_that_residents_read(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    now = datetime.now(UTC)
    made = await scheduled(lane.secretary, lane.staff, now - HOUR, now + HOUR)
    assert made.refusals == []
    later = await scheduled(lane.secretary, lane.secretary, now + 24 * HOUR, now + 25 * HOUR)
    assert later.payload["shift"]["isRunning"] is False
    li, chen = ({"id": one.person.public_id} for one in (lane.staff, lane.secretary))
    no = {"allowed": False, "code": "FORBIDDEN"}
    assert await read(lane.author) == {
        "onDuty": [{"member": li}],
        "dutyGaps": [],
        "dutyRoster": {
            "nodes": [
                {**made.payload["shift"], "member": li, "viewerCan": {"cancelDuty": no}},
                {**later.payload["shift"], "member": chen, "viewerCan": {"cancelDuty": no}},
            ]
        },
    }
    nodes = (await read(lane.secretary))["dutyRoster"]["nodes"]
    assert [node["viewerCan"]["cancelDuty"]["allowed"] for node in nodes] == [True, True]
    guest = signed_in(await make.applicant(lane.place, "UNDER_REVIEW"))
    assert await read(guest) == {"onDuty": [], "dutyGaps": [], "dutyRoster": None}

    done = await lane.secretary.do(
        "cancelDuty", "shift { id }", shiftId=made.payload["shift"]["id"]
    )

    assert done.payload == {"shift": None, "userErrors": []}
    seen = await read(lane.author)
    assert (seen["onDuty"], [node["member"] for node in seen["dutyRoster"]["nodes"]]) == (
        [],
        [chen],
    )
    done = await lane.actions()
    assert [act for act in done if act != "duty.gap_found"] == [
        "duty.scheduled", "duty.scheduled", "duty.cancelled",
    ]  # fmt: skip


async def test_what_is_refused_leaves_nothing(lane: Lane) -> None:
    now = datetime.now(UTC)
    first = await scheduled(lane.secretary, lane.staff, now, now + HOUR)
    assert first.refusals == []
    before = await lane.rows(COUNTS)
    day = 24 * HOUR
    ever = datetime(9000, 12, 31, 23, tzinfo=UTC)
    for who, start, end, fault in (
        (lane.neighbour, now, now + HOUR, ("INVALID", ["input", "memberId"])),
        (lane.staff, now, now + HOUR, ("ALREADY_DONE", ["input", "startsAt"])),
        (lane.staff, now - HOUR, now + day, ("ALREADY_DONE", ["input", "startsAt"])),
        (lane.secretary, now + HOUR, now + HOUR, ("INVALID", ["input", "endsAt"])),
        (lane.secretary, now, now + 7 * day + HOUR, ("INVALID", ["input", "endsAt"])),
        (lane.secretary, now - 2 * HOUR, now - HOUR, ("INVALID", ["input", "endsAt"])),
        (lane.secretary, now + 180 * day + HOUR, now + 181 * day, ("INVALID", ["input", "startsAt"])),
        (lane.secretary, ever, ever + HOUR / 2, ("INVALID", ["input", "startsAt"])),
    ):  # fmt: skip
        assert faults(await scheduled(lane.secretary, who, start, end)) == [fault]
    for asker in (lane.author, lane.staff):
        answer = await scheduled(asker, lane.staff, now + 2 * HOUR, now + 3 * HOUR)
        assert answer.codes == ["FORBIDDEN"]
        answer = await asker.do("cancelDuty", shiftId=first.payload["shift"]["id"])
        assert answer.codes == ["FORBIDDEN"]
    for unknown in ("sft_AaIXpBk9cDmJ0zAcFsOXJw", lane.staff.person.public_id, "sft_"):
        answer = await lane.secretary.do("cancelDuty", shiftId=unknown)
        assert answer.refusals == ["NOT_FOUND"]
    assert await lane.rows(COUNTS) == before


async def test_a_refused_first_shift_begins_no_roster(lane: Lane) -> None:
    now = datetime.now(UTC)
    answer = await scheduled(lane.secretary, lane.staff, now - 2 * HOUR, now - HOUR)
    assert answer.refusals == ["INVALID"]
    assert await lane.value("select count(*) from tenant.duty_roster") == 0


async def test_next_door_has_a_roster_of_its_own(lane: Lane, make: Make, signed_in: SignIn) -> None:
    now = datetime.now(UTC)
    made = await scheduled(lane.secretary, lane.staff, now, now + HOUR)
    oak = signed_in(await make.member(await make.community(), *SECRETARY))
    assert (await scheduled(oak, lane.staff, now, now + HOUR)).refusals == ["NOT_FOUND"]
    taken = await oak.do("cancelDuty", shiftId=made.payload["shift"]["id"])
    assert taken.refusals == ["NOT_FOUND"]
    assert await read(oak) == {"onDuty": [], "dutyGaps": [], "dutyRoster": {"nodes": []}}
    assert len((await read(lane.author))["dutyRoster"]["nodes"]) == 1


async def test_a_retry_finds_the_shift_it_made(lane: Lane) -> None:
    now, once = datetime.now(UTC), key()
    made = await scheduled(lane.secretary, lane.staff, now, now + HOUR, once=once)
    before = await lane.rows(COUNTS)
    again = await scheduled(lane.secretary, lane.staff, now, now + HOUR, once=once)
    assert again.payload == made.payload
    other = await scheduled(lane.secretary, lane.staff, now, now + 2 * HOUR, once=once)
    assert other.refusals == ["IDEMPOTENCY_MISMATCH"]
    assert await lane.rows(COUNTS) == before


async def test_many_shifts_set_at_once_wait_for_one_another(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    now = datetime.now(UTC)
    staff = [signed_in(await make.member(lane.place, *STAFF)) for _ in range(6)]
    asked = [scheduled(lane.secretary, who, now, now + HOUR) for who in (*staff, *staff)]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.refusals for answer in answers) == [[]] * 6 + [["ALREADY_DONE"]] * 6
    assert await lane.value("select count(*) from tenant.duty_shift") == 6


async def test_a_shift_that_is_over_cannot_be_cancelled(lane: Lane) -> None:
    now = datetime.now(UTC)
    await shift(lane.make, lane.place, lane.staff.person, now - 2 * HOUR, now - HOUR)
    over = encode_id(await lane.value("select id from tenant.duty_shift"), "sft_")
    assert (await read(lane.author))["dutyRoster"]["nodes"] == []
    assert (await lane.secretary.do("cancelDuty", shiftId=over)).refusals == ["WRONG_STATE"]
    assert await lane.value("select count(*) from tenant.duty_shift") == 1


async def test_who_is_on_duty_answers_first(lane: Lane, make: Make, signed_in: SignIn) -> None:
    now = datetime.now(UTC)
    other = signed_in(await make.member(lane.place, *STAFF))
    petition = await submitted(lane.author)
    assert await lane.value(HANDLER) is None
    assert (await other.do("acceptPetition", petitionId=petition)).refusals == []
    assert (await other.do("assignPetition", petitionId=petition)).refusals == []
    assert await lane.value(HANDLER) == id_of(other), "nobody is on duty: whoever assigns"
    assert (await scheduled(lane.secretary, lane.staff, now - HOUR, now + HOUR)).refusals == []
    # future and past shifts do not count
    await shift(make, lane.place, lane.secretary.person, now + HOUR, now + 2 * HOUR)
    await shift(make, lane.place, lane.secretary.person, now - 2 * HOUR, now - HOUR)
    assert (await other.do("assignPetition", petitionId=petition)).refusals == []
    assert await lane.value(HANDLER) == id_of(lane.staff)
    await submitted(lane.author)
    assert await lane.value(HANDLER) == id_of(lane.staff), "a new letter is at their hand"


@pytest.mark.parametrize("ending", ENDINGS)
async def test_who_no_longer_serves_is_not_on_duty(lane: Lane, make: Make, ending: str) -> None:
    now = datetime.now(UTC)
    assert (await scheduled(lane.secretary, lane.staff, now - HOUR, now + HOUR)).refusals == []
    assert len((await read(lane.author))["onDuty"]) == 1
    async with make.inside(lane.place.key) as connection:
        await connection.execute(
            f"update tenant.member set {ending} where id = $1", id_of(lane.staff)
        )
    seen = await read(lane.author)
    assert (seen["onDuty"], seen["dutyRoster"]["nodes"]) == ([], [])
    await submitted(lane.author)
    assert await lane.value(HANDLER) is None


async def test_gaps_ahead_are_read_by_the_staff(lane: Lane) -> None:
    now = datetime.now(UTC)
    await begin(lane.make, lane.place, now)
    far = now.replace(year=now.year + 1)
    for start in (far, now - 2 * HOUR):
        await lane.make.row(
            lane.place, duty_gaps, id=new_id(start), starts_at=start, ends_at=start + HOUR,
            found_at=now,
        )  # fmt: skip
    for asker in (lane.staff, lane.secretary):
        (gap,) = (await read(asker))["dutyGaps"]
        assert [datetime.fromisoformat(gap[each]) for each in ("startsAt", "endsAt")] == [
            far, far + HOUR,
        ]  # fmt: skip
    assert (await read(lane.neighbour))["dutyGaps"] == []


async def test_the_round_finds_the_gaps_of_every_roster(
    lane: Lane, make: Make, database: Database
) -> None:
    now, unused = datetime.now(UTC), await make.community()
    await begin(make, lane.place, now)
    found = "select ends_at from tenant.duty_gap order by starts_at"
    await Roster(database).sweep()
    ends = [(end,) for _, end in gaps([], now, horizon(now))]
    assert await lane.rows(found) == ends
    told = await lane.trace()
    assert [row[:2] for row in told] == [("duty.gap_found", UUID(int=0))] * len(ends)
    assert await make.rows(unused, found) == [], "who never set a roster is not warned"
    await Roster(database).sweep()
    assert await lane.trace() == told


async def test_a_shift_taken_back_leaves_its_gaps(lane: Lane) -> None:
    now, unfilled = datetime.now(UTC), "select ends_at from tenant.duty_gap order by starts_at"
    made = await scheduled(lane.secretary, lane.staff, now - HOUR, now - HOUR + timedelta(days=7))
    ends = [(end,) for _, end in gaps([], now, horizon(now))]
    assert await lane.rows(unfilled) == []
    await lane.secretary.do("cancelDuty", shiftId=made.payload["shift"]["id"])
    assert await lane.rows(unfilled) == ends
    assert await lane.value("select count(*) from tenant.duty_roster") == 1
