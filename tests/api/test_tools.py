"""The first requests of common tools: introspection, and hashes instead of documents."""

from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
import pytest

from tests.api.conftest import GRAPHQL_JSON, JSON, Door
from tests.conftest import SignIn
from tests.street import Make

pytestmark = pytest.mark.once

# the beginning of Apollo Kotlin's introspection query
APOLLO_KOTLIN = """query PreIntrospectionQuery {
  schema: __type(name: "__Schema") { ...TypeFields }
  type: __type(name: "__Type") { ...TypeFields }
  directive: __type(name: "__Directive") { ...TypeFields }
  field: __type(name: "__Field") { ...TypeFields }
  inputValue: __type(name: "__InputValue") { ...TypeFields }
}
fragment TypeFields on __Type { name fields { name args { name } } }"""
# the beginning of cynic's introspection query
CYNIC = """query {
  type: __type(name: "__Type") { fields { name } }
  inputValue: __type(name: "__InputValue") { fields { name } }
}"""
DROP_DOWNS = """{
  rateLimit { cost }
  a: __type(name: "PetitionState") { enumValues { name } }
  b: __type(name: "PetitionKind") { enumValues { name } }
}"""
HASH = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}


@pytest.fixture
async def door(client: httpx.AsyncClient, make: Make, signed_in: SignIn) -> Door:
    """Give a member's client."""
    return Door.of(client, signed_in(await make.member(await make.community())))


async def test_what_tools_ask_first_is_answered(door: Door) -> None:
    kotlin = (await door.post({"query": APOLLO_KOTLIN})).data
    cynic = (await door.post({"query": CYNIC})).data

    assert [kotlin[key]["name"] for key in kotlin] == [
        "__Schema", "__Type", "__Directive", "__Field", "__InputValue",
    ]  # fmt: skip
    assert {"name": "args", "args": [{"name": "includeDeprecated"}]} in kotlin["field"]["fields"]
    assert {"name": "specifiedByURL"} in cynic["type"]["fields"]
    assert {"name": "isDeprecated"} in cynic["inputValue"]["fields"]


async def test_a_form_with_two_drop_downs_costs_little(door: Door) -> None:
    told = (await door.post({"query": DROP_DOWNS})).data

    assert told["rateLimit"]["cost"] == 20
    assert {"name": "SUBMITTED"} in told["a"]["enumValues"]
    assert len(told["b"]["enumValues"]) >= 2


@pytest.mark.parametrize("media", [JSON, GRAPHQL_JSON])
async def test_a_hash_in_place_of_a_document_has_the_client_send_the_document(
    door: Door, media: str
) -> None:
    sent = {"operationName": "Q", "variables": {}, "extensions": HASH}
    query = urlencode({**sent, "variables": "{}", "extensions": orjson.dumps(HASH).decode()})
    headers = {"accept": media, "content-type": JSON}
    for refused in (
        await door.post(sent, accept=media),
        await door.request("GET", f"/graphql?{query}", headers=headers),
    ):
        # both clients look for the message; the status is the one of Apollo Server
        assert refused.status == 200
        (error,) = refused.body["errors"]
        assert error["message"] == "PersistedQueryNotSupported"
        assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_SUPPORTED"
        assert "data" not in refused.body
    sent["query"] = "query Q { viewer { __typename } }"
    assert (await door.post(sent, accept=media)).data == {"viewer": {"__typename": "Viewer"}}
    query = urlencode({"query": sent["query"], "extensions": orjson.dumps(HASH).decode()})
    got = await door.request("GET", f"/graphql?{query}", headers=headers)
    assert got.data == {"viewer": {"__typename": "Viewer"}}


@pytest.mark.parametrize("extensions", [{}, {"persistedQuery": "a"}, {"other": {}}, None])
async def test_without_a_hash_the_document_is_missing(door: Door, extensions: Any) -> None:
    refused = await door.post({"extensions": extensions})
    assert (refused.status, refused.codes) == (400, ["BAD_REQUEST"])
