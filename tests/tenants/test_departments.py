"""Test departments: who changes them, who reads them, and what a handler's token can reach."""

import asyncio
import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from api.engine.identifiers import decode_uuid, encode_id
from tenants.db import Database
from tenants.viewer import Principal
from tests.conftest import SignIn
from tests.street import Department, Make, SignedIn
from tests.tenants.conftest import Lane, faults, id_of

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
CARD = "department { id name duties state version street { id } viewerCan { closeDepartment { allowed code } } }"
LISTED = "{ district { departments(first: 50) { nodes { id } } } }"
GIVEN = {"name": "房管局", "duties": "物业、维修资金。"}


async def state_of(make: Make) -> list[Any]:
    """Return every department, officer and audit entry of the district."""
    async with make.district() as connection:
        return [
            await connection.fetch(f"select * from {table} order by id")
            for table in ("reference.department", "district.audit_entry", "district.officer")
        ]


async def trace(make: Make, subject: str) -> list[tuple[Any, ...]]:
    """Return what was done about a subject: action, actor, reason."""
    async with make.district() as connection:
        query = (
            "select action, actor_id, reason from district.audit_entry "
            "where subject_id = $1 order by id"
        )
        return [tuple(row) for row in await connection.fetch(query, decode_uuid(subject[4:]))]


@pytest.fixture
async def admin(lane: Lane, signed_in: SignIn) -> SignedIn:
    """Give an admin of the whole district."""
    return signed_in(await lane.make.officer())


@pytest.fixture
async def of_street(lane: Lane, signed_in: SignIn) -> SignedIn:
    """Give an admin of the lane's street."""
    return signed_in(await lane.make.officer(lane.place.street_id))


def unique() -> str:
    """Return an unused name for a department."""
    return f"局{uuid4().hex[:12]}"


async def street_id(lane: Lane, number: int | None = None) -> str:
    """Return the public id of a street, by default the lane's."""
    query = "select id from reference.street where street_id = $1"
    return encode_id(await lane.value(query, number or lane.place.street_id), "str_")


def away(lane: Lane) -> int:
    """Return a street that the lane is not in."""
    return 310113102 if lane.place.street_id != 310113102 else 310113003


async def test_a_department_is_set_up_changed_and_closed(
    lane: Lane, make: Make, admin: SignedIn
) -> None:
    name = unique()
    made = await admin.do("createDepartment", CARD, name=f" {name} ", duties="一应事务")
    department = made.payload["department"]
    assert department == {
        "id": department["id"], "name": name, "duties": "一应事务", "state": "ACTIVE", "version": 1,
        "street": None, "viewerCan": {"closeDepartment": {"allowed": True, "code": None}},
    }  # fmt: skip
    here = {"departmentId": department["id"]}
    changed = await admin.do(
        "updateDepartment", CARD, **here, expectedVersion=1, name=f"{name}二", duties="两件事"
    )
    told = changed.payload["department"]
    assert (told["name"], told["duties"], told["version"]) == (f"{name}二", "两件事", 2)
    closed = await admin.do("closeDepartment", CARD, **here, reason="撤并")
    assert closed.payload["department"]["state"] == "CLOSED"
    assert closed.payload["department"]["viewerCan"]["closeDepartment"] == {
        "allowed": False, "code": "WRONG_STATE",
    }  # fmt: skip
    assert await trace(make, department["id"]) == [
        ("department.created", id_of(admin), None),
        ("department.updated", id_of(admin), None),
        ("department.closed", id_of(admin), "撤并"),
    ]
    # the name of a closed department can be used again
    assert (await admin.do("createDepartment", name=f"{name}二", duties="x")).refusals == []
    assert await lane.actions() == [], "no community's audit is concerned"


async def test_a_street_admin_shapes_their_street_only(
    lane: Lane, make: Make, admin: SignedIn, of_street: SignedIn
) -> None:
    own, name = await street_id(lane), unique()
    made = await of_street.do("createDepartment", CARD, name=name, duties="x")
    assert made.payload["department"]["street"] == {"id": own}
    both = await admin.do("createDepartment", CARD, streetId=own, name=unique(), duties="x")
    assert both.payload["department"]["street"] == {"id": own}

    foreign = [await make.department(), await make.department(away(lane))]
    seen = json.dumps((await of_street.run(LISTED)).data)
    assert made.payload["department"]["id"] in seen
    before = await state_of(make)
    for department in foreign:
        assert department.public_id not in seen
        assert (await of_street.run(NODE, id=department.public_id)).data == {"node": None}
        here = {"departmentId": department.public_id}
        for verb, given in (
            ("updateDepartment", {**GIVEN, "expectedVersion": 1}),
            ("closeDepartment", {"reason": "撤并"}),
        ):
            done = await of_street.do(verb, **here, **given)
            assert faults(done) == [("NOT_FOUND", ["input", "departmentId"])]
    elsewhere = await of_street.do(
        "createDepartment", streetId=await street_id(lane, away(lane)), **GIVEN
    )
    assert faults(elsewhere) == [("NOT_FOUND", ["input", "streetId"])]
    assert await state_of(make) == before


async def test_what_is_wrong_is_refused_and_changes_nothing(
    lane: Lane, make: Make, admin: SignedIn
) -> None:
    name = unique()
    known = await admin.do("createDepartment", "department { id }", name=name, duties="x")
    here = {"departmentId": known.payload["department"]["id"]}
    other = {"departmentId": (await make.department()).public_id}
    shut = {"departmentId": (await make.department(state="CLOSED")).public_id}
    before = await state_of(make)
    for verb, given, fault in (
        ("createDepartment", {**GIVEN, "name": name}, ("ALREADY_DONE", ["input", "name"])),
        ("createDepartment", {**GIVEN, "name": " "}, ("REQUIRED", ["input", "name"])),
        ("createDepartment", {**GIVEN, "name": "局" * 61}, ("TOO_LONG", ["input", "name"])),
        ("createDepartment", {**GIVEN, "duties": "x" * 501}, ("TOO_LONG", ["input", "duties"])),
        ("createDepartment", {**GIVEN, "streetId": "x"}, ("NOT_FOUND", ["input", "streetId"])),
        ("updateDepartment", {**here, **GIVEN, "expectedVersion": 7},
         ("VERSION_CONFLICT", ["input", "expectedVersion"])),
        ("updateDepartment", {**other, **GIVEN, "name": name, "expectedVersion": 1},
         ("ALREADY_DONE", ["input", "name"])),
        ("updateDepartment", {**shut, **GIVEN, "expectedVersion": 1},
         ("WRONG_STATE", ["input", "departmentId"])),
        ("closeDepartment", {**shut, "reason": "撤并"}, ("WRONG_STATE", ["input", "departmentId"])),
        ("closeDepartment", {**here, "reason": " "}, ("REQUIRED", ["input", "reason"])),
    ):  # fmt: skip
        assert faults(await admin.do(verb, **given)) == [fault], (verb, given)
    for who in (lane.author, lane.secretary):
        assert (await who.do("createDepartment", **GIVEN)).codes == ["FORBIDDEN"]
    assert await state_of(make) == before


async def test_it_is_not_closed_over_its_handlers_heads(
    make: Make, admin: SignedIn, signed_in: SignIn
) -> None:
    department = await make.department()
    handler = await make.officer(department=department)
    here = {"departmentId": department.public_id}
    card = "query ($id: ID!) { node(id: $id) { ... on Department { viewerCan { closeDepartment { code } } } } }"
    told = await admin.run(card, id=department.public_id)
    assert told.data["node"] == {"viewerCan": {"closeDepartment": {"code": "WRONG_STATE"}}}
    before = await state_of(make)
    refused = await admin.do("closeDepartment", **here, reason="撤并")
    assert faults(refused) == [("WRONG_STATE", ["input", "departmentId"])]
    assert await state_of(make) == before

    await admin.do("dismissOfficer", officerId=handler.public_id, reason="调离")
    assert (await admin.do("closeDepartment", **here, reason="撤并")).refusals == []
    assert (await signed_in(handler).run("{ viewer { id } }")).status == 401


async def test_many_at_once_get_numbers_of_their_own(make: Make, admin: SignedIn) -> None:
    names = [unique() for _ in range(4)]
    answers = await asyncio.gather(
        *(admin.do("createDepartment", name=name, duties="x") for name in [*names, names[0]])
    )
    assert sorted(answer.refusals for answer in answers) == [[]] * 4 + [["ALREADY_DONE"]]
    async with make.district() as connection:
        query = "select department_id from reference.department where name = any($1)"
        numbers = [row[0] for row in await connection.fetch(query, names)]
    assert len(set(numbers)) == 4
    assert {number // 1000 for number in numbers} == {310113}


async def test_members_read_the_departments_of_their_street_and_district(
    lane: Lane, make: Make, admin: SignedIn, signed_in: SignIn
) -> None:
    of_district = await make.department()
    own = await make.department(lane.place.street_id)
    shut = await make.department(lane.place.street_id, state="CLOSED")
    foreign = await make.department(away(lane))
    elsewhere = await _in_another_district(make)
    query = "{ community { departments { id name street { id } } } }"
    listed = (await lane.author.run(query)).data["community"]["departments"]
    ids = {each["id"]: each["street"] for each in listed}
    assert ids[of_district.public_id] is None
    assert ids[own.public_id] == {"id": await street_id(lane)}
    assert not {shut.public_id, foreign.public_id, elsewhere.public_id} & set(ids)
    # a closed department that once answered a petition can still be read
    for department, seen in ((own, True), (shut, True), (foreign, False), (elsewhere, False)):
        answer = await lane.author.run(NODE, id=department.public_id)
        assert (answer.data["node"] is not None) == seen, department
    no_business = "query ($id: ID!) { node(id: $id) { ... on Department { viewerCan { closeDepartment { code } } } } }"
    told = await lane.author.run(no_business, id=own.public_id)
    assert told.data["node"] == {"viewerCan": {"closeDepartment": {"code": "FORBIDDEN"}}}

    guest = signed_in(await make.absent(lane.place))
    assert (await guest.run(query)).data == {"community": {"departments": []}}
    assert (await guest.run(NODE, id=own.public_id)).data == {"node": None}
    of_admin = await admin.run(
        "query ($id: ID!) { node(id: $id) { ... on Community { departments { id } } } }",
        id=lane.place.public_id,
    )
    told_above = {each["id"] for each in of_admin.data["node"]["departments"]}
    assert {of_district.public_id, own.public_id} <= told_above
    assert foreign.public_id not in told_above


async def _in_another_district(make: Make) -> Department:
    owner = await asyncpg.connect(make.cluster.url())
    await owner.execute(
        "insert into reference.district values (990001, $1, '990001', '别区') on conflict do nothing",
        uuid4(),
    )
    await owner.close()
    return await make.department(district_id=990001, department_id=990001001)


async def test_a_handler_sees_their_card_and_nothing_else(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    department = await make.department(lane.place.street_id)
    handler = signed_in(await make.officer(department=department))
    colleague = await make.officer(department=department)
    others = [await make.department(), await make.department(away(lane))]
    seen = await handler.run(
        """{ viewer { id roles department { id street { id } } district { id } community { id } }
             district { id code departments { nodes { id } } communities { nodes { id } } } }"""
    )
    assert seen.data["viewer"] == {
        "id": handler.person.viewer_id, "roles": ["DEPARTMENT_HANDLER"],
        "department": {"id": department.public_id, "street": {"id": await street_id(lane)}},
        "district": {"id": seen.data["district"]["id"]}, "community": None,
    }  # fmt: skip
    assert seen.data["district"]["departments"] == {"nodes": [{"id": department.public_id}]}
    assert seen.data["district"]["communities"] is None
    post = await lane.make.post(lane.author.person)
    hidden = [
        lane.place.public_id, lane.author.person.public_id, encode_id(post, "pst_"),
        lane.place.board(), colleague.public_id, *(each.public_id for each in others),
    ]  # fmt: skip
    for each in hidden:
        assert (await handler.run(NODE, id=each)).data == {"node": None}, each
    for each in (handler.person.public_id, department.public_id):
        assert (await handler.run(NODE, id=each)).data["node"]["id"] == each
    for field in ("officers", "invitations", "appointments"):
        asked = await handler.run(f"{{ district {{ {field} {{ nodes {{ id }} }} }} }}")
        if field == "officers":  # handlers see themselves
            own = [{"id": handler.person.public_id}]
            assert asked.data == {"district": {field: {"nodes": own}}}
        else:
            assert asked.data == {"district": {field: None}}, field
    before = await state_of(make)
    for verb, given in (
        ("createDepartment", GIVEN),
        ("closeDepartment", {"departmentId": department.public_id, "reason": "x"}),
        ("dismissOfficer", {"officerId": colleague.public_id, "reason": "x"}),
        ("suspendCommunity", {"communityId": lane.place.public_id, "reason": "x"}),
    ):
        assert (await handler.do(verb, **given)).codes == ["FORBIDDEN"], verb
    assert await state_of(make) == before


async def test_a_token_is_of_the_department_that_its_officer_serves(
    make: Make, signed_in: SignIn
) -> None:
    one, two = await make.department(), await make.department()
    handler, admin = await make.officer(department=one), await make.officer()
    of_two = {"department_id": two.number, "org": two.public_id}
    for person in (
        replace(handler, **of_two),
        replace(admin, **of_two, roles=("DEPARTMENT_HANDLER",)),
        replace(handler, department_id=0, org=admin.org),
        replace(handler, department_id=0, org=admin.org, roles=("DISTRICT_ADMIN",)),
        replace(admin, roles=("DISTRICT_ADMIN", "DEPARTMENT_HANDLER")),
        replace(handler, roles=("DISTRICT_ADMIN", "DEPARTMENT_HANDLER")),
    ):
        assert (await signed_in(person).run("{ viewer { id } }")).status == 401, person
    assert (await signed_in(handler).run("{ viewer { id } }")).status == 200


async def test_a_departments_transaction_sees_no_invitation_and_changes_no_entry(
    make: Make, admin: SignedIn, database: Database
) -> None:
    department = await make.department()
    await admin.do(
        "inviteOfficer", role="DEPARTMENT_HANDLER", departmentId=department.public_id,
        displayName="小张", reason="增员", idempotencyKey=str(uuid4()),
    )  # fmt: skip
    for number, wanted in ((0, True), (department.number, False)):
        async with (
            database.pools[Principal.DISTRICT].acquire() as connection,
            connection.transaction(),
        ):
            await connection.execute(f"select district.enter(310113, 0, {number})")
            for table in ("district.invitation", "district.audit_entry"):
                assert await connection.fetchval(f"select exists(select from {table})") == wanted
    for statement in (
        "update district.audit_entry set action = 'x'",
        "update district.audit_head set district_id = 1",
        "delete from district.audit_entry",
        "delete from district.invitation",
        "delete from district.officer",
        "delete from reference.department",
        "update reference.department set district_id = 1",
        "update district.officer set roles = array['DISTRICT_ADMIN']",
        "update district.officer set department_id = null",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with make.district() as connection:
                await connection.execute(statement)
