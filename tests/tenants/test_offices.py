"""Offices: given for a term by the secretary, or from above by two; a refusal changes nothing."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tenants.db import Database
from tenants.identity import persons, sessions
from tenants.identity.store import identity
from tests.api.test_signin import Phone
from tests.conftest import SignIn
from tests.street import STAFF, Answer, Make, Person, SignedIn, key
from tests.tenants.conftest import Lane, faults, id_of

HELD = "select roles, permission_version from tenant.member where id = $1"
TERMS = "select role, ended_at is null, ended_by, end_reason from tenant.office_term order by id"
EVERYTHING = """
select (select jsonb_agg(to_jsonb(m) order by m.id) from tenant.member m)::text,
       (select jsonb_agg(to_jsonb(t) order by t.id) from tenant.office_term t)::text,
       (select jsonb_agg(to_jsonb(a) order by a.id) from tenant.appointment a)::text,
       (select count(*) from tenant.audit_entry)"""
YEAR = timedelta(days=365)


def at(moment: datetime) -> str:
    """Format a moment as a client writes it."""
    return moment.isoformat()


def about(person: SignedIn | Person, **rest: Any) -> dict[str, Any]:
    """Return the input that names a member and a reason."""
    who = person if isinstance(person, Person) else person.person
    return {"memberId": who.public_id, "reason": "换届", **rest}


def claims(token: str) -> dict[str, Any]:
    """Return the claims of a token."""
    part = token.split(".")[1]
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


async def refused(place: Lane, work: Any) -> Answer:
    """Assert that something is refused and changes nothing; return the answer."""
    before = await place.rows(EVERYTHING)
    answer: Answer = await work
    assert answer.codes or answer.refusals, "it was refused"
    assert await place.rows(EVERYTHING) == before
    return answer


async def test_an_office_is_held_for_five_years_unless_less_is_said(lane: Lane) -> None:
    soon = datetime.now(UTC) + timedelta(days=30)
    first = await lane.secretary.do(
        "grantRole", "member { roles terms { role seat endsAt endedAt } }", **about(lane.author)
    )
    second = await lane.secretary.do(
        "grantRole", "member { roles terms { endsAt hasDeclaredNoRelatives } }",
        **about(
            lane.neighbour, role="SUPERVISOR", endsAt=at(soon), declaresNoRelatives=True
        ),
    )  # fmt: skip

    (term,) = first.payload["member"]["terms"]
    ends_at = datetime.fromisoformat(term.pop("endsAt"))
    assert term == {"role": "COMMITTEE_MEMBER", "seat": None, "endedAt": None}
    assert timedelta(days=-2) < ends_at - datetime.now(UTC) - 5 * YEAR < timedelta(days=2)
    assert second.payload["member"]["roles"] == ["RESIDENT", "SUPERVISOR"]
    (held,) = second.payload["member"]["terms"]
    assert (datetime.fromisoformat(held["endsAt"]), held["hasDeclaredNoRelatives"]) == (soon, True)


async def test_a_supervisor_declares_that_no_relative_is_of_the_committee(lane: Lane) -> None:
    """城市居民委员会组织法第36条、村民委员会组织法第37条."""
    work = lane.secretary.do("grantRole", **about(lane.author, role="SUPERVISOR"))
    answer = await refused(lane, work)
    assert faults(answer) == [("REQUIRED", ["input", "declaresNoRelatives"])]
    assert "第36条" in answer.payload["userErrors"][0]["message"]


async def test_the_database_knows_no_supervisor_in_the_committee(lane: Lane) -> None:
    for other in ("COMMITTEE_MEMBER", "PARTY_SECRETARY"):
        with pytest.raises(asyncpg.CheckViolationError, match="supervises_from_outside"):
            await lane.make.member(lane.place, "RESIDENT", "SUPERVISOR", other)


async def test_a_term_ends_in_the_future_and_within_five_years(lane: Lane) -> None:
    now = datetime.now(UTC)
    for until in (now - timedelta(seconds=1), now + 5 * YEAR + timedelta(days=3)):
        answer = await refused(
            lane, lane.secretary.do("grantRole", **about(lane.author, endsAt=at(until)))
        )
        assert faults(answer) == [("INVALID", ["input", "endsAt"])]


async def test_nobody_is_of_the_committee_and_of_its_supervisors(lane: Lane) -> None:
    supervisor = await lane.make.member(lane.place, "RESIDENT", "SUPERVISOR")
    for person, role in ((lane.staff, "SUPERVISOR"), (supervisor, "COMMITTEE_MEMBER")):
        answer = await refused(lane, lane.secretary.do("grantRole", **about(person, role=role)))
        assert faults(answer) == [("WRONG_STATE", ["input", "memberId"])]
        assert "监督委员" in answer.payload["userErrors"][0]["message"]


async def test_a_supervisor_does_what_a_resident_does(lane: Lane, signed_in: SignIn) -> None:
    supervisor = signed_in(await lane.make.member(lane.place, "RESIDENT", "SUPERVISOR"))
    post = await supervisor.do("createPost", "post { id }", title="晾衣绳", body="谁家的？",
                               boardId=lane.place.board(), idempotencyKey=key())  # fmt: skip
    assert post.refusals == []
    pin = supervisor.do("pinPost", postId=post.payload["post"]["id"])
    assert (await refused(lane, pin)).codes == ["FORBIDDEN"]
    assert (await supervisor.run("{ applications { nodes { id } } }")).codes == ["FORBIDDEN"]
    assert (await refused(lane, supervisor.do("grantRole", **about(lane.author)))).codes == [
        "FORBIDDEN"
    ]


async def test_a_role_taken_closes_its_term_and_keeps_the_others(lane: Lane) -> None:
    given = {"role": "SUPERVISOR", "declaresNoRelatives": True}
    await lane.secretary.do("grantRole", **about(lane.author, **given))
    wrong = await refused(lane, lane.secretary.do("revokeRole", **about(lane.author)))
    assert wrong.refusals == ["WRONG_STATE"], "a supervisor, not a committee member"

    done = await lane.secretary.do(
        "revokeRole", "member { roles terms { role endedAt } }",
        **about(lane.author, role="SUPERVISOR"),
    )  # fmt: skip

    assert done.payload["member"]["roles"] == ["RESIDENT"]
    assert done.payload["member"]["terms"][0]["endedAt"] is not None
    assert await lane.rows(HELD, id_of(lane.author)) == [(["RESIDENT"], 3)]
    assert await lane.rows(TERMS) == [("SUPERVISOR", False, id_of(lane.secretary), "换届")]
    assert await lane.actions() == ["role.granted", "role.revoked"]


async def test_who_leaves_holds_no_office_any_more(lane: Lane, signed_in: SignIn) -> None:
    for person, verb in ((lane.author, "leaveCommunity"), (lane.neighbour, "eraseMe")):
        await lane.secretary.do("grantRole", **about(person, reason="居民推选"))
        anew = signed_in(replace(person.person, roles=STAFF, version=2))
        assert (await anew.do(verb, confirm=True)).refusals == []
    ended = await lane.rows("select ended_by, reason from tenant.office_term order by id")
    assert ended == [(id_of(lane.author), "居民推选"), (id_of(lane.neighbour), None)]


async def test_a_seat_posts_on_its_board_only(lane: Lane, signed_in: SignIn) -> None:
    affairs, notices = lane.place.board("affairs"), lane.place.board("notices")
    given = about(lane.author, role="SEAT", seat="LAWYER", boardId=affairs)
    assert (await lane.secretary.do("grantRole", **given)).refusals == []
    lawyer = signed_in(replace(lane.author.person, roles=("RESIDENT", "SEAT"), version=2))
    post = {"title": "法律咨询", "body": "周六上午。"}

    done = await lawyer.do(
        "createPost", "post { id }", **post, boardId=affairs, idempotencyKey=key()
    )
    assert done.refusals == []
    can = '{ a: board(slug: "affairs") { viewerCan { createPost { allowed } } } }'
    assert (await lawyer.run(can)).data["a"]["viewerCan"]["createPost"] == {"allowed": True}

    for who, board in ((lawyer, notices), (lane.neighbour, affairs)):
        work = who.do("createPost", **post, boardId=board, idempotencyKey=key())
        assert (await refused(lane, work)).refusals == ["FORBIDDEN"]
    pin = lawyer.do("pinPost", postId=done.payload["post"]["id"])
    assert (await refused(lane, pin)).codes == ["FORBIDDEN"]

    await lane.secretary.do("revokeRole", **about(lane.author, role="SEAT"))
    again = signed_in(replace(lane.author.person, version=3))
    work = again.do("createPost", **post, boardId=affairs, idempotencyKey=key())
    assert (await refused(lane, work)).refusals == ["FORBIDDEN"]


async def test_a_seat_is_somebodys_and_on_a_board_of_here(lane: Lane, make: Make) -> None:
    board, away = lane.place.board("affairs"), (await make.community()).board("affairs")
    for given, fault in (
        ({"role": "SEAT", "boardId": board}, ("REQUIRED", ["input", "seat"])),
        ({"role": "SEAT", "seat": "DOCTOR"}, ("REQUIRED", ["input", "boardId"])),
        ({"role": "SEAT", "seat": "DOCTOR", "boardId": away}, ("NOT_FOUND", ["input", "boardId"])),
        ({"seat": "DOCTOR"}, ("INVALID", ["input", "seat"])),
        ({"role": "SUPERVISOR", "boardId": board}, ("INVALID", ["input", "boardId"])),
    ):
        work = lane.secretary.do("grantRole", **about(lane.author, **given))
        assert faults(await refused(lane, work)) == [fault]


async def sign_in(phone: Phone, database: Database, person: Person) -> None:
    """Sign a telephone in as a member who already has an affiliation."""
    async with identity(database) as store:
        found = await persons.affiliation(store, person.id)
        assert found is not None
        phone.refresh_token = (
            await sessions.begin(store, found["person_id"], "tests")
        ).refresh_token
    assert (await phone.refresh()).status_code == 200


async def test_a_term_that_runs_out_ends_with_the_token(
    lane: Lane, client: Any, database: Database, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Phone(client)
    member = await lane.make.applicant(lane.place, "ACTIVE")
    until = datetime.now(UTC) + timedelta(seconds=90)
    await lane.secretary.do("grantRole", **about(member, endsAt=at(until)))
    await lane.secretary.do("grantRole", **about(
        member, role="SEAT", seat="POLICE", boardId=lane.place.board(),
    ))  # fmt: skip

    await sign_in(phone, database, member)
    token = claims(phone.access_token)
    assert token["role"] == "COMMITTEE_MEMBER RESIDENT SEAT"
    assert token["exp"] == int(until.timestamp()), "no token outlives a role it carries"
    assert (await phone.signed_in().run("{ applications { nodes { id } } }")).status == 200

    later = until + timedelta(seconds=1)
    monkeypatch.setattr(app.state.house.database, "clock", lambda: later)
    answer = (await phone.refresh()).json()
    assert answer["places"][0]["roles"] == ["RESIDENT", "SEAT"]
    fresh = claims(phone.access_token)
    assert (fresh["ver"], fresh["role"]) == (token["ver"] + 1, "RESIDENT SEAT")
    assert answer["expires_in"] == fresh["exp"] - fresh["iat"] > 90, "the seat lasts on"
    assert (await lane.rows(TERMS))[0] == ("COMMITTEE_MEMBER", False, None, None)
    (lapsed,) = [done for done in await lane.trace() if done[0] == "role.lapsed"]
    assert lapsed == ("role.lapsed", UUID(int=0), member.id, None)
    kind = "select actor_kind from tenant.audit_entry where action = 'role.lapsed'"
    assert await lane.value(kind) == "SYSTEM"

    before = await lane.rows(EVERYTHING)
    await phone.refresh()
    assert await lane.rows(EVERYTHING) == before, "it lapses once"
