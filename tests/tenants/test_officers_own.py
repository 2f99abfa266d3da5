"""What an officer is owed of their own data: all of it exported, and gone when they are erased."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import sqlalchemy as sa

from api.engine.identifiers import encode_id
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.identity import persons
from tenants.identity.store import identity
from tenants.officers.service import own
from tests.api.oauth import Program
from tests.conftest import SignIn
from tests.overheard import unspeakable
from tests.street import Answer, Make, Person, Place, SignedIn, key
from tests.tenants.test_inspections import look
from tests.tenants.test_personal import dump

# Ids in the district's tables that name no officer.
NO_OFFICERS = {
    "district.invitation.id": "the invitation itself",
    "district.audit_entry.id": "the entry itself",
    "district.idempotency_key.subject_id": "what was made under the key",
    "district.officer.person_id": "a person at the door, who is exported from there",
}
ROWS = """select (select jsonb_agg(to_jsonb(o) order by o.id) from district.officer o)::text,
    (select jsonb_agg(to_jsonb(i) order by i.id) from district.invitation i)::text,
    (select count(*) from district.audit_entry)"""


def test_every_column_that_names_an_officer_is_exported() -> None:
    for table in DOMAINS.tables:
        if table.schema != "district":
            continue
        for column in table.c:
            if isinstance(column.type, sa.Uuid) and column not in own.naming(table):
                assert str(column.table.fullname) + f".{column.name}" in NO_OFFICERS
    for schema in ("tenant", "district"):
        for table, columns in own.exported(schema, DOMAINS).items():
            given = {column.name for column in columns}
            assert given & {column.name for column in own.naming(table)}, table


@dataclass
class Desk:
    """It is an admin of a street who could sign in, a community below, and what was done in it."""

    person: Person
    client: SignedIn
    place: Place
    letter: UUID
    name: str
    reasons: dict[str, str]


@pytest.fixture
def program(client: httpx.AsyncClient, make: Make, database: Database) -> Program:
    """Give a program that knocks."""
    return Program(client, make, database)


@pytest.fixture
async def desk(make: Make, signed_in: SignIn, program: Program) -> Desk:
    """The admin has answered, looked in, proposed and invited."""
    elm = await make.community()
    name = unspeakable(f"乔{uuid4().hex[:8]}")
    person = await make.officer(elm.street_id, display_name=name)
    await program.affiliated(person)
    client = signed_in(person)
    author = await make.applicant(elm, "ACTIVE")
    letter = await make.petition(
        author, secrecy="PRIVATE", body="孩子生病", state="IN_PROGRESS", level="STREET",
        desk=elm.street_id, desks=[elm.street_id],
    )  # fmt: skip
    reasons = {what: f"因{uuid4().hex[:8]}" for what in ("look", "propose", "invite")}
    assert (await look(program, client, elm, reasons["look"])).status_code == 200
    done = [
        await client.do("answerPetition", petitionId=encode_id(letter, "pet_"), body="已派人", outcome="SOLVED"),
        await client.do(
            "proposeAppointment", communityId=elm.public_id, memberId=author.public_id,
            action="APPOINT", endsAt="2029-01-01T00:00:00Z", reason=reasons["propose"],
        ),
        await client.do(
            "inviteOfficer", role="DISTRICT_ADMIN", displayName="小张", reason=reasons["invite"],
            idempotencyKey=key(),
        ),
    ]  # fmt: skip
    assert [each.refusals for each in done] == [[], [], []]
    return Desk(person, client, elm, letter, name, reasons)


async def held(client: SignedIn) -> dict[str, Any]:
    """Return what an export holds."""
    answer = await client.do("exportMyData", "data", confirm=True)
    assert answer.refusals == []
    return json.loads(answer.payload["data"])


def named_in(text: str, id: UUID) -> set[tuple[str, str]]:
    """Return the tables of which a dump has rows that name somebody, by schema."""
    rows = re.findall(r"^INSERT INTO (\w+)\.(\w+) VALUES .*$", text, re.MULTILINE)
    lines = re.findall(r"^INSERT INTO \w+\.\w+ VALUES (.*)$", text, re.MULTILINE)
    return {row for row, line in zip(rows, lines, strict=True) if str(id) in line}


async def test_an_export_has_every_row_that_names_the_officer_and_nobody_elses_words(
    desk: Desk, cluster: Cluster
) -> None:
    whole = await held(desk.client)
    inside = whole["communities"]
    assert list(inside) == [str(desk.place.id)]
    exported = {("district", table) for table in whole["district"]}
    exported |= {("tenant", table) for table in inside[str(desk.place.id)]}
    found = named_in(dump(cluster), desk.person.id)
    assert {each for each in found if each[0] != "identity"} == exported
    assert {"officer", "invitation", "audit_entry"} == set(whole["district"])
    (officer,) = whole["district"]["officer"]
    assert officer["display_name"] == desk.name
    (looked,) = inside[str(desk.place.id)]["inspection"]
    assert (looked["display_name"], looked["reason"]) == (desk.name, desk.reasons["look"])
    (petition,) = inside[str(desk.place.id)]["petition"]
    assert petition["answer"] == "已派人"
    assert "body" not in petition
    assert "孩子生病" not in json.dumps(whole, ensure_ascii=False)
    (proposed,) = inside[str(desk.place.id)]["appointment"]
    assert "member_id" not in proposed
    assert [login["provider"] for login in whole["signIn"]["logins"]] == ["DEMO"]


async def test_an_erasure_leaves_what_was_done_and_no_name(
    desk: Desk, make: Make, signed_in: SignIn, cluster: Cluster, database: Database
) -> None:
    assert desk.name in dump(cluster)
    assert (await desk.client.do("eraseMe", confirm=False)).refusals == ["REQUIRED"]
    done = await desk.client.do("eraseMe", "done", confirm=True)
    assert done.payload == {"done": True, "userErrors": []}

    left = dump(cluster)
    assert desk.name not in left
    assert (await desk.client.run("{ viewer { id } }")).status == 401
    async with identity(database) as store:
        assert await persons.affiliation(store, desk.person.id) is None
    async with make.district() as connection:
        row = await connection.fetchrow(
            "select state, display_name, ended_at is not null as ended from district.officer "
            "where id = $1", desk.person.id,
        )  # fmt: skip
        states = await connection.fetch(
            "select state from district.invitation where invited_by = $1", desk.person.id
        )
    assert tuple(row) == ("ANONYMISED", "已注销用户", True)
    assert [tuple(each) for each in states] == [("DECLINED",)], "nobody accepts it any more"

    resident = signed_in(await make.member(desk.place))
    seen = "{ community { inspections { nodes { displayName reason } } } }"
    assert (await resident.run(seen)).data["community"]["inspections"]["nodes"] == [
        {"displayName": "已注销用户", "reason": desk.reasons["look"]}
    ]
    states = "select state, decided_by from tenant.appointment"
    assert [tuple(row) for row in await make.rows(desk.place, states)] == [
        ("DECLINED", desk.person.id)
    ]
    answered = "select answer, answered_by from tenant.petition where id = $1"
    assert [tuple(row) for row in await make.rows(desk.place, answered, desk.letter)] == [
        ("已派人", desk.person.id)
    ]


async def test_who_came_by_an_invitation_is_unnamed_there_too(
    make: Make, signed_in: SignIn, program: Program, cluster: Cluster
) -> None:
    admin, department = signed_in(await make.officer()), await make.department()
    name = unspeakable(f"柏{uuid4().hex[:8]}")
    invited = await admin.do(
        "inviteOfficer", "invitation { id } code", role="DEPARTMENT_HANDLER", reason=f"增补{name}",
        departmentId=department.public_id, displayName=name, idempotencyKey=key(),
    )  # fmt: skip
    who = await program.affiliated(await make.applicant(await make.community(), "ACTIVE"))
    token = await program.session(who)
    code = unspeakable(invited.payload["code"])
    accepted = await program.client.post(
        "/auth/accept", json={"refresh_token": token, "invitation": code}
    )
    handler = program.bearer(accepted)
    async with make.district() as connection:
        handlers = "select handlers from reference.department where id = $1"
        assert await connection.fetchval(handlers, department.id) == 1
    whole = await held(handler)
    assert [row["display_name"] for row in whole["district"]["invitation"]] == [name]
    assert whole["communities"] == {}, "in none of them was anything done"
    assert whole["district"]["audit_entry"]

    assert (await handler.do("eraseMe", confirm=True)).refusals == []
    assert name not in dump(cluster)
    async with make.district() as connection:
        assert await connection.fetchval(handlers, department.id) == 0
    seen = "query ($id: ID!) { node(id: $id) { ... on Invitation { displayName reason state } } }"
    node = (await admin.run(seen, id=invited.payload["invitation"]["id"])).data["node"]
    assert node == {"displayName": "已注销用户", "reason": None, "state": "ACCEPTED"}


@asynccontextmanager
async def alone(owner: asyncpg.Connection, *admins: Person) -> AsyncGenerator[None]:
    """Have no admins of the district itself but these, for the length of the block."""
    others = [
        row["id"]
        for row in await owner.fetch(
            "update district.officer set state = 'SUSPENDED' where street_id = 0 and state = 'ACTIVE' "
            "and department_id is null and id <> all ($1) returning id",
            [each.id for each in admins],
        )
    ]
    try:
        yield
    finally:
        await owner.execute(
            "update district.officer set state = 'ACTIVE' where id = any($1)", others
        )


@pytest.fixture
async def owner(cluster: Cluster) -> AsyncGenerator[asyncpg.Connection]:
    """Give a superuser, whom no wall stops."""
    connection = await asyncpg.connect(cluster.url())
    yield connection
    await connection.close()


async def test_the_last_admin_of_a_district_cannot_go(
    desk: Desk, make: Make, signed_in: SignIn, owner: asyncpg.Connection
) -> None:
    last = await make.officer()
    lapsed = "update district.officer set ends_at = now() - interval '1 hour' where id = $1"
    over = await make.officer()
    await owner.execute(lapsed, over.id)
    async with alone(owner, last, over):
        async with make.district() as connection:
            before = tuple(await connection.fetchrow(ROWS))
        refused = await signed_in(last).do("eraseMe", confirm=True)
        async with make.district() as connection:
            assert tuple(await connection.fetchrow(ROWS)) == before
        assert refused.refusals == ["WRONG_STATE"]
        assert (await signed_in(last).run("{ viewer { id } }")).status == 200
        # a street's admin may: the district's stays
        assert (await desk.client.do("eraseMe", confirm=True)).refusals == []
        assert (await make.officer()).id
        assert (await signed_in(last).do("eraseMe", confirm=True)).refusals == []


async def test_of_two_last_admins_at_once_one_stays(
    make: Make, signed_in: SignIn, owner: asyncpg.Connection
) -> None:
    for _ in range(5):
        pair = [await make.officer(), await make.officer()]
        async with alone(owner, *pair):
            answers: list[Answer] = await asyncio.gather(
                *(signed_in(each).do("eraseMe", confirm=True) for each in pair)
            )
            staying = await owner.fetchval(
                "select count(*) from district.officer where id = any($1) and state = 'ACTIVE'",
                [each.id for each in pair],
            )
        gone = [each.refusals for each in answers].count([])
        assert (gone, staying) in ((1, 1), (0, 2))
        assert all(each.refusals in ([], ["WRONG_STATE"]) for each in answers)


async def test_one_who_erases_twice_at_once_is_erased_once(
    make: Make, signed_in: SignIn, owner: asyncpg.Connection
) -> None:
    person = await make.officer(310113102)
    answers = await asyncio.gather(
        *(signed_in(person).do("eraseMe", confirm=True) for _ in range(4))
    )
    assert sorted(each.status for each in answers) == [200, 401, 401, 401]
    entries = "select count(*) from district.audit_entry where subject_id = $1 and action = $2"
    assert await owner.fetchval(entries, person.id, "officer.anonymised") == 1
    assert encode_id(person.id, "off_") == person.public_id
