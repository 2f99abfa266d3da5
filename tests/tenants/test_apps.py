"""Apps are registered, changed and suspended by the secretary or from above, and by no others."""

from typing import Any

import asyncpg
import pytest

from tests.api.oauth import register
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Make, Place, SignedIn, key

APPS = """{ community { apps { nodes { id name contact scopes state suspensionReason clientId
  isRegisteredFromAbove oldSecretUntil viewerCan { rotateAppSecret { allowed code }
  suspendApp { allowed code } resumeApp { allowed code } } } } } }"""
FROM_ABOVE = "{ district { apps(first: 50) { nodes { id community { id } } } } }"
ROWS = """select (select jsonb_agg(to_jsonb(a) order by a.id) from tenant.app a)::text,
  (select count(*) from tenant.audit_entry), (select count(*) from tenant.idempotency_key)"""


async def refused(make: Make, place: Place, work: Any) -> list[str]:
    """Assert that something is refused and changes nothing; return the codes."""
    before = await make.rows(place, ROWS)
    answer = await work
    assert await make.rows(place, ROWS) == before
    return answer.codes or answer.refusals


async def listed(who: SignedIn) -> list[dict[str, Any]]:
    """Return the apps that a person in a community sees."""
    return (await who.run(APPS)).data["community"]["apps"]["nodes"]


async def test_members_know_who_reads_their_community(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    secretary = signed_in(await make.member(elm, *SECRETARY))
    done = await register(secretary, elm, scopes=["MEMBER_READ", "BOARD_READ", "BOARD_READ"])
    app = done.payload["app"]
    assert app["scopes"] == ["BOARD_READ", "MEMBER_READ"]
    resident = signed_in(await make.member(elm))
    (seen,) = await listed(resident)
    no = {"allowed": False, "code": "FORBIDDEN"}
    assert seen == {
        "id": app["id"], "name": "楼道屏", "contact": "dev@example.org", "state": "ACTIVE",
        "scopes": ["BOARD_READ", "MEMBER_READ"], "suspensionReason": None, "clientId": None,
        "isRegisteredFromAbove": False, "oldSecretUntil": None,
        "viewerCan": {"rotateAppSecret": no, "suspendApp": no, "resumeApp": no},
    }  # fmt: skip
    (managed,) = await listed(secretary)
    assert managed["clientId"] == app["clientId"]
    assert managed["viewerCan"]["suspendApp"] == {"allowed": True, "code": None}

    await secretary.do("suspendApp", appId=app["id"], reason="停止维护")
    (seen,) = await listed(resident)
    assert (seen["state"], seen["suspensionReason"]) == ("SUSPENDED", "停止维护")
    told = [(action, reason) for action, _, _, reason in await make.trace(elm)]
    assert told == [("app.registered", None), ("app.suspended", "停止维护")]


async def test_the_secret_is_shown_once(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    secretary = signed_in(await make.member(elm, *SECRETARY))
    same = key()
    first = await register(secretary, elm, idempotencyKey=same)
    again = await register(secretary, elm, idempotencyKey=same)
    assert again.payload["app"] == first.payload["app"]
    assert (len(first.payload["secret"]), again.payload["secret"]) == (43, None)
    other = await register(secretary, elm, idempotencyKey=same, name="另一个")
    assert other.refusals == ["IDEMPOTENCY_MISMATCH"]
    assert len(await listed(secretary)) == 1
    text = str(await make.rows(elm, "select * from tenant.app"))
    assert first.payload["secret"] not in text


@pytest.mark.parametrize("roles", [(), STAFF])
async def test_only_the_secretary_manages_apps(
    make: Make, signed_in: SignIn, roles: tuple[str, ...]
) -> None:
    elm = await make.community()
    app = (await make.app(elm)).public_id
    who = signed_in(await make.member(elm, *roles))
    for work in (
        register(who, elm),
        who.do("rotateAppSecret", appId=app, idempotencyKey=key()),
        who.do("suspendApp", appId=app, reason="停"),
        who.do("resumeApp", appId=app),
    ):
        assert await refused(make, elm, work) == ["FORBIDDEN"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": ""}, "REQUIRED"),
        ({"name": "长" * 31}, "TOO_LONG"),
        ({"contact": " "}, "REQUIRED"),
        ({"contact": "c" * 121}, "TOO_LONG"),
        ({"scopes": []}, "INVALID"),
        ({"scopes": ["POST_WRITE"]}, "INVALID"),
        ({"scopes": ["BOARD_READ", "AUDIT_READ"]}, "INVALID"),
        ({"scopes": ["NONSENSE"]}, "BAD_USER_INPUT"),
        ({"idempotencyKey": ""}, "INVALID"),
        ({"communityId": "com_AAAAAAAAAAAAAAAAAAAAAA"}, "NOT_FOUND"),
    ],
)
async def test_what_is_wrong_with_an_app(
    make: Make, signed_in: SignIn, given: dict[str, Any], code: str
) -> None:
    elm = await make.community()
    secretary = signed_in(await make.member(elm, *SECRETARY))
    assert await refused(make, elm, register(secretary, elm, **given)) == [code]


async def test_a_secretary_registers_in_their_own_community_only(
    make: Make, signed_in: SignIn
) -> None:
    elm, oak = await make.community(), await make.community()
    secretary = signed_in(await make.member(oak, *SECRETARY))
    app = (await make.app(elm)).public_id
    assert await refused(make, elm, register(secretary, elm)) == ["NOT_FOUND"]
    for verb, more in (("rotateAppSecret", {"idempotencyKey": key()}), ("resumeApp", {})):
        assert await refused(make, elm, secretary.do(verb, appId=app, **more)) == ["NOT_FOUND"]


async def test_a_community_has_fifty_apps_at_most(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    for _ in range(50):
        await make.app(elm)
    secretary = signed_in(await make.member(elm, *SECRETARY))
    assert await refused(make, elm, register(secretary, elm)) == ["QUOTA_EXCEEDED"]


async def test_the_street_registers_where_it_administers(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    away = 310113102 if elm.street_id != 310113102 else 310113003
    street, other = [signed_in(await make.officer(s)) for s in (elm.street_id, away)]
    handler = signed_in(await make.officer(department=await make.department(elm.street_id)))
    assert await refused(make, elm, register(other, elm)) == ["NOT_FOUND"]
    assert await refused(make, elm, register(handler, elm)) == ["FORBIDDEN"]
    done = await register(street, elm)
    app = done.payload["app"]["id"]
    assert done.payload["secret"]
    assert {"id": app, "community": {"id": elm.public_id}} in (await street.run(FROM_ABOVE)).data[
        "district"
    ]["apps"]["nodes"]
    assert app not in str((await other.run(FROM_ABOVE)).data)
    for verb, more in (("rotateAppSecret", {"idempotencyKey": key()}), ("resumeApp", {})):
        assert await refused(make, elm, other.do(verb, appId=app, **more)) == ["NOT_FOUND"]

    secretary = signed_in(await make.member(elm, *SECRETARY))
    (seen,) = await listed(secretary)
    assert seen["isRegisteredFromAbove"]
    assert (await street.do("suspendApp", "app { state }", appId=app, reason="核查")).refusals == []
    held = await refused(make, elm, secretary.do("resumeApp", appId=app))
    assert held == ["FORBIDDEN"], "what was suspended from above"
    assert (await listed(secretary))[0]["viewerCan"]["resumeApp"]["code"] == "FORBIDDEN"
    assert (await street.do("resumeApp", appId=app)).refusals == []
    assert (await secretary.do("suspendApp", appId=app, reason="不再用")).refusals == []
    assert (await secretary.do("resumeApp", appId=app)).refusals == []
    kinds = await make.rows(elm, "select actor_kind from tenant.audit_entry order by seq")
    assert [k["actor_kind"] for k in kinds] == ["SYSTEM"] + ["OFFICER"] * 3 + ["MEMBER"] * 2


async def test_each_verb_has_its_states(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    secretary = signed_in(await make.member(elm, *SECRETARY))
    app = (await register(secretary, elm)).payload["app"]["id"]
    assert await refused(make, elm, secretary.do("resumeApp", appId=app)) == ["WRONG_STATE"]
    empty = secretary.do("suspendApp", appId=app, reason=" ")
    assert await refused(make, elm, empty) == ["REQUIRED"]
    assert (await secretary.do("suspendApp", appId=app, reason="停")).refusals == []
    again = secretary.do("suspendApp", appId=app, reason="停")
    assert await refused(make, elm, again) == ["WRONG_STATE"]
    rotate = secretary.do("rotateAppSecret", appId=app, idempotencyKey=key())
    assert await refused(make, elm, rotate) == ["WRONG_STATE"]


async def test_the_database_holds_an_app_to_reading(make: Make) -> None:
    elm = await make.community()
    for scopes in (["post:write"], ["board:read", "member:manage"], []):
        with pytest.raises(asyncpg.CheckViolationError):
            await make.app(elm, scopes=scopes)
