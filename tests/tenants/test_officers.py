"""Officers are invited and dismissed by one admin or two; no one promotes or keeps themselves."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.engine.identifiers import encode_id
from tests.conftest import SignIn
from tests.overheard import unspeakable
from tests.street import Answer, Make, Person, SignedIn, key
from tests.tenants.conftest import Lane, faults, id_of
from tests.tenants.test_departments import NODE, away, state_of, street_id, trace

SEEN = "invitation { id role state displayName reason street { id } department { id } officer { id } } code"
YEAR = timedelta(days=365)
LISTED = """{ district { officers(first: 50) { nodes { id roles state endsAt street { id } department { id } } }
              invitations(first: 50) { nodes { id state } } } }"""


async def everything(make: Make) -> list[Any]:
    """Return every department, officer, audit entry and invitation."""
    async with make.district() as connection:
        invited = await connection.fetch("select * from district.invitation order by id")
    return [*await state_of(make), invited]


class House:
    """It holds admins of the district and of one of its streets, and a department of each."""

    def __init__(self, lane: Lane, make: Make, signed_in: SignIn) -> None:
        self.lane, self.make, self.signed_in = lane, make, signed_in

    async def admin(self, street: int = 0, **values: Any) -> SignedIn:
        """Create another admin."""
        return self.signed_in(await self.make.officer(street, **values))

    async def invite(self, who: SignedIn, role: str = "DISTRICT_ADMIN", **given: Any) -> Answer:
        """Invite an officer, and note the code as a word that no log may hold."""
        wanted = {"displayName": "小张", "reason": "增员", "idempotencyKey": key(), **given}
        done = await who.do("inviteOfficer", SEEN, role=role, **wanted)
        if done.payload["code"]:
            unspeakable(done.payload["code"])
        return done

    async def refused(self, work: Any) -> Answer:
        """Assert that something is refused and changes nothing; return the answer."""
        before = await everything(self.make)
        done: Answer = await work
        assert done.codes or done.refusals, "it was refused"
        assert await everything(self.make) == before
        return done


@pytest.fixture
def house(lane: Lane, make: Make, signed_in: SignIn) -> House:
    """Give the officers of the lane's district."""
    return House(lane, make, signed_in)


async def officer_of(make: Make, officer: UUID) -> dict[str, Any]:
    """Return the row of an officer."""
    async with make.district() as connection:
        return dict(
            await connection.fetchrow("select * from district.officer where id = $1", officer)
        )


async def test_a_handler_is_invited_by_one_admin(house: House, make: Make) -> None:
    admin, department = await house.admin(), await make.department()
    done = await house.invite(admin, "DEPARTMENT_HANDLER", departmentId=department.public_id)
    invitation = done.payload["invitation"]
    assert invitation == {
        "id": invitation["id"], "role": "DEPARTMENT_HANDLER", "state": "OPEN",
        "displayName": "小张", "reason": "增员", "street": None,
        "department": {"id": department.public_id}, "officer": None,
    }  # fmt: skip
    code = done.payload["code"]
    assert code.startswith("310113-")
    stored = json.dumps(
        [[str(value) for value in row.values()] for row in (await everything(make))[3]]
    )
    assert code not in stored, "its hash is kept, never the code"
    assert await trace(make, invitation["id"]) == [("invitation.created", id_of(admin), "增员")]


async def test_an_admin_is_invited_by_two(house: House, make: Make) -> None:
    first, second = await house.admin(), await house.admin()
    done = await house.invite(first)
    invitation = done.payload["invitation"]
    assert invitation["state"] == "PROPOSED"
    this = {"invitationId": invitation["id"]}
    refused = await house.refused(first.do("confirmInvitation", **this))
    assert refused.refusals == ["FORBIDDEN"]
    may = "query ($id: ID!) { node(id: $id) { ... on Invitation { viewerCan { confirmInvitation { allowed } } } } }"
    told = [(await who.run(may, id=this["invitationId"])).data["node"] for who in (first, second)]
    assert [each["viewerCan"]["confirmInvitation"]["allowed"] for each in told] == [False, True]

    confirmed = await second.do("confirmInvitation", "invitation { state }", **this)
    assert confirmed.payload["invitation"] == {"state": "OPEN"}
    again = await house.refused((await house.admin()).do("confirmInvitation", **this))
    assert faults(again) == [("WRONG_STATE", ["input", "invitationId"])]
    assert await trace(make, invitation["id"]) == [
        ("invitation.created", id_of(first), "增员"),
        ("invitation.confirmed", id_of(second), None),
    ]


async def test_one_person_in_two_posts_is_one_person(house: House, lane: Lane) -> None:
    person, street = uuid4(), lane.place.street_id
    first, twin = await house.admin(person_id=person), await house.admin(0, person_id=person)
    invitation = (await house.invite(first)).payload["invitation"]["id"]
    confirm = twin.do("confirmInvitation", invitationId=invitation)
    assert (await house.refused(confirm)).refusals == ["FORBIDDEN"]

    target = await house.admin(street)
    asked = await first.do("dismissOfficer", officerId=target.person.public_id, reason="x")
    assert asked.refusals == []
    ask = twin.do("dismissOfficer", officerId=target.person.public_id, reason="x")
    assert (await house.refused(ask)).refusals == ["FORBIDDEN"]
    own = first.do("dismissOfficer", officerId=twin.person.public_id, reason="x")
    assert (await house.refused(own)).refusals == ["FORBIDDEN"]


async def test_confirmed_by_many_at_once_is_confirmed_once(house: House, make: Make) -> None:
    invitation = (await house.invite(await house.admin())).payload["invitation"]["id"]
    admins = [await house.admin() for _ in range(3)]
    answers = await asyncio.gather(
        *(each.do("confirmInvitation", invitationId=invitation) for each in admins)
    )
    assert sorted(answer.refusals for answer in answers) == [[], ["WRONG_STATE"], ["WRONG_STATE"]]
    actions = [row[0] for row in await trace(make, invitation)]
    assert actions == ["invitation.created", "invitation.confirmed"]


async def test_the_code_is_shown_once(house: House, make: Make) -> None:
    admin, department = await house.admin(), await make.department()
    given = {"departmentId": department.public_id, "idempotencyKey": key()}
    first = await house.invite(admin, "DEPARTMENT_HANDLER", **given)
    before = await everything(make)
    again = await house.invite(admin, "DEPARTMENT_HANDLER", **given)
    assert again.payload["invitation"] == first.payload["invitation"]
    assert (first.payload["code"] is not None, again.payload["code"]) == (True, None)
    assert await everything(make) == before
    other = house.invite(admin, "DEPARTMENT_HANDLER", **given, displayName="小李")
    assert faults(await house.refused(other)) == [
        ("IDEMPOTENCY_MISMATCH", ["input", "idempotencyKey"])
    ]
    # the same key of another admin is another key
    theirs = await house.invite(await house.admin(), "DEPARTMENT_HANDLER", **given)
    assert theirs.payload["invitation"]["id"] != first.payload["invitation"]["id"]


async def test_two_calls_at_once_with_one_key_make_one_invitation(house: House, make: Make) -> None:
    admin, department = await house.admin(), await make.department()
    given = {"departmentId": department.public_id, "idempotencyKey": key()}
    answers = await asyncio.gather(
        *(house.invite(admin, "DEPARTMENT_HANDLER", **given) for _ in range(4))
    )
    assert len({answer.payload["invitation"]["id"] for answer in answers}) == 1
    assert sum(answer.payload["code"] is not None for answer in answers) == 1


async def test_what_is_wrong_with_an_invitation(house: House, lane: Lane, make: Make) -> None:
    admin, now = await house.admin(), datetime.now(UTC)
    department, shut = await make.department(), await make.department(state="CLOSED")
    handler, ours = "DEPARTMENT_HANDLER", {"departmentId": department.public_id}
    street = {"streetId": await street_id(lane)}
    for role, given, fault in (
        (handler, {}, ("REQUIRED", ["input", "departmentId"])),
        (handler, {"departmentId": "x"}, ("NOT_FOUND", ["input", "departmentId"])),
        (handler, {"departmentId": shut.public_id}, ("WRONG_STATE", ["input", "departmentId"])),
        (handler, {**ours, **street}, ("INVALID", ["input", "streetId"])),
        ("DISTRICT_ADMIN", ours, ("INVALID", ["input", "departmentId"])),
        ("DISTRICT_ADMIN", {"streetId": "x"}, ("NOT_FOUND", ["input", "streetId"])),
        ("DISTRICT_ADMIN", {"displayName": " "}, ("REQUIRED", ["input", "displayName"])),
        ("DISTRICT_ADMIN", {"displayName": "长" * 31}, ("TOO_LONG", ["input", "displayName"])),
        ("DISTRICT_ADMIN", {"reason": " "}, ("REQUIRED", ["input", "reason"])),
        ("DISTRICT_ADMIN", {"idempotencyKey": ""}, ("INVALID", ["input", "idempotencyKey"])),
        ("DISTRICT_ADMIN", {"endsAt": at(now - YEAR)}, ("INVALID", ["input", "endsAt"])),
        ("DISTRICT_ADMIN", {"endsAt": at(now + 6 * YEAR)}, ("INVALID", ["input", "endsAt"])),
    ):
        assert faults(await house.refused(house.invite(admin, role, **given))) == [fault], given


def at(moment: datetime) -> str:
    """Format a moment as a client writes it."""
    return moment.isoformat()


async def test_a_street_admin_invites_and_dismisses_in_their_street_only(
    house: House, lane: Lane, make: Make
) -> None:
    street = lane.place.street_id
    admin = await house.admin(street)
    own, foreign, above = (
        await make.department(street), await make.department(away(lane)), await make.department(),
    )  # fmt: skip
    assert (await house.invite(admin)).payload["invitation"]["street"] == {
        "id": await street_id(lane)
    }
    made = await house.invite(admin, "DEPARTMENT_HANDLER", departmentId=own.public_id)
    assert made.payload["invitation"]["street"] == {"id": await street_id(lane)}
    for department in (foreign, above):
        work = house.invite(admin, "DEPARTMENT_HANDLER", departmentId=department.public_id)
        assert faults(await house.refused(work)) == [("NOT_FOUND", ["input", "departmentId"])]
    work = house.invite(admin, streetId=await street_id(lane, away(lane)))
    assert faults(await house.refused(work)) == [("NOT_FOUND", ["input", "streetId"])]

    seen = json.dumps((await admin.run(LISTED)).data)
    strangers = [
        await make.officer(), await make.officer(away(lane)), await make.officer(department=foreign),
    ]  # fmt: skip
    invited = (await house.invite(await house.admin())).payload["invitation"]["id"]
    never = encode_id(uuid4(), "off_")
    for stranger in (*(each.public_id for each in strangers), never):
        assert stranger not in seen
        assert (await admin.run(NODE, id=stranger)).data == {"node": None}
        work = admin.do("dismissOfficer", officerId=stranger, reason="x")
        assert faults(await house.refused(work)) == [("NOT_FOUND", ["input", "officerId"])]
    assert (await admin.run(NODE, id=invited)).data == {"node": None}
    for verb, rest in (("confirmInvitation", {}), ("declineInvitation", {"reason": "x"})):
        work = admin.do(verb, invitationId=invited, **rest)
        assert faults(await house.refused(work)) == [("NOT_FOUND", ["input", "invitationId"])]


async def test_members_have_no_part_in_it(house: House, lane: Lane, make: Make) -> None:
    admin = await house.admin()
    invited = (await house.invite(admin)).payload["invitation"]["id"]
    officer = await make.officer()
    for who in (lane.author, lane.secretary):
        for each in (invited, officer.public_id):
            assert (await who.run(NODE, id=each)).data == {"node": None}
        for verb, given in (
            ("confirmInvitation", {"invitationId": invited}),
            ("dismissOfficer", {"officerId": officer.public_id, "reason": "x"}),
        ):
            assert (await house.refused(who.do(verb, **given))).codes == ["FORBIDDEN"]


async def test_an_invitation_is_declined_by_any_admin_and_then_is_nothing(
    house: House, make: Make
) -> None:
    admin, other, department = await house.admin(), await house.admin(), await make.department()
    for decliner in (admin, other):
        made = await house.invite(admin, "DEPARTMENT_HANDLER", departmentId=department.public_id)
        this = {"invitationId": made.payload["invitation"]["id"]}
        done = await decliner.do(
            "declineInvitation",
            "invitation { state decisionReason decidedAt }",
            **this,
            reason="误",
        )
        told = done.payload["invitation"]
        assert (told["state"], told["decisionReason"]) == ("DECLINED", "误")
        for verb, rest in (("confirmInvitation", {}), ("declineInvitation", {"reason": "x"})):
            late = await house.refused(other.do(verb, **this, **rest))
            assert faults(late) == [("WRONG_STATE", ["input", "invitationId"])]


async def test_an_old_proposal_is_not_confirmed(house: House, make: Make) -> None:
    invitation = (await house.invite(await house.admin())).payload["invitation"]["id"]
    async with make.district() as connection:
        await connection.execute(
            "update district.invitation set expires_at = now() where state = 'PROPOSED'"
        )
    late = (await house.admin()).do("confirmInvitation", invitationId=invitation)
    assert faults(await house.refused(late)) == [("WRONG_STATE", ["input", "invitationId"])]


async def test_a_handler_is_dismissed_by_one(house: House, make: Make) -> None:
    admin, department = await house.admin(), await make.department()
    handler = house.signed_in(await make.officer(department=department))
    assert (await handler.run("{ viewer { id } }")).status == 200
    done = await admin.do(
        "dismissOfficer", "officer { state endedAt viewerCan { dismissOfficer { code } } }",
        officerId=handler.person.public_id, reason="调离",
    )  # fmt: skip
    told = done.payload["officer"]
    assert (told["state"], told["viewerCan"]["dismissOfficer"]) == (
        "DISMISSED",
        {"code": "WRONG_STATE"},
    )
    assert told["endedAt"] is not None
    assert (await handler.run("{ viewer { id } }")).status == 401, "the old token ends at once"
    late = admin.do("dismissOfficer", officerId=handler.person.public_id, reason="x")
    assert faults(await house.refused(late)) == [("WRONG_STATE", ["input", "officerId"])]
    assert await trace(make, handler.person.public_id) == [
        ("officer.dismissed", id_of(admin), "调离")
    ]


async def test_an_admin_is_dismissed_by_two_and_nobody_by_themselves(
    house: House, make: Make
) -> None:
    first, second, target = [await house.admin() for _ in range(3)]
    this = {"officerId": target.person.public_id, "reason": "调离"}
    own = target.do("dismissOfficer", **this)
    assert (await house.refused(own)).refusals == ["FORBIDDEN"]

    select = "officer { state dismissalRequestedAt viewerCan { dismissOfficer { allowed code } } }"
    asked = (await first.do("dismissOfficer", select, **this)).payload["officer"]
    assert (asked["state"], asked["dismissalRequestedAt"] is not None) == ("ACTIVE", True)
    assert asked["viewerCan"]["dismissOfficer"] == {"allowed": False, "code": "ALREADY_DONE"}
    twice = first.do("dismissOfficer", **this)
    assert (await house.refused(twice)).refusals == ["ALREADY_DONE"]
    assert (await target.run("{ viewer { id } }")).status == 200, "nothing yet"

    done = (await second.do("dismissOfficer", select, **this)).payload["officer"]
    assert done["state"] == "DISMISSED"
    assert (await target.run("{ viewer { id } }")).status == 401
    assert await trace(make, target.person.public_id) == [
        ("officer.dismissal_requested", id_of(first), "调离"),
        ("officer.dismissed", id_of(second), "调离"),
    ]


async def test_what_was_asked_long_ago_is_asked_anew(house: House, make: Make) -> None:
    first, second, target = [await house.admin() for _ in range(3)]
    this = {"officerId": target.person.public_id, "reason": "调离"}
    await first.do("dismissOfficer", **this)
    async with make.district() as connection:
        await connection.execute(
            "update district.officer set dismissal_asked_at = now() - interval '8 days' where id = $1",
            id_of(target),
        )
    await second.do("dismissOfficer", **this)
    row = await officer_of(make, id_of(target))
    assert (row["state"], row["dismissal_asked_by"]) == ("ACTIVE", id_of(second))
    await first.do("dismissOfficer", **this)
    assert (await officer_of(make, id_of(target)))["state"] == "DISMISSED"


async def test_two_admins_who_ask_for_each_other_are_not_both_gone_by_one_hand(
    house: House, make: Make
) -> None:
    one, two = await house.admin(), await house.admin()
    for asker, target in ((one, two), (two, one)):
        done = await asker.do("dismissOfficer", officerId=target.person.public_id, reason="x")
        assert done.refusals == []
    for each in (one, two):
        assert (await officer_of(make, id_of(each)))["state"] == "ACTIVE"


async def test_officers_are_listed_for_those_who_appoint(
    house: House, lane: Lane, make: Make
) -> None:
    street = lane.place.street_id
    ends = (datetime.now(UTC) + YEAR).replace(microsecond=0)
    admin, department = await house.admin(), await make.department(street)
    handler: Person = await make.officer(department=department, ends_at=ends)
    of_street = await house.admin(street)
    invited = (await house.invite(of_street)).payload["invitation"]["id"]
    for who in (admin, of_street):
        listed = (await who.run(LISTED)).data["district"]
        found = {each["id"]: each for each in listed["officers"]["nodes"]}
        assert found[handler.public_id] == {
            "id": handler.public_id, "roles": ["DEPARTMENT_HANDLER"], "state": "ACTIVE",
            "endsAt": at(ends), "street": {"id": await street_id(lane)},
            "department": {"id": department.public_id},
        }  # fmt: skip
        assert {"id": invited, "state": "PROPOSED"} in listed["invitations"]["nodes"]
        assert (admin.person.public_id in found) == (who is admin)
