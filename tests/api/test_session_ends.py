"""A session that has ended mints no token, and no token minted at the same moment is valid.

`LINLI_PROVE=1` runs a thousand races; otherwise a sample of sixty.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from api.grants import ACCESS, EXCHANGE, REFRESH
from tenants.errors import Busy
from tenants.identity.sessions import digest
from tenants.membership.service import standing
from tests.api.oauth import Program
from tests.api.test_signin import APPLICATION, Phone, code_of
from tests.conftest import SignIn
from tests.overheard import unspeakable
from tests.proofs import Proves, whole
from tests.street import Make, Person, Place, SignedIn, key

RACES = whole(60, 1000)
VIEWER = "{ viewer { id } community { id } }"


@pytest.fixture
def program(client: httpx.AsyncClient, make: Make, database: Any) -> Program:
    """Give a program that uses the token endpoint."""
    return Program(client, make, database)


@dataclass
class Runner:
    """It is a member of one community who is a guest of another, signed in on two devices."""

    program: Program
    person: Person
    elm: Place
    oak: Place
    code: str

    async def start(self, chance: random.Random) -> "Race":
        """Sign in twice: on the device whose session is to end, and on the one that ends it."""
        tokens = [await self.program.session(self.person) for _ in "12"]
        if chance.random() < 0.5:
            join = {"refresh_token": tokens[0], "join_code": self.code}
            answer = (await self.program.client.post("/auth/join", json=join)).json()
        else:
            answer = (
                await self.program.client.post("/auth/refresh", json={"refresh_token": tokens[0]})
            ).json()
        other = await self.program.client.post("/auth/refresh", json={"refresh_token": tokens[1]})
        return Race(self, tokens[0], answer, other.json()["access_token"])


@dataclass
class Race:
    """It is the end of one session, and the requests at the same moment."""

    runner: Runner
    used: str
    pair: dict[str, Any]
    other: str

    async def post(self, path: str, token: str = "", **given: str) -> httpx.Response:
        """Send a request to `/auth`, with an access token if one is given."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        client = self.runner.program.client
        return await client.post(f"/auth/{path}", json=given, headers=headers)

    async def logout(self) -> httpx.Response:
        """Sign the device out."""
        return await self.post("logout", refresh_token=self.pair["refresh_token"])

    async def revoke(self) -> httpx.Response:
        """Revoke its session from the other device."""
        return await self.post("sessions/revoke", self.other, session=await self.session())

    async def reuse(self) -> httpx.Response:
        """Send a copy of a refresh token that was used long ago."""
        return await self.post("refresh", refresh_token=self.used)

    async def forget(self) -> httpx.Response:
        """Send `/auth/forget`, which deletes the person."""
        return await self.post("forget", refresh_token=self.pair["refresh_token"])

    async def erase(self) -> httpx.Response:
        """Erase the member in the community."""
        headers = {"authorization": f"Bearer {self.other}"}
        query = "mutation { eraseMe(input: {confirm: true}) { done userErrors { code } } }"
        return await self.runner.program.client.post(
            "/graphql", json={"query": query}, headers=headers
        )

    async def session(self) -> str:
        """Return the session's id, read as the owner of the database."""
        owner = await asyncpg.connect(self.runner.program.make.cluster.url())
        found = await owner.fetchval(
            "select session_id from identity.refresh_token where token_hash = $1", digest(self.used)
        )
        await owner.close()
        return str(found)

    async def age(self) -> None:
        """Move the rotation of the first refresh token a minute into the past."""
        owner = await asyncpg.connect(self.runner.program.make.cluster.url())
        await owner.execute(
            "update identity.refresh_token set rotated_at = rotated_at - interval '1 minute' "
            "where token_hash = $1",
            digest(self.used),
        )
        await owner.close()

    def beside(self, chance: random.Random) -> list[Callable[[], Awaitable[httpx.Response]]]:
        """Return the requests that a thief or a busy client sends at the same moment."""
        token, program = self.pair["refresh_token"], self.runner.program
        scope = "community:read"
        refresh = [lambda: self.post("refresh", refresh_token=token)] * chance.randint(1, 4)
        place = chance.choice([self.runner.elm, self.runner.oak])
        return [
            *refresh,
            lambda: self.post("switch", refresh_token=token, org=place.public_id),
            lambda: program.exchange_refresh(token, scope=scope),
            lambda: program.exchange(self.pair["access_token"], scope=scope),
        ]

    async def run(self, ending: str, chance: random.Random) -> list[str]:
        """End the session while those requests run; return which tokens still work afterwards."""
        if ending == "reuse":
            await self.age()
        end: Callable[[], Awaitable[httpx.Response]] = getattr(self, ending)
        if ending == "revoke":
            await self.session()

        async def late(work: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
            for _ in range(chance.randint(0, 30)):
                await asyncio.sleep(0)
            return await work()

        asked = [late(each) for each in self.beside(chance)]
        ended, *answers = await asyncio.gather(late(end), *asked)
        while ended.status_code == 503:  # a busy machine: the client tries again
            ended = await end()
        assert ended.status_code == (400 if ending == "reuse" else 200), ended.text
        assert {each.status_code for each in answers} <= {200, 400, 403, 503}
        given = [self.pair, *(each.json() for each in answers if each.status_code == 200)]
        # a member who is erased in one community is still a guest of the other
        elm = self.runner.elm.public_id
        return await self.alive(
            [each for each in given if ending != "erase" or each.get("org") == elm]
        )

    async def alive(self, given: list[dict[str, Any]]) -> list[str]:
        """Return what these tokens can still do."""
        found: list[str] = []
        for each in given:
            bearer = SignedIn(self.runner.program.client, self.runner.person, each["access_token"])
            unspeakable(each["access_token"])
            if each["access_token"] and (await bearer.run(VIEWER)).status != 401:
                found.append(f"reads: {each['scope']}")
            renamed = await bearer.do("updateDisplayName", displayName="还在")
            if renamed.status != 401 and renamed.codes != ["FORBIDDEN"]:
                found.append("writes")
            if "refresh_token" in each:
                unspeakable(each["refresh_token"])
                again = await self.post("refresh", refresh_token=each["refresh_token"])
                if again.status_code == 200 and again.json().get("org") == each["org"]:
                    found.append("refreshes")
        return found


async def _runner(program: Program, make: Make) -> Runner:
    elm, oak = await make.community(), await make.community()
    person = await make.applicant(elm, "ACTIVE")
    runner = Runner(program, person, elm, oak, await code_of(make, oak))
    token = await program.session(person)
    join = {"refresh_token": token, "join_code": runner.code}
    assert (await program.client.post("/auth/join", json=join)).status_code == 200
    return runner


@pytest.mark.proof
async def test_no_token_outlives_its_session_however_they_race(
    program: Program, make: Make, proves: Proves
) -> None:
    chance = random.Random(16)
    runner, alive = await _runner(program, make), list[tuple[int, str, list[str]]]()

    for number in range(RACES):
        ending = ("logout", "revoke", "reuse")[number % 3]
        race = await runner.start(chance)
        if found := await race.run(ending, chance):
            alive.append((number, ending, found))

    assert alive == []
    proves(f"{RACES} races of a logout, revocation or reuse with what mints; no token outlived it")


@pytest.mark.parametrize("ending", ["forget", "erase"])
async def test_no_token_outlives_the_person(program: Program, make: Make, ending: str) -> None:
    chance, alive = random.Random(17), list[str]()
    for _ in range(6):
        runner = await _runner(program, make)
        if ending == "forget":
            phone = Phone(program.client)
            await phone.scan(uuid4().hex)
            answer = (await phone.join(runner.code)).json()
            race = Race(runner, phone.refresh_token, answer, "")
        else:
            tokens = [await program.session(runner.person) for _ in "12"]
            pairs = [
                (await program.client.post("/auth/refresh", json={"refresh_token": t})).json()
                for t in tokens
            ]
            race = Race(runner, tokens[0], pairs[0], pairs[1]["access_token"])
        alive += await race.run(ending, chance)
    assert alive == []


# --- a guest's tokens


async def _guest(program: Program, elm: Place, make: Make) -> Phone:
    phone = Phone(program.client)
    await phone.scan(uuid4().hex)
    assert (await phone.join(await code_of(make, elm))).status_code == 200
    return phone


async def test_a_guests_token_ends_with_the_session(program: Program, make: Make) -> None:
    elm = await make.community()
    guest, other = await _guest(program, elm, make), await _guest(program, elm, make)
    assert (await guest.signed_in().run(VIEWER)).status == 200
    await guest.post("logout", refresh_token=guest.refresh_token)
    assert (await guest.signed_in().run(VIEWER)).status == 401
    refused = await guest.do("applyForMembership", **APPLICATION, idempotencyKey=key())
    assert refused.status == 401
    assert await make.value(elm, "select count(*) from tenant.member") == 0
    assert (await other.signed_in().run(VIEWER)).status == 200, "a guest of their own"


async def test_a_guest_who_signed_out_once_applies_like_any_other(
    program: Program, make: Make
) -> None:
    elm, who = await make.community(), uuid4().hex
    guest = Phone(program.client)
    await guest.scan(who)
    await guest.join(await code_of(make, elm))
    before = guest.access_token
    await guest.post("logout", refresh_token=guest.refresh_token)
    await guest.scan(who)
    done = await guest.do("applyForMembership", **APPLICATION, idempotencyKey=key())
    assert done.refusals == []
    assert (await guest.signed_in().run(VIEWER)).status == 200, "the same token goes on"
    old = SignedIn(program.client, None, before)  # type: ignore[arg-type] # the person does not matter
    assert (await old.run(VIEWER)).status == 401


async def test_signing_out_beside_an_application_ends_the_token(
    program: Program, make: Make
) -> None:
    elm = await make.community()
    for _ in range(10):
        guest = await _guest(program, elm, make)
        await asyncio.gather(
            guest.do("applyForMembership", **APPLICATION, idempotencyKey=key()),
            guest.client.post("/auth/logout", json={"refresh_token": guest.refresh_token}),
        )
        assert (await guest.signed_in().run(VIEWER)).status == 401


# --- the work after the end of a session fails


async def test_a_sign_out_that_failed_half_way_is_finished_by_the_next(
    program: Program, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await make.applicant(await make.community(), "ACTIVE")
    token = await program.session(person)
    pair = (await program.client.post("/auth/refresh", json={"refresh_token": token})).json()
    bearer = SignedIn(program.client, person, unspeakable(pair["access_token"]))
    end_tokens = standing.end_tokens

    async def busy(*_: Any) -> None:
        raise Busy

    monkeypatch.setattr(standing, "end_tokens", busy)
    given = {"refresh_token": pair["refresh_token"]}
    assert (await program.client.post("/auth/logout", json=given)).status_code == 503
    monkeypatch.setattr(standing, "end_tokens", end_tokens)
    assert (await program.client.post("/auth/logout", json=given)).status_code == 200
    assert (await bearer.run(VIEWER)).status == 401


async def test_an_ended_token_shown_again_and_again_ends_nothing_more(
    program: Program, make: Make
) -> None:
    person = await make.applicant(await make.community(), "ACTIVE")
    ended, other = await program.session(person), await program.session(person)
    await program.client.post("/auth/refresh", json={"refresh_token": ended})
    await program.client.post("/auth/logout", json={"refresh_token": ended})
    pair = (await program.client.post("/auth/refresh", json={"refresh_token": other})).json()
    for path in ("logout", "refresh", "forget"):
        await program.client.post(f"/auth/{path}", json={"refresh_token": ended})
    bearer = SignedIn(program.client, person, unspeakable(pair["access_token"]))
    assert (await bearer.run(VIEWER)).status == 200


# --- a used refresh token has no effect at any endpoint

WAYS = ("refresh", "switch", "join", "accept", "forget", "logout", "token", "script")


async def _show(program: Program, way: str, token: str, **given: str) -> httpx.Response:
    if way == "token":
        return await program.ask(grant_type="refresh_token", refresh_token=token)
    if way == "script":
        return await program.ask(
            grant_type=EXCHANGE, subject_token=token, subject_token_type=REFRESH,
            requested_token_type=ACCESS, scope="community:read",
        )  # fmt: skip
    needs = {"switch": "org", "join": "join_code", "accept": "invitation"}.get(way)
    body = {"refresh_token": token, **({needs: given[needs]} if needs else {})}
    return await program.client.post(f"/auth/{way}", json=body)


@pytest.mark.parametrize("way", WAYS)
async def test_a_used_refresh_token_does_nothing_and_ends_the_session(
    program: Program, make: Make, signed_in: SignIn, app: Any, way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    elm, oak = await make.community(), await make.community()
    guest = await _guest(program, elm, make)
    await _to(guest, make, oak)
    await guest.post("switch", refresh_token=guest.refresh_token, org=elm.public_id)
    away = await make.community()
    given = {
        "org": oak.public_id, "join_code": await code_of(make, away),
        "invitation": await _invitation(make, signed_in),
    }  # fmt: skip
    used = guest.refresh_token
    await guest.refresh()
    database = app.state.house.database
    later = database.clock() + timedelta(seconds=47)
    monkeypatch.setattr(database, "clock", lambda: later)
    before = await _written(make)

    answer = await _show(program, way, used, **given)

    if way == "logout":
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert await _written(make) == before
    assert (await guest.signed_in().run(VIEWER)).status == 401, "and no access token lives on"
    assert (await guest.refresh()).json()["error"] == "invalid_grant", "nor the newest"


async def test_a_person_sees_which_sessions_were_ended_and_why(
    program: Program, make: Make, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await make.community()
    person, stranger = [await make.applicant(place, "ACTIVE") for _ in range(2)]
    stolen, left, revoked, own, others = [
        await program.session(each) for each in (person, person, person, person, stranger)
    ]
    for token in (left, others):
        await program.client.post("/auth/logout", json={"refresh_token": token})
    await _refreshed(program, stolen)
    database = app.state.house.database
    later = database.clock() + timedelta(seconds=47)
    with monkeypatch.context() as patched:
        patched.setattr(database, "clock", lambda: later)
        assert (await _renewed(program, stolen)).status_code == 400
    pair = await _refreshed(program, own)
    here, there = sorted((await _sessions(program, pair))["sessions"], key=_id, reverse=True)

    headers = {"authorization": f"Bearer {pair['access_token']}"}
    gate = {"session": there["id"]}
    await program.client.post("/auth/sessions/revoke", json=gate, headers=headers)

    seen = await _sessions(program, await _refreshed(program, pair["refresh_token"]))
    assert [each["id"] for each in seen["sessions"]] == [here["id"]]
    assert [each["ending"] for each in seen["ended"]] == ["REUSED", "REVOKED", "LOGOUT"]
    assert seen["ended"][0]["ended_at"] == later.isoformat()
    assert {**seen["ended"][1], **there} == seen["ended"][1]
    assert (await _renewed(program, revoked)).status_code == 400


def _id(session: dict[str, Any]) -> str:
    return session["id"]


async def _renewed(program: Program, token: str) -> httpx.Response:
    return await program.client.post("/auth/refresh", json={"refresh_token": token})


async def _refreshed(program: Program, token: str) -> dict[str, Any]:
    answer = (await _renewed(program, token)).json()
    unspeakable(answer["access_token"])
    return answer


async def _sessions(program: Program, pair: dict[str, Any]) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {pair['access_token']}"}
    return (await program.client.get("/auth/sessions", headers=headers)).json()


@pytest.mark.parametrize("way", ["refresh", "switch", "join", "accept", "token", "script"])
async def test_within_the_grace_a_used_token_acts_as_its_successor(
    program: Program, make: Make, signed_in: SignIn, way: str
) -> None:
    elm, oak = await make.community(), await make.community()
    guest = await _guest(program, elm, make)
    await _to(guest, make, oak)
    given = {
        "org": elm.public_id, "join_code": await code_of(make, elm),
        "invitation": await _invitation(make, signed_in),
    }  # fmt: skip
    used = guest.refresh_token
    await guest.refresh()
    answer = await _show(program, way, used, **given)
    assert answer.status_code == 200, answer.text
    if way != "script":
        assert answer.json()["refresh_token"] == guest.refresh_token


async def _to(guest: Phone, make: Make, place: Place) -> None:
    assert (await guest.join(await code_of(make, place))).status_code == 200


async def _invitation(make: Make, signed_in: SignIn) -> str:
    department = await make.department()
    admin = signed_in(await make.officer())
    done = await admin.do(
        "inviteOfficer", "code", role="DEPARTMENT_HANDLER", displayName="小张", reason="增员",
        departmentId=department.public_id, idempotencyKey=key(),
    )  # fmt: skip
    return unspeakable(done.payload["code"])


async def _written(make: Make) -> list[Any]:
    """Return counts of all that the endpoints could have written."""
    owner = await asyncpg.connect(make.cluster.url())
    found = [
        await owner.fetchval(f"select count(*) from {table}")
        for table in (
            "identity.person", "identity.login", "identity.affiliation", "district.officer",
            "district.audit_entry", "identity.session", "identity.attempt",
        )
    ] + [await owner.fetchval("select count(*) from district.invitation where state = 'OPEN'")]  # fmt: skip
    await owner.close()
    return found
