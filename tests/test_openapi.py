"""The OpenAPI document is valid, complete, published, and held against every answer of the suite."""

import re
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from openapi_spec_validator import validate
from starlette.routing import Route

from api.app import create_app
from api.published import OPENAPI
from api.settings import Settings
from tests.openapi import Undocumented, check, document, is_described

DOCS = Path(__file__).parents[1] / "docs"
OPERATIONS = {
    (path, method.upper()) for path, methods in document()["paths"].items() for method in methods
}
PARTS = {"{path}": "1", "{name}": "full.jpg", "{community}": "1", "{vote}": str(UUID(int=1))}
pytestmark = pytest.mark.once


def test_the_document_is_valid() -> None:
    validate(document())


def test_every_route_and_method_is_in_it(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path))
    served = {
        (re.sub(r":\w+}", "}", route.path), method)
        for route in app.routes
        if isinstance(route, Route) and is_described(route.path)
        for method in (route.methods or {"GET"}) - {"HEAD"}
    }
    # which goes past the router
    assert app.state.house.straight("/uploads") is None, "nothing is served before the start"
    assert served | {("/uploads", "POST")} == OPERATIONS


async def test_it_is_published(client: httpx.AsyncClient) -> None:
    answer = await client.get("/openapi.json")
    assert answer.content == OPENAPI.read_bytes()
    assert answer.headers["content-type"] == "application/json"
    again = await client.get("/openapi.json", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_another_method_is_refused(client: httpx.AsyncClient) -> None:
    for path in document()["paths"]:
        known = {method for where, method in OPERATIONS if where == path}
        for method in {"GET", "POST", "PUT", "DELETE"} - known:
            address = re.sub(r"{\w+}", lambda part: PARTS[part[0]], path)
            answer = await client.request(method, address)
            assert answer.status_code in {401, 404, 405}, (method, path)


def test_the_pages_name_every_operation_and_no_other() -> None:
    text = (DOCS / "authentication.md").read_text(encoding="utf-8")
    named = {(path, method) for method, path in re.findall(r"(GET|POST) (/auth/[a-z/]+)", text)}
    assert named == {each for each in OPERATIONS if each[0].startswith("/auth/")}
    assert "POST /uploads" in (DOCS / "images.md").read_text(encoding="utf-8")


SENT = httpx.Request("POST", "http://linli.test/auth/logout", json={"refresh_token": "x"})


@pytest.mark.parametrize(
    ("request_", "response", "lacks"),
    [
        (SENT, httpx.Response(200, json={"more": 1}), "more"),
        (SENT, httpx.Response(418, json={}), "its status"),
        (SENT, httpx.Response(200, text="{}"), "its type text/plain"),
        (SENT, httpx.Response(429, json={}), "no Retry-After"),
        (
            SENT,
            httpx.Response(400, json={"error": "new", "error_description": ""}),
            "'new' is not one of",
        ),
        (
            httpx.Request("POST", SENT.url, json={"refresh_token": ""}),
            httpx.Response(200, json={}),
            "'' should be non-empty",
        ),
        (
            httpx.Request("POST", "http://linli.test/auth/new"),
            httpx.Response(200, json={}),
            "POST /auth/new",
        ),
    ],
)
def test_what_it_does_not_say_is_noticed(
    request_: httpx.Request, response: httpx.Response, lacks: str
) -> None:
    with pytest.raises(Undocumented, match=re.escape(lacks)):
        check(request_, response)
