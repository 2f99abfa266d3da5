"""Secretaries: proposed by one officer, confirmed by another; a refusal changes nothing."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from api.engine.identifiers import encode_id
from tests.conftest import SignIn
from tests.street import SECRETARY, Make, Person, Place, SignedIn
from tests.tenants.conftest import Lane, faults, id_of
from tests.tenants.test_offices import HELD, TERMS, YEAR, about, at, refused

LISTED = "{ district { appointments { nodes { id action state displayName community { id } } } } }"


class Street:
    """It is a community with two admins of its street, and other officers above it."""

    def __init__(self, lane: Lane, make: Make, signed_in: SignIn) -> None:
        self.lane, self.make, self.signed_in = lane, make, signed_in

    async def admin(self, street_id: int | None = None, **who: Any) -> SignedIn:
        """Create an admin of the community's street, or of another one; 0 is the district."""
        street = self.lane.place.street_id if street_id is None else street_id
        return self.signed_in(await self.make.officer(street, **who))

    async def person_of(self, who: SignedIn) -> UUID:
        """Return the person id of a member."""
        query = "select person_id from tenant.member where id = $1"
        return await self.lane.value(query, id_of(who))

    def given(self, who: SignedIn | Person, action: str, **rest: Any) -> dict[str, Any]:
        """Return the input of a proposal."""
        return {"communityId": self.lane.place.public_id, "action": action, **about(who), **rest}

    async def propose(
        self, admin: SignedIn, who: SignedIn | Person, action: str = "APPOINT", **rest: Any
    ) -> str:
        """Propose, and return the proposal's id."""
        done = await admin.do(
            "proposeAppointment", "appointment { id }", **self.given(who, action, **rest)
        )
        assert done.refusals == []
        return done.payload["appointment"]["id"]


MAY_CONFIRM = """{ district { appointments(first: 1) { nodes {
  viewerCan { confirmAppointment { allowed code } } } } } }"""


@pytest.fixture
def street(lane: Lane, make: Make, signed_in: SignIn) -> Street:
    """Give the street of the lane."""
    return Street(lane, make, signed_in)


async def test_one_proposes_another_confirms_and_then_someone_is_secretary(
    street: Street, lane: Lane
) -> None:
    first, second = await street.admin(), await street.admin(0)
    seen = "appointment { id state viewerCan { confirmAppointment { allowed } declineAppointment { allowed } } }"
    proposed = await first.do("proposeAppointment", seen, **street.given(lane.author, "APPOINT"))
    appointment = proposed.payload["appointment"]
    assert appointment == {
        "id": appointment["id"], "state": "PROPOSED",
        "viewerCan": {"confirmAppointment": {"allowed": False}, "declineAppointment": {"allowed": True}},
    }  # fmt: skip
    assert await lane.rows(HELD, id_of(lane.author)) == [(["RESIDENT"], 1)], "nothing yet"

    done = await second.do("confirmAppointment", "appointment { state endsAt decidedAt }",
                           appointmentId=appointment["id"])  # fmt: skip
    assert done.payload["appointment"]["state"] == "CONFIRMED"
    assert await lane.rows(HELD, id_of(lane.author)) == [(list(SECRETARY), 2)]
    assert (await lane.author.run("{ viewer { id } }")).status == 401, "the old token ends at once"
    anew = street.signed_in(replace(lane.author.person, roles=SECRETARY, version=2))
    assert (await anew.do("grantRole", **about(lane.neighbour))).refusals == []
    told = await lane.neighbour.run("{ community { members { nodes { id } } } }")
    assert told.status == 401, "the neighbour has become a committee member"
    assert await lane.rows(TERMS) == [
        ("PARTY_SECRETARY", True, None, None), ("COMMITTEE_MEMBER", True, None, None)
    ]  # fmt: skip
    assert (await lane.trace())[:2] == [
        ("appointment.proposed", id_of(first), id_of(lane.author), "换届"),
        ("appointment.confirmed", id_of(second), id_of(lane.author), "换届"),
    ]


async def test_a_secretary_is_removed_the_same_way(street: Street, lane: Lane) -> None:
    first, second = await street.admin(), await street.admin()
    proposal = await street.propose(first, lane.secretary, "REMOVE")
    assert (await lane.secretary.run("{ viewer { id } }")).status == 200

    await second.do("confirmAppointment", appointmentId=proposal)

    assert await lane.rows(HELD, id_of(lane.secretary)) == [(["RESIDENT"], 2)]
    gone = await lane.secretary.do("grantRole", **about(lane.author))
    assert (gone.status, gone.codes) == (401, ["UNAUTHENTICATED"])

    back = await street.propose(second, lane.secretary)
    await first.do("confirmAppointment", appointmentId=back)
    again = await street.propose(first, lane.secretary, "REMOVE")
    await second.do("confirmAppointment", appointmentId=again)
    assert await lane.rows(TERMS) == [("PARTY_SECRETARY", False, id_of(second), "换届")]


async def test_the_proposer_does_not_confirm_even_in_another_post(
    street: Street, lane: Lane
) -> None:
    person = UUID(int=4711)
    first = await street.admin(person_id=person)
    proposal = await street.propose(first, lane.author)
    elsewhere = await street.admin(0, person_id=person)
    for admin in (first, elsewhere):
        work = admin.do("confirmAppointment", appointmentId=proposal)
        assert (await refused(lane, work)).refusals == ["FORBIDDEN"]
        (told,) = (await admin.run(MAY_CONFIRM)).data["district"]["appointments"]["nodes"]
        assert told["viewerCan"]["confirmAppointment"] == {"allowed": False, "code": "FORBIDDEN"}
    taken_back = await first.do("declineAppointment", "appointment { state }",
                                appointmentId=proposal, reason="误")  # fmt: skip
    assert taken_back.payload["appointment"] == {"state": "DECLINED"}
    late = (await street.admin()).do("confirmAppointment", appointmentId=proposal)
    assert (await refused(lane, late)).refusals == ["WRONG_STATE"]


async def test_nobody_raises_removes_or_keeps_themselves(street: Street, lane: Lane) -> None:
    resident = await street.admin(person_id=await street.person_of(lane.author))
    secretary = await street.admin(person_id=await street.person_of(lane.secretary))
    other = await street.admin()
    for admin, who, action in (
        (resident, lane.author, "APPOINT"),
        (secretary, lane.secretary, "REMOVE"),
    ):
        work = admin.do("proposeAppointment", **street.given(who, action))
        assert (await refused(lane, work)).refusals == ["FORBIDDEN"]
        proposal = await street.propose(other, who, action)
        confirm = admin.do("confirmAppointment", appointmentId=proposal)
        assert (await refused(lane, confirm)).refusals == ["FORBIDDEN"]
        decline = admin.do("declineAppointment", appointmentId=proposal, reason="不同意")
        assert (await refused(lane, decline)).refusals == ["FORBIDDEN"]


async def test_only_whom_it_makes_sense_of_is_proposed(street: Street, lane: Lane) -> None:
    admin, now = await street.admin(), datetime.now(UTC)
    applicant = await lane.make.applicant(lane.place, "UNDER_REVIEW")
    supervisor = await lane.make.member(lane.place, "RESIDENT", "SUPERVISOR")
    member = ["input", "memberId"]
    for who, action, rest, fault in (
        (applicant, "APPOINT", {}, ("NOT_FOUND", member)),
        (lane.secretary, "APPOINT", {}, ("ALREADY_DONE", member)),
        (supervisor, "APPOINT", {}, ("WRONG_STATE", member)),
        (lane.author, "REMOVE", {}, ("WRONG_STATE", member)),
        (lane.author, "APPOINT", {"endsAt": at(now + 6 * YEAR)}, ("INVALID", ["input", "endsAt"])),
        (lane.secretary, "REMOVE", {"endsAt": at(now + YEAR)}, ("INVALID", ["input", "endsAt"])),
        (lane.author, "APPOINT", {"reason": " "}, ("REQUIRED", ["input", "reason"])),
    ):
        work = admin.do("proposeAppointment", **street.given(who, action, **rest))
        assert faults(await refused(lane, work)) == [fault], (action, rest)


async def test_what_has_changed_since_is_seen_when_it_is_confirmed(
    street: Street, lane: Lane
) -> None:
    first, second = await street.admin(), await street.admin()
    proposal = await street.propose(first, lane.author)
    twice = first.do("proposeAppointment", **street.given(lane.author, "APPOINT"))
    assert (await refused(lane, twice)).refusals == ["ALREADY_DONE"], "one at a time"
    await lane.secretary.do(
        "grantRole", **about(lane.author, role="SUPERVISOR", declaresNoRelatives=True)
    )
    confirm = second.do("confirmAppointment", appointmentId=proposal)
    assert faults(await refused(lane, confirm)) == [("WRONG_STATE", ["input", "appointmentId"])]

    moved = await street.propose(first, lane.neighbour)
    await lane.neighbour.do("leaveCommunity", confirm=True)
    confirm = second.do("confirmAppointment", appointmentId=moved)
    assert (await refused(lane, confirm)).refusals == ["NOT_FOUND"]
    declined = await second.do("declineAppointment", appointmentId=moved, reason="已迁出")
    assert declined.refusals == []


async def test_confirmed_by_many_at_once_is_confirmed_once(street: Street, lane: Lane) -> None:
    proposal = await street.propose(await street.admin(), lane.author)
    admins = [await street.admin() for _ in range(2)]
    answers = await asyncio.gather(
        *(each.do("confirmAppointment", appointmentId=proposal) for each in admins)
    )
    assert sorted(answer.refusals for answer in answers) == [[], ["WRONG_STATE"]]
    assert await lane.rows(HELD, id_of(lane.author)) == [(list(SECRETARY), 2)]
    assert await lane.actions() == ["appointment.proposed", "appointment.confirmed"]


async def test_another_street_sees_and_decides_nothing(
    street: Street, lane: Lane, place_away: int
) -> None:
    first, above = await street.admin(), await street.admin(0)
    proposal = await street.propose(first, lane.author)
    away = await street.admin(place_away)
    node = "query ($id: ID!) { node(id: $id) { id } }"
    never = encode_id(UUID(int=7), "apt_")
    assert (await away.run(node, id=proposal)).data == {"node": None}
    assert (await above.run(node, id=proposal)).data == {"node": {"id": proposal}}
    for verb, given in (
        ("confirmAppointment", {}),
        ("declineAppointment", {"reason": "不同意"}),
    ):
        for appointment in (proposal, never):
            work = away.do(verb, appointmentId=appointment, **given)
            assert faults(await refused(lane, work)) == [("NOT_FOUND", ["input", "appointmentId"])]
    work = away.do("proposeAppointment", **street.given(lane.neighbour, "APPOINT"))
    assert faults(await refused(lane, work)) == [("NOT_FOUND", ["input", "communityId"])]

    assert proposal not in json.dumps((await away.run(LISTED)).data)
    for admin in (first, above):
        newest = (await admin.run(LISTED)).data["district"]["appointments"]["nodes"][0]
        assert (newest["id"], newest["state"]) == (proposal, "PROPOSED")
        assert newest["community"] == {"id": lane.place.public_id}


@pytest.fixture
def place_away(lane: Lane) -> int:
    """Give a street that the lane is not in."""
    return 310113102 if lane.place.street_id != 310113102 else 310113003


async def test_a_handler_reads_the_district_and_appoints_nobody(street: Street, lane: Lane) -> None:
    handler = await street.admin(department=await lane.make.department())
    proposal = await street.propose(await street.admin(), lane.author)
    assert (await handler.run("{ district { id } }")).data["district"] is not None
    assert (await handler.run(LISTED)).data == {"district": {"appointments": None}}
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await handler.run(node, id=proposal)).data == {"node": None}
    for verb, given in (
        ("proposeAppointment", street.given(lane.neighbour, "APPOINT")),
        ("confirmAppointment", {"appointmentId": proposal}),
        ("renameCommunity", {"communityId": lane.place.public_id, "name": "新名"}),
    ):
        assert (await refused(lane, handler.do(verb, **given))).codes == ["FORBIDDEN"]


async def test_members_see_the_terms_and_never_the_proposals(
    street: Street, lane: Lane, make: Make, signed_in: SignIn
) -> None:
    first, second = await street.admin(), await street.admin()
    proposal = await street.propose(first, lane.author)
    node = "query ($id: ID!) { node(id: $id) { id } }"
    for member in (lane.neighbour, lane.secretary):
        assert (await member.run(node, id=proposal)).codes == ["FORBIDDEN"]
        own = member.person.public_id
        both = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
        assert (await member.run(both, ids=[own, proposal])).data == {"nodes": [{"id": own}, None]}
    await second.do("confirmAppointment", appointmentId=proposal)
    terms = "query ($id: ID!) { node(id: $id) { ... on Member { terms { role endedAt } } } }"
    seen = await lane.neighbour.run(terms, id=lane.author.person.public_id)
    assert seen.data["node"] == {"terms": [{"role": "PARTY_SECRETARY", "endedAt": None}]}
    stranger: Place = await make.community()
    away = signed_in(await make.member(stranger, *SECRETARY))
    assert (await away.run(terms, id=lane.author.person.public_id)).data == {"node": None}


async def test_who_is_erased_is_no_longer_named_in_an_appointment(
    street: Street, lane: Lane
) -> None:
    await street.propose(await street.admin(), lane.author)
    await lane.author.do("eraseMe", confirm=True)
    assert await lane.rows("select display_name, reason from tenant.appointment") == [
        ("已注销用户", None)
    ]
