"""Signing in with a key and an authenticator: from an invitation to an office, and what is refused."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest
from pyotp.totp import TOTP

from tenants.db import Database
from tenants.identity import authenticators, persons
from tenants.identity.store import identity
from tenants.membership.tables import OfficerRole
from tenants.officers.service.inviting import invite
from tenants.viewer import system
from tests.overheard import unspeakable
from tests.street import Make

pytestmark = pytest.mark.once
WRONG = "The key or the digits are wrong, or the digits were used: wait for the next ones."
STEP = 30


class Officer:
    """Somebody at a browser with an invitation's code and an authenticator."""

    def __init__(self, client: httpx.AsyncClient, invitation: str) -> None:
        self._client = client
        self.invitation = invitation
        self.begun: dict[str, str] = {}

    async def begin(self) -> None:
        """Have a key and a secret made."""
        answer = await self._client.post("/auth/key/begin", json={"invitation": self.invitation})
        assert answer.status_code == 200, answer.text
        self.begun = answer.json()
        unspeakable(self.begun["key"])
        unspeakable(self.begun["secret"])

    def digits(self, later: int = 0) -> str:
        """Return what the authenticator shows, so many steps later."""
        return TOTP(self.begun["secret"]).at(datetime.now(UTC), counter_offset=later)

    async def enrol(self, code: str, **more: str) -> httpx.Response:
        """Send the digits."""
        given = {"enrolment": self.begun["enrolment"], "invitation": self.invitation, "code": code}
        return await self._client.post("/auth/key/enrol", json=given | more)

    async def sign_in(self, code: str, key: str | None = None) -> httpx.Response:
        """Sign in with the key and these digits."""
        given = {"key": key or self.begun["key"], "code": code}
        return await self._client.post("/auth/key", json=given)


async def invited(database: Database) -> str:
    """Return the code of an invitation, as `linli officers invite` prints it."""
    async with database.command(system(310113)) as tx:
        _, code = await invite(
            tx, role=OfficerRole.DISTRICT_ADMIN, display_name="第一人", reason="首任"
        )
    assert code is not None
    return unspeakable(code)


async def kept(make: Make) -> dict[str, int]:
    """Return how much the door keeps."""
    owner = await asyncpg.connect(make.cluster.url())
    tables = ("person", "login", "authenticator", "affiliation", "session")
    found = {name: await owner.fetchval(f"select count(*) from identity.{name}") for name in tables}
    await owner.close()
    return found


@pytest.fixture
async def officer(client: httpx.AsyncClient, database: Database) -> Officer:
    """An invited officer who has begun."""
    made = Officer(client, await invited(database))
    await made.begin()
    return made


async def test_from_an_invitation_to_an_office_and_in_again(officer: Officer, make: Make) -> None:
    assert officer.begun["qr"].startswith("data:image/svg+xml")
    before = await kept(make)

    done = await officer.enrol(officer.digits())

    assert done.status_code == 200, done.text
    assert done.json()["org"].startswith("dst_")
    assert await kept(make) == {name: number + 1 for name, number in before.items()}
    # a code is good once, wherever it was used
    assert (await officer.sign_in(officer.digits())).json()["error_description"] == WRONG
    again = await officer.sign_in(officer.digits(1), officer.begun["key"].upper().replace("-", " "))
    assert again.json()["org"] == done.json()["org"]
    assert (await officer.sign_in(officer.digits(1))).status_code == 400


async def test_wrong_digits_enrol_nobody(officer: Officer, make: Make) -> None:
    before = await kept(make)
    for code in ("000000", officer.digits(5), "", "x" * 6, "１２３４５６"):
        refused = await officer.enrol(code)
        assert refused.status_code == 400
    assert await kept(make) == before
    assert (await officer.enrol(officer.digits())).status_code == 200


async def test_an_enrolment_is_for_its_invitation_and_once(
    officer: Officer, client: httpx.AsyncClient, database: Database, make: Make
) -> None:
    other = Officer(client, await invited(database))
    before = await kept(make)
    for given in (
        {"invitation": other.invitation},
        {"enrolment": "x"},
        {"enrolment": officer.begun["enrolment"][:-4] + "AAAA"},
        {"invitation": f"310113{'a' * 20}"},
    ):
        refused = await officer.enrol(officer.digits(), **given)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert await kept(make) == before

    answers = await asyncio.gather(*(officer.enrol(officer.digits()) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    assert await kept(make) == {name: number + 1 for name, number in before.items()}


async def test_an_invitation_that_opens_nothing_makes_no_key(
    client: httpx.AsyncClient, make: Make
) -> None:
    before = await kept(make)
    for code in ("x", f"310113{'a' * 20}"):
        refused = await client.post("/auth/key/begin", json={"invitation": code})
        assert refused.json() == {
            "error": "invalid_grant", "error_description": "The invitation opens nothing.",
        }  # fmt: skip
    assert await kept(make) == before


async def test_five_wrong_codes_close_the_key_and_no_other(
    officer: Officer, client: httpx.AsyncClient, database: Database
) -> None:
    await officer.enrol(officer.digits())
    for _ in range(5):
        assert (await officer.sign_in("000000")).status_code == 400
    locked = await officer.sign_in(officer.digits(1))
    assert (locked.status_code, locked.json()["error"]) == (429, "slow_down")
    assert 0 < int(locked.headers["retry-after"]) <= 15 * 60
    # a key that nobody has is locked like one that somebody has
    unknown = [(await officer.sign_in("000000", "a" * 20)).status_code for _ in range(6)]
    assert unknown == [400] * 5 + [429]
    other = Officer(client, await invited(database))
    await other.begin()
    assert (await other.enrol(other.digits())).status_code == 200


async def test_a_rotated_ring_opens_the_secret_after_it_was_sealed_anew(
    officer: Officer, database: Database
) -> None:
    await officer.enrol(officer.digits())
    database.ring.rotate()
    async with identity(database) as store:
        assert await authenticators.reseal(store) >= 1
        assert await authenticators.reseal(store) == 0
    assert (await officer.sign_in(officer.digits(1))).status_code == 200


async def test_who_is_forgotten_has_no_key(
    officer: Officer, client: httpx.AsyncClient, database: Database, make: Make
) -> None:
    done: dict[str, Any] = (await officer.enrol(officer.digits())).json()
    refused = await client.post("/auth/forget", json={"refresh_token": done["refresh_token"]})
    assert refused.status_code == 409, "an officer leaves the office first"
    owner = await asyncpg.connect(make.cluster.url())
    query = "select person_id from identity.authenticator order by created_at desc limit 1"
    person = await owner.fetchval(query)
    await owner.close()
    async with identity(database) as store:
        await persons.forget_person(store, person)
    assert (await officer.sign_in(officer.digits(1))).status_code == 400
