"""A suspended member appeals to the street, which decides; no officer in their own case."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from api.engine.identifiers import encode_id
from tenants.db import Database
from tenants.membership.service import standing
from tenants.viewer import system
from tenants.workdays import after_working_days
from tests.conftest import SignIn
from tests.street import STAFF, Make, Person, key
from tests.tenants.above import NODE, Above, state_of
from tests.tenants.conftest import Lane, id_of

ANEW = "update tenant.{} set {} = now() - interval '1 second'"


@pytest.fixture
def above(lane: Lane, make: Make, signed_in: SignIn) -> Above:
    """Give the street of the lane."""
    return Above(lane, make, signed_in)


async def test_the_street_lifts_a_suspension(above: Above, lane: Lane) -> None:
    admin, guest = await above.admin(), await above.suspended()
    assert (await above.own(guest))["viewerCan"]["appealSuspension"] == {
        "allowed": True,
        "code": None,
    }
    once: dict[str, Any] = {"body": "我没有刷屏", "idempotencyKey": key()}
    select = "appeal { id kind state body displayName reason dueAt createdAt isOverdue }"
    appeal = (await guest.do("appealSuspension", select, **once)).payload["appeal"]
    due, made = (datetime.fromisoformat(appeal.pop(name)) for name in ("dueAt", "createdAt"))
    assert due == after_working_days(made, 3)
    name = await lane.value("select display_name from tenant.member where id = $1", id_of(guest))
    assert appeal == {
        "id": appeal["id"], "kind": "SUSPENSION", "state": "OPEN", "body": "我没有刷屏",
        "displayName": name, "reason": "刷屏", "isOverdue": False,
    }  # fmt: skip

    again = await guest.do("appealSuspension", "appeal { id }", **once)
    assert again.payload["appeal"] == {"id": appeal["id"]}, "a retry finds what it made"
    other = guest.do("appealSuspension", body="还有", idempotencyKey=key())
    assert await above.refused(other) == ["ALREADY_DONE"]
    assert (await above.own(guest))["viewerCan"]["appealSuspension"]["code"] == "ALREADY_DONE"

    (listed,) = await above.queue(admin)
    assert (listed["id"], listed["body"]) == (appeal["id"], "我没有刷屏")
    assert listed["viewerCan"]["decideStreetAppeal"] == {"allowed": True, "code": None}
    done = (await above.decide(admin, appeal["id"])).payload["appeal"]
    assert (done["state"], done["decisionReason"]) == ("LIFTED", "查明")

    assert await state_of(above, guest) == "ACTIVE"
    assert (await guest.run("{ viewer { id } }")).status == 401, "a guest's token ends"
    assert await above.queue(admin) == []
    assert await lane.trace() == [
        ("member.suspended", id_of(lane.secretary), id_of(guest), "刷屏"),
        ("suspension.appealed", id_of(guest), id_of(guest), None),
        ("member.resumed", id_of(admin), id_of(guest), "查明"),
    ]
    who = "select actor_kind from tenant.audit_entry where action = 'member.resumed'"
    assert await lane.value(who) == "OFFICER"
    member = above.signed_in(Person(id_of(guest), ("RESIDENT",), lane.place, version=3))
    told = await above.own(member)
    assert told["suspensionAppeal"] is None, "there is no suspension any more"
    assert told["suspensionAppeals"] == [{"id": appeal["id"], "state": "LIFTED"}]


async def test_upheld_is_final_and_another_suspension_is_appealed_anew(
    above: Above, lane: Lane
) -> None:
    admin, guest = await above.admin(0), await above.suspended()
    appeal = await above.appeal(guest)
    assert (await above.decide(admin, appeal, "UPHOLD")).payload["appeal"]["state"] == "UPHELD"
    assert await state_of(above, guest) == "SUSPENDED"
    told = (await above.own(guest))["suspensionAppeal"]
    assert (told["state"], told["decisionReason"]) == ("UPHELD", "查明")
    assert await above.refused(above.decide(admin, appeal)) == ["WRONG_STATE"]
    anew = guest.do("appealSuspension", body="再说", idempotencyKey=key())
    assert await above.refused(anew) == ["ALREADY_DONE"]
    assert (await lane.trace())[-1] == ("suspension.upheld", id_of(admin), id_of(guest), "查明")

    await lane.secretary.do("resumeMember", memberId=guest.person.public_id, reason="已改")
    person = Person(id_of(guest), ("RESIDENT",), lane.place, version=3)
    later = await above.suspend(person)
    second = await above.appeal(later)
    assert [each["state"] for each in (await above.own(later))["suspensionAppeals"]] == [
        "UPHELD", "OPEN",
    ]  # fmt: skip
    assert [each["id"] for each in await above.queue(admin)] == [second]


@pytest.mark.parametrize("end", ["resumed", "lapsed", "left", "withdrawn", "erased"])
async def test_a_suspension_that_is_over_leaves_nothing_to_decide(
    above: Above, lane: Lane, database: Database, end: str
) -> None:
    admin = await above.admin()
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    guest = await above.suspended(**({"until": until} if end == "lapsed" else {}))
    appeal = await above.appeal(guest)
    if end == "lapsed":
        for table in ("member_record", "street_appeal"):
            await above.set(ANEW.format(table, "suspended_until"))
        # lapsed, but not yet marked
        own = await above.own(guest)
        assert own["suspensionAppeal"]["state"] == "MOOT"
        assert own["viewerCan"]["appealSuspension"]["code"] == "WRONG_STATE"
        assert await above.queue(admin) == []
        assert await above.refused(above.decide(admin, appeal)) == ["WRONG_STATE"]
        await standing.in_community(database, system(0), lane.place.key, id_of(guest))
    elif end == "resumed":
        given = {"memberId": guest.person.public_id, "reason": "已改"}
        assert (await lane.secretary.do("resumeMember", **given)).refusals == []
    else:
        verb, given = {
            "left": ("leaveCommunity", {"confirm": True}),
            "erased": ("eraseMe", {"confirm": True}),
            "withdrawn": ("withdrawConsent", {"purpose": "IDENTITY"}),
        }[end]
        assert (await guest.do(verb, **given)).refusals == []

    seen = (await admin.run(NODE, id=appeal)).data["node"]
    assert (seen["state"], seen["viewerCan"]["decideStreetAppeal"]["code"]) == (
        "MOOT",
        "WRONG_STATE",
    )
    assert await above.queue(admin) == []
    assert [each["state"] for each in await above.queue(admin, "MOOT")] == ["MOOT"]
    for decision in ("LIFT", "UPHOLD"):
        assert await above.refused(above.decide(admin, appeal, decision)) == ["WRONG_STATE"]
    states = {"resumed": "ACTIVE", "lapsed": "ACTIVE", "erased": "ANONYMISED"}
    assert await state_of(above, guest) == states.get(end, "MOVED_OUT")
    if end == "erased":
        assert (seen["body"], seen["reason"], seen["displayName"]) == (None, None, "已注销用户")


async def test_nobody_decides_in_their_own_case(above: Above, lane: Lane) -> None:
    guest = await above.suspended()
    appeal = await above.appeal(guest)
    for party in (guest, lane.secretary):
        for street in (None, 0):
            admin = await above.admin(street, person_id=await above.person_of(party))
            for decision in ("LIFT", "UPHOLD"):
                assert await above.refused(above.decide(admin, appeal, decision)) == ["FORBIDDEN"]
    uninvolved = await above.admin(person_id=await above.person_of(lane.staff))
    assert (await above.decide(uninvolved, appeal)).refusals == []


async def test_a_late_street_is_seen_to_be_late(above: Above) -> None:
    admin, first, second = await above.admin(), await above.suspended(), await above.suspended()
    older, newer = await above.appeal(first), await above.appeal(second)
    await above.set(
        "update tenant.street_appeal set due_at = now() - interval '1 second' where member_id = $1",
        id_of(second),
    )
    assert (await above.own(first))["suspensionAppeal"]["isOverdue"] is False
    assert (await above.own(second))["suspensionAppeal"]["isOverdue"] is True
    listed = [(each["id"], each["isOverdue"]) for each in await above.queue(admin)]
    assert listed == [(newer, True), (older, False)], "the most urgent first"
    await above.decide(admin, newer, "UPHOLD")
    assert (await above.own(second))["suspensionAppeal"]["isOverdue"] is False


async def test_who_sees_what_of_an_appeal(above: Above, lane: Lane) -> None:
    guest = await above.suspended()
    appeal = await above.appeal(guest)
    stranger = await above.make.community()
    wall = {"state": "OPEN", "reason": "刷屏", "content": None, "decisionReason": None}
    name = await lane.value("select display_name from tenant.member where id = $1", id_of(guest))
    whole = {**wall, "body": "我没有", "displayName": name}
    for who, seen in (
        (guest, whole),
        (await above.admin(), whole),
        (await above.admin(0), whole),
        (lane.staff, {**whole, "body": None}),
        (lane.secretary, {**whole, "body": None}),
        (lane.neighbour, None),
        (await above.suspended(), None),
        (await above.admin(above.away), None),
        (await above.admin(department=await above.make.department()), None),
        (above.signed_in(await above.make.member(stranger, *STAFF)), None),
    ):
        found = (await who.run(NODE, id=appeal)).data["node"]
        may = (
            found.pop("viewerCan")["decideStreetAppeal"]["allowed"] if found is not None else False
        )
        assert found == seen, who.person.roles
        assert may == ("DISTRICT_ADMIN" in who.person.roles and seen is not None)


async def test_another_street_and_who_may_not_review_decide_nothing(
    above: Above, lane: Lane
) -> None:
    appeal, never = await above.appeal(await above.suspended()), encode_id(UUID(int=7), "apl_")
    away = await above.admin(above.away)
    for asked in (appeal, never, "nonsense"):
        assert await above.refused(above.decide(away, asked)) == ["NOT_FOUND"]
    assert appeal not in json.dumps(await above.queue(away))
    handler = await above.admin(department=await above.make.department())
    for who in (handler, lane.secretary, lane.staff, lane.neighbour):
        assert await above.refused(above.decide(who, appeal)) == ["FORBIDDEN"]


@pytest.mark.parametrize("words", ["", " \n", "长" * 501])
async def test_words_and_reasons_have_some_length(above: Above, words: str) -> None:
    code = ["TOO_LONG"] if words.strip() else ["REQUIRED"]
    guest, admin = await above.suspended(), await above.admin()
    work = guest.do("appealSuspension", body=words, idempotencyKey=key())
    assert await above.refused(work) == code
    appeal = await above.appeal(guest, "长" * 500)
    given = {"appealId": appeal, "decision": "LIFT", "reason": words}
    assert await above.refused(admin.do("decideStreetAppeal", **given)) == code


async def test_what_many_do_at_once_is_done_once(above: Above, lane: Lane) -> None:
    guest = await above.suspended()
    made = await asyncio.gather(
        *(guest.do("appealSuspension", body="请看", idempotencyKey=key()) for _ in range(6))
    )
    assert sorted(each.refusals for each in made) == [[], *[["ALREADY_DONE"]] * 5]
    appeal = encode_id(await lane.value("select id from tenant.street_appeal"), "apl_")
    admins = [await above.admin() for _ in range(3)]
    member = {"memberId": guest.person.public_id, "reason": "已改"}
    answers = await asyncio.gather(
        *(above.decide(admin, appeal) for admin in admins),
        *(above.decide(admin, appeal, "UPHOLD") for admin in admins),
        lane.secretary.do("resumeMember", **member),
    )
    decided = [each.refusals for each in answers[:6]].count([])
    ended = await lane.value("select state from tenant.street_appeal")
    state = await state_of(above, guest)
    resumed = (await lane.actions()).count("member.resumed")
    assert {each.status for each in answers} == {200}
    assert decided == (ended != "MOOT"), "one decision, or none if the secretary was first"
    assert resumed == (state == "ACTIVE")
    # the secretary may still end an upheld suspension
    assert (answers[6].refusals == []) == (ended != "LIFTED")


@pytest.mark.parametrize(
    "change",
    [
        "state = 'LIFTED', decided_at = now()",
        "state = 'MOOT'",
        "words = null",
        "display_name = null",
        "content = '别的'",
        "kind = 'HIDDEN_POST'",
    ],
)
async def test_the_database_holds_an_appeal_to_its_shape(above: Above, change: str) -> None:
    await above.appeal(await above.suspended())
    with pytest.raises(asyncpg.CheckViolationError):
        await above.set(f"update tenant.street_appeal set {change}")
