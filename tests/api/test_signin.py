"""Sign-in: from a scanned code to the first post, and what a stolen or forged token can do."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

import demo.people
from demo.wechat import openid
from tenants.db import Database
from tenants.identity import persons, sessions
from tenants.identity.store import identity
from tenants.membership.service.consents import texts
from tenants.membership.tables import Purpose
from tests.conftest import SignIn
from tests.overheard import unspeakable
from tests.street import SECRETARY, STAFF, Answer, Make, Place, SignedIn, key, pst

CONSENT = texts()[Purpose.IDENTITY].version
APPLICATION = {
    "displayName": "爱养花的王", "realName": "王小明", "phone": "13811112222", "building": "3号楼",
    "room": "502", "kind": "REGISTERED", "consentVersion": CONSENT,
}  # fmt: skip


@dataclass
class Phone:
    """It is a telephone with the mini-program."""

    client: httpx.AsyncClient
    refresh_token: str = ""
    access_token: str = ""

    async def post(self, path: str, **given: str) -> httpx.Response:
        """Send a request to `/auth`; keep the tokens that it returns."""
        answer = await self.client.post(f"/auth/{path}", json=given)
        for name in ("code", "refresh_token", "join_code"):
            if len(given.get(name, "")) > 8:
                unspeakable(given[name])
        if answer.status_code == 200 and "refresh_token" in answer.json():
            self.refresh_token = unspeakable(answer.json()["refresh_token"])
            self.access_token = answer.json()["access_token"] or ""
            if self.access_token:
                unspeakable(self.access_token)
        return answer

    async def scan(self, who: str) -> httpx.Response:
        """Sign in with WeChat."""
        unspeakable(openid(who))
        return await self.post("wechat", code=f"wx-{who}-{uuid4().hex}")

    async def refresh(self) -> httpx.Response:
        """Refresh the tokens."""
        return await self.post("refresh", refresh_token=self.refresh_token)

    async def join(self, code: str) -> httpx.Response:
        """Join a community with its code."""
        return await self.post("join", refresh_token=self.refresh_token, join_code=code)

    def signed_in(self) -> SignedIn:
        """Return a GraphQL client with this telephone's access token."""
        return SignedIn(self.client, None, self.access_token)  # type: ignore[arg-type] # the person does not matter

    async def do(self, verb: str, select: str = "", /, **given: Any) -> Answer:
        """Run a mutation."""
        return await self.signed_in().do(verb, select, **given)


@pytest.fixture
def phone(client: httpx.AsyncClient) -> Phone:
    """Give a telephone that was never used."""
    return Phone(client)


async def code_of(make: Make, place: Place) -> str:
    """Return a community's current join code."""
    return await make.value(place, "select code from tenant.join_code where revoked_at is null")


def unique_phone() -> str:
    """Return a phone number that no other person has."""
    return unspeakable(f"139{uuid4().int % 10**8:08}")


async def test_from_the_qr_code_to_the_first_post(
    phone: Phone, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    staff = signed_in(await make.member(elm, *STAFF))
    number = unique_phone()
    post = {"boardId": elm.board(), "title": "大家好", "body": "新搬来的。"}

    first = (await phone.scan(uuid4().hex)).json()
    assert (first["access_token"], first["places"]) == (None, [])
    code = (await staff.run("{ joinCode { code } }")).data["joinCode"]["code"]
    assert len(code) <= 32
    joined = (await phone.join(code)).json()
    assert joined["org"] == elm.public_id
    assert [(p["roles"], p["state"]) for p in joined["places"]] == [(["GUEST"], None)]

    asker = phone.signed_in()
    assert (await asker.run("{ viewer { id } }")).data == {"viewer": None}
    wording = (await asker.run("{ consentTexts { purpose version } }")).data["consentTexts"]
    assert {"purpose": "IDENTITY", "version": CONSENT} in wording
    for verb, given in (
        ("submitForReview", {}),
        ("verifyPhone", {"code": f"tel-{number}-{uuid4().hex}"}),
    ):
        assert (await phone.do(verb, **given)).refusals == ["NOT_FOUND"]
    assert (await phone.do("createPost", **post, idempotencyKey=key())).codes == ["FORBIDDEN"]

    applied = await phone.do(
        "applyForMembership",
        "member { id state record { phone realName household { room } } }",
        **{**APPLICATION, "phone": number},
        idempotencyKey=key(),
    )
    member = applied.payload["member"]
    assert member["state"] == "APPLIED"
    assert member["record"] == {
        "phone": f"*******{number[-4:]}",
        "realName": "王**",
        "household": {"room": "502"},
    }
    assert (await phone.do("submitForReview")).refusals == ["WRONG_STATE"]
    assert (await staff.do("approveMember", memberId=member["id"])).refusals == ["WRONG_STATE"]
    wrong = await phone.do("verifyPhone", code=f"tel-{unique_phone()}-{uuid4().hex}")
    assert wrong.refusals == ["INVALID"]
    done = await phone.do("verifyPhone", "member { state }", code=f"tel-{number}-{uuid4().hex}")
    assert done.payload["member"] == {"state": "IDENTITY_OK"}
    submitted = await phone.do("submitForReview", "member { state record { reviewDueAt } }")
    assert submitted.payload["member"]["state"] == "UNDER_REVIEW"
    assert submitted.payload["member"]["record"]["reviewDueAt"]
    assert (await phone.do("createPost", **post, idempotencyKey=key())).codes == ["FORBIDDEN"]

    queue = (await staff.run("{ applications { nodes { id record { samePhoneCount } } } }")).data
    assert queue["applications"]["nodes"] == [{"id": member["id"], "record": {"samePhoneCount": 1}}]
    assert (await staff.do("approveMember", memberId=member["id"])).refusals == []

    assert (await asker.run("{ viewer { id } }")).status == 401, "a guest no more"
    assert (await phone.refresh()).json()["places"][0]["roles"] == ["RESIDENT"]
    written = await phone.do(
        "createPost", "post { author { displayName } }", **post, idempotencyKey=key()
    )
    assert written.payload["post"] == {"author": {"displayName": "爱养花的王"}}
    assert [entry[0] for entry in await make.trace(elm)] == [
        "member.applied", "member.identified", "member.submitted", "member.approved", "post.created",
    ]  # fmt: skip


async def test_a_guest_reads_notices_and_nothing_else(phone: Phone, make: Make) -> None:
    elm = await make.community()
    resident, staff = await make.member(elm), await make.member(elm, *STAFF)
    talk = await make.post(resident)
    await make.comment(resident, talk)
    await make.post(staff, "notices", title="停水通知")
    await phone.scan(uuid4().hex)
    await phone.join(await code_of(make, elm))
    answer = await phone.signed_in().run(
        """query ($post: ID!) {
        community { name boards { slug posts(first: 3) {
          nodes { title comments(first: 1) { nodes { id } } } } } }
        post(id: $post) { id } a: node(id: $post) { id }
        search(query: "停水") { nodes { title } } }""",
        post=pst(talk),
    )
    assert [board["slug"] for board in answer.data["community"]["boards"]] == ["notices"]
    (notice,) = answer.data["community"]["boards"][0]["posts"]["nodes"]
    assert notice == {"title": "停水通知", "comments": {"nodes": []}}
    assert (answer.data["post"], answer.data["a"]) == (None, None)
    assert answer.data["search"] == {"nodes": [{"title": "停水通知"}]}
    neighbour = f'nodes(ids: ["{resident.public_id}"]) {{ id }}'
    around = await phone.signed_in().run(
        f"{{ community {{ members {{ nodes {{ id }} }} }} {neighbour} }}"
    )
    assert around.data == {"community": {"members": {"nodes": []}}, "nodes": [None]}
    assert (await phone.signed_in().run("{ joinCode { code } }")).codes == ["FORBIDDEN"]


async def test_a_reissued_code_ends_the_one_before(
    phone: Phone, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    old = await code_of(make, elm)
    secretary = signed_in(await make.member(elm, *SECRETARY))
    given = {"reason": "旧海报遗失", "idempotencyKey": key()}
    issued = await secretary.do("reissueJoinCode", "joinCode { code }", **given)
    await phone.scan(uuid4().hex)
    assert (await phone.join(old)).json()["error"] == "invalid_grant"
    assert (await phone.join(issued.payload["joinCode"]["code"])).status_code == 200
    staff = signed_in(await make.member(elm, *STAFF))
    refused = await staff.do("reissueJoinCode", reason="x", idempotencyKey=key())
    assert refused.codes == ["FORBIDDEN"]


async def test_a_code_is_reissued_once_for_each_key(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    secretary = signed_in(await make.member(elm, *SECRETARY))
    given = {"reason": "旧海报遗失", "idempotencyKey": key()}

    answers = [
        await secretary.do("reissueJoinCode", "joinCode { code }", **given) for _ in range(3)
    ]

    assert [each.payload for each in answers] == [answers[0].payload] * 3
    assert answers[0].payload["joinCode"]["code"] == await code_of(make, elm)
    other = await secretary.do("reissueJoinCode", **{**given, "reason": "另一理由"})
    assert other.refusals == ["IDEMPOTENCY_MISMATCH"]
    codes = "select count(*), count(*) filter (where revoked_at is null) from tenant.join_code"
    assert [tuple(row) for row in await make.rows(elm, codes)] == [(2, 1)]
    assert [each[0] for each in await make.trace(elm)] == ["join_code.reissued"]


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("nonsense", 400, "invalid_grant"),
        ("wx-busy-1", 503, "temporarily_unavailable"),
        ("wx-often-1", 429, "slow_down"),
        ("wx-risky-1", 403, "access_denied"),
        ("wx-broken-1", 503, "temporarily_unavailable"),
        ("wx-garbled-1", 503, "temporarily_unavailable"),
        ("", 400, "invalid_request"),
    ],
)
async def test_what_wechat_refuses_is_refused_by_name(
    phone: Phone, code: str, status: int, error: str
) -> None:
    answer = await phone.post("wechat", code=code)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_a_login_code_opens_once(phone: Phone) -> None:
    code = f"wx-{uuid4().hex}-1"
    assert (await phone.post("wechat", code=code)).status_code == 200
    assert (await phone.post("wechat", code=code)).json()["error"] == "invalid_grant"


async def test_five_wrong_codes_close_the_door_and_unknown_is_as_wrong(
    phone: Phone, make: Make
) -> None:
    elm = await make.community()
    right = await code_of(make, elm)
    await phone.scan(uuid4().hex)
    # a malformed code does not count as an attempt
    for malformed in ("x", f"{elm.key:x}-short", "1-", "０", "\u200b", right[:-8]):
        assert (await phone.join(malformed)).json()["error"] == "invalid_grant"
    wrong = [f"{elm.key:x}-{letter * 20}" for letter in "zyxw"] + ["ffffff-" + "z" * 20]
    answers = [await phone.join(code) for code in wrong]
    assert {(a.status_code, a.text) for a in answers} == {(400, answers[0].text)}
    locked = await phone.join(right)
    assert (locked.status_code, locked.json()["error"]) == (429, "slow_down")
    assert int(locked.headers["retry-after"]) > 800
    other = Phone(phone.client)
    await other.scan(uuid4().hex)
    typed = " ".join(right.upper().replace("-", "－"))
    assert (await other.join(typed)).status_code == 200


# --- refresh tokens


async def _member_phone(phone: Phone, make: Make) -> Place:
    elm = await make.community()
    await phone.scan(uuid4().hex)
    await phone.join(await code_of(make, elm))
    return elm


async def test_a_lost_answer_is_given_again(phone: Phone, make: Make) -> None:
    await _member_phone(phone, make)
    old = phone.refresh_token
    first = (await phone.refresh()).json()
    again = (await phone.post("refresh", refresh_token=old)).json()
    assert again == first
    assert first["refresh_token"] != old


async def test_fifty_at_once_get_one_successor(phone: Phone, make: Make) -> None:
    await _member_phone(phone, make)
    token = phone.refresh_token
    answers = await asyncio.gather(
        *(phone.client.post("/auth/refresh", json={"refresh_token": token}) for _ in range(50))
    )
    assert {a.status_code for a in answers} == {200}
    assert len({(a.json()["refresh_token"], a.json()["access_token"]) for a in answers}) == 1


async def test_a_stolen_old_token_kills_the_family(
    phone: Phone, make: Make, database: Database, monkeypatch: pytest.MonkeyPatch, app: Any
) -> None:
    elm = await make.community()
    person = await make.applicant(elm, "ACTIVE")
    await _speak_for(phone, database, person)
    stolen = phone.refresh_token
    assert (await phone.refresh()).status_code == 200
    newest, access = phone.refresh_token, phone.signed_in()
    assert (await access.run("{ viewer { id } }")).data == {"viewer": {"id": person.viewer_id}}

    later = datetime.now(UTC) + sessions.GRACE + timedelta(seconds=1)
    monkeypatch.setattr(app.state.house.database, "clock", lambda: later)
    thief = await phone.client.post("/auth/refresh", json={"refresh_token": stolen})
    assert (thief.status_code, thief.json()["error"]) == (400, "invalid_grant")

    owner = await phone.client.post("/auth/refresh", json={"refresh_token": newest})
    assert (owner.status_code, owner.json()["error"]) == (400, "invalid_grant")
    assert (await access.run("{ viewer { id } }")).status == 401, "and no access token lives on"


async def _speak_for(phone: Phone, database: Database, person: Any) -> None:
    """Sign the telephone in as a person who already has an affiliation."""
    async with identity(database) as store:
        found = await persons.affiliation(store, person.id)
        assert found is not None
        begun = await sessions.begin(store, found["person_id"], "tests")
    phone.refresh_token = begun.refresh_token
    assert (await phone.refresh()).status_code == 200


async def test_sessions_are_listed_and_revoked(
    phone: Phone, make: Make, database: Database
) -> None:
    elm = await make.community()
    person = await make.applicant(elm, "ACTIVE")
    other = Phone(phone.client)
    await _speak_for(phone, database, person)
    await _speak_for(other, database, person)
    bearer = {"authorization": f"Bearer {phone.access_token}"}
    listed = (await phone.client.get("/auth/sessions", headers=bearer)).json()["sessions"]
    assert len(listed) == 2
    ended = await phone.client.post(
        "/auth/sessions/revoke", json={"session": listed[0]["id"]}, headers=bearer
    )
    assert ended.status_code == 200
    assert (await other.refresh()).json()["error"] == "invalid_grant"
    assert (await phone.signed_in().run("{ viewer { id } }")).status == 401
    assert (await phone.client.get("/auth/sessions", headers=bearer)).status_code == 401
    assert (await phone.refresh()).status_code == 200
    stranger = Phone(phone.client)
    await stranger.scan(uuid4().hex)
    await stranger.join(await code_of(make, elm))
    headers = {"authorization": f"Bearer {stranger.access_token}"}
    foreign = await phone.client.post(
        "/auth/sessions/revoke", json={"session": listed[1]["id"]}, headers=headers
    )
    assert foreign.status_code == 404
    assert (await phone.refresh()).status_code == 200


async def test_logging_out_ends_every_token(phone: Phone, make: Make, database: Database) -> None:
    elm = await make.community()
    await _speak_for(phone, database, await make.applicant(elm, "ACTIVE"))
    assert (await phone.post("logout", refresh_token=phone.refresh_token)).status_code == 200
    assert (await phone.signed_in().run("{ viewer { id } }")).status == 401
    assert (await phone.refresh()).json()["error"] == "invalid_grant"
    assert (await phone.post("logout", refresh_token="unknown")).status_code == 200


async def test_one_person_in_two_communities_switches(phone: Phone, make: Make) -> None:
    elm, oak = await make.community(), await make.community()
    await phone.scan(uuid4().hex)
    await phone.join(await code_of(make, elm))
    await phone.join(await code_of(make, oak))
    name = "{ community { id } }"
    assert (await phone.signed_in().run(name)).data == {"community": {"id": oak.public_id}}
    await phone.post("switch", refresh_token=phone.refresh_token, org=elm.public_id)
    assert (await phone.signed_in().run(name)).data == {"community": {"id": elm.public_id}}
    away = await make.community()
    nowhere = await phone.post("switch", refresh_token=phone.refresh_token, org=away.public_id)
    assert (nowhere.status_code, nowhere.json()["error"]) == (400, "invalid_target")
    assert (await phone.refresh()).json()["org"] == elm.public_id, "nothing was used up"


async def test_suspended_until_a_day_takes_part_again_after_it(
    phone: Phone, make: Make, database: Database, signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch, app: Any,
) -> None:  # fmt: skip
    elm = await make.community()
    person = await make.applicant(elm, "ACTIVE")
    secretary = signed_in(await make.member(elm, *SECRETARY))
    await _speak_for(phone, database, person)
    until = datetime.now(UTC) + timedelta(days=3)
    suspended = await secretary.do(
        "suspendMember", memberId=person.public_id, reason="刷屏", until=until.isoformat()
    )
    assert suspended.refusals == []
    assert (await phone.signed_in().run("{ viewer { id } }")).status == 401
    assert (await phone.refresh()).json()["places"][0]["state"] == "SUSPENDED"
    told = await phone.signed_in().run(
        "{ viewer { member { state record { suspensionReason } } } }"
    )
    assert told.data["viewer"]["member"] == {
        "state": "SUSPENDED", "record": {"suspensionReason": "刷屏"},
    }  # fmt: skip
    monkeypatch.setattr(app.state.house.database, "clock", lambda: until + timedelta(seconds=1))
    assert (await phone.refresh()).json()["places"][0]["roles"] == ["RESIDENT"]


IS_JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"code": 1}', b"\xff", b'{"code": "a\\u0000b"}', b"[" * 5000]
)
async def test_a_malformed_body_is_a_typed_refusal(client: httpx.AsyncClient, body: bytes) -> None:
    for path in ("wechat", "join", "refresh", "switch", "logout", "forget", "sessions/revoke"):
        answer = await client.post(f"/auth/{path}", content=body, headers=IS_JSON)
        assert answer.status_code in {400, 401}, (path, answer.text)
        assert answer.json()["error"] in {"invalid_request", "invalid_token"}
        assert answer.headers["cache-control"] == "no-store"
    long = await client.post("/auth/refresh", content=b"x" * 9000, headers=IS_JSON)
    assert long.status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
async def test_another_site_cannot_sign_in_with_a_form(
    client: httpx.AsyncClient, kind: str | None
) -> None:
    for path in ("wechat", "join", "refresh", "switch", "logout", "forget", "sessions/revoke"):
        sent = {"content-type": kind} if kind else {}
        answer = await client.post(f"/auth/{path}", content=b'{"code": "wx-elm-1"}', headers=sent)
        assert (answer.status_code, answer.json()["error"]) == (415, "invalid_request"), path


async def test_production_has_no_demo_sign_in(client: httpx.AsyncClient) -> None:
    answer = await client.post("/auth/demo", json={"role": "PARTY_SECRETARY"})
    assert answer.status_code == 404
    assert (await client.get("/auth/demo")).json() == {"people": []}


async def test_the_demo_signs_in_by_role_and_knows_no_other(
    app: Any, phone: Phone, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    elm = await make.community()
    staff = [await make.member(elm, *roles) for roles in (("RESIDENT",), STAFF, SECRETARY)][1]
    await make.officer()
    monkeypatch.setattr(demo.people, "HOME", elm.key)
    door = app.state.house.door
    is_demo = replace(door, settings=replace(door.settings, demo=True))
    monkeypatch.setattr(app.state.house, "door", is_demo)

    assert (await phone.post("demo", role="COMMITTEE_MEMBER")).status_code == 200
    asked = await phone.signed_in().run("{ viewer { id roles } }")
    assert asked.data["viewer"] == {"id": staff.viewer_id, "roles": sorted(STAFF)}
    people = (await phone.client.get("/auth/demo")).json()["people"]
    roles = [each["role"] for each in people]
    assert roles[:3] == ["RESIDENT", "COMMITTEE_MEMBER", "PARTY_SECRETARY"]
    assert set(people[0]) == {"role", "name", "place", "building"}
    assert (await phone.post("demo", role="KING")).json()["error"] == "invalid_request"


KNOWN = """select (select count(*) from identity.person where id = $1),
  (select count(*) from identity.login where person_id = $1),
  (select count(*) from identity.affiliation where person_id = $1),
  (select count(*) from identity.session where person_id = $1),
  (select count(*) from identity.refresh_token t join identity.session s on s.id = t.session_id
    where s.person_id = $1)"""


async def test_who_only_scanned_a_code_is_forgotten_whole(
    phone: Phone, make: Make, database: Database
) -> None:
    elm, who = await make.community(), uuid4().hex
    await phone.scan(who)
    await phone.join(await code_of(make, elm))
    async with identity(database) as store:
        person = await persons.signed_in(store, "WECHAT", openid(who))
    async with database.identity() as connection:
        (kept,) = await connection.fetch(KNOWN, person)
    assert all(kept), "there was something to forget"

    assert (await phone.post("forget", refresh_token=phone.refresh_token)).json() == {}

    async with database.identity() as connection:
        (kept,) = await connection.fetch(KNOWN, person)
    assert not any(kept)
    assert (await phone.refresh()).json()["error"] == "invalid_grant"
    again = (await phone.scan(who)).json()
    assert again["places"] == [], "another person, who is nobody anywhere"


async def test_a_member_is_not_forgotten_at_the_door(phone: Phone, make: Make) -> None:
    elm = await make.community()
    await phone.scan(uuid4().hex)
    await phone.join(await code_of(make, elm))
    given = {**APPLICATION, "phone": unique_phone()}
    assert (await phone.do("applyForMembership", **given, idempotencyKey=key())).refusals == []

    refused = await phone.post("forget", refresh_token=phone.refresh_token)

    assert (refused.status_code, refused.json()["error"]) == (409, "invalid_request")
    assert (await phone.refresh()).status_code == 200
    assert (await phone.do("eraseMe", confirm=True)).refusals == []
