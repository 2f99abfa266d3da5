"""Every (state, verb, actor) of membership: allowed by the reviewed table, or refused and nothing changed."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import tenants.appeals.policy
import tenants.membership.appointments
import tenants.membership.policy
import tenants.membership.procedure
from api.engine.identifiers import encode_id
from tenants.ids import new_id
from tenants.membership.offices import office_terms
from tenants.membership.service.consents import texts
from tenants.membership.street_appeals import street_appeals
from tenants.membership.tables import MemberState, Purpose, member_records, members
from tests.conftest import SignIn
from tests.reviewed import print_verb
from tests.street import SECRETARY, STAFF, Make, Person, Place, SignedIn, key
from tests.test_permissions import rules

REVIEWED = Path(__file__).parent / "membership.txt"
# Where someone stands, and what they hold there; who holds an office has more than a state to lose.
STATES = ["ABSENT", *MemberState]
OFFICES = {
    "ACTIVE COMMITTEE": ("ACTIVE", STAFF),
    "ACTIVE SECRETARY": ("ACTIVE", SECRETARY),
    "SUSPENDED COMMITTEE": ("SUSPENDED", STAFF),
}
ACTORS = (
    "SELF", "GUEST", "NEIGHBOUR", "SEAT", "SUPERVISOR", "COMMITTEE", "SECRETARY", "NEXT_DOOR",
    "STREET", "STREET_AWAY", "DISTRICT", "HANDLER", "APP", "INSPECTOR",
)  # fmt: skip
# Of what concerns oneself, these have nothing; the others are SELF in another line.
STRANGERS = ("SELF", "STREET", "DISTRICT", "HANDLER", "APP", "INSPECTOR")
# What an officer does to their own data too (tests/tenants/test_officers_own.py).
OF_ONESELF: dict[str, tuple[str, ...]] = dict.fromkeys(
    ("eraseMe", "exportMyData"), ("SELF", "APP", "INSPECTOR")
)
_VERSION = texts()[Purpose.IDENTITY].version
VERBS: dict[str, dict[str, Any]] = {
    "applyForMembership": {
        "displayName": "新邻居", "realName": "李小红", "phone": "13912345678", "building": "5号楼",
        "room": "301", "kind": "RENTER", "consentVersion": _VERSION,
    },
    "verifyPhone": {},
    "submitForReview": {},
    "confirmIdentity": {"note": "看过户口簿"},
    "approveMember": {},
    "returnMember": {"reason": "请补充门牌"},
    "suspendMember": {"reason": "多次发布广告"},
    "resumeMember": {"reason": "已改正"},
    "appealSuspension": {"body": "我没有"},
    "decideStreetAppeal": {"decision": "LIFT", "reason": "查明"},
    "leaveCommunity": {"confirm": True},
    "eraseMe": {"confirm": True},
    "updateDisplayName": {"displayName": "新名字"},
    "giveConsent": {"purpose": "SERVICE_MESSAGES", "textVersion": _VERSION},
    "withdrawConsent": {"purpose": "IDENTITY"},
    "exportMyData": {"confirm": True},
    "revealContact": {"reason": "联系不上"},
    "grantRole": {"reason": "换届"},
    "revokeRole": {"reason": "换届"},
    "appoint": {"action": "APPOINT", "reason": "选举结果"},
    "remove": {"action": "REMOVE", "reason": "调离"},
}  # fmt: skip
OF_ANOTHER = {
    "confirmIdentity", "approveMember", "returnMember", "suspendMember", "resumeMember",
    "revealContact", "grantRole", "revokeRole", "decideStreetAppeal", "appoint", "remove",
}  # fmt: skip
# Two verbs of the table are one mutation.
MUTATION = {"appoint": "proposeAppointment", "remove": "proposeAppointment"}
# The rest is tried on one server only: what is tried is one rule in SQL, the same on both.
ON_15 = ("approveMember", "leaveCommunity", "revokeRole")
SEEN = """select m.state, m.roles, m.permission_version, m.display_name, m.building, r.version,
  (select count(*) from tenant.audit_entry), (select count(*) from tenant.consent),
  (select count(*) from tenant.appointment), (select count(*) from tenant.office_term),
  (select members from tenant.community_count)
  from (select 1) as one left join tenant.member m on m.id = $1
  left join tenant.member_record r on r.id = m.id"""


async def _phone_of(make: Make, place: Place, person: Person) -> str:
    sealed = await make.value(
        place, "select phone from tenant.member_record where id = $1", person.id
    )
    opened = make.opened(sealed, f"{place.key}/{person.id}/phone") if sealed else "13800000000"
    return opened.removeprefix("+86")


async def _appeal_of(make: Make, place: Place, subject: Person, state: str) -> str:
    """Give the id of an appeal to the street: of the suspended an open one, of others one of before."""
    appeal = new_id(datetime.now(UTC))
    if state != "ABSENT":
        ended = None if state == "SUSPENDED" else datetime.now(UTC)
        await make.row(
            place, street_appeals, id=appeal, district_id=310113, street_id=place.street_id,
            member_id=subject.id, kind="SUSPENSION", display_name="申请人", words="我没有",
            state="MOOT" if ended else "OPEN", created_at=datetime.now(UTC),
            due_at=datetime.now(UTC), decided_at=ended, version=1,
        )  # fmt: skip
    return encode_id(appeal, "apl_")


@dataclass
class Lane:
    """One community, whoever may have a word, and what they may say."""

    make: Make
    signed_in: SignIn
    place: Place
    actors: dict[str, SignedIn]

    async def subject(self, state: str) -> Person:
        """Return someone new in a state, with what they hold."""
        if state == "ABSENT":
            return await self.make.absent(self.place)
        state, roles = OFFICES.get(state, (state, ()))
        subject = await self.make.applicant(self.place, state, *roles)
        if roles:
            now = datetime.now(UTC)
            await self.make.row(
                self.place, office_terms, id=new_id(now), member_id=subject.id, role=roles[-1], granted_by=subject.id,
                starts_at=now, ends_at=now + timedelta(days=365),
            )  # fmt: skip
        return subject

    async def seen(self, subject: Person) -> list[Any]:
        """Return all that a refused verb must leave alone."""
        return await self.make.rows(self.place, SEEN, subject.id)

    async def fates(self, verb: str, state: str) -> dict[str, str]:
        """Have everybody try a verb on someone in a state: the code, or where they stand after."""
        found: dict[str, str] = {}
        subject: Person | None = None
        given: dict[str, Any] = {}
        for actor in ACTORS if verb in OF_ANOTHER else OF_ONESELF.get(verb, STRANGERS):
            if subject is None:
                subject = await self.subject(state)
                given = await self._given(verb, subject)
            before = await self.seen(subject)
            asker = self.signed_in(subject) if actor == "SELF" else self.actors[actor]
            answer = await asker.do(MUTATION.get(verb, verb), **given)
            after = await self.seen(subject)
            if refused := answer.codes or answer.refusals:
                assert after == before, (verb, state, actor)
                (found[actor],) = refused
                continue
            assert after != before or verb == "giveConsent", (verb, state, actor)
            stands = after[0]["state"]
            found[actor] = "> done" if stands == before[0]["state"] else f"> {stands}"
            subject = None
        return found

    async def _given(self, verb: str, subject: Person) -> dict[str, Any]:
        given = dict(VERBS[verb])
        state = await self.make.value(
            self.place, "select state from tenant.member where id = $1", subject.id
        )
        if verb == "decideStreetAppeal":
            given["appealId"] = await _appeal_of(self.make, self.place, subject, state or "ABSENT")
        elif verb in OF_ANOTHER:
            given["memberId"] = subject.public_id
        if verb in MUTATION:
            given["communityId"] = self.place.public_id
        if verb in {"applyForMembership", "appealSuspension"}:
            given["idempotencyKey"] = key()
        if verb == "verifyPhone":
            phone = await _phone_of(self.make, self.place, subject)
            given["code"] = f"tel-{phone}-{uuid4().hex}"
        return given


@pytest.fixture
async def lane(make: Make, signed_in: SignIn) -> Lane:
    """Give a community, those in it, next to it and above it."""
    place, next_door = await make.community(), await make.community()
    away = 310113102 if place.street_id != 310113102 else 310113003
    officer = await make.officer(place.street_id)
    actors = {
        "GUEST": await make.absent(place),
        "NEIGHBOUR": await make.applicant(place, "ACTIVE"),
        "SEAT": await make.applicant(place, "ACTIVE", "SEAT"),
        "SUPERVISOR": await make.applicant(place, "ACTIVE", "SUPERVISOR"),
        "COMMITTEE": await make.applicant(place, "ACTIVE", *STAFF),
        "SECRETARY": await make.applicant(place, "ACTIVE", *SECRETARY),
        "NEXT_DOOR": await make.applicant(next_door, "ACTIVE", *SECRETARY),
        "STREET": officer,
        "STREET_AWAY": await make.officer(away),
        "DISTRICT": await make.officer(),
        "HANDLER": await make.officer(department=await make.department(place.street_id)),
        "APP": await make.app(place),
        "INSPECTOR": await make.inspection(place, officer),
    }
    return Lane(make, signed_in, place, {name: signed_in(who) for name, who in actors.items()})


async def test_every_triple_is_as_the_reviewed_table_says(
    lane: Lane, request: pytest.FixtureRequest
) -> None:
    is_15 = request.node.callspec.params["cluster"] == "15"
    found = dict[str, str]()
    for verb in ON_15 if is_15 else VERBS:
        states = [*STATES, *(OFFICES if verb in OF_ANOTHER else ())]
        by_state = {state: await lane.fates(verb, state) for state in states}
        by_actor = {actor: [by_state[state].get(actor, "") for state in states] for actor in ACTORS}
        found[verb] = "\n".join([verb, *print_verb(states, by_actor), ""])
    table = "\n".join(
        ["# Reviewed. Regenerate: pytest tests/test_membership_machine.py --review", "", *found.values()]
    )  # fmt: skip
    if is_15:
        assert all(each in REVIEWED.read_text() for each in found.values())
        return
    if request.config.getoption("--review"):
        REVIEWED.write_text(table)
    assert table == REVIEWED.read_text(), "review the change, then run with --review"


def test_no_verb_about_members_is_left_out() -> None:
    about_one = (members, member_records, street_appeals)
    declared = rules(
        tenants.membership.policy,
        tenants.membership.procedure,
        tenants.membership.appointments,
        tenants.appeals.policy,
    )
    about = {rule.name for rule in declared if rule.table in about_one}
    assert about == set(VERBS)


@pytest.mark.parametrize("verb", sorted(OF_ANOTHER - {"decideStreetAppeal", *MUTATION}))
async def test_nobody_decides_in_their_own_case(make: Make, signed_in: SignIn, verb: str) -> None:
    place = await make.community()
    for roles in (STAFF, SECRETARY):
        person = await make.applicant(place, "ACTIVE", *roles)
        answer = await signed_in(person).do(verb, memberId=person.public_id, **VERBS[verb])
        assert answer.codes == ["FORBIDDEN"] or answer.refusals == ["FORBIDDEN"], (verb, roles)
    assert await make.trace(place) == []


async def test_an_application_decided_by_many_at_once_is_decided_once(
    make: Make, signed_in: SignIn
) -> None:
    place = await make.community()
    applicant = await make.applicant(place, "UNDER_REVIEW")
    staff = [signed_in(await make.member(place, *STAFF)) for _ in range(4)]
    answers = await asyncio.gather(
        *(each.do("approveMember", memberId=applicant.public_id) for each in staff),
        *(each.do("returnMember", memberId=applicant.public_id, reason="否") for each in staff),
    )
    assert sorted(answer.refusals for answer in answers) == [[], *[["WRONG_STATE"]] * 7]
    assert len(await make.trace(place)) == 1
