"""A script's session: fewer scopes, one place, and it ends with the session it came from."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tenants.scopes import scopes_of
from tests.api.oauth import Program
from tests.api.test_signin import Phone, code_of
from tests.api.test_token_endpoint import error
from tests.street import Make

pytestmark = pytest.mark.once

READ = "board:read community:read"


@pytest.fixture
def program(client: httpx.AsyncClient, make: Make, database: Any) -> Program:
    """Give a program that uses the token endpoint."""
    return Program(client, make, database)


async def script_of(program: Program, token: str, scope: str = READ) -> dict[str, Any]:
    """Return a script's session, made from a refresh token."""
    answer = await program.exchange_refresh(token, scope=scope)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refreshed(program: Program, token: str) -> httpx.Response:
    """Exchange the refresh token for the next pair."""
    return await program.ask(grant_type="refresh_token", refresh_token=token)


async def test_a_script_does_less_than_whoever_made_it(program: Program, make: Make) -> None:
    person = await make.applicant(await make.community(), "ACTIVE")
    mine = await program.session(person)
    assert error(await program.exchange_refresh(mine)) == (400, "invalid_request")
    everything = " ".join(sorted(scopes_of(person.identity().roles)))
    same = await program.exchange_refresh(mine, scope=everything)
    assert error(same) == (400, "invalid_scope")
    script = await script_of(program, mine)
    again = await program.exchange_refresh(script["refresh_token"], scope=READ)
    assert error(again) == (400, "invalid_scope"), "nor a script's script as much as it"


async def test_logging_out_ends_the_scripts_that_were_made_there(
    program: Program, make: Make
) -> None:
    person = await make.applicant(await make.community(), "ACTIVE")
    mine, other = await program.session(person), await program.session(person)
    script = await script_of(program, mine)
    child = await script_of(program, script["refresh_token"], "board:read")
    elsewhere = await script_of(program, other)
    await program.client.post("/auth/logout", json={"refresh_token": mine})
    for token in (script["refresh_token"], child["refresh_token"]):
        assert error(await refreshed(program, token)) == (400, "invalid_grant")
    assert (await refreshed(program, elsewhere["refresh_token"])).status_code == 200


async def test_who_stole_a_refresh_token_loses_the_script_with_it(
    program: Program, make: Make, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await make.applicant(await make.community(), "ACTIVE")
    stolen = await program.session(person)
    script = await script_of(program, stolen)
    assert (await refreshed(program, stolen)).status_code == 200, "the owner goes on"
    database = app.state.house.database
    later = database.clock() + timedelta(minutes=1)
    monkeypatch.setattr(database, "clock", lambda: later)
    assert error(await refreshed(program, stolen)) == (400, "invalid_grant"), "the thief again"
    assert error(await refreshed(program, script["refresh_token"])) == (400, "invalid_grant")


async def test_a_script_stays_in_the_place_it_was_made_for(program: Program, make: Make) -> None:
    elm, oak = await make.community(), await make.community()
    person = await make.applicant(elm, "ACTIVE")
    phone = Phone(program.client)
    await phone.scan(uuid4().hex)
    await phone.join(await code_of(make, elm))
    joined = await phone.join(await code_of(make, oak))
    assert len(joined.json()["places"]) == 2
    script = await script_of(program, phone.refresh_token, "community:read")
    assert [place["org"] for place in script["places"]] == [oak.public_id]
    away = await program.client.post(
        "/auth/switch", json={"refresh_token": script["refresh_token"], "org": elm.public_id}
    )
    assert error(away) == (403, "insufficient_scope")
    assert person.place is not None


async def test_an_expired_token_is_not_exchanged_within_the_leeway(
    program: Program, make: Make, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await program.affiliated(await make.member(await make.community()))
    tokens = app.state.house.tokens
    monkeypatch.setattr(tokens, "_seconds", 1)
    token = person.token(tokens)
    monkeypatch.undo()
    assert (await program.exchange(token, scope="board:read")).status_code == 200
    await asyncio.sleep(1.2)
    late = await program.exchange(token, scope="board:read")
    assert error(late) == (400, "invalid_request")


async def test_however_many_guess_at_once_five_get_through(
    client: httpx.AsyncClient, make: Make
) -> None:
    elm = await make.community()
    phone = Phone(client)
    await phone.scan(uuid4().hex)
    wrong = (await code_of(make, elm))[:-4] + "2222"
    sent = {"refresh_token": phone.refresh_token, "join_code": wrong}
    answers = await asyncio.gather(*(client.post("/auth/join", json=sent) for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {400: 5, 429: 45}
