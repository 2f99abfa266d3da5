"""`/auth/token`: apps sign in with their secret, scripts get fewer scopes, others nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest
from graphql import get_named_type

from api.auth import Tokens
from api.engine.identifiers import decode_id
from api.grants import ACCESS, EXCHANGE
from api.schema.schema import contract
from tenants.db import Database
from tests.api.forge import Genuine, forged, unpacked
from tests.api.oauth import Program, basic
from tests.api.test_signin import code_of
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Make, Place, SignedIn, key
from tests.test_isolation import everything, input_of, nonexistent

pytestmark = pytest.mark.once

HOME = """{ viewer { displayName roles scopes } community { name board(slug: "neighbours") {
  posts(first: 10) { nodes { id title state author { displayName } } } }
  members(first: 10) { nodes { id displayName record { phone } } }
  apps { nodes { id } } } search(query: "停水") { nodes { title } } }"""


@pytest.fixture
def program(client: httpx.AsyncClient, make: Make, database: Database) -> Program:
    """Give a program that uses the token endpoint."""
    return Program(client, make, database)


def error(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and error of an answer."""
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]


async def _secretary(make: Make, signed_in: SignIn, place: Place) -> SignedIn:
    return signed_in(await make.member(place, *SECRETARY))


async def test_an_app_reads_what_every_member_sees(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    author = await make.applicant(elm, "ACTIVE")
    await make.applicant(elm, "SUSPENDED")
    shown = await make.post(author, title="明日停水")
    for state in ("HELD", "HIDDEN", "DELETED"):
        await make.post(author, title="停水", state=state)
    secretary = await _secretary(make, signed_in, elm)
    app = await program.registered(secretary, elm)

    entered = await program.enter(app["client_id"], app["secret"])
    body = entered.json()
    assert body["token_type"] == "Bearer"
    assert body["scope"] == "board:read community:read member:read"
    assert body["expires_in"] == 900
    assert "refresh_token" not in body, "RFC 6749, section 4.4.3"

    seen = (await program.bearer(entered).run(HOME)).data
    assert seen["viewer"] == {
        "displayName": "楼道屏", "roles": ["APP"],
        "scopes": ["BOARD_READ", "COMMUNITY_READ", "MEMBER_READ"],
    }  # fmt: skip
    (post,) = seen["community"]["board"]["posts"]["nodes"]
    assert (post["title"], post["state"]) == ("明日停水", "PUBLISHED")
    assert post["author"] is not None
    assert seen["search"]["nodes"] == [{"title": "明日停水"}]
    assert shown
    names = {each["id"] for each in seen["community"]["members"]["nodes"]}
    assert names == {author.public_id, secretary.person.public_id}
    assert [each["record"] for each in seen["community"]["members"]["nodes"]] == [None, None]
    assert seen["community"]["apps"]["nodes"] == [{"id": app["id"]}]


async def test_a_reader_runs_no_mutation(make: Make, signed_in: SignIn) -> None:
    elm = await make.community()
    readers = [await make.app(elm), await make.inspection(elm, await make.officer())]
    root = contract().schema.mutation_type
    assert root is not None
    before = await everything(make, elm)
    for reader in map(signed_in, readers):
        assert (await reader.run("{ viewer { id } }")).status == 200
        for name, field in root.fields.items():
            input_type = get_named_type(field.args["input"].type)
            done = await reader.run(
                f"mutation ($input: {input_type.name}!) {{ {name}(input: $input) "
                "{ userErrors { code } } }",
                input=input_of(input_type, nonexistent(), "x"),
            )
            assert done.codes == ["FORBIDDEN"], name
    assert await everything(make, elm) == before


async def test_a_members_id_is_no_app_and_no_look(make: Make, signed_in: SignIn) -> None:
    person = await make.member(await make.community())
    for role in ("APP", "INSPECTOR"):
        posing = signed_in(replace(person, roles=(role,)))
        assert (await posing.run("{ viewer { id } }")).status == 401
        assert (await posing.run("{ community { name } }")).status == 401


async def test_unknown_wrong_and_suspended_are_one_answer(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    secretary = await _secretary(make, signed_in, elm)
    good, shut = [await program.registered(secretary, elm) for _ in "12"]
    await secretary.do("suspendApp", appId=shut["id"], reason="停用")
    number, _, app_id = good["client_id"].partition("-")
    answers = [
        await program.enter(client_id, secret)
        for client_id, secret in (
            (good["client_id"], "wrong"),
            (good["client_id"], shut["secret"]),
            (shut["client_id"], shut["secret"]),
            (f"{number}-{'0' * 32}", good["secret"]),
            (f"7fffffff-{app_id}", good["secret"]),
            (f"0{number}-{app_id}", good["secret"]),
            (f"{number}-{app_id.upper()}", good["secret"]),
            (f"{number}-{app_id[:8]}-{app_id[8:]}", good["secret"]),
            (f"-{number}-{app_id}", good["secret"]),
            ("", good["secret"]),
            ("没有-此人", good["secret"]),
            (app_id, good["secret"]),
        )
    ]
    assert {(a.status_code, a.text) for a in answers} == {(401, answers[0].text)}
    assert {error(a) for a in answers} == {(401, "invalid_client")}
    assert {a.headers["www-authenticate"] for a in answers} == {'Basic realm="linli"'}
    assert (await program.enter(good["client_id"], good["secret"])).status_code == 200


async def test_five_wrong_secrets_shut_out_whoever_guesses_and_not_the_app(
    program: Program, app: Any, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    known = await program.registered(await _secretary(make, signed_in, elm), elm)
    for client_id in (known["client_id"], f"1-{'f' * 32}"):
        told = [error(await program.enter(client_id, "guess")) for _ in range(6)]
        assert told == [(401, "invalid_client")] * 5 + [(429, "slow_down")]
    locked = await program.enter(known["client_id"], known["secret"])
    assert int(locked.headers["retry-after"]) > 800
    elsewhere = httpx.ASGITransport(app=app, client=("198.51.100.7", 4321))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://linli.test") as other:
        its_own = Program(other, make, program.database)
        assert (await its_own.enter(known["client_id"], known["secret"])).status_code == 200


async def test_a_client_shows_who_it_is_in_one_way(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    app = await program.registered(await _secretary(make, signed_in, elm), elm)
    header = basic(app["client_id"], app["secret"])
    grant: dict[str, Any] = {"grant_type": "client_credentials"}
    assert (await program.ask(header, **grant)).status_code == 200
    assert (await program.ask(header, client_id=app["client_id"], **grant)).status_code == 200
    both = await program.ask(header, client_secret=app["secret"], **grant)
    assert error(both) == (400, "invalid_request")
    for bad in (
        {"authorization": "Basic !!!"},
        {"authorization": "Basic"},
        basic("", ""),
        {"authorization": header["authorization"].replace("Basic", "Bearer")},
    ):
        assert error(await program.ask(bad, **grant)) == (401, "invalid_client"), bad
    another = await program.ask(header, client_id="1-2", **grant)
    assert error(another) == (401, "invalid_client")
    assert error(await program.ask(**grant)) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("board:read", "board:read"),
        ("member:read board:read", "board:read member:read"),
        ("post:write", None),
        ("board:read post:write", None),
        ("audit:read", None),
        ("nonsense", None),
        ("", None),
        (" ", None),
        ("board:read  member:read", None),
    ],
)
async def test_a_scope_narrows_and_never_widens(
    program: Program, make: Make, signed_in: SignIn, asked: str, given: str | None
) -> None:
    elm = await make.community()
    app = await program.registered(
        await _secretary(make, signed_in, elm), elm, scopes=["BOARD_READ", "MEMBER_READ"]
    )
    answer = await program.enter(app["client_id"], app["secret"], scope=asked)
    if given is None:
        assert error(answer) == (400, "invalid_scope")
        return
    assert answer.json()["scope"] == given
    refused = await program.bearer(answer).run("{ community { id } }")
    assert refused.codes == ["FORBIDDEN"], "the app itself has no community:read"


async def test_every_secret_opens_for_its_day_however_often_it_is_changed(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    secretary = await _secretary(make, signed_in, elm)
    app = await program.registered(secretary, elm)
    held = [app["secret"]]
    for _ in "123":
        done = await secretary.do(
            "rotateAppSecret", "secret", appId=app["id"], idempotencyKey=key()
        )
        held.append(done.payload["secret"])
    opens = [(await program.enter(app["client_id"], each)).status_code for each in held]
    assert opens == [200, 200, 200, 200]
    async with make.inside(elm.key) as connection:
        await connection.execute(
            "delete from tenant.old_app_secret where hash = $1",
            sha256(held[1].encode()).digest(),
        )
        await connection.execute(
            "insert into tenant.old_app_secret values ($1, $2, $3, now() - interval '1 second')",
            elm.key, decode_id(app["id"], "app_"), sha256(held[1].encode()).digest(),
        )  # fmt: skip
    opens = [(await program.enter(app["client_id"], each)).status_code for each in held]
    assert opens == [200, 401, 200, 200]


async def test_a_rotation_that_is_sent_again_changes_nothing(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    secretary = await _secretary(make, signed_in, elm)
    app = await program.registered(secretary, elm)
    rotate = {"appId": app["id"], "idempotencyKey": key()}
    answers = [await secretary.do("rotateAppSecret", "secret", **rotate) for _ in "123"]
    secrets = [answer.payload["secret"] for answer in answers]
    assert secrets[1:] == [None, None]
    opens = [
        (await program.enter(app["client_id"], s)).status_code for s in (app["secret"], secrets[0])
    ]
    assert opens == [200, 200]
    assert await make.value(elm, "select count(*) from tenant.old_app_secret") == 1

    for _ in range(19):
        again = await secretary.do("rotateAppSecret", appId=app["id"], idempotencyKey=key())
        assert again.refusals == []
    more = await secretary.do("rotateAppSecret", appId=app["id"], idempotencyKey=key())
    assert more.refusals == ["QUOTA_EXCEEDED"]
    assert (await program.enter(app["client_id"], app["secret"])).status_code == 200


async def test_a_suspended_app_is_out_at_once_and_its_old_secret_for_good(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    secretary = await _secretary(make, signed_in, elm)
    app = await program.registered(secretary, elm)
    reader = program.bearer(await program.enter(app["client_id"], app["secret"]))
    done = await secretary.do("rotateAppSecret", "secret", appId=app["id"], idempotencyKey=key())
    latest = done.payload["secret"]
    assert (await reader.run("{ viewer { id } }")).data == {
        "viewer": {"id": app["id"].replace("app_", "vwr_")}
    }

    await secretary.do("suspendApp", appId=app["id"], reason="泄露")
    assert (await reader.run("{ viewer { id } }")).status == 401
    await secretary.do("resumeApp", appId=app["id"])
    assert (await reader.run("{ viewer { id } }")).status == 401, "not with the token it had"
    opens = [
        (await program.enter(app["client_id"], s)).status_code for s in (app["secret"], latest)
    ]
    assert opens == [401, 200]


@pytest.mark.parametrize(
    ("content", "media", "told"),
    [
        (b"grant_type=client_credentials", "text/plain", "invalid_request"),
        (b'{"grant_type": "client_credentials"}', "application/json", "invalid_request"),
        (b"", "application/x-www-form-urlencoded", "invalid_request"),
        (b"grant_type=", "application/x-www-form-urlencoded", "invalid_request"),
        (b"grant_type=password", "application/x-www-form-urlencoded", "unsupported_grant_type"),
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded", "invalid_request"),
        (b"grant_type=%ff", "application/x-www-form-urlencoded", "invalid_request"),
        (b"\xff=1", "application/x-www-form-urlencoded", "invalid_request"),
        (b"grant_type=%00", "application/x-www-form-urlencoded", "invalid_request"),
        (b"a&" * 21, "application/x-www-form-urlencoded", "invalid_request"),
        (b"a" * 9000, "application/x-www-form-urlencoded", "invalid_request"),
    ],
)
async def test_a_malformed_form_is_a_typed_refusal(
    client: httpx.AsyncClient, content: bytes, media: str, told: str
) -> None:
    answer = await client.post("/auth/token", content=content, headers={"content-type": media})
    assert answer.json()["error"] == told
    assert answer.status_code in (400, 413)


async def test_a_member_mints_a_narrower_token_for_a_script(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    person = await make.applicant(elm, "ACTIVE", *STAFF)
    whole = signed_in(person)
    answer = await program.exchange(whole.token, scope="board:read")
    assert answer.json()["issued_token_type"] == ACCESS
    assert answer.json()["scope"] == "board:read"
    script = program.bearer(answer, person)
    assert (await script.run('{ viewer { id } board(slug: "notices") { slug } }')).data == {
        "viewer": {"id": person.viewer_id}, "board": {"slug": "notices"},
    }  # fmt: skip
    assert (await script.run("{ moderationQueue { totalCount } }")).codes == ["FORBIDDEN"]
    written = await script.do(
        "createPost", boardId=elm.board(), title="a", body="b", idempotencyKey="k" * 10
    )
    assert written.codes == ["FORBIDDEN"]
    assert _claims(script.token)["exp"] <= _claims(whole.token)["exp"]
    own = _claims(whole.token)["client_id"]
    assert _claims(script.token)["client_id"] == own, "bound to the documents of whose it is"

    wider = await program.exchange(script.token, scope="board:read post:write")
    assert error(wider) == (400, "invalid_scope")
    for token, scope in (
        (script.token, "board:read"),
        (whole.token, _claims(whole.token)["scope"]),
    ):
        assert error(await program.exchange(token, scope=scope)) == (400, "invalid_scope")
        assert error(await program.exchange(token)) == (400, "invalid_request"), "none is named"


async def test_a_token_for_a_token_lives_no_longer(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    person = await make.applicant(await make.community(), "ACTIVE")
    tokens: Tokens = signed_in.tokens
    now = datetime.now(UTC)
    until = now + timedelta(seconds=60)
    short = tokens.mint(person.identity(), client_id="tests", now=now, until=until)
    answer = await program.exchange(short, scope="board:read")
    assert answer.json()["expires_in"] <= 60
    assert _claims(answer.json()["access_token"])["exp"] == _claims(short)["exp"]


async def test_what_may_not_be_exchanged(
    program: Program, make: Make, signed_in: SignIn, app: Any
) -> None:
    elm, oak = await make.community(), await make.community()
    person = await make.applicant(elm, "ACTIVE")
    other = await make.applicant(elm, "ACTIVE")
    genuine, neighbour = (
        Genuine.of(signed_in(who).token, app.state.house.tokens.keys.signing()[1])
        for who in (person, other)
    )
    accepted = [
        name
        for name, token in forged(genuine, neighbour, oak.key)
        if error(await program.exchange(token, scope="board:read"))[1] != "invalid_request"
    ]
    assert accepted == []

    nobody = {
        "an app": await make.app(elm),
        "a look": await make.inspection(elm, await make.officer()),
        "who never signed in": await make.member(elm),
    }
    for what, who in nobody.items():
        refused = await program.exchange(signed_in(who).token, scope="board:read")
        assert error(refused) == (400, "invalid_request"), what
    token = signed_in(person).token
    async with make.inside(elm.key) as connection:
        await connection.execute(
            "update tenant.member set permission_version = permission_version + 1 where id = $1",
            person.id,
        )
    stale = await program.exchange(token, scope="board:read")
    assert error(stale) == (400, "invalid_request")


async def test_what_the_exchange_does_not_do(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    person = await make.applicant(await make.community(), "ACTIVE")
    token = signed_in(person).token
    for odd in (
        {"actor_token": token},
        {"resource": "https://example.org"},
        {"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
    ):
        assert error(await program.exchange(token, **odd)) == (400, "invalid_request"), odd
    strange = await program.exchange(token, "urn:ietf:params:oauth:token-type:jwt")
    assert error(strange) == (400, "invalid_request")
    bare = await program.ask(grant_type=EXCHANGE)
    assert error(bare) == (400, "invalid_request")
    assert person.place is not None
    looking = await program.exchange(token, audience=person.place.public_id, reason="看看")
    assert error(looking) == (403, "insufficient_scope")


async def test_a_script_has_a_session_of_its_own(program: Program, make: Make) -> None:
    elm, oak = await make.community(), await make.community()
    person = await make.applicant(elm, "ACTIVE")
    mine = await program.session(person)
    answer = await program.exchange_refresh(mine, scope="board:read community:read")
    begun = answer.json()
    assert begun["scope"] == "board:read community:read"
    assert begun["refresh_token"] != mine

    renewed = await program.ask(grant_type="refresh_token", refresh_token=begun["refresh_token"])
    assert renewed.json()["scope"] == "board:read community:read", "a refresh does not widen"
    assert (await program.bearer(renewed).run("{ community { id } }")).status == 200
    wider = await program.exchange_refresh(renewed.json()["refresh_token"], scope="post:write")
    assert error(wider) == (400, "invalid_scope")
    own = await program.client.post("/auth/refresh", json={"refresh_token": mine})
    assert own.status_code == 200, "the session it came from goes on"

    bearer = {"authorization": f"Bearer {own.json()['access_token']}"}
    listed = (await program.client.get("/auth/sessions", headers=bearer)).json()["sessions"]
    assert {(each["client_id"], each["scope"]) for each in listed} == {
        ("tests", "board:read community:read"), ("tests", None),
    }  # fmt: skip

    # a script can neither join a place nor manage sessions
    join = {"refresh_token": renewed.json()["refresh_token"], "join_code": await code_of(make, oak)}
    assert error(await program.client.post("/auth/join", json=join)) == (403, "insufficient_scope")
    join = {"refresh_token": renewed.json()["refresh_token"], "invitation": "310113-abc"}
    assert error(await program.client.post("/auth/accept", json=join)) == (
        403,
        "insufficient_scope",
    )
    narrow = {"authorization": f"Bearer {renewed.json()['access_token']}"}
    for ask in (
        program.client.get("/auth/sessions", headers=narrow),
        program.client.post(
            "/auth/sessions/revoke", json={"session": listed[0]["id"]}, headers=narrow
        ),
    ):
        assert error(await ask) == (403, "insufficient_scope")


async def test_a_used_or_ended_refresh_token_gives_no_session(program: Program, make: Make) -> None:
    person = await make.applicant(await make.community(), "ACTIVE")
    used = await program.session(person)
    latest = (await program.client.post("/auth/refresh", json={"refresh_token": used})).json()
    lost = await program.exchange_refresh(used, scope="board:read")
    assert lost.status_code == 200, "within the grace it is the same session"
    assert error(await program.exchange_refresh("unknown", scope="board:read")) == (
        400,
        "invalid_grant",
    )
    with_audience = await program.exchange_refresh(latest["refresh_token"], audience="com_x")
    assert error(with_audience) == (400, "invalid_request")
    await program.client.post("/auth/logout", json={"refresh_token": latest["refresh_token"]})
    ended = await program.exchange_refresh(latest["refresh_token"], scope="board:read")
    assert error(ended) == (400, "invalid_grant")


def _claims(token: str) -> dict[str, Any]:
    return json.loads(unpacked(token.split(".")[1]))
