"""Limits and unique rows of the sign-in endpoints hold when many requests come at once."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

import api.session_tokens
from tenants.identity import persons
from tenants.identity.store import identity
from tenants.membership.service import standing
from tenants.membership.service.retention import GUESTS_KEPT, Retention
from tests.api.oauth import Program
from tests.api.test_session_ends import VIEWER
from tests.api.test_signin import Phone, code_of
from tests.conftest import SignIn
from tests.street import SECRETARY, Make, Place, key

ASKED = 40


@pytest.fixture
def program(client: httpx.AsyncClient, make: Make, database: Any) -> Program:
    """Give a program that uses the token endpoint."""
    return Program(client, make, database)


async def test_forty_guesses_at_an_apps_secret_at_once_tell_of_five(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    app = await program.registered(signed_in(await make.member(elm, *SECRETARY)), elm)
    answers = await asyncio.gather(
        *(program.enter(app["client_id"], f"guess {n}") for n in range(ASKED))
    )
    assert Counter(each.status_code for each in answers) == {401: 5, 429: ASKED - 5}
    right = await program.enter(app["client_id"], app["secret"])
    assert right.status_code == 429, "nor is it told now"


async def test_forty_doors_open_at_once_for_an_app_that_knows_its_secret(
    program: Program, make: Make, signed_in: SignIn
) -> None:
    elm = await make.community()
    app = await program.registered(signed_in(await make.member(elm, *SECRETARY)), elm)
    answers = await asyncio.gather(
        *(program.enter(app["client_id"], app["secret"]) for _ in range(ASKED))
    )
    assert {each.status_code for each in answers} == {200}


async def test_forty_first_sign_ins_at_once_make_one_person(
    client: httpx.AsyncClient, database: Any
) -> None:
    who, phones = uuid4().hex, [Phone(client) for _ in range(ASKED)]
    answers = await asyncio.gather(*(phone.scan(who) for phone in phones))
    assert {each.status_code for each in answers} == {200}
    async with identity(database) as store:
        found = {
            (await api.session_tokens.sessions.shown(store, phone.refresh_token))["person_id"]
            for phone in phones
        }
    assert len(found) == 1


async def test_forty_with_one_invitation_make_one_officer(
    client: httpx.AsyncClient, make: Make, signed_in: SignIn
) -> None:
    department, admin = await make.department(), signed_in(await make.officer())
    done = await admin.do(
        "inviteOfficer", "code", role="DEPARTMENT_HANDLER", displayName="小张", reason="增员",
        departmentId=department.public_id, idempotencyKey=key(),
    )  # fmt: skip
    phones = [Phone(client) for _ in range(ASKED)]
    for phone in phones:
        await phone.scan(uuid4().hex)
    answers = await asyncio.gather(
        *(
            phone.post("accept", refresh_token=phone.refresh_token, invitation=done.payload["code"])
            for phone in phones
        )
    )
    assert Counter(each.status_code for each in answers) == {200: 1, 400: ASKED - 1}
    async with make.district() as connection:
        count = "select count(*) from district.officer where department_id = $1"
        assert await connection.fetchval(count, department.number) == 1


# --- a person with very many places


async def _everywhere(phone: Phone, make: Make, database: Any, count: int) -> list[Place]:
    """Make the person a guest of `count` communities; return the first two, which exist."""
    here = [await make.community() for _ in "12"]
    await phone.scan(uuid4().hex)
    for place in here:
        await phone.join(await code_of(make, place))
    async with identity(database) as store:
        found = await api.session_tokens.sessions.shown(store, phone.refresh_token)
        others = (number for number in range(1, 500) if number not in {p.key for p in here})
        for number in list(others)[: count - 2]:
            await persons.affiliate(
                store, found["person_id"],
                place="COMMUNITY", number=number,
                place_id=uuid4(),
            )  # fmt: skip
    return here


async def test_a_refresh_costs_the_same_however_many_places_there_are(
    client: httpx.AsyncClient, make: Make, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, ended = Counter[str](), Counter[str]()
    holder, end_tokens = api.session_tokens.holder, standing.end_tokens

    async def counted(*given: Any) -> Any:
        looked[str(given[1]["subject_id"])] += 1
        return await holder(*given)

    async def counted_end(*given: Any) -> Any:
        ended[str(given[-1])] += 1
        return await end_tokens(*given)

    monkeypatch.setattr(api.session_tokens, "holder", counted)
    monkeypatch.setattr(standing, "end_tokens", counted_end)
    phone = Phone(client)
    here = await _everywhere(phone, make, database, 300)
    looked.clear()
    answer = (await phone.refresh()).json()
    assert (len(answer["places"]), answer["more_places"]) == (20, True)
    assert sum(looked.values()) == 20, "those that are listed"

    listed, after = list[str](), 0
    while after is not None:
        headers = {"authorization": f"Bearer {phone.access_token}"}
        got = await client.get("/auth/places", params={"after": after}, headers=headers)
        page = got.json()
        listed += [each["org"] for each in page["places"]]
        assert len(page["places"]) <= 20
        after = page["next"]
    assert len(listed) == len(set(listed)) == 300
    assert listed[:2] == [place.public_id for place in here]

    await phone.post("logout", refresh_token=phone.refresh_token)
    assert sum(ended.values()) <= 2, "where a token may live, and nowhere else"
    assert (await phone.signed_in().run(VIEWER)).status == 401


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "٣", "1234567"])
async def test_places_are_listed_after_a_number(
    client: httpx.AsyncClient, make: Make, after: str
) -> None:
    phone = Phone(client)
    await phone.scan(uuid4().hex)
    await phone.join(await code_of(make, await make.community()))
    headers = {"authorization": f"Bearer {phone.access_token}"}
    answer = await client.get("/auth/places", params={"after": after}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    bare = await client.get("/auth/places")
    assert (bare.status_code, bare.json()["error"]) == (401, "invalid_token")


async def test_what_is_kept_of_a_guests_tokens_goes_when_they_have_expired(
    client: httpx.AsyncClient, make: Make, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    elm, phone = await make.community(), Phone(client)
    await phone.scan(uuid4().hex)
    await phone.join(await code_of(make, elm))
    await phone.post("logout", refresh_token=phone.refresh_token)
    kept = "select count(*) from tenant.guest"
    retention = Retention(database, days=10_000)
    await retention.community(elm.key)
    assert await make.value(elm, kept) == 1
    later = database.clock() + GUESTS_KEPT + timedelta(seconds=1)
    monkeypatch.setattr(database, "clock", lambda: later)
    await retention.community(elm.key)
    assert await make.value(elm, kept) == 0
