"""Test inspections of a community from above: with a reason, for some time, seen by all members."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from tenants.db import Database
from tests.api.oauth import Program
from tests.api.test_token_endpoint import error
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Make, Person, Place, SignedIn, pst

HOME = """{ viewer { displayName roles scopes } community { name inspections { nodes { id } }
  board(slug: "neighbours") { posts(first: 10) { nodes { title commentCount } } }
  members(first: 10) { nodes { displayName state record { phone } } } }
  auditLog(first: 1) { nodes { action reason actorKind } } }"""
SEEN = """{ community { viewerCan { inspectCommunity { allowed } }
  inspections { nodes { displayName reason startedAt endsAt street { name } } } } }"""
ROWS = "select (select count(*) from tenant.inspection), (select count(*) from tenant.audit_entry)"


@pytest.fixture
def program(client: httpx.AsyncClient, make: Make, database: Database) -> Program:
    """Give a program that uses the token endpoint."""
    return Program(client, make, database)


async def look(
    program: Program, officer: SignedIn, place: Place, reason: str = "核实投诉", **form: str
) -> httpx.Response:
    """Ask for an inspection."""
    form = {"audience": place.public_id, "reason": reason, **form}
    return await program.exchange(officer.token, **form)


async def officer_of(program: Program, signed_in: SignIn, street_id: int = 0) -> SignedIn:
    """Create an admin who can sign in."""
    return signed_in(await program.affiliated(await program.make.officer(street_id)))


async def test_an_officer_looks_in_and_everyone_inside_knows(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    author = await make.applicant(elm, "ACTIVE")
    await make.post(author, title="楼道灯坏了")
    await make.post(author, title="被隐藏的", state="HIDDEN")
    await make.applicant(elm, "SUSPENDED")
    officer = await officer_of(program, signed_in, elm.street_id)

    answer = await look(program, officer, elm)
    assert 0 < answer.json()["expires_in"] <= 900
    inspector = program.bearer(answer)
    seen = (await inspector.run(HOME)).data
    assert seen["viewer"] == {
        "displayName": "区管理员", "roles": ["INSPECTOR"],
        "scopes": ["AUDIT_READ", "BOARD_READ", "COMMUNITY_READ", "MEMBER_READ"],
    }  # fmt: skip
    assert [p["title"] for p in seen["community"]["board"]["posts"]["nodes"]] == ["楼道灯坏了"]
    (member,) = seen["community"]["members"]["nodes"]
    assert (member["state"], member["record"]) == ("ACTIVE", None)
    # the reason of an entry is for the secretary and for those it is about
    assert seen["auditLog"]["nodes"] == [
        {"action": "COMMUNITY_INSPECTED", "reason": None, "actorKind": "OFFICER"}
    ]
    for resident in (await make.member(elm), await make.member(elm, *STAFF)):
        told = (await signed_in(resident).run(SEEN)).data["community"]
        (told_of,) = told["inspections"]["nodes"]
        assert (told_of["displayName"], told_of["reason"]) == ("区管理员", "核实投诉")
        assert told_of["street"]["name"]
        assert told["viewerCan"]["inspectCommunity"] == {"allowed": False}
        lasts = datetime.fromisoformat(told_of["endsAt"]) - datetime.fromisoformat(
            told_of["startedAt"]
        )
        assert lasts == timedelta(minutes=30)


async def test_a_look_sees_no_community_but_the_one(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    elm, oak = await make.community(), await make.community()
    post = await make.post(await make.member(oak), title="邻居的")
    before = await make.rows(oak, ROWS)
    officer = await officer_of(program, signed_in)
    inspector = program.bearer(await look(program, officer, elm))
    query = "query ($id: ID!) { post(id: $id) { title } community { id } }"
    assert (await inspector.run(query, id=pst(post))).data == {
        "post": None, "community": {"id": elm.public_id},
    }  # fmt: skip
    assert (await inspector.run("{ moderationQueue { totalCount } }")).codes == ["FORBIDDEN"]
    assert (await inspector.run("{ applications { totalCount } }")).codes == ["FORBIDDEN"]
    assert (await inspector.run("{ district { id } }")).data == {"district": None}
    assert await make.rows(oak, ROWS) == before


async def test_a_look_ends_with_its_time_and_with_its_officer(
    make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    officer = await make.officer(elm.street_id)
    now = datetime.now(UTC)
    over = {"started_at": now - timedelta(minutes=29), "ends_at": now - timedelta(seconds=1)}
    ask = "{ community { name } }"
    assert (await signed_in(await make.inspection(elm, officer, **over)).run(ask)).status == 401
    lively = signed_in(await make.inspection(elm, officer))
    assert (await lively.run(ask)).status == 200
    for change in (
        "update district.officer set permission_version = permission_version + 1 where id = $1",
        "update district.officer set permission_version = permission_version - 1, "
        "state = 'DISMISSED', ended_at = now() where id = $1",
    ):
        async with make.district() as connection:
            await connection.execute(change, officer.id)
        assert (await lively.run(ask)).status == 401


async def _who(make: Make, elm: Place) -> dict[str, Person]:
    away = 310113102 if elm.street_id != 310113102 else 310113003
    return {
        "a resident": await make.applicant(elm, "ACTIVE"),
        "a secretary": await make.applicant(elm, "ACTIVE", *SECRETARY),
        "a handler": await make.officer(department=await make.department(elm.street_id)),
        "another street's admin": await make.officer(away),
    }


async def test_who_may_not_look(program: Program, make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    before = await make.rows(elm, ROWS)
    told: dict[str, tuple[int, str]] = {}
    for what, person in (await _who(make, elm)).items():
        if person.place is None:
            await program.affiliated(person)
        told[what] = error(await look(program, signed_in(person), elm))
    lacks = (403, "insufficient_scope")
    assert told == {
        "a resident": lacks, "a secretary": lacks, "a handler": lacks,
        "another street's admin": (400, "invalid_target"),
    }  # fmt: skip
    officer = await officer_of(program, signed_in)
    for form, code in (
        ({"reason": ""}, "invalid_request"),
        ({"reason": "  "}, "invalid_request"),
        ({"reason": "长" * 501}, "invalid_request"),
        ({"audience": "com_AAAAAAAAAAAAAAAAAAAAAA"}, "invalid_target"),
        ({"audience": "str_x"}, "invalid_target"),
        ({"scope": "post:write"}, "invalid_scope"),
        ({"scope": "district:read"}, "invalid_scope"),
    ):
        assert error(await look(program, officer, elm, **form)) == (400, code), form
    narrow = program.bearer(await program.exchange(officer.token, scope="district:read"))
    assert error(await look(program, narrow, elm)) == lacks
    assert await make.rows(elm, ROWS) == before, "and nothing was written"


async def test_a_look_cannot_be_unwritten_or_made_longer(make: Make) -> None:
    elm = await make.community()
    await make.inspection(elm, await make.officer())
    for statement in (
        "update tenant.inspection set reason = '别的'",
        "delete from tenant.inspection",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with make.inside(elm.key) as connection:
                await connection.execute(statement)
    officer = await make.officer()
    now = datetime.now(UTC)
    with pytest.raises(asyncpg.CheckViolationError):
        await make.inspection(elm, officer, ends_at=now + timedelta(minutes=31))


async def test_a_community_sees_no_officer_but_those_who_look_in(make: Make) -> None:
    elm, oak = await make.community(), await make.community()
    officer, _ = await make.officer(), await make.officer()
    await make.inspection(elm, officer)
    seen: list[Any] = []
    for place in (elm, oak):
        async with make.inside(place.key) as connection:
            seen.append(
                [r["id"] for r in await connection.fetch("select id from district.officer")]
            )
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch("select person_id from district.officer")
    assert seen == [[officer.id], []]
