"""Every (state, verb, actor) of membership: allowed by the reviewed table, or refused and nothing changed."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.engine.identifiers import encode_id
from tenants.ids import new_id
from tenants.membership.service.consents import Purpose, texts
from tenants.membership.street_appeals import street_appeals
from tenants.membership.tables import MemberState
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Make, Person, Place, SignedIn, key

REVIEWED = Path(__file__).parent / "membership.txt"
STATES = ["ABSENT", *MemberState]
ACTORS = ("SELF", "NEIGHBOUR", "COMMITTEE", "SECRETARY", "DISTRICT")
OWN = "of the actor's own"
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
    "reinstateMember": {"reason": "已改正"},
    "appealSuspension": {"words": "我没有"},
    "decideStreetAppeal": {"decision": "LIFT", "reason": "查明"},
    "leaveCommunity": {"confirm": True},
    "eraseMe": {"confirm": True},
    "changeDisplayName": {"displayName": "新名字"},
    "giveConsent": {"purpose": "SERVICE_MESSAGES", "textVersion": _VERSION},
    "withdrawConsent": {"purpose": "IDENTITY"},
    "exportMyData": {"confirm": True},
    "revealContact": {"reason": "联系不上"},
    "grantRole": {"reason": "换届"},
    "revokeRole": {"reason": "换届"},
}  # fmt: skip
OF_ANOTHER = {
    "confirmIdentity", "approveMember", "returnMember", "suspendMember", "reinstateMember",
    "revealContact", "grantRole", "revokeRole", "decideStreetAppeal",
}  # fmt: skip
SEEN = """select m.state, m.roles, m.permission_version, m.display_name, m.building, r.version,
  (select count(*) from tenant.audit_entry), (select count(*) from tenant.consent),
  (select members from tenant.community_count)
  from (select 1) as one left join tenant.member m on m.id = $1
  left join tenant.member_record r on r.id = m.id"""


async def _phone_of(make: Make, place: Place, person: Person) -> str:
    sealed = await make.value(
        place, "select phone from tenant.member_record where id = $1", person.id
    )
    return make.opened(sealed, f"{place.key}/{person.id}/phone") if sealed else "13800000000"


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


async def _try(
    make: Make,
    place: Place,
    actors: dict[str, SignedIn],
    signed_in: SignIn,
    case: tuple[str, str, str],
) -> str:
    """Do the verb and say what came of it; a refusal is shown to have changed nothing."""
    state, verb, actor = case
    subject = await make.absent(place) if state == "ABSENT" else await make.applicant(place, state)
    asker = signed_in(subject) if actor == "SELF" else actors[actor]
    given = dict(VERBS[verb])
    if verb == "decideStreetAppeal":
        given["appealId"] = await _appeal_of(make, place, subject, state)
    elif verb in OF_ANOTHER:
        given["memberId"] = subject.public_id
    if verb in {"applyForMembership", "appealSuspension"}:
        given["idempotencyKey"] = key()
    if verb == "verifyPhone":
        given["code"] = f"tel-{await _phone_of(make, place, subject)}-{uuid4().hex}"
    before = await make.rows(place, SEEN, subject.id)

    answer = await asker.do(verb, **given)

    after = await make.rows(place, SEEN, subject.id)
    if answer.codes or answer.refusals:
        assert after == before, case
        (code,) = answer.codes or answer.refusals
        return code
    if verb not in OF_ANOTHER and actor != "SELF":
        return OWN  # a verb of one's own: done to the actor, whom another line is about
    assert after != before or verb == "giveConsent", case
    now = after[0]["state"]
    return "done" if now == state else f"> {now}"


async def _results(make: Make, signed_in: SignIn) -> dict[tuple[str, str, str], str]:
    place = await make.community()
    actors = {
        "NEIGHBOUR": signed_in(await make.applicant(place, "ACTIVE")),
        "COMMITTEE": signed_in(await make.applicant(place, "ACTIVE", *STAFF)),
        "SECRETARY": signed_in(await make.applicant(place, "ACTIVE", *SECRETARY)),
        "DISTRICT": signed_in(await make.officer()),
    }
    results: dict[tuple[str, str, str], str] = {}
    for state in STATES:
        for verb in VERBS:
            for actor in ACTORS if verb in OF_ANOTHER else ("SELF", "DISTRICT"):
                case = (state, verb, actor)
                results[case] = await _try(make, place, actors, signed_in, case)
    return results


def table(results: dict[tuple[str, str, str], str]) -> str:
    """Print what came of each."""
    lines = ["# Reviewed. Regenerate: pytest tests/test_membership_machine.py --review", ""]
    for verb in VERBS:
        actors = [a for a in ACTORS if ("ACTIVE", verb, a) in results]
        lines.append(f"{verb:20}" + " ".join(f"{actor:14}" for actor in actors).rstrip())
        for state in STATES:
            cells = " ".join(f"{results[state, verb, actor]:14}" for actor in actors)
            lines.append(f"  {state:18}{cells}".rstrip())
        lines.append("")
    return "\n".join(lines)


async def test_every_triple_is_as_the_reviewed_table_says(
    make: Make, signed_in: SignIn, pytestconfig: pytest.Config
) -> None:
    found = table(await _results(make, signed_in))
    if pytestconfig.getoption("--review"):
        REVIEWED.write_text(found)
    assert found == REVIEWED.read_text(), "review the change, then write the file anew"


@pytest.mark.parametrize("verb", sorted(OF_ANOTHER - {"decideStreetAppeal"}))
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
