"""Trusted documents: a released client may send only the document ids it was built with."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.settings import Settings
from tenants.db import Database
from tenants.documents.service import TrustedDocuments, id_of, register
from tenants.viewer import Principal
from tests.linli import Linli
from tests.overheard import unspeakable
from tests.street import Make, SignedIn

pytestmark = pytest.mark.once

NAME = "query Home { community { name } viewer { id } }"
CHANGE = (
    "mutation Rename($input: UpdateDisplayNameInput!) { updateDisplayName(input: $input) "
    "{ member { displayName } userErrors { code } } }"
)
KEPT = "select id from reference.trusted_document where client_id = $1"


@pytest.fixture
def released() -> str:
    """Give the id of a client that no other test uses."""
    return f"release-{uuid4().hex[:12]}"


@pytest.fixture
async def phone(
    app: Any, client: httpx.AsyncClient, make: Make, settings: Settings, released: str
) -> SignedIn:
    """Give a member with that client, which has two registered documents."""
    register(settings.admin_url, released, [NAME, CHANGE])
    await app.state.house.endpoint.trusted.look()
    return await using(app, client, make, released)


async def using(app: Any, client: httpx.AsyncClient, make: Make, client_id: str) -> SignedIn:
    """Return a member whose access token names this client."""
    person = await make.member(await make.community())
    tokens = app.state.house.tokens
    minted = tokens.mint(person.identity(), client_id=client_id, now=datetime.now(UTC))
    return SignedIn(client, person, unspeakable(minted))


async def ids(database: Database, client_id: str) -> set[str]:
    """Return the ids of the documents that are registered for a client."""
    async with database.pools[Principal.DISTRICT].acquire() as connection:
        return {row["id"] for row in await connection.fetch(KEPT, client_id)}


async def test_what_is_registered_runs_by_its_id(phone: SignedIn) -> None:
    for known in (id_of(NAME), f"sha256:{id_of(NAME)}"):
        answer = await phone.send({"documentId": known})
        assert answer.data["viewer"] == {"id": phone.person.viewer_id}
    given = {"input": {"displayName": "新名字"}}
    done = await phone.send({"documentId": id_of(CHANGE), "variables": given})
    assert done.data["updateDisplayName"]["member"] == {"displayName": "新名字"}


async def test_a_released_client_sends_no_text(phone: SignedIn, make: Make) -> None:
    place, named = phone.person.place, "select display_name from tenant.member where id = $1"
    assert place is not None
    before = await make.value(place, named, phone.person.id)
    for body in (
        {"query": NAME},
        {"query": "{ __typename }"},
        {"query": CHANGE, "variables": {"input": {"displayName": "坏人"}}},
        {"documentId": id_of("{ __typename }")},
        {"documentId": ""},
    ):
        answer = await phone.send(body)
        assert (answer.status, answer.codes) == (400, ["PERSISTED_QUERY_NOT_FOUND"]), body
    for body in ({"query": NAME, "documentId": id_of(NAME)}, {"documentId": 1}, {"documentId": []}):
        answer = await phone.send(body)
        assert (answer.status, answer.codes) == (400, ["BAD_REQUEST"]), body
    assert await make.value(place, named, phone.person.id) == before


@pytest.mark.usefixtures("phone")
async def test_what_one_client_may_send_another_may_not(
    app: Any, client: httpx.AsyncClient, make: Make
) -> None:
    other = await using(app, client, make, "another-client")
    answer = await other.send({"documentId": id_of(NAME)})
    assert answer.codes == ["PERSISTED_QUERY_NOT_FOUND"]
    assert (await other.send({"query": NAME})).data["viewer"] == {"id": other.person.viewer_id}


async def test_a_registered_document_is_not_counted_as_a_new_one(
    phone: SignedIn, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("it was charged for")

    endpoint = app.state.house.endpoint
    monkeypatch.setattr(endpoint.budgets, "admit_document", refuse)
    assert (await phone.send({"documentId": id_of(NAME)})).status == 200


async def test_every_worker_learns_of_it_at_its_next_look(
    database: Database, settings: Settings, released: str
) -> None:
    workers = [TrustedDocuments(database, 1) for _ in range(2)]
    for worker in workers:
        await worker.look()
        assert not worker.binds(released)
    register(settings.admin_url, released, [NAME])
    for worker in workers:
        await worker.look()
        assert (worker.binds(released), worker.text(released, id_of(NAME))) == (True, NAME)


async def test_no_login_of_the_server_can_add_or_change_one(
    database: Database, settings: Settings, released: str
) -> None:
    register(settings.admin_url, released, [NAME])
    for principal in (Principal.COMMUNITY, Principal.DISTRICT, Principal.IDENTITY):
        for statement in (
            f"insert into reference.trusted_document values ('{released}', 'x', 'y', now())",
            "update reference.trusted_document set text = 'y'",
            "delete from reference.trusted_document",
        ):
            async with database.pools[principal].acquire() as connection:
                with pytest.raises(Exception, match="permission denied"):
                    await connection.execute(statement)
    assert await ids(database, released) == {id_of(NAME)}


async def test_a_manifest_is_registered_whole_or_not_at_all(
    database: Database, settings: Settings, released: str, tmp_path: Path
) -> None:
    linli = Linli(settings.data, settings.admin_url)
    file = tmp_path / "persisted-documents.json"

    def run(manifest: object, code: int) -> Any:
        file.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
        return linli("documents", "register", file, "--client", released, code=code)

    typo, vast = (
        "{ community { nme } }",
        "{ " + " ".join(f"a{n}: __typename" for n in range(31)) + " }",
    )
    said = run({id_of(text): text for text in (NAME, typo, vast)}, 1).err
    assert "nme" in said
    assert "2 of 3 documents are not good: nothing was registered" in said
    for wrong in ("[", "[]", {}, {id_of(NAME): CHANGE}, {id_of(NAME): 1}):
        run(wrong, 1)
    assert await ids(database, released) == set()

    good = {id_of(NAME): NAME, f"sha256:{id_of(CHANGE)}": CHANGE}
    assert run(good, 0).out == "documents: 2 registered, 0 known\n"
    assert run(good, 0).out == "documents: 0 registered, 2 known\n"
    assert await ids(database, released) == {id_of(NAME), id_of(CHANGE)}
