"""Supervision orders: issued from above on late petitions, answered by the desk that has them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from api.engine.identifiers import decode_id, encode_id
from tenants.supervision.policy import ACCEPT, ACKNOWLEDGE, ORDERS, REPORT, RETURN
from tenants.supervision.tables import SupervisionState
from tests.conftest import SignIn
from tests.street import STAFF, Answer, Make, SignedIn, key
from tests.tenants.above import Above
from tests.tenants.conftest import Lane, faults, id_of
from tests.tenants.test_petitions import actions, submitted

CASES = """{ district { overduePetitions(first: 50) { nodes { id community { id } category { name } kind
  urgency level state submittedAt respondedAt resolveDueAt isOverdue petition { id title body }
  viewerCan { issueSupervisionOrder { allowed code } } } } } }"""
LISTED = "supervisionOrders(first: 50) { nodes { id state body petition { body } } }"
ORDER = """id state body dueAt isOverdue issuedAt acknowledgedAt report reportedAt returnReason
  acceptedAt community { id } overduePetition { id } petition { id } department { id }
  viewerCan { acknowledgeSupervisionOrder { allowed code } reportSupervisionOrder { allowed code }
    acceptSupervisionReport { allowed code } returnSupervisionReport { allowed code } } events { nodes {
    state body } }"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on SupervisionOrder {{ {ORDER} }} }} }}"
EVERYTHING = """
select (select jsonb_agg(to_jsonb(o) order by o.id) from tenant.supervision_order o)::text,
       (select jsonb_agg(to_jsonb(s) order by s.id) from tenant.supervision_step s)::text,
       (select jsonb_agg(to_jsonb(p) order by p.id) from tenant.petition p)::text,
       (select count(*) from tenant.petition_event), (select count(*) from tenant.audit_entry),
       (select count(*) from tenant.outbox_event), (select count(*) from tenant.idempotency_key)"""
LATE = "update tenant.{} set resolve_overdue = true, resolve_due_at = now() - interval '1 day' {}"
SET = """update tenant.supervision_order set state = $1,
  acked_at = case when $1 <> 'ISSUED' then issued_at end,
  report = case when $1 in ('REPORTED', 'ACCEPTED', 'RETURNED') then '已修好' end,
  return_reason = case when $1 = 'RETURNED' then '没有照片' end,
  accepted_at = case when $1 = 'ACCEPTED' then issued_at end"""
# Who takes each step; in which states, and where it leads, is declared.
PART = {ACKNOWLEDGE: "addressed", REPORT: "addressed", ACCEPT: "issuer", RETURN: "issuer"}
SOON = (datetime.now(UTC) + timedelta(days=3)).isoformat()


@pytest.fixture
def above(lane: Lane, make: Make, signed_in: SignIn) -> Above:
    """Give the street of the lane."""
    return Above(lane, make, signed_in)


async def late(lane: Lane, author: SignedIn | None = None, **given: Any) -> str:
    """Create a petition that the committee accepted and did not answer in time."""
    petition = await submitted(author or lane.author, **given)
    assert (await lane.staff.do("acceptPetition", petitionId=petition)).refusals == []
    await overdue(lane)
    return petition


async def overdue(lane: Lane) -> None:
    """Let the deadlines of all open petitions here pass."""
    async with lane.make.inside(lane.place.key) as connection:
        await connection.execute(LATE.format("petition", ", next_at = null where is_open"))
        await connection.execute(LATE.format("petition_fact", "where is_open"))


def case_of(petition: str) -> str:
    """Return the id of a petition's case, as the desks above know it."""
    row = decode_id(petition, "pet_")
    assert row is not None
    return encode_id(row, "odc_")


async def issue(officer: SignedIn, petition: str, **given: Any) -> Answer:
    """Have an officer issue an order."""
    return await officer.do(
        "issueSupervisionOrder", f"order {{ {ORDER} }}",
        **{
            "overduePetitionId": case_of(petition), "body": "三日内修好", "dueAt": SOON,
            "idempotencyKey": key(), **given,
        },
    )  # fmt: skip


async def issued(officer: SignedIn, petition: str) -> str:
    """Issue an order; return its id."""
    answer = await issue(officer, petition)
    assert answer.refusals == [], answer.body
    return answer.payload["order"]["id"]


async def done(who: SignedIn, verb: str, order: str, **given: Any) -> str:
    """Run a verb on an order that must succeed; return the order's state."""
    answer = await who.do(verb, "order { state }", orderId=order, **given)
    assert answer.refusals == [], (verb, answer.body)
    return answer.payload["order"]["state"]


async def refused(lane: Lane, work: Any) -> list[str]:
    """Assert that something is refused and changes nothing; return the codes."""
    before = await lane.rows(EVERYTHING)
    answer: Answer = await work
    codes = ["NO_SCOPE"] if answer.codes == ["FORBIDDEN"] else answer.codes or answer.refusals
    assert codes, "it was refused"
    assert await lane.rows(EVERYTHING) == before
    return codes


async def cases(officer: SignedIn, lane: Lane) -> list[dict[str, Any]]:
    """Return the overdue cases of this community in an officer's list."""
    listed = (await officer.run(CASES)).data["district"]["overduePetitions"]
    here = {"id": lane.place.public_id}
    return [each for each in (listed["nodes"] if listed else []) if each.pop("community") == here]


async def test_an_order_goes_from_the_street_to_the_committee_and_back(
    above: Above, lane: Lane
) -> None:
    street, petition = await above.admin(), await late(lane, secrecy="PRIVATE")
    (case,) = await cases(street, lane)
    assert case == {
        "id": case_of(petition), "category": {"name": "其他"}, "kind": "HELP", "urgency": case["urgency"],
        "level": "COMMUNITY", "state": "ACCEPTED", "submittedAt": case["submittedAt"],
        "respondedAt": case["respondedAt"], "resolveDueAt": case["resolveDueAt"], "isOverdue": True,
        "petition": None, "viewerCan": {"issueSupervisionOrder": {"allowed": True, "code": None}},
    }  # fmt: skip
    once = {"idempotencyKey": key()}
    order = (await issue(street, petition, **once)).payload["order"]
    assert (order["state"], order["body"], order["isOverdue"]) == ("ISSUED", "三日内修好", False)
    assert (order["overduePetition"], order["petition"]) == ({"id": case["id"]}, None)
    again = (await issue(street, petition, **once)).payload["order"]
    assert again["id"] == order["id"], "a retry finds what it made"
    assert await refused(lane, issue(street, petition)) == ["ALREADY_DONE"]
    assert (await cases(street, lane))[0]["viewerCan"]["issueSupervisionOrder"][
        "code"
    ] == "ALREADY_DONE"
    # another desk above may issue its own
    district = await above.admin(0)
    assert (await issue(district, petition)).refusals == []

    listed = (await lane.staff.run(f"{{ community {{ {LISTED} }} }}")).data["community"]
    mine = [each for each in listed["supervisionOrders"]["nodes"] if each["id"] == order["id"]]
    assert [each["petition"] for each in mine] == [{"body": "楼顶漏水。"}]
    for who, verb, given, state in (
        (lane.staff, "acknowledgeSupervisionOrder", {}, "ACKNOWLEDGED"),
        (lane.secretary, "reportSupervisionOrder", {"report": "修了一半"}, "REPORTED"),
        (street, "returnSupervisionReport", {"reason": "修完再报"}, "RETURNED"),
        (lane.staff, "reportSupervisionOrder", {"report": "修好了"}, "REPORTED"),
        (street, "acceptSupervisionReport", {}, "ACCEPTED"),
    ):
        assert await done(who, verb, order["id"], **given) == state
    ended = (await street.run(NODE, id=order["id"])).data["node"]
    assert [tuple(step.values()) for step in ended["events"]["nodes"]] == [
        ("ISSUED", "三日内修好"), ("ACKNOWLEDGED", None), ("REPORTED", "修了一半"),
        ("RETURNED", "修完再报"), ("REPORTED", "修好了"), ("ACCEPTED", None),
    ]  # fmt: skip
    assert (ended["report"], ended["returnReason"]) == ("修好了", "修完再报")
    assert (await issue(street, petition)).refusals == [], "one that is ended is no more"
    # the author sees that there were three orders, and not what they demanded
    seen = await lane.author.run(
        "query ($id: ID!) { petition(id: $id) { events { nodes { action body } } } }", id=petition
    )
    events = seen.data["petition"]["events"]["nodes"]
    assert [e for e in events if e["action"] == "SUPERVISED"] == [
        {"action": "SUPERVISED", "body": None}
    ] * 3


@pytest.mark.parametrize("to", ["committee", "department"])
async def test_every_state_verb_and_actor(
    to: str, above: Above, lane: Lane, make: Make, signed_in: SignIn
) -> None:
    street, district = await above.admin(), await above.admin(0)
    housing = await make.department(lane.place.street_id)
    handler = signed_in(await make.officer(department=housing))
    petition = await late(lane)
    people = {
        "author": lane.author, "neighbour": lane.neighbour, "staff": lane.staff,
        "secretary": lane.secretary, "street": street, "district": district, "handler": handler,
        "next street": await above.admin(above.away),
        "another department": signed_in(
            await make.officer(department=await make.department(lane.place.street_id))
        ),
    }  # fmt: skip
    parts = {"street": "issuer", "staff": "addressed", "secretary": "addressed"}
    if to == "department":
        parts = {"district": "issuer", "handler": "addressed"}
        for who, verb, given in (
            (lane.staff, "escalatePetition", {"reason": "管不了"}),
            (street, "acceptPetition", {}),
            (street, "assignPetition", {"departmentId": housing.public_id}),
        ):
            assert (await who.do(verb, petitionId=petition, **given)).refusals == []
        await overdue(lane)
    order = await issued(street if to == "committee" else district, petition)
    met = 0
    assert [*PART] == [step for step in ORDERS.steps if step.from_], "no step is left out"
    for state in SupervisionState:
        for step, part in PART.items():
            verb, given = step.name, {step.said: "修了"} if step.words else {}
            for name, who in people.items():
                await above.set(SET, state)
                expected = wanted(name, parts.get(name), part, allowed=state in step.from_)
                work = who.do(verb, orderId=order, **given)
                if expected is None:
                    assert (await work).refusals == [], (state, verb, name)
                    now = await lane.value("select state from tenant.supervision_order")
                    assert [now] == [*step.to], (state, verb, name)
                    met += 1
                else:
                    assert await refused(lane, work) == [expected], (state, verb, name)
    assert met == (8 if to == "committee" else 5)


def wanted(name: str, has: str | None, part: str, *, allowed: bool) -> str | None:
    """Return the expected refusal of a verb, by the reviewed table; None if it is allowed."""
    lacks = {
        "addressed": ("author", "neighbour"),
        "issuer": ("author", "neighbour", "staff", "secretary", "handler", "another department"),
    }
    if name in lacks[part]:
        return "NO_SCOPE"
    if has is None:
        return "NOT_FOUND"
    if has != part:
        return "FORBIDDEN"
    return None if allowed else "WRONG_STATE"


async def test_what_may_be_supervised_and_by_whom(above: Above, lane: Lane) -> None:
    street, away = await above.admin(), await above.admin(above.away)
    petition = await submitted(lane.author)
    assert await cases(street, lane) == []
    assert await refused(lane, issue(street, petition)) == ["WRONG_STATE"]
    assert (await lane.staff.do("acceptPetition", petitionId=petition)).refusals == []
    await overdue(lane)
    assert await cases(away, lane) == []
    assert await refused(lane, issue(away, petition)) == ["NOT_FOUND"]
    node = "query ($id: ID!) { node(id: $id) { ... on OverduePetition { state } } }"
    assert (await away.run(node, id=case_of(petition))).data["node"] is None
    for who in (lane.author, lane.staff, lane.secretary):
        assert await refused(lane, issue(who, petition)) == ["NO_SCOPE"]
    past = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    assert faults(await issue(street, petition, dueAt=past)) == [("INVALID", ["input", "dueAt"])]
    assert await refused(lane, issue(street, petition, dueAt=past)) == ["INVALID"]
    assert await refused(lane, issue(street, petition, body=" ")) == ["REQUIRED"]
    # the street cannot supervise a petition at its own desk, nor the district one at the district
    district = await above.admin(0)
    await lane.staff.do("escalatePetition", petitionId=petition, reason="管不了")
    await overdue(lane)
    assert await refused(lane, issue(street, petition)) == ["FORBIDDEN"]
    order = (await issue(district, petition)).payload["order"]
    assert (order["petition"], order["department"]) == (None, None)
    assert (await street.run(NODE, id=order["id"])).data["node"]["petition"] == {"id": petition}
    assert await done(street, "acknowledgeSupervisionOrder", order["id"]) == "ACKNOWLEDGED"
    # the committee does not see what is addressed to the street
    listed = (await lane.staff.run(f"{{ community {{ {LISTED} }} }}")).data["community"]
    assert listed["supervisionOrders"]["nodes"] == []
    assert (await lane.staff.run(NODE, id=order["id"])).data["node"] is None
    await street.do("acceptPetition", petitionId=petition)
    await street.do("escalatePetition", petitionId=petition, reason="也管不了")
    await overdue(lane)
    assert await refused(lane, issue(street, petition)) == ["FORBIDDEN"]
    assert await refused(lane, issue(district, petition)) == ["FORBIDDEN"]


async def test_two_at_once_issue_one(above: Above, lane: Lane) -> None:
    petition = await late(lane)
    officers = [await above.admin() for _ in range(4)]
    answers = await asyncio.gather(*(issue(officer, petition) for officer in officers))
    assert sorted(map(tuple, (a.refusals for a in answers))) == [(), *[("ALREADY_DONE",)] * 3]
    assert await lane.value("select count(*) from tenant.supervision_order") == 1
    assert (await actions(lane.author, petition)).count("SUPERVISED") == 1


async def test_an_officer_who_knows_the_case_does_not_see_the_letter(
    above: Above, lane: Lane
) -> None:
    street = await above.admin()
    petition = await late(lane, secrecy="PUBLIC", title="独一无二的标题", body="独一无二的正文。")
    order = await issued(street, petition)
    for query in (CASES, f"{{ district {{ {LISTED} }} }}"):
        assert "独一无二" not in str((await street.run(query)).body)
    told = await street.run(NODE, id=order)
    assert "独一无二" not in str(told.body)
    assert (await street.run("query ($id: ID!) { petition(id: $id) { body } }", id=petition)).data[
        "petition"
    ] is None
    # row security shows the street its orders, the next street none, and no part of the letter
    for place, many in ((lane.place.street_id, 1), (above.away, 0)):
        async with above.make.district() as connection:
            await connection.execute(f"select district.enter(310113, {place}, 0)")
            key_of = "where community_id = $1"
            for table, found in (
                ("supervision_order", many),
                ("supervision_step", many),
                ("petition", 0),
                ("petition_event", 0),
            ):
                query = f"select count(*) from tenant.{table} {key_of}"
                assert await connection.fetchval(query, lane.place.key) == found, (place, table)
    # neighbours and the author see no order; no one can change a step
    for who in (lane.author, lane.neighbour):
        assert (await who.run(f"{{ community {{ {LISTED} }} }}")).codes == ["FORBIDDEN"]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await above.set("update tenant.supervision_step set words = 'x'")


async def test_nobody_acts_in_their_own_case(
    above: Above, lane: Lane, make: Make, signed_in: SignIn
) -> None:
    clerk = signed_in(await make.member(lane.place, *STAFF))
    petition = await late(lane, clerk)
    street = await above.admin()
    same = await above.admin(person_id=await above.person_of(clerk))
    assert await refused(lane, issue(same, petition)) == ["FORBIDDEN"]
    order = await issued(street, petition)
    assert await refused(lane, clerk.do("acknowledgeSupervisionOrder", orderId=order)) == [
        "FORBIDDEN"
    ]
    assert await done(lane.staff, "acknowledgeSupervisionOrder", order) == "ACKNOWLEDGED"
    assert await done(lane.staff, "reportSupervisionOrder", order, report="在修") == "REPORTED"
    assert await refused(lane, same.do("acceptSupervisionReport", orderId=order)) == ["FORBIDDEN"]
    assert await done(street, "acceptSupervisionReport", order) == "ACCEPTED"
    trace = [(what, who) for what, who, *_ in await lane.trace() if what.startswith("supervision")]
    assert trace == [
        ("supervision.issued", id_of(street)),
        ("supervision.acknowledged", id_of(lane.staff)),
        ("supervision.reported", id_of(lane.staff)),
        ("supervision.accepted", id_of(street)),
    ]


async def test_an_order_on_a_letter_past_the_committee_leaves_no_trace_there(
    above: Above, lane: Lane
) -> None:
    district = await above.admin(0)
    petition = await submitted(lane.author, secrecy="PRIVATE", addressee="STREET")
    await overdue(lane)
    before = await lane.secretary.run("{ auditLog { nodes { action subjectId } } }")
    if before.codes or "errors" in before.body:
        before = await lane.secretary.run("{ auditLog { nodes { action } } }")
    order = await issued(district, petition)
    after = await lane.secretary.run("{ auditLog { nodes { action } } }")
    assert [e["action"] for e in after.data["auditLog"]["nodes"]] == [
        e["action"] for e in before.data["auditLog"]["nodes"]
    ]
    assert (await lane.secretary.run(NODE, id=order)).data["node"] is None
