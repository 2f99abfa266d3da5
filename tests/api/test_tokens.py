"""Access tokens: forged, expired and stolen ones are refused; a key rotation signs no one out."""

import json
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import api.auth
import api.keys
from api.auth import InvalidToken, Tokens
from api.grants import ACCESS, EXCHANGE
from api.keys import Keys
from tenants.membership.tables import MemberState
from tests.api.conftest import Door
from tests.api.forge import Genuine, forged, unpacked
from tests.conftest import SignIn
from tests.street import SECRETARY, Make, Person, Place, key

pytestmark = pytest.mark.once

CREATE_POST = """mutation ($input: CreatePostInput!) {
  createPost(input: $input) { post { id } userErrors { code } }
}"""
REVOKE = """mutation ($input: RevokeRoleInput!) {
  revokeRole(input: $input) { member { roles } userErrors { code } }
}"""
ME = {"query": "{ viewer { id } }"}


def a_post(place: Place) -> dict[str, Any]:
    """Return the body of a request that creates a post."""
    sent = {"boardId": place.board(), "title": "a", "body": "b", "idempotencyKey": key()}
    return {"query": CREATE_POST, "variables": {"input": sent}}


async def posts_in(make: Make, place: Place) -> int:
    """Return how many posts a community has."""
    return await make.value(place, "select count(*) from tenant.post")


@pytest.fixture
def keys(app: Any) -> Keys:
    """Give the keys that the application signs with."""
    return app.state.house.tokens.keys


async def test_no_forged_token_is_accepted_and_none_changes_anything(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, keys: Keys
) -> None:
    elm, oak = await make.community(), await make.community()
    good, neighbour = [signed_in(await make.member(elm)).token for _ in "12"]
    genuine, other = (Genuine.of(token, keys.signing()[1]) for token in (good, neighbour))
    accepted: list[str] = []
    seen: set[str] = set()

    for name, token in forged(genuine, other, oak.key):
        assert token not in {good, neighbour}, name
        seen.add(token)
        for body in (ME, a_post(elm)):
            answer = await Door(client, None).post(body, authorization=_header(token))
            if (answer.status, answer.codes) != (401, ["UNAUTHENTICATED"]):
                accepted.append(name)
            elif not answer.headers["www-authenticate"].startswith("Bearer"):
                accepted.append(f"{name}: no challenge")

    assert accepted == []
    assert len(seen) >= 40
    assert await posts_in(make, elm) == 0
    assert await posts_in(make, oak) == 0
    for token in (good, genuine.forge()):
        assert (await Door(client, token).post(a_post(elm))).refusals == []
    assert await posts_in(make, elm) == 2


@pytest.mark.parametrize("who", ["resident", "officer", "app"])
async def test_no_forged_token_is_accepted_of_anyone_by_get_or_for_a_look(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, keys: Keys, who: str
) -> None:
    elm, oak = await make.community(), await make.community()
    makes = {
        "resident": lambda: make.member(elm), "officer": make.officer, "app": lambda: make.app(elm),
    }  # fmt: skip
    good, neighbour = [signed_in(await makes[who]()).token for _ in "12"]
    genuine, other = (Genuine.of(token, keys.signing()[1]) for token in (good, neighbour))
    look = {
        "grant_type": EXCHANGE, "subject_token_type": ACCESS, "audience": elm.public_id,
        "reason": "走访",
    }  # fmt: skip
    accepted: list[str] = []
    tried = 0
    for name, token in forged(genuine, other, oak.key):
        tried += 1
        header: Any = {"authorization": _header(token)}
        seen = await client.get("/graphql?query={viewer{id}}", headers=header)
        posted = await client.post("/graphql", json=ME, headers=header)
        looked = await client.post("/auth/token", data={**look, "subject_token": token})
        refused = seen.status_code == posted.status_code == 401
        if not refused or looked.status_code not in (400, 413):
            accepted.append(name)
    # The id of a district carries no number: `tid`, which is refused above if wrong, says which.
    assert accepted == (["org 'dst_AAAAAAAAAAAAAAAAAAAAAA'"] if who == "officer" else [])
    assert tried >= 40
    header = {"authorization": f"Bearer {good}"}
    assert (await client.get("/graphql?query={viewer{id}}", headers=header)).status_code == 200


async def test_no_forged_token_opens_the_door_of_sessions(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, keys: Keys
) -> None:
    elm, oak = await make.community(), await make.community()
    tokens = [signed_in(await make.applicant(elm, "ACTIVE")).token for _ in "12"]
    genuine, other = (Genuine.of(token, keys.signing()[1]) for token in tokens)
    gate = {"session": str(uuid4())}
    accepted: list[str] = []
    for name, token in forged(genuine, other, oak.key):
        once: list[Any] = [("authorization", _header(token))]
        for bearer in (once, once * 2):
            seen = await client.get("/auth/sessions", headers=bearer)
            tried = await client.post("/auth/sessions/revoke", json=gate, headers=bearer)
            if (seen.status_code, tried.status_code) != (401, 401):
                accepted.append(name)
    assert accepted == []
    twice = [("authorization", f"Bearer {token}") for token in tokens]
    assert (await client.get("/auth/sessions", headers=twice)).status_code == 401
    assert (await client.get("/auth/sessions", headers=twice[:1])).status_code == 200


async def test_a_token_stands_in_one_authorization_header_and_nowhere_else(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    mine, theirs = [signed_in(await make.member(elm)).token for _ in "12"]
    twice = [("authorization", f"Bearer {token}") for token in (mine, theirs)]
    same = [("authorization", f"Bearer {mine}")] * 2

    for url, headers in (
        ("/graphql", twice),
        ("/graphql", same),
        (f"/graphql?access_token={mine}", []),
        (f"/graphql?authorization=Bearer%20{mine}", []),
        ("/graphql", [("cookie", f"authorization={mine}; access_token={mine}")]),
        ("/graphql", [("x-authorization", f"Bearer {mine}")]),
        ("/graphql", [("authorization", f"Token {mine}")]),
        ("/graphql", [("authorization", f"Bearer {mine} {mine}")]),
        ("/graphql", [("authorization", f"Bearer,{mine}")]),
    ):
        response = await client.post(url, json=a_post(elm), headers=headers)
        assert response.status_code == 401, headers
    assert await posts_in(make, elm) == 0
    response = await client.post(
        "/graphql", json=a_post(elm), headers=[("authorization", f"bearer {mine}")]
    )
    assert response.status_code == 200
    assert await posts_in(make, elm) == 1


@pytest.mark.parametrize("state", sorted(set(MemberState) - {"ACTIVE"}))
async def test_a_member_who_is_not_active_is_signed_out_at_once(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, state: str
) -> None:
    elm = await make.community()
    person = await make.member(elm)
    door = Door.of(client, signed_in(person))
    assert (await door.post(ME)).data == {"viewer": {"id": person.viewer_id}}

    await _set_state(make, elm, person, state)

    assert [(await door.post(body)).status for body in (ME, a_post(elm))] == [401, 401]
    assert await posts_in(make, elm) == 0


async def test_a_revoked_role_takes_effect_on_the_next_request(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    secretary = Door.of(client, signed_in(await make.member(elm, *SECRETARY)))
    staff = await make.member(elm, "RESIDENT", "COMMITTEE_MEMBER")
    old = Door.of(client, signed_in(staff))
    queue = {"query": "{ moderationQueue { nodes { id } } }"}
    assert (await old.post(queue)).data == {"moderationQueue": {"nodes": []}}
    post_id = await make.post(staff)

    revoked = await secretary.post(
        {
            "query": REVOKE,
            "variables": {"input": {"memberId": staff.public_id, "reason": "任期届满"}},
        }
    )

    assert revoked.payload == {"member": {"roles": ["RESIDENT"]}, "userErrors": []}
    for body in (queue, ME, a_post(elm)):
        answer = await old.post(body)
        assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    posts = await make.rows(elm, "select id from tenant.post")
    assert [row["id"] for row in posts] == [post_id]
    fresh = Person(staff.id, ("RESIDENT",), elm, version=2)
    assert (await Door.of(client, signed_in(fresh)).post(ME)).status == 200


def test_each_rotation_makes_the_key_that_signs_even_in_one_second(tmp_path: Path) -> None:
    made = Keys(tmp_path)
    kids = [made.rotate() for _ in range(8)]
    assert kids == sorted(kids)
    assert made.signing()[0] == Keys(tmp_path).signing()[0] == kids[-1]


async def test_rotation_signs_nobody_out(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn, keys: Keys
) -> None:
    person = await make.member(await make.community())
    before = signed_in(person).token

    kid = keys.rotate()

    after = signed_in(person).token
    assert json.loads(unpacked(after.split(".")[0]))["kid"] == kid
    assert json.loads(unpacked(before.split(".")[0]))["kid"] != kid
    for token in (before, after):
        assert (await Door(client, token).post(ME)).status == 200
    published = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert {json.loads(unpacked(t.split(".")[0]))["kid"] for t in (before, after)} <= {
        each["kid"] for each in published
    }


async def test_anyone_can_check_a_token_with_the_published_keys(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn
) -> None:
    token = signed_in(await make.member(await make.community())).token
    header, claims, signature = token.split(".")
    published = (await client.get("/.well-known/jwks.json")).json()["keys"]

    (jwk,) = [each for each in published if each["kid"] == json.loads(unpacked(header))["kid"]]

    public = Ed25519PublicKey.from_public_bytes(unpacked(jwk["x"]))
    public.verify(unpacked(signature), f"{header}.{claims}".encode())
    assert sorted(json.loads(unpacked(claims))) == sorted(api.auth._REQUIRED)


def test_the_keys_can_be_read_by_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    keys = Keys(folder)
    keys.rotate()

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()] == [0o600, 0o600]


def test_a_key_long_retired_is_dropped_and_one_just_retired_is_not(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    (first,) = tmp_path.iterdir()
    long_ago = datetime.now(UTC) - timedelta(days=9)
    aged = [
        first.with_name(f"{long_ago + timedelta(days=d):%Y%m%d%H%M%S}-{d:08x}.pem") for d in (0, 1)
    ]
    for path in aged:
        path.write_bytes(first.read_bytes())

    keys.rotate()

    left = {path.stem for path in tmp_path.iterdir()}
    assert aged[0].stem not in left
    assert {aged[1].stem, first.stem} < left
    assert len(left) == 3


def test_another_process_learns_of_a_new_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = Keys(tmp_path), Keys(tmp_path)
    kid = theirs.rotate()
    monkeypatch.setattr(api.keys, "_RELOAD_SECONDS", 0)

    assert ours.verifying(kid) is not None
    assert ours.verifying("20200101000000-00000000") is None


async def test_a_remembered_token_is_refused_once_it_expires(make: Make, keys: Keys) -> None:
    tokens = Tokens(keys, "http://127.0.0.1:8000", 900)
    person = await make.member(await make.community())
    token = person.token(tokens)
    now = time.time()
    assert tokens.verify(token, now).id == person.id
    assert tokens.verify(token, now + 890) is tokens.verify(token, now)

    for late in (now + 901, now + 10**6):
        with pytest.raises(InvalidToken, match=r"^The token has expired\.$"):
            tokens.verify(token, late)
        assert len(tokens._remembered) == 0
        tokens.verify(token, now)


async def test_only_so_many_tokens_are_remembered(
    make: Make, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.auth, "_REMEMBERED", 5)
    tokens = Tokens(keys, "http://127.0.0.1:8000", 900)
    person = await make.member(await make.community())

    for _ in range(20):
        tokens.verify(person.token(tokens), time.time())

    assert len(tokens._remembered) == 5


async def _set_state(make: Make, place: Place, person: Person, state: str) -> None:
    async with make.inside(place.key) as connection:
        done = await connection.execute(
            "update tenant.member set state = $1, "
            "left_at = case when $1 = 'MOVED_OUT' then now() end where id = $2",
            state,
            person.id,
        )
    assert done == "UPDATE 1"


def _header(token: str) -> bytes:
    return b"Bearer " + token.encode("latin-1")
