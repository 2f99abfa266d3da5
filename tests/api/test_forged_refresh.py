"""Refresh tokens: forty ways to change one are refused everywhere; the valid one still works."""

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from api.grants import ACCESS, EXCHANGE, REFRESH
from tests.api.oauth import Program
from tests.api.test_signin import code_of
from tests.conftest import SignIn
from tests.street import Make

pytestmark = pytest.mark.once

REFUSED = {"invalid_grant", "invalid_request"}


def spoilt(token: str, other: str, access: str, session: str) -> Iterator[str]:
    """Yield changed versions of a token; parts of `other`, of another family, replace its own."""
    raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    yield from (token[:-1], token[1:], token[:20], token + "A", "A" + token, token * 2)
    yield from (token.upper(), token.lower(), token.swapcase(), token[::-1])
    yield from (f" {token}", f"{token} ", f"{token}\n", f"\t{token}", token.replace(token[5], " "))
    yield from (
        f"{token}=",
        f"{token}==",
        f'"{token}"',
        f"Bearer {token}",
        f"{token}.",
        f"{token}%00",
    )
    yield from (token[:20] + other[20:], other[:20] + token[20:], token + other)
    for place in range(0, len(raw), 4):
        flipped = bytearray(raw)
        flipped[place] ^= 1
        yield urlsafe_b64encode(bytes(flipped)).rstrip(b"=").decode()
    digest = sha256(token.encode())
    yield from (digest.hexdigest(), urlsafe_b64encode(digest.digest()).decode(), raw.hex())
    yield from (
        access,
        session,
        str(uuid4()),
        "null",
        "undefined",
        "0",
        "[]",
        "{}",
        "'or''='",
        "é" * 43,
    )
    yield from ("х" + token[1:], token[:-1] + "\u200b", "A" * 43, "A" * 500)


def doors(client: httpx.AsyncClient, org: str, code: str) -> dict[str, Any]:
    """Return the endpoints that refuse a bad refresh token; logout answers all alike."""
    exchange = {
        "grant_type": EXCHANGE, "subject_token_type": REFRESH, "scope": "board:read",
        "requested_token_type": ACCESS,
    }  # fmt: skip
    return {
        "refresh": lambda t: client.post("/auth/refresh", json={"refresh_token": t}),
        "switch": lambda t: client.post("/auth/switch", json={"refresh_token": t, "org": org}),
        "join": lambda t: client.post("/auth/join", json={"refresh_token": t, "join_code": code}),
        "accept": lambda t: client.post(
            "/auth/accept", json={"refresh_token": t, "invitation": "310113-abcdefgh"}
        ),
        "token": lambda t: client.post(
            "/auth/token", data={"grant_type": "refresh_token", "refresh_token": t}
        ),
        "exchange": lambda t: client.post("/auth/token", data={**exchange, "subject_token": t}),
    }


@pytest.fixture
def program(client: httpx.AsyncClient, make: Make, database: Any) -> Program:
    """Give a program that uses the token endpoint."""
    return Program(client, make, database)


async def test_no_spoilt_refresh_token_opens_any_door(
    client: httpx.AsyncClient, program: Program, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    person, neighbour = [await make.applicant(elm, "ACTIVE") for _ in "12"]
    mine, theirs = await program.session(person), await program.session(neighbour)
    session = str(await make_session_id(make, person))
    forged = list(dict.fromkeys(spoilt(mine, theirs, signed_in(person).token, session)))
    assert len(forged) >= 40
    assert mine not in forged
    accepted: list[tuple[str, str]] = []
    for name, knock in doors(client, elm.public_id, await code_of(make, elm)).items():
        answers = await asyncio.gather(*(knock(token) for token in forged))
        for token, answer in zip(forged, answers, strict=True):
            if answer.status_code != 400 or answer.json()["error"] not in REFUSED:
                accepted.append((name, token))
    assert accepted == []
    for token in forged:
        assert (await client.post("/auth/logout", json={"refresh_token": token})).status_code in {
            200, 400,
        }  # fmt: skip
    for token in (mine, theirs):
        good = await client.post("/auth/refresh", json={"refresh_token": token})
        assert good.status_code == 200, "the good one goes on"


async def make_session_id(make: Make, person: Any) -> Any:
    """Return the id of a person's session, which is not a token."""
    owner = await asyncpg.connect(make.cluster.url())
    found = await owner.fetchval("select id from identity.session where subject_id = $1", person.id)
    await owner.close()
    return found
