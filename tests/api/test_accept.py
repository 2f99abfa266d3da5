"""Accepting an invitation: from a printed code to an office, and which codes are refused."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from api.engine.identifiers import decode_uuid
from tenants.db import Database
from tenants.identity import persons, sessions
from tenants.identity.store import identity
from tenants.membership.tables import OfficerRole
from tenants.officers.service.inviting import invite
from tenants.viewer import system
from tests.api.test_signin import Phone, code_of
from tests.conftest import SignIn
from tests.overheard import unspeakable
from tests.street import Department, Make, SignedIn, key
from tests.tenants.test_departments import trace
from tests.tenants.test_officers import everything

pytestmark = pytest.mark.once

NOTHING = {"error": "invalid_grant", "error_description": "The invitation opens nothing."}


class Gate:
    """It is an admin who invites people, and telephones that accept invitations."""

    def __init__(self, client: httpx.AsyncClient, make: Make, admin: SignedIn) -> None:
        self.client, self.make, self.admin = client, make, admin

    async def phone(self) -> Phone:
        """Return a telephone of a person who is signed in."""
        phone = Phone(self.client)
        await phone.scan(uuid4().hex)
        return phone

    async def accept(self, phone: Phone, code: str) -> httpx.Response:
        """Accept an invitation with a code."""
        return await phone.post("accept", refresh_token=phone.refresh_token, invitation=code)

    async def code(self, role: str = "DEPARTMENT_HANDLER", **given: Any) -> tuple[str, str]:
        """Invite an officer; return the code and the invitation's id."""
        wanted = {"displayName": "小张", "reason": "增员", "idempotencyKey": key(), **given}
        done = await self.admin.do("inviteOfficer", "invitation { id } code", role=role, **wanted)
        return unspeakable(done.payload["code"]), done.payload["invitation"]["id"]

    async def to(self, department: Department, **given: Any) -> tuple[str, str]:
        """Invite a handler of a department."""
        return await self.code(departmentId=department.public_id, **given)

    async def change(self, statement: str, *arguments: Any) -> None:
        """Run a statement in the district."""
        async with self.make.district() as connection:
            await connection.execute(statement, *arguments)

    async def opens_nothing(self, phone: Phone, code: str) -> None:
        """Assert that the code is refused and changes nothing."""
        before = await everything(self.make)
        refused = await self.accept(phone, code)
        assert (refused.status_code, refused.json()) == (400, NOTHING)
        assert await everything(self.make) == before


@pytest.fixture
async def gate(client: httpx.AsyncClient, make: Make, signed_in: SignIn) -> Gate:
    """Give a gate with an admin of the district."""
    return Gate(client, make, signed_in(await make.officer()))


@pytest.fixture
async def other(make: Make, signed_in: SignIn) -> SignedIn:
    """Give another admin, who confirms."""
    return signed_in(await make.officer())


def id_of(public_id: str) -> UUID:
    """Return the row's id for a public id."""
    found = decode_uuid(public_id[4:])
    assert found is not None
    return found


async def test_from_an_invitation_to_a_handler_and_out_again(gate: Gate, make: Make) -> None:
    department = await make.department()
    code, invitation = await gate.to(department)
    phone = await gate.phone()
    answer = (await gate.accept(phone, code)).json()
    assert answer["org"] == department.public_id
    assert answer["scope"] == "district:read petition:handle petition:read self:data session:manage"
    assert [(p["org"], p["roles"]) for p in answer["places"]] == [
        (department.public_id, ["DEPARTMENT_HANDLER"])
    ]
    handler = phone.signed_in()
    seen = await handler.run("{ viewer { officer { id } displayName department { id } } }")
    assert seen.data["viewer"]["displayName"] == "小张"
    assert seen.data["viewer"]["department"] == {"id": department.public_id}
    officer = seen.data["viewer"]["officer"]["id"]
    entries = await trace(make, invitation)
    assert entries[1:] == [("invitation.accepted", id_of(officer), None)]
    listed = await gate.client.get(
        "/auth/sessions", headers={"authorization": f"Bearer {phone.access_token}"}
    )
    assert listed.status_code == 200

    await gate.admin.do("dismissOfficer", officerId=officer, reason="调离")
    assert (await handler.run("{ viewer { id } }")).status == 401
    after = (await phone.refresh()).json()
    assert (after["access_token"], after["places"]) == (None, [])
    switched = await phone.post(
        "switch", refresh_token=phone.refresh_token, org=department.public_id
    )
    assert switched.json()["error"] == "invalid_target"

    again, _ = await gate.to(department)
    assert (await gate.accept(phone, again)).json()["org"] == department.public_id
    anew = (await phone.signed_in().run("{ viewer { officer { id } } }")).data["viewer"]["officer"][
        "id"
    ]
    assert anew != officer, "who comes back serves anew"


async def test_a_member_is_an_officer_beside_and_switches(gate: Gate, make: Make) -> None:
    elm, department = await make.community(), await make.department()
    phone = await gate.phone()
    await phone.join(await code_of(make, elm))
    code, _ = await gate.to(department)
    answer = (await gate.accept(phone, code)).json()
    assert {p["org"] for p in answer["places"]} == {elm.public_id, department.public_id}
    for org in (elm.public_id, department.public_id):
        switched = await phone.post("switch", refresh_token=phone.refresh_token, org=org)
        assert switched.json()["org"] == org


async def test_an_admins_code_waits_for_the_second_admin(gate: Gate, other: SignedIn) -> None:
    code, invitation = await gate.code("DISTRICT_ADMIN")
    phone = await gate.phone()
    await gate.opens_nothing(phone, code)
    await other.do("confirmInvitation", invitationId=invitation)
    answer = (await gate.accept(phone, code)).json()
    assert answer["org"].startswith("dst_")
    assert "office:appoint" in answer["scope"]
    me = (await phone.signed_in().run("{ viewer { officer { id } roles } }")).data["viewer"]
    assert me["roles"] == ["DISTRICT_ADMIN"]
    raised = phone.do("dismissOfficer", officerId=me["officer"]["id"], reason="x")
    assert (await raised).refusals == ["FORBIDDEN"]


async def test_what_opens_nothing(gate: Gate, make: Make) -> None:
    department = await make.department()
    used, _ = await gate.to(department)
    assert (await gate.accept(await gate.phone(), used)).status_code == 200
    declined, this = await gate.to(department)
    await gate.admin.do("declineInvitation", invitationId=this, reason="误")
    old, this = await gate.to(department)
    await gate.change(
        "update district.invitation set expires_at = now() where id = $1", id_of(this)
    )
    past, this = await gate.to(
        department, endsAt=(datetime.now(UTC) + timedelta(days=9)).isoformat()
    )
    await gate.change("update district.invitation set ends_at = now() where id = $1", id_of(this))
    closing = await make.department()
    shut, _ = await gate.to(closing)
    done = await gate.admin.do("closeDepartment", departmentId=closing.public_id, reason="撤并")
    assert done.refusals == []
    good, _ = await gate.to(department)
    elsewhere = f"110101{good[6:]}"
    for code in (
        used,
        declined,
        old,
        past,
        shut,
        good[:-1] + "0",
        elsewhere,
        "x",
        "310113-",
    ):
        await gate.opens_nothing(await gate.phone(), code)
    phone = await gate.phone()
    # a code in capitals, as a person may type it from paper, is the same code
    assert (await gate.accept(phone, good.upper())).status_code == 200
    second, _ = await gate.to(department)
    await gate.opens_nothing(phone, second)
    for given in ({"refresh_token": phone.refresh_token}, {"invitation": good}):
        missing = await phone.post("accept", **given)
        assert (missing.status_code, missing.json()["error"]) == (400, "invalid_request")
    stranger = await phone.post("accept", refresh_token="x", invitation=second)
    assert stranger.json()["error"] == "invalid_grant"


async def test_nobody_takes_an_office_by_their_own_invitation(
    gate: Gate, make: Make, signed_in: SignIn, database: Database
) -> None:
    phone = await gate.phone()
    async with identity(database) as store:
        person = (await sessions.shown(store, phone.refresh_token))["person_id"]
    inviter = signed_in(await make.officer(person_id=person))
    second = signed_in(await make.officer())
    theirs = Gate(gate.client, make, inviter)
    code, _ = await theirs.to(await make.department())
    await gate.opens_nothing(phone, code)
    street = (await inviter.run("{ district { streets { id } } }")).data["district"]["streets"][0]
    for asking, confirming in ((inviter, second), (second, inviter)):
        code, invitation = await Gate(gate.client, make, asking).code(
            "DISTRICT_ADMIN", streetId=street["id"]
        )
        assert (await confirming.do("confirmInvitation", invitationId=invitation)).refusals == []
        await gate.opens_nothing(phone, code)


async def test_a_code_is_good_for_one_of_many_at_once(gate: Gate, make: Make) -> None:
    department = await make.department()
    code, _ = await gate.to(department)
    phones = [await gate.phone() for _ in range(4)]
    answers = await asyncio.gather(*(gate.accept(each, code) for each in phones))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    async with make.district() as connection:
        query = "select count(*), max(department_id) from district.officer where department_id = $1"
        assert tuple(await connection.fetchrow(query, department.number)) == (1, department.number)
        handlers = "select handlers from reference.department where department_id = $1"
        assert await connection.fetchval(handlers, department.number) == 1


async def test_five_wrong_ones_close_the_door_for_this_person(gate: Gate, make: Make) -> None:
    code, _ = await gate.to(await make.department())
    phone = await gate.phone()
    # a malformed code does not count as an attempt
    await gate.opens_nothing(phone, "310113-wrong")
    wrong = code[:-1] + ("b" if code.endswith("a") else "a")
    for _ in range(5):
        await gate.opens_nothing(phone, wrong)
    locked = await gate.accept(phone, code)
    assert (locked.status_code, locked.json()["error"]) == (429, "slow_down")
    assert 0 < int(locked.headers["retry-after"]) <= 15 * 60
    assert (await gate.accept(await gate.phone(), code)).status_code == 200


async def test_a_token_does_not_outlive_the_term_and_a_run_out_one_is_over(
    gate: Gate, make: Make
) -> None:
    department = await make.department()
    ends = datetime.now(UTC) + timedelta(seconds=300)
    code, _ = await gate.to(department, endsAt=ends.isoformat())
    phone = await gate.phone()
    answer = (await gate.accept(phone, code)).json()
    assert 290 <= answer["expires_in"] <= 300
    me = (await phone.signed_in().run("{ viewer { officer { id } } }")).data["viewer"]["officer"][
        "id"
    ]

    owner = await asyncpg.connect(make.cluster.url())
    await owner.execute("update district.officer set ends_at = now() where id = $1", id_of(me))
    await owner.close()
    after = (await phone.refresh()).json()
    assert (after["access_token"], after["places"]) == (None, [])
    assert (await phone.signed_in().run("{ viewer { id } }")).status == 401
    assert await trace(make, me) == [("officer.lapsed", UUID(int=0), None)]
    done = await gate.admin.do("closeDepartment", departmentId=department.public_id, reason="撤并")
    assert done.refusals == []


async def test_an_office_at_the_door_with_no_officer_behind_is_nothing(
    gate: Gate, make: Make, database: Database
) -> None:
    """A crash between the two commits leaves this state."""
    department, phone = await make.department(), await gate.phone()
    async with identity(database) as store:
        person = (await sessions.shown(store, phone.refresh_token))["person_id"]
        await persons.affiliate(
            store, person, place="DEPARTMENT", number=department.number, place_id=department.id
        )
    assert (await phone.refresh()).json()["places"] == []
    code, _ = await gate.to(department)
    assert (await gate.accept(phone, code)).json()["org"] == department.public_id


async def test_the_operators_code_makes_the_first_admin(
    gate: Gate, make: Make, database: Database
) -> None:
    async with database.command(system(310113)) as tx:
        made, code = await invite(
            tx, role=OfficerRole.DISTRICT_ADMIN, display_name="第一人", reason="首任"
        )
    assert code is not None
    phone = await gate.phone()
    answer = (await gate.accept(phone, unspeakable(code))).json()
    assert answer["org"].startswith("dst_")
    async with make.district() as connection:
        query = (
            "select actor_kind, action from district.audit_entry where subject_id = $1 order by id"
        )
        assert [tuple(row) for row in await connection.fetch(query, made)] == [
            ("SYSTEM", "invitation.created"), ("OFFICER", "invitation.accepted"),
        ]  # fmt: skip
